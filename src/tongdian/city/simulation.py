"""A year of cases by queueing: people apply, offices work their queues, departments take time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

import numpy as np
import simpy

from tongdian.city import habits
from tongdian.city.arrivals import TRACKS, WINDOW, Arrivals, draw_arrivals
from tongdian.city.casefile import CaseFile, Notes, World
from tongdian.city.histories import CaseHistory
from tongdian.city.journey import travel
from tongdian.city.model import City
from tongdian.city.places import places
from tongdian.city.staff import Events, absences, open_departments, open_office
from tongdian.city.telling import Teller
from tongdian.city.workclock import WorkClock, day_of, to_microseconds
from tongdian.law.calendar import WorkCalendar, local_date
from tongdian.law.plan import Plan

Progress = Callable[[float], None]
PARTS: Final = 100
SIMULATED: Final = 0.6  # share of the work that is simulation; the rest is telling
JOURNEYS, TELLINGS, ABSENCES = 1, 2, 3  # independent streams of chance


def simulate(
    city: City,
    plan: Plan,
    calendar: WorkCalendar,
    *,
    seed: int,
    start: datetime,
    until: datetime,
    rate: float = 0.08,
    progress: Progress = lambda share: None,
) -> Iterator[CaseHistory]:
    """The cases filed in [start, until), in the order of filing, with the steps recorded by
    `until`.

    `rate` is applications per customer and year. The same numbers give the same cases. Cases still
    open at `until` are left open at their true stage. What happens is kept in short notes; the
    histories are made one by one as they are taken.
    """
    if start.tzinfo is None or until.tzinfo is None or start >= until:
        raise ValueError("start and until need time zones, and start comes first")
    source = np.random.default_rng([seed, 2])
    arrivals = draw_arrivals(city, calendar, source, start, until, rate)
    notes: list[Notes] = [[] for _ in range(len(arrivals))]
    _run(
        _world(city, plan, calendar, arrivals, start, until), city, arrivals, notes, seed, progress
    )
    for reference, noted in enumerate(notes):
        notes[reference] = []
        if noted:
            chance = stream(seed, reference, TELLINGS)
            yield Teller(city, plan, arrivals, reference, chance).tell(noted)
        if reference % 1024 == 0:
            progress(SIMULATED + (1 - SIMULATED) * reference / len(notes))
    progress(1.0)


def stream(seed: int, number: int, kind: int) -> Random:
    """A stream of chance of its own for each case and use, so that no case disturbs another."""
    return Random((seed << 48) + (number << 4) + kind)


def _world(
    city: City,
    plan: Plan,
    calendar: WorkCalendar,
    arrivals: Arrivals,
    start: datetime,
    until: datetime,
) -> World:
    """Offices and departments, sized to the load that comes."""
    environment = simpy.Environment(initial_time=to_microseconds(start))
    first, last = local_date(start), local_date(until)
    work = WorkClock(
        calendar,
        max(first - timedelta(days=30), calendar.first),
        min(last + timedelta(days=60), calendar.last),
    )
    working_days = max(calendar.count(first, last), 1)
    loads = np.bincount(city.division[arrivals.customer], minlength=len(places()))
    offices = {
        place.code: open_office(environment, place.code, int(load) / working_days)
        for place, load in zip(places(), loads, strict=True)
    }
    departments = open_departments(environment, len(arrivals) / working_days)
    return World(environment, plan, work, to_microseconds(until), offices, departments)


def _run(
    world: World,
    city: City,
    arrivals: Arrivals,
    notes: list[Notes],
    seed: int,
    progress: Progress,
) -> None:
    """Let everything happen, up to the end."""
    environment = world.environment
    start = int(environment.now)
    _start_absences(world, seed)
    environment.process(_applicants(world, city, arrivals, notes, seed))
    for part in range(1, PARTS + 1):
        environment.run(until=start + (world.until - start) * part // PARTS)
        progress(SIMULATED * part / PARTS)


def _applicants(
    world: World, city: City, arrivals: Arrivals, notes: list[Notes], seed: int
) -> Events:
    """Each application starts its case when its time has come."""
    for reference in range(len(arrivals)):
        yield world.environment.timeout(int(arrivals.at[reference]) - world.environment.now)
        division = city.division_code(int(arrivals.customer[reference]))
        track = TRACKS[arrivals.track[reference]]
        chance = stream(seed, reference, JOURNEYS)
        case = CaseFile(world, reference, track, division, chance)
        notes[reference] = case.notes
        at_window = bool(arrivals.channel[reference] == WINDOW)
        world.environment.process(travel(case, at_window=at_window))


def _start_absences(world: World, seed: int) -> None:
    """Leave and training everywhere, freezing rain where it falls."""
    number = 0
    for division, office in world.offices.items():
        for crew in office.crews.values():
            for _ in range(crew.size):
                chance = stream(seed, number, ABSENCES)
                world.environment.process(absences(world.environment, crew, world.work, chance))
                number += 1
        if division in habits.ICE_DIVISIONS:
            _start_freezing_rain(world, division)
        if division == habits.LENT_DIVISION:
            _lend(world, division)


def _start_freezing_rain(world: World, division: str) -> None:
    crew = world.offices[division].crews["fieldworker"]
    for day in habits.ice_days(day_of(int(world.environment.now)), day_of(world.until)):
        for _ in range(crew.size):
            world.environment.process(
                habits.freezing_rain(world.environment, crew, world.work, day)
            )


def _lend(world: World, division: str) -> None:
    crew = world.offices[division].crews["fieldworker"]
    for _ in range(crew.size):
        world.environment.process(
            habits.lent(world.environment, crew, world.work, day_of(world.until))
        )
