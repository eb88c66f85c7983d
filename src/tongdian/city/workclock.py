"""Office hours: conversions between instants and working seconds (9 to 17 on working days)."""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from tongdian.law.calendar import SHANGHAI, WorkCalendar

OPENS, CLOSES = time(9), time(17)
DAY_SECONDS = 8 * 3600


class WorkClock:
    """Working seconds from a first day on. One working day has eight hours."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self.days = [day for day in days if calendar.is_workday(day)]
        self._opens = [datetime.combine(day, OPENS, SHANGHAI).timestamp() for day in self.days]

    def position(self, instant: datetime) -> float:
        """Working seconds that have passed at `instant`."""
        stamp = instant.timestamp()
        index = bisect_right(self._opens, stamp) - 1
        if index < 0:
            return 0.0
        return index * DAY_SECONDS + min(stamp - self._opens[index], DAY_SECONDS)

    def instant(self, position: float) -> datetime:
        """The instant at which so many working seconds have passed."""
        index = min(int(position // DAY_SECONDS), len(self._opens) - 1)
        stamp = self._opens[index] + (position - index * DAY_SECONDS)
        return datetime.fromtimestamp(stamp, UTC)

    def after(self, instant: datetime, working_days: float) -> datetime:
        """`instant` moved on by a number of working days of office time."""
        return self.instant(self.position(instant) + working_days * DAY_SECONDS)
