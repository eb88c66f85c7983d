"""Interruptions and customers as tables: what indices are computed from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongdian.reliability.radial import Floats, Ints

CHINA: Final = timezone(timedelta(hours=8))
DAY_S: Final = 86_400
OPEN: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Customers:
    """Units of customers: the smallest groups that the log tells apart (a transformer's area, or a
    feeder's part in one zone). Shapes (u).

    names, feeders, zones  of each unit
    counts                 customers, at least one
    average_kw             average demand of all of them; NaN where not known
    capacity_kva           connected capacity of all of them; NaN where not known
    by_group               whether units are groups below the feeder
    """

    names: tuple[str, ...]
    feeders: tuple[str, ...]
    zones: tuple[str, ...]
    counts: Ints
    average_kw: Floats
    capacity_kva: Floats
    by_group: bool


@dataclass(frozen=True, slots=True)
class InterruptionLog:
    """Restoration steps, one row each: so many customers of a unit, out from start to end.

    Shapes (n), seconds since 1970-01-01 UTC:

    interruption  which interruption the step belongs to, 0 … of `interruption_names`
    unit          which unit of Customers
    start, end    when it began, when these customers had supply again; OPEN while they have none
    customers     how many, at least one
    nature        index into `natures` (codes of natures.NATURES)
    cause         index into `causes` (codes of causes.CAUSES)
    """

    interruption: Ints
    unit: Ints
    start: Ints
    end: Ints
    customers: Ints
    nature: Ints
    cause: Ints
    interruption_names: tuple[str, ...]
    natures: tuple[str, ...]
    causes: tuple[str, ...]

    def only(self, chosen: NDArray[np.bool_]) -> "InterruptionLog":
        """Some of the steps."""
        return InterruptionLog(
            self.interruption[chosen], self.unit[chosen], self.start[chosen], self.end[chosen],
            self.customers[chosen], self.nature[chosen], self.cause[chosen],
            self.interruption_names, self.natures, self.causes,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both counted, as China's clocks have them."""

    first: date
    last: date

    @property
    def start_s(self) -> int:
        return _midnight(self.first)

    @property
    def end_s(self) -> int:
        return _midnight(self.last + timedelta(days=1))

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def hours(self) -> float:
        """8,760 in most years, 8,784 in leap years."""
        return 24.0 * self.days


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number, 12, 31))


def day_numbers(seconds: Ints) -> Ints:
    """Days since 1970-01-01 on China's calendar."""
    found: Ints = (seconds + 8 * 3600) // DAY_S
    return found


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def day_of(number: int) -> date:
    """The day with such a number."""
    return date(1970, 1, 1) + timedelta(days=number)


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=CHINA).timestamp())


def iso(seconds: int) -> str:
    """An instant as people in China write it."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA).isoformat()


Mask = NDArray[np.bool_]
