"""The people who work on cases: crews of one role in one office, sized to their load."""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from math import ceil
from random import Random
from typing import Any, Final

import simpy

from tongdian.city.organisations import DEPARTMENTS, office_code
from tongdian.city.workclock import WorkClock, at_hour, day_of

Events = Generator[simpy.Event, Any, None]

ROLES: Final = ("clerk", "engineer", "fieldworker")
# Working time that one job takes of one person, in working days of eight hours.
JOB_DAYS: Final[Mapping[str, float]] = {
    "clerk": 0.03,
    "engineer": 0.09,
    "fieldworker": 0.15,
    "officer": 0.06,
}
# Jobs of an average case by role, for sizing; permits by department and case.
JOBS: Final[Mapping[str, float]] = {"clerk": 2.1, "engineer": 1.35, "fieldworker": 2.2}
PERMITS: Final[Mapping[str, float]] = {
    "GY-ZHZF": 0.11,
    "GY-GAJG": 0.04,
    "GY-LYJ": 0.012,
    "GY-ZWZX": 0.2,
}
# Above this share of their time people are given colleagues.
UTILISATION: Final = 0.72

ABSENCES_PER_YEAR: Final = 9.0
LEAVE, CASE = 0, 1  # leave comes before the next case


class Crew:
    """People of one role in one organisation, who take jobs in the order of their coming.

    Whoever is free and has the lowest number takes the next job. `code` and `role` make the
    pseudonyms: `GYPS-520102-clerk-1`.
    """

    def __init__(self, environment: simpy.Environment, code: str, role: str, size: int) -> None:
        self.code, self.role, self.size = code, role, size
        self.line = simpy.PriorityResource(environment, size)
        self._free = list(range(1, size + 1))

    def take(self) -> int:
        """The number of the person who starts; only with a granted request."""
        return heappop(self._free)

    def release(self, person: int) -> None:
        heappush(self._free, person)


@dataclass(frozen=True)
class Office:
    """An office of the utility."""

    code: str
    crews: Mapping[str, Crew]


def open_office(
    environment: simpy.Environment, division: str, cases_per_working_day: float
) -> Office:
    """An office with enough people for its load, and at least one of each role."""
    code = office_code(division)
    crews = {
        role: Crew(environment, code, role, crew_size(cases_per_working_day * JOBS[role], role))
        for role in ROLES
    }
    return Office(code, crews)


def open_departments(
    environment: simpy.Environment, cases_per_working_day: float
) -> dict[str, Crew]:
    """The officers of each department that gives permits."""
    return {
        code: Crew(
            environment,
            code,
            "officer",
            crew_size(cases_per_working_day * PERMITS[code], "officer"),
        )
        for code in DEPARTMENTS
    }


def crew_size(jobs_per_working_day: float, role: str) -> int:
    """People needed for a load of jobs."""
    return max(1, ceil(jobs_per_working_day * JOB_DAYS[role] / UTILISATION))


def absences(environment: simpy.Environment, crew: Crew, work: WorkClock, source: Random) -> Events:
    """One person's days of leave and training, over and over. A single person is away for a day at
    most, because a neighbouring office sends cover."""
    while True:
        pause = source.expovariate(ABSENCES_PER_YEAR / 250)
        now = int(environment.now)
        yield environment.timeout(work.after(now, pause) - now)
        days = 1 if crew.size == 1 else source.choice((1, 1, 2, 3))
        yield from away(environment, crew, work, days)


def away(environment: simpy.Environment, crew: Crew, work: WorkClock, working_days: int) -> Events:
    """One person is away until the end of the last of so many working days, today included."""
    with crew.line.request(priority=LEAVE) as turn:
        yield turn
        person = crew.take()
        today = day_of(int(environment.now))
        last = work.calendar.add(today, working_days - int(work.calendar.is_workday(today)))
        until = at_hour(last, 17)
        yield environment.timeout(max(until - environment.now, 1))
        crew.release(person)
