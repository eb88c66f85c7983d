"""A year of cases by queueing: people apply, offices work their queues, departments take time."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
import simpy

from tongdian.city.applications import arrivals
from tongdian.city.histories import CaseHistory
from tongdian.city.journey import Journey, World
from tongdian.city.model import City
from tongdian.city.staff import open_office
from tongdian.city.workclock import WorkClock
from tongdian.law.calendar import WorkCalendar, local_date
from tongdian.law.plan import Plan


def simulate(
    city: City,
    plan: Plan,
    calendar: WorkCalendar,
    *,
    seed: int,
    start: datetime,
    until: datetime,
    rate: float = 0.08,
    progress: Callable[[float], None] = lambda share: None,
) -> Iterator[CaseHistory]:
    """The cases filed in [start, until), in order of filing, with the steps recorded by `until`.

    Deterministic in `seed`. Cases still open at `until` are left at their true stage.
    """
    source = np.random.default_rng([seed, 2])
    filed = list(arrivals(city, plan, calendar, source, start, until, rate))
    environment = simpy.Environment(initial_time=start.timestamp())
    last = local_date(until) + timedelta(days=400)
    work = WorkClock(calendar, local_date(start) - timedelta(days=30), last)
    working_days = max(calendar.count(local_date(start), local_date(until)), 1)
    loads = Counter(arrival.payload["district"] for arrival in filed)
    offices = {
        district: open_office(environment, f"GYPS-{district}", count / working_days)
        for district, count in sorted(loads.items())
    }
    world = World(environment, plan, calendar, work, until)
    histories = [CaseHistory(arrival.reference) for arrival in filed]
    seeds = np.random.SeedSequence([seed, 3]).spawn(len(filed))
    for arrival, history, own in zip(filed, histories, seeds, strict=True):
        office = offices[arrival.payload["district"]]
        journey = Journey(world, office, arrival, history, np.random.default_rng(own))
        environment.process(journey.run())
    span = (until - start).total_seconds()
    for part in range(1, 21):
        environment.run(until=start.timestamp() + span * part / 20)
        progress(part / 20)
    yield from (history for history in histories if history.steps)
