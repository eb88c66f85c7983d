"""A time axis in working days: days not worked are thin gaps."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tongdian.law.calendar import WorkCalendar
from tongdian.service.look.dates import SHANGHAI, local_day

GAP_SHARE = 0.16
LONGEST_GAP = 0.5
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkAxis:
    """Days from `first`, and where each begins in percent; one more entry for the end."""

    days: Sequence[date]
    worked: Sequence[bool]
    edges: Sequence[float]

    @classmethod
    def over(cls, first: date, last: date, calendar: WorkCalendar) -> "WorkAxis":
        """The axis over first … last, both shown."""
        days = [first + n * DAY for n in range((last - first).days + 1)]
        worked = [calendar.is_workday(day) for day in days]
        weights = _weights(worked)
        total = sum(weights)
        edges = [0.0]
        for weight in weights:
            edges.append(edges[-1] + 100 * weight / total)
        return cls(days, worked, edges)

    def at(self, value: date | datetime) -> float:
        """Percent of an instant; of a date, its end (what falls due that day is due by its end)."""
        day = local_day(value)
        index = (day - self.days[0]).days
        if index < 0:
            return 0.0
        if index >= len(self.days):
            return 100.0
        share = 1.0
        if isinstance(value, datetime):
            local = value.astimezone(SHANGHAI)
            share = (local.hour * 60 + local.minute) / 1440
        return self.edges[index] + share * (self.edges[index + 1] - self.edges[index])

    def gaps(self) -> list[tuple[float, float]]:
        """(start, width) of each run of days not worked."""
        runs: list[tuple[float, float]] = []
        start: float | None = None
        for index, worked in enumerate([*self.worked, True]):
            if not worked and start is None:
                start = self.edges[index]
            elif worked and start is not None:
                runs.append((start, self.edges[index] - start))
                start = None
        return runs

    def ticks(self, most: int) -> list[tuple[float, date]]:
        """At most `most` working days, evenly spread, with where they begin."""
        starts = [(self.edges[i], day) for i, day in enumerate(self.days) if self.worked[i]]
        step = max(1, -(-len(starts) // most))
        return starts[::step]

    def day_at(self, position: float) -> date:
        """The day at a percent; the inverse of `at`."""
        index = bisect_right(self.edges, position) - 1
        return self.days[max(0, min(index, len(self.days) - 1))]


def _weights(worked: Sequence[bool]) -> list[float]:
    """1 for a working day; a run of others shares a thin gap, a little wider when it is longer."""
    weights = [1.0] * len(worked)
    index = 0
    while index < len(worked):
        end = index
        while end < len(worked) and not worked[end]:
            end += 1
        if end > index:
            length = end - index
            width = min(GAP_SHARE * length, LONGEST_GAP)
            weights[index:end] = [width / length] * length
        index = max(end, index + 1)
    return weights
