"""Clocks are derived: pure functions from the holds of a case to days, limits and due dates.

A hold [a, b) is charged the working days d with date(a) < d ≤ date(b), dates in Asia/Shanghai
(民法典 art. 201: the day of the event is not counted). The charge is additive over adjacent holds,
so lanes always add up to the whole and no day is counted twice or lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from tongdian.law.calendar import WorkCalendar, local_date
from tongdian.law.process import Hold, Stage

WHOLE_PROCESS = "whole_process"
UTILITY_STAGES = "utility_stages"
JOINT_APPROVAL = "joint_approval"
WORLD_BANK = "world_bank"


class StageTable(Protocol):
    """Anything that maps stage ids to stages: a `Process`."""

    @property
    def stages(self) -> Mapping[str, Stage]: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of working days that may be used, and where it is written.

    `scope` is a clock total, or `stage:<id>` for a statutory period of one step, measured over the
    last unbroken run of `stages`; that an earlier run exceeded it is not forgotten. Holds in
    `within` interrupt the counting but not the run: a correction list starts no period anew. A
    limit that bound only `until` an instant is measured up to it: a longer one that came later does
    not make undone that this one was exceeded.
    """

    id: str
    scope: str
    working_days: int
    status: str
    clause: str
    stages: frozenset[str] = frozenset()
    within: frozenset[str] = frozenset()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit measured on a case. `left` is negative once exceeded; `due` is None while frozen.

    `exceeded_before`: an earlier run of the same step (before a dispute, a failed inspection) took
    longer than the limit; a new run does not make that undone.
    """

    limit: Limit
    used: int
    left: int
    due: date | None
    start: date | None
    base_days: int
    running: bool
    provisional: bool
    exceeded_on: date | None
    exceeded_before: bool = False

    @property
    def exceeded(self) -> bool:
        return self.left < 0 or self.exceeded_before


@dataclass(frozen=True, slots=True)
class Totals:
    """The four totals, never mixed, and the working days of each lane.

    `lanes` counts every charged or uncharged working day by lane; `paused` those under a pause.
    """

    whole_process: int
    utility_stages: int
    joint_approval: int
    world_bank: int
    lanes: Mapping[str, int]
    paused: int
    span: int


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """Everything a page or a cache needs to know about the time of one case."""

    totals: Totals
    clocks: tuple[Clock, ...]
    due: Clock | None
    statutory: Clock | None

    @property
    def breached(self) -> bool:
        """A statutory limit was exceeded."""
        return any(c.exceeded for c in self.clocks if c.limit.status == "statute")

    @property
    def late(self) -> bool:
        """The plan's promise was exceeded."""
        return any(c.exceeded for c in self.clocks if c.limit.status == "plan")


def charge(hold: Hold, calendar: WorkCalendar, now: datetime) -> int:
    """Working days of a hold up to its end, or to `now` while it is open."""
    end = hold.end or max(now, hold.start)
    return calendar.count(local_date(hold.start), local_date(end))


def measure_totals(
    holds: Sequence[Hold], table: StageTable, calendar: WorkCalendar, now: datetime
) -> Totals:
    """The four totals of a case from its holds."""
    sums = dict.fromkeys((WHOLE_PROCESS, UTILITY_STAGES, JOINT_APPROVAL), 0)
    lanes: dict[str, int] = {}
    paused = span = 0
    for hold in holds:
        days = charge(hold, calendar, now)
        lanes[hold.lane] = lanes.get(hold.lane, 0) + days
        span += days
        if hold.paused:
            paused += days
            continue
        for total in table.stages[hold.stage].totals:
            sums[total] += days
    return Totals(
        sums[WHOLE_PROCESS],
        sums[UTILITY_STAGES],
        sums[JOINT_APPROVAL],
        _calendar_days(holds, now),
        lanes,
        paused,
        span,
    )


def charged_to(holds: Sequence[Hold], table: StageTable, total: str) -> bool:
    """Whether a case was ever where a total is charged: of a case that never needed permits, zero
    days of joint approval would say something that is not so."""
    return any(total in table.stages[hold.stage].totals for hold in holds)


def _calendar_days(holds: Sequence[Hold], now: datetime) -> int:
    """World Bank days: calendar days from the first hold to the end, pauses included."""
    if not holds:
        return 0
    end = holds[-1].end or max(now, holds[-1].start)
    return (local_date(end) - local_date(holds[0].start)).days


