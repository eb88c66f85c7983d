"""Office hours: conversions between instants and working time (9 to 17 on working days).

Instants are whole microseconds since 1970-01-01 UTC, so that sums are exact.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from tongdian.law.calendar import SHANGHAI, WorkCalendar

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
WORKING_DAY: Final = 8 * HOUR
OPENS: Final = time(9)

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# Asia/Shanghai has kept UTC+8 since 1991, longer than any calendar here reaches back.
_SHANGHAI_OFFSET: Final = 8 * HOUR


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970. Raises TypeError for a naive datetime."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def to_instant(at: int) -> datetime:
    """The UTC datetime of so many microseconds."""
    return EPOCH + timedelta(microseconds=at)


def day_of(at: int) -> date:
    """The day in Asia/Shanghai."""
    return date.fromordinal((at + _SHANGHAI_OFFSET) // DAY + _EPOCH_ORDINAL)


def at_hour(day: date, hour: float) -> int:
    """An hour of the clock in Asia/Shanghai."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY - _SHANGHAI_OFFSET + round(hour * HOUR)


class WorkClock:
    """Working microseconds since the opening of the first working day from `first` on.

    Past `last` working time stands still at the closing of the last working day.
    """

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        self.calendar = calendar
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        self._opens = [
            to_microseconds(datetime.combine(day, OPENS, SHANGHAI))
            for day in days
            if calendar.is_workday(day)
        ]

    def position(self, at: int) -> int:
        """Working microseconds that have passed at an instant."""
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            return 0
        return index * WORKING_DAY + min(at - self._opens[index], WORKING_DAY)

    def instant(self, position: int) -> int:
        """The instant at which so much working time has passed; an opening, not a closing, where
        both would do."""
        index, rest = divmod(position, WORKING_DAY)
        if index >= len(self._opens):
            return self._opens[-1] + WORKING_DAY
        return self._opens[index] + rest

    def after(self, at: int, working_days: float) -> int:
        """`at` moved on by a number of working days of eight hours."""
        return self.instant(self.position(at) + round(working_days * WORKING_DAY))
