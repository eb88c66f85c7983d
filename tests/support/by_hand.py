"""Clocks counted day by day on the fingers, to hold the derived ones against."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.clocks import Limit
from tongdian.law.process import Hold, Process

FAR = 150


@dataclass(frozen=True)
class ByHand:
    """Days used, the first day on which more than the limit was used, and whether it runs."""

    used: int
    exceeded_on: date | None
    would_exceed_on: date | None
    running: bool
    crossing_start: date | None


def working_days(after: date, until: date) -> list[date]:
    """Working days d with after < d ≤ until, one by one."""
    days = ((after + timedelta(days=n)) for n in range(1, (until - after).days + 1))
    return [day for day in days if default_calendar().is_workday(day)]


def charged_to(limit: Limit, hold: Hold, process: Process) -> bool:
    if hold.ground is not None:
        return False
    if limit.stages:
        return hold.stage in limit.stages
    return limit.scope in process.stages[hold.stage].totals


def runs_of(limit: Limit, holds: Sequence[Hold]) -> list[list[Hold]]:
    """All holds for a total; for one step, each unbroken stretch in its stages, and in those that
    interrupt it without ending it."""
    if not limit.stages:
        return [list(holds)]
    runs: list[list[Hold]] = []
    inside = limit.stages | limit.within
    previous = None
    for hold in holds:
        if hold.stage in inside:
            if previous is None or previous.stage not in inside:
                runs.append([])
            runs[-1].append(hold)
        previous = hold
    return [run for run in runs if any(hold.stage in limit.stages for hold in run)]


def count(limit: Limit, run: Sequence[Hold], process: Process, now: datetime) -> ByHand:
    """One run, day by day; an open hold is followed into the future to see when it would exceed."""
    used = days = 0
    exceeded_on = would = crossing = None
    running = False
    for hold in run:
        mine = charged_to(limit, hold, process)
        running = mine and hold.end is None
        if not mine:
            continue
        start = local_date(hold.start)
        today = local_date(hold.end or max(now, hold.start))
        last = today + timedelta(days=FAR) if running else today
        for day in working_days(start, last):
            days += 1
            used += day <= today
            if days == limit.working_days + 1:
                would, crossing = day, start
                exceeded_on = day if day <= today else None
    return ByHand(used, exceeded_on, would, running, crossing)