def measure_limit(
    limit: Limit,
    holds: Sequence[Hold],
    table: StageTable,
    calendar: WorkCalendar,
    now: datetime,
) -> Clock:
    """One limit on one case: days used, days left, and the date it falls due while it runs."""
    if limit.until is not None:
        holds = _up_to(holds, limit.until)
    if not limit.stages:
        return _measure_run(limit, holds, table, calendar, now)
    *earlier, last = _runs(holds, limit.stages, limit.within) or [()]
    measured = _measure_run(limit, last, table, calendar, now)
    before = any(_measure_run(limit, run, table, calendar, now).left < 0 for run in earlier)
    return replace(measured, exceeded_before=True) if before else measured


def _up_to(holds: Sequence[Hold], until: datetime) -> list[Hold]:
    """The holds as they were at an instant, the last one ended by it."""
    before = [hold for hold in holds if hold.start < until]
    return [
        replace(hold, end=until) if hold.end is None or hold.end > until else hold
        for hold in before
    ]


def _measure_run(
    limit: Limit,
    run: Sequence[Hold],
    table: StageTable,
    calendar: WorkCalendar,
    now: datetime,
) -> Clock:
    """A limit over the holds of one run, or of the whole case."""
    used = 0
    exceeded: tuple[date, date, int] | None = None
    start: date | None = None
    base = 0
    running = False
    for hold in run:
        running = False
        if not _charges(limit, hold, table):
            continue
        start, base = local_date(hold.start), used
        days = charge(hold, calendar, now)
        if exceeded is None and used + days > limit.working_days:
            due = calendar.add(start, max(limit.working_days - used, 0))
            exceeded = (due, start, used)
        used += days
        running = hold.end is None
    if exceeded is not None:
        due_on, start, base = exceeded
        after = calendar.add(due_on, 1)
        return _clock(limit, used, due_on, start, base, running, calendar, after)
    if not running or start is None:
        return _clock(limit, used, None, start, base, False, calendar, None)
    due_on = calendar.add(start, limit.working_days - base)
    return _clock(limit, used, due_on, start, base, True, calendar, None)


def _clock(
    limit: Limit,
    used: int,
    due: date | None,
    start: date | None,
    base: int,
    running: bool,
    calendar: WorkCalendar,
    exceeded_on: date | None,
) -> Clock:
    provisional = due is not None and calendar.is_provisional(due)
    left = limit.working_days - used
    return Clock(limit, used, left, due, start, base, running, provisional, exceeded_on)


def _charges(limit: Limit, hold: Hold, table: StageTable) -> bool:
    if hold.paused:
        return False
    if limit.stages:
        return hold.stage in limit.stages
    return limit.scope in table.stages[hold.stage].totals


def _runs(
    holds: Sequence[Hold], stages: frozenset[str], within: frozenset[str]
) -> list[Sequence[Hold]]:
    """The unbroken runs of holds in `stages` or `within`, oldest first."""
    inside = stages | within
    runs: list[list[Hold]] = []
    for hold in holds:
        if hold.stage not in inside:
            continue
        if runs and _follows(hold, runs[-1][-1]):
            runs[-1].append(hold)
        else:
            runs.append([hold])
    return [run for run in runs if any(hold.stage in stages for hold in run)]


def _follows(hold: Hold, last: Hold) -> bool:
    """Whether a hold begins when the one before ended: a branch is held by nobody once it is
    decided, until it is opened again."""
    return last.end == hold.start


def measure(
    holds: Sequence[Hold],
    limits: Iterable[Limit],
    table: StageTable,
    calendar: WorkCalendar,
    now: datetime,
) -> CaseClocks:
    """All limits on a case. The strictest running one drives the due date; the strictest running
    statutory one drives the breach flag."""
    clocks = tuple(measure_limit(limit, holds, table, calendar, now) for limit in limits)
    running = [clock for clock in clocks if clock.running and clock.due is not None]
    binding = [clock for clock in running if clock.limit.status in ("plan", "statute")]
    statutory = [clock for clock in running if clock.limit.status == "statute"]
    return CaseClocks(
        measure_totals(holds, table, calendar, now),
        clocks,
        min(binding, key=_due_order, default=None),
        min(statutory, key=_due_order, default=None),
    )


def _due_order(clock: Clock) -> tuple[date, int]:
    return (clock.due or date.max, 0 if clock.limit.status == "plan" else 1)
