"""The steps of a log as one period sees them.

Rules. DL/T 836: hours count in the period in which they fall, an interruption counts in the period
in which it begins; so an interruption over New Year gives hours to both years and a number to the
old one. IEEE 1366: all hours of an interruption count on the day on which it begins.
"""

from dataclasses import dataclass

import numpy as np

from tongdian.reliability.interruption_log import (
    OPEN,
    Customers,
    InterruptionLog,
    Mask,
    Period,
    day_numbers,
)
from tongdian.reliability.natures import FAULT, NATURES
from tongdian.reliability.radial import Floats, Ints


@dataclass(frozen=True, slots=True)
class View:
    """Shapes (m), the steps that touch the period.

    hours          of each step inside the period
    whole_hours    of each step from its start to its end
    begins         whether it begins in the period
    day            number of the day on which it begins
    fault          whether its nature is a fault
    customers, unit, interruption, start, cause, nature  as in the log
    """

    hours: Floats
    whole_hours: Floats
    begins: Mask
    day: Ints
    fault: Mask
    customers: Ints
    unit: Ints
    interruption: Ints
    start: Ints
    cause: Ints
    nature: Ints
    period: Period
    base: Customers

    def only(self, chosen: Mask) -> "View":
        """Some of the steps."""
        return View(
            self.hours[chosen], self.whole_hours[chosen], self.begins[chosen], self.day[chosen],
            self.fault[chosen], self.customers[chosen], self.unit[chosen],
            self.interruption[chosen], self.start[chosen], self.cause[chosen], self.nature[chosen],
            self.period, self.base,
        )  # fmt: skip


def view(log: InterruptionLog, base: Customers, period: Period) -> View:
    """The steps that touch a period. A step without an end lasts until the period's end."""
    end = np.where(log.end == OPEN, np.maximum(period.end_s, log.start), log.end)
    inside = np.minimum(end, period.end_s) - np.maximum(log.start, period.start_s)
    chosen = inside > 0
    is_fault = np.array([NATURES[code].part == FAULT for code in log.natures], np.bool_)
    nature = log.nature[chosen]
    start = log.start[chosen]
    return View(
        hours=inside[chosen] / 3600,
        whole_hours=(end[chosen] - start) / 3600,
        begins=start >= period.start_s,
        day=day_numbers(start),
        fault=is_fault[nature],
        customers=log.customers[chosen],
        unit=log.unit[chosen],
        interruption=log.interruption[chosen],
        start=start,
        cause=log.cause[chosen],
        nature=nature,
        period=period,
        base=base,
    )
