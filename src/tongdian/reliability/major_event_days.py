"""Major Event Days by 2.5 beta (IEEE 1366, clause 5; DL/T 836-2016 has the same, uncertain).

The natural logarithms of the daily SAIDI of five years are taken as normal, with mean alpha and
sample standard deviation beta; a day whose SAIDI is above exp(alpha + 2.5 beta) is a major event
day.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from tongdian.reliability.indices_ieee1366 import sustained
from tongdian.reliability.interruption_log import (
    Customers,
    InterruptionLog,
    Period,
    day_number,
    day_of,
)
from tongdian.reliability.period_view import view
from tongdian.reliability.radial import Floats
from tongdian.reliability.refusals import ReliabilityError

BETAS: Final = 2.5
YEARS: Final = 5


@dataclass(frozen=True, slots=True)
class Threshold:
    """T_MED in hours of daily SAIDI; `days` with a SAIDI above zero, of so many `years`. With fewer
    than five years it is provisional: all there is was used, as the standard says."""

    hours: float
    alpha: float
    beta: float
    days: int
    years: int

    @property
    def provisional(self) -> bool:
        return self.years < YEARS


def daily_saidi(log: InterruptionLog, base: Customers, period: Period) -> Floats:
    """(days): hours per customer of the sustained interruptions that begin on each day."""
    seen = view(log, base, period)
    seen = seen.only(sustained(seen) & seen.begins)
    day = seen.day - day_number(period.first)
    hours = np.bincount(day, seen.whole_hours * seen.customers, period.days)
    found: Floats = hours / base.counts.sum()
    return found


def threshold(daily: Floats, years: int) -> Threshold:
    """T_MED from daily SAIDI. Days without interruptions are left out. Raises ReliabilityError when
    fewer than two days are left."""
    logs = np.log(daily[daily > 0])
    if logs.size < 2:
        raise ReliabilityError(
            "no_history",
            "log",
            ("有停电的日子不足两天，无法求重大事件日界限",
             "fewer than two days have interruptions, too few for a threshold"),
            ("请提供此前五年的停电记录。", "Give the interruptions of the five years before."),
        )  # fmt: skip
    alpha, beta = float(logs.mean()), float(logs.std(ddof=1))
    return Threshold(float(np.exp(alpha + BETAS * beta)), alpha, beta, int(logs.size), years)


def history(log: InterruptionLog, base: Customers, period: Period) -> Threshold | None:
    """The threshold from up to five calendar years before the one in which the period begins; None
    when the log has nothing of them."""
    if not log.start.size:
        return None
    earliest = day_of(int((log.start.min() + 8 * 3600) // 86_400)).year
    years = [y for y in range(period.first.year - YEARS, period.first.year) if y >= earliest]
    if not years:
        return None
    before = Period(date(years[0], 1, 1), date(years[-1], 12, 31))
    daily = daily_saidi(log, base, before)
    return threshold(daily, len(years)) if np.count_nonzero(daily) >= 2 else None


def major_days(log: InterruptionLog, base: Customers, period: Period, hours: float) -> list[date]:
    """The days of a period whose SAIDI is above a threshold in hours."""
    above = np.flatnonzero(daily_saidi(log, base, period) > hours)
    return [day_of(day_number(period.first) + int(day)) for day in above]
