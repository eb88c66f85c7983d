"""One case on its way: what is noted of it, and how it waits for people."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp
from random import Random
from typing import Any, Final, NamedTuple

import simpy

from tongdian.city.staff import CASE, JOB_DAYS, Crew, Events, Office
from tongdian.city.workclock import DAY, SECOND, WorkClock, day_of
from tongdian.law.plan import Plan

# Waiting before each step in working days: median of a lognormal, by track.
WAITS: Final[Mapping[str, Mapping[str, float]]] = {
    "resident": {"accept": 0.11, "survey": 0.40, "scheme": 0.12, "contract": 0.1, "meter": 0.46},
    "zero_lv": {"accept": 0.2, "survey": 0.9, "scheme": 0.6, "contract": 0.3, "meter": 1.1},
    "zero_lv_external": {
        "accept": 0.2, "survey": 0.8, "scheme": 0.7, "works": 2.0, "contract": 0.2, "meter": 0.8,
    },
    "low_voltage": {
        "accept": 0.25, "survey": 0.7, "scheme": 0.8, "inspection": 0.55, "contract": 0.25,
        "meter": 0.65,
    },
    "high_voltage_single": {
        "accept": 0.4, "survey": 2.2, "scheme": 4.4, "inspection": 1.9, "contract": 0.8,
        "meter": 1.7,
    },
    "high_voltage_dual": {
        "accept": 0.5, "survey": 3.4, "scheme": 7.0, "inspection": 2.5, "contract": 1.0,
        "meter": 2.2,
    },
}  # fmt: skip
SPREAD: Final = 0.32
# Some cases are slow everywhere: hard sites, missing stock, a sick colleague.
SLOW_SHARE: Final = 0.03
SLOW_FACTOR: Final = 2.6
STAFF: Final = frozenset({"clerk", "engineer", "fieldworker", "lead"})
SITTING_SECONDS: Final = (4, 16)


class Note(NamedTuple):
    """A step as noted: words are added when it is told. Instants in microseconds since 1970.

    `organisation` is empty for applicants and the system; `person` numbers the staff of a role, an
    applicant is 0 and a contractor 1. `done_at` is when it truly happened, which shows only in
    dates that the record names.
    """

    at: int
    kind: str
    role: str
    organisation: str
    person: int
    detail: Any
    occurred_at: int | None
    done_at: int


# Kept as plain tuples of plain things, which the garbage collector need not look at again: there
# are two million of them in a city of three million customers.
Notes = list[tuple[Any, ...]]


@dataclass(frozen=True)
class World:
    """What all cases share. `until` in microseconds since 1970."""

    environment: simpy.Environment
    plan: Plan
    work: WorkClock
    until: int
    offices: Mapping[str, Office]
    departments: Mapping[str, Crew]


class CaseFile:
    """The notes of one case in strictly increasing order of time, and its luck.

    `submitted` is when its clock started, `accepted` when somebody accepted it. Once a note would
    lie at or after the end of the simulation, nothing more is noted.
    """

    def __init__(
        self, world: World, reference: int, track: str, division: str, source: Random
    ) -> None:
        self.world, self.reference, self.source = world, reference, source
        self.environment = world.environment
        self.track, self.division = track, division
        self.office = world.offices[division]
        self.notes: Notes = []
        self.last_kind, self.last_at = "", 0
        self.submitted = self.accepted = 0
        self.slow = SLOW_FACTOR if source.random() < SLOW_SHARE else 1.0
        self.sitting = False
        self.closed = False
        self._kept_back: list[Note] = []

    @property
    def now(self) -> int:
        return int(self.environment.now)

    @property
    def today(self) -> date:
        return day_of(self.now)

    def due_day(self) -> date:
        """The last day of the plan's promise, as if nothing had stopped the clock."""
        limit = self.world.plan.tracks[self.track].promise_working_days
        return self.world.work.calendar.add(day_of(self.submitted), limit)

    def used_days(self) -> int:
        """Working days since the clock started, whoever held the case."""
        return self.world.work.calendar.count(day_of(self.submitted), self.today)

    def noted(self, kind: str) -> bool:
        return any(note[1] == kind for note in self.notes)

    def happens(self, share: float) -> bool:
        return self.source.random() < share

    # Noting

    def note(
        self,
        kind: str,
        role: str,
        detail: Any = None,
        *,
        organisation: str | None = None,
        person: int | None = None,
        occurred_at: int | None = None,
    ) -> None:
        """Note a step now; `role` is of the office unless an organisation is named."""
        if self.closed:
            return
        if organisation is None:
            organisation = self.office.code if role in STAFF else ""
        if person is None:
            person = 1 if organisation else 0
        now = self.now
        note = Note(now, kind, role, organisation, person, detail, occurred_at, now)
        if not self.sitting or role not in STAFF:
            self._keep(note)
            return
        self._kept_back.append(note)
        if kind == "energised":
            self._type_in()

    def _keep(self, note: Note) -> None:
        if note.at <= self.last_at:
            note = note._replace(at=self.last_at + 1)
        if note.at >= self.world.until:
            self.closed = True
        else:
            self.last_kind, self.last_at = note.kind, note.at
            self.notes.append(tuple(note))

    def _type_in(self) -> None:
        """Everything kept back, one after the other in one sitting."""
        self.sitting = False
        at = self.now
        for note in self._kept_back:
            self._keep(note._replace(at=at))
            at += round(self.source.uniform(*SITTING_SECONDS) * SECOND)
            if self.closed:
                break

    # Waiting

    def until_instant(self, at: int) -> Events:
        yield self.environment.timeout(max(at - self.now, 1))

    def office_time(self, median_working_days: float) -> Events:
        """A lognormal wait in office hours; slow cases take longer everywhere."""
        days = median_working_days * self.slow * exp(self.source.gauss(0, SPREAD))
        yield from self.until_instant(self.world.work.after(self.now, days))

    def own_time(self, median_days: float, spread: float = 0.5) -> Events:
        """A lognormal wait of people outside, on every day of the week, by day."""
        days = median_days * exp(self.source.gauss(0, spread))
        yield from self.until_instant(awake(self.now + round(days * DAY), self.source))

    def work(
        self, role: str, wait: str, job_days: float | None = None
    ) -> Generator[simpy.Event, Any, int]:
        """Wait for the step's turn, queue for a person and take the person's time. Returns the
        number of the person."""
        yield from self.office_time(WAITS[self.track][wait])
        return (yield from self.job(self.office.crews[role], job_days))

    def job(self, crew: Crew, job_days: float | None = None) -> Generator[simpy.Event, Any, int]:
        """Queue for a person of a crew and take the person's time."""
        with crew.line.request(priority=CASE) as turn:
            yield turn
            person = crew.take()
            yield from self._busy(crew.role, job_days)
            crew.release(person)
        return person

    def job_before(self, crew: Crew, deadline: int) -> Generator[simpy.Event, Any, int]:
        """As `job`, but 0 when nobody has started by the deadline."""
        with crew.line.request(priority=CASE) as turn:
            yield turn | self.environment.timeout(max(deadline - self.now, 1))
            # Whether somebody was free in time is told by the queue, not by which event fired.
            if not turn.triggered or self.now >= deadline:
                return 0
            person = crew.take()
            yield from self._busy(crew.role, None)
            crew.release(person)
        return person

    def _busy(self, role: str, job_days: float | None) -> Events:
        days = (job_days or JOB_DAYS[role]) * self.source.uniform(0.6, 1.4)
        yield from self.until_instant(self.world.work.after(self.now, days))


def awake(at: int, source: Random) -> int:
    """Nobody presses a button between 22 and 7: such an instant moves on to the morning."""
    hour = (at // (DAY // 24) + 8) % 24
    if 7 <= hour < 22:
        return at
    hours = (7 - hour) % 24 + source.uniform(0, 3)
    return at + round(hours * (DAY // 24))
