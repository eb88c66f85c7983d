"""What the board shows: which days, which track, which district."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tongdian.law.calendar import SHANGHAI, local_date
from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.casework import clock
from tongdian.service.connection.labels import TRACKS

PERIODS = {"30": 30, "90": 90, "365": 365}


@dataclass(frozen=True)
class Period:
    """Cases count by the local day of closing, start ≤ day ≤ end."""

    start: date
    end: date

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The instants between which it lies: first ≤ instant < second."""
        return (
            datetime.combine(self.start, time.min, SHANGHAI),
            datetime.combine(self.end + timedelta(days=1), time.min, SHANGHAI),
        )

    @property
    def by_week(self) -> bool:
        """Short periods are followed by the week, long ones by the month."""
        return (self.end - self.start).days < 120

    def buckets(self) -> dict[int, str]:
        """The weeks or months of the period by the number they are counted under: a week by its
        place, a month by 12 · year + month; with the label of each."""
        if self.by_week:
            starts = (self.start + timedelta(days=7 * week) for week in range(self.weeks()))
            return {week: f"{day:%m-%d}" for week, day in enumerate(starts)}
        first, last = (day.year * 12 + day.month for day in (self.start, self.end))
        return {n: f"{(n - 1) // 12}-{(n - 1) % 12 + 1:02d}" for n in range(first, last + 1)}

    def weeks(self) -> int:
        """How many stretches of seven days, the last one perhaps shorter."""
        return (self.end - self.start).days // 7 + 1


@dataclass(frozen=True)
class BoardFilter:
    """What the board shows; unknown values fall back to all."""

    days: str = "365"
    track: str = ""
    district: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "BoardFilter":
        days, track, district = (query.get(n, "") for n in ("days", "track", "district"))
        return cls(
            days if days in PERIODS else "365",
            track if track in TRACKS else "",
            district if district in GUIYANG_DIVISIONS else "",
        )

    @property
    def period(self) -> Period:
        today = local_date(clock.now())
        return Period(today - timedelta(days=PERIODS[self.days] - 1), today)

    def query(self, **changes: Any) -> dict[str, str]:
        """As the query of an address, without what is empty."""
        parts = {"days": self.days, "track": self.track, "district": self.district, **changes}
        return {name: str(value) for name, value in parts.items() if value not in ("", None)}
