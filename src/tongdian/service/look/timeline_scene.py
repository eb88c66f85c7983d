"""What a timeline shows: holds on a working-day axis, measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tongdian.law.calendar import WorkCalendar
from tongdian.service.look import dates, svg
from tongdian.service.look.axis import WorkAxis
from tongdian.service.look.lanes import LANES


class HoldLike(Protocol):
    """`tongdian.law.process.Hold`, or anything with its attributes."""

    @property
    def lane(self) -> str: ...
    @property
    def stage(self) -> str: ...
    @property
    def start(self) -> datetime: ...
    @property
    def end(self) -> datetime | None: ...
    @property
    def paused(self) -> bool: ...
    @property
    def ground(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Words:
    """Names for stage ids and pause grounds, and what stands at the flag."""

    stages: Mapping[str, str]
    grounds: Mapping[str, str]
    promise: str
    language: str

    def stage(self, stage: str) -> str:
        return self.stages.get(stage, stage)

    def ground(self, ground: str | None) -> str:
        return self.grounds.get(ground or "", ground or "")


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a picture is drawn from."""

    holds: Sequence[HoldLike]
    now: datetime
    due: date | None
    provisional: bool
    forecast: tuple[date, date] | None
    calendar: WorkCalendar
    words: Words
    axis: WorkAxis
    prefix: str
    width_px: int | None = None

    @property
    def rooms(self) -> dict[str, int]:
        """The widths in pixels that labels are placed for, by the class of those labels."""
        return svg.rooms(self.width_px)

    @property
    def is_open(self) -> bool:
        return self.holds[-1].end is None

    @property
    def finished(self) -> datetime:
        return self.holds[-1].end or self.now

    @property
    def lanes(self) -> list[str]:
        held = {hold.lane for hold in self.holds}
        return [lane for lane in LANES if lane in held]

    @property
    def late_days(self) -> int:
        day = dates.local_day(self.finished)
        return self.calendar.count(self.due, day) if self.due and day > self.due else 0

    def days_of(self, hold: HoldLike) -> int:
        start, end = dates.local_day(hold.start), dates.local_day(hold.end or self.now)
        return self.calendar.count(start, max(start, end))

    def lane_days(self, lane: str) -> tuple[int, int]:
        """Working days in which the lane's time ran, and in which it was paused."""
        running = sum(self.days_of(h) for h in self.holds if h.lane == lane and not h.paused)
        paused = sum(self.days_of(h) for h in self.holds if h.lane == lane and h.paused)
        return running, paused
