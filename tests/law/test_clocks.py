"""Clocks against days counted by hand, and the laws they keep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import by_hand
from tongdian.law.calendar import SHANGHAI, default_calendar, local_date
from tongdian.law.clocks import (
    JOINT_APPROVAL,
    UTILITY_STAGES,
    WHOLE_PROCESS,
    Limit,
    charge,
    measure,
    measure_limit,
    measure_totals,
)
from tongdian.law.process import Hold
from tongdian.service.connection.limits import limits_for
from tongdian.service.connection.process import CONNECTION, STAGES

CALENDAR = default_calendar()
OPEN_STAGES = [stage for stage in STAGES if not stage.terminal]
SURVEY_AND_SCHEME = frozenset({"survey", "scheme"})
UNHURRIED = settings(deadline=None, database=None, max_examples=150)

instants = st.timedeltas(timedelta(0), timedelta(days=385)).map(
    datetime(2025, 9, 20, tzinfo=UTC).__add__
)
pieces = st.lists(
    st.tuples(
        st.sampled_from(OPEN_STAGES),
        st.sampled_from([None, None, None, "force_majeure"]),
        st.timedeltas(timedelta(0), timedelta(days=9)),
    ),
    min_size=1,
    max_size=9,
)


def at(text: str) -> datetime:
    """Shanghai time, for example `2026-09-29 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def holds_of(start: datetime, parts: list[Any], closed: bool) -> tuple[tuple[Hold, ...], datetime]:
    """Adjacent holds; the last stays open unless `closed`. And the instant after them all."""
    holds = []
    for stage, ground, span in parts:
        lane = stage.lane.value
        holds.append(Hold(lane, stage.id, start, start + span, ground))
        start += span
    if not closed:
        last = holds.pop()
        holds.append(Hold(last.lane, last.stage, last.start, None, last.ground))
    return tuple(holds), start


@UNHURRIED
@given(instants, pieces, st.booleans(), st.integers(1, 9), st.sampled_from(["total", "stage"]))
def test_a_limit_falls_due_on_the_day_before_it_is_exceeded(
    start: datetime, parts: list[Any], closed: bool, days: int, kind: str
) -> None:
    holds, now = holds_of(start, parts, closed)
    limit = (
        Limit("promise", WHOLE_PROCESS, days, "plan", "一-1")
        if kind == "total"
        else Limit("statute:scheme", "stage:scheme", days, "statute", "x", SURVEY_AND_SCHEME)
    )
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, now)
    runs = by_hand.runs_of(limit, holds) or [[]]
    counted = [by_hand.count(limit, run, CONNECTION, now) for run in runs]
    mine = counted[-1]
    assert (clock.used, clock.left) == (mine.used, days - mine.used)
    assert clock.running == mine.running
    assert clock.exceeded_on == mine.exceeded_on
    assert clock.exceeded_before == any(run.exceeded_on for run in counted[:-1])
    if not mine.running and mine.exceeded_on is None:
        assert clock.due is None
        return
    assert clock.due is not None
    assert CALENDAR.add(clock.due, 1) == mine.would_exceed_on
    assert CALENDAR.is_workday(clock.due) or clock.due == mine.crossing_start
    assert mine.crossing_start is not None
    assert clock.due >= mine.crossing_start == clock.start


@UNHURRIED
@given(instants, pieces, st.booleans())
def test_no_time_is_lost_or_counted_twice(start: datetime, parts: list[Any], closed: bool) -> None:
    holds, now = holds_of(start, parts, closed)
    totals = measure_totals(holds, CONNECTION, CALENDAR, now)
    first, last = local_date(start), local_date(now)
    assert sum(totals.lanes.values()) == totals.span == CALENDAR.count(first, last)
    assert totals.span == len(by_hand.working_days(first, last))
    assert totals.world_bank == (last - first).days >= totals.span
    assert totals.whole_process >= totals.utility_stages + totals.joint_approval >= 0
    assert totals.span >= totals.whole_process + totals.paused >= totals.paused


@UNHURRIED
@given(instants, pieces, st.data())
def test_cutting_a_hold_in_two_changes_nothing(
    start: datetime, parts: list[Any], data: st.DataObject
) -> None:
    holds, now = holds_of(start, parts, True)
    at_hold = data.draw(st.integers(0, len(holds) - 1))
    whole = holds[at_hold]
    assert whole.end is not None
    middle = whole.start + data.draw(st.timedeltas(timedelta(0), whole.end - whole.start))
    halves = (
        Hold(whole.lane, whole.stage, whole.start, middle, whole.ground),
        Hold(whole.lane, whole.stage, middle, whole.end, whole.ground),
    )
    cut = (*holds[:at_hold], *halves, *holds[at_hold + 1 :])
    assert sum(charge(half, CALENDAR, now) for half in halves) == charge(whole, CALENDAR, now)
    assert measure_totals(cut, CONNECTION, CALENDAR, now) == measure_totals(
        holds, CONNECTION, CALENDAR, now
    )


@UNHURRIED
@given(instants, pieces, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_an_open_clock_never_runs_backwards(
    start: datetime, parts: list[Any], later: timedelta
) -> None:
    holds, now = holds_of(start, parts, False)
    limits = limits_for("guiyang-2021", "low_voltage")
    sooner = measure(holds, limits, CONNECTION, CALENDAR, now)
    after = measure(holds, limits, CONNECTION, CALENDAR, now + later)
    for one, two in zip(sooner.clocks, after.clocks, strict=True):
        assert two.used >= one.used
        assert two.due == one.due
    assert after.late >= sooner.late
    assert after.breached >= sooner.breached


def test_the_day_of_the_event_is_not_counted() -> None:
    """民法典 art. 201: an application on Tuesday, power on Friday: three working days."""
    holds = (Hold("utility", "intake", at("2026-11-24 23:59"), at("2026-11-27 08:00")),)
    totals = measure_totals(holds, CONNECTION, CALENDAR, at("2026-11-27 08:00"))
    assert totals.whole_process == totals.utility_stages == 3


def test_a_day_belongs_to_shanghai() -> None:
    """15:59 and 16:00 in London's winter are two days in Guiyang."""
    early = Hold("utility", "intake", datetime(2026, 11, 24, 15, 59, tzinfo=UTC))
    late = Hold("utility", "intake", datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    now = datetime(2026, 11, 25, 8, tzinfo=UTC)
    assert (charge(early, CALENDAR, now), charge(late, CALENDAR, now)) == (1, 0)


@pytest.mark.parametrize(
    ("filed", "working_days", "due"),
    [
        ("2026-09-29 10:00", 3, "2026-10-09"),  # National Day, 1 to 7 October
        ("2026-02-13 10:00", 3, "2026-02-25"),  # Spring Festival, and Saturday the 14th worked
        ("2025-09-26 10:00", 3, "2025-09-30"),  # Sunday the 28th worked
        ("2026-11-21 10:00", 3, "2026-11-25"),  # filed on a Saturday
    ],
)
def test_the_due_date_passes_over_holidays(filed: str, working_days: int, due: str) -> None:
    limit = Limit("promise", WHOLE_PROCESS, working_days, "plan", "一-1")
    holds = (Hold("utility", "intake", at(filed)),)
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, at(filed))
    assert clock.due == date.fromisoformat(due)
    assert not clock.provisional


def test_a_due_date_in_an_unannounced_year_is_provisional() -> None:
    limit = Limit("promise", WHOLE_PROCESS, 20, "plan", "一-1")
    holds = (Hold("utility", "intake", at("2026-12-20 10:00")),)
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, at("2026-12-20 10:00"))
    assert clock.due is not None
    assert clock.due.year == 2027
    assert clock.provisional


def test_the_applicants_own_works_are_not_charged_to_the_utility() -> None:
    holds = (
        Hold("utility", "scheme", at("2026-11-02 09:00"), at("2026-11-06 09:00")),
        Hold("applicant", "own_works", at("2026-11-06 09:00"), at("2026-11-20 09:00")),
        Hold("utility", "inspection", at("2026-11-20 09:00"), at("2026-11-24 09:00")),
    )
    totals = measure_totals(holds, CONNECTION, CALENDAR, at("2026-11-24 09:00"))
    assert (totals.utility_stages, totals.whole_process) == (6, 16)
    assert totals.lanes == {"utility": 6, "applicant": 10}


def test_a_clock_that_the_applicant_holds_has_no_due_date_for_the_utility() -> None:
    holds = (
        Hold("utility", "intake", at("2026-11-02 09:00"), at("2026-11-03 09:00")),
        Hold("applicant", "own_works", at("2026-11-03 09:00")),
    )
    limit = Limit("promise", UTILITY_STAGES, 6, "plan", "一-1")
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, at("2026-12-24 09:00"))
    assert (clock.used, clock.left, clock.due, clock.running) == (1, 5, None, False)


def test_a_pause_stops_the_clock_and_moves_the_due_date() -> None:
    holds = (
        Hold("utility", "survey", at("2026-11-02 09:00"), at("2026-11-04 09:00")),
        Hold("utility", "survey", at("2026-11-04 09:00"), at("2026-11-10 09:00"), "force_majeure"),
        Hold("utility", "survey", at("2026-11-10 09:00")),
    )
    limit = Limit("promise", WHOLE_PROCESS, 6, "plan", "一-1")
    now = at("2026-11-11 09:00")
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, now)
    assert (clock.used, clock.due) == (3, date(2026, 11, 16))
    assert measure_totals(holds, CONNECTION, CALENDAR, now).paused == 4


def test_departments_together_have_five_working_days() -> None:
    limits = {limit.id: limit for limit in limits_for("guiyang-2021", "zero_lv_external")}
    holds = (Hold("government", "permits", at("2026-11-02 09:00")),)
    limit = limits["joint_approval"]
    assert (limit.scope, limit.working_days) == (JOINT_APPROVAL, 5)
    clock = measure_limit(limit, holds, CONNECTION, CALENDAR, at("2026-11-02 10:00"))
    assert clock.due == date(2026, 11, 9)


def test_the_strictest_running_limit_drives_the_due_date_and_statute_the_breach() -> None:
    """A resident: three days by the plan in all, three by statute for the scheme alone."""
    limits = limits_for("guiyang-2021", "resident")
    holds = (
        Hold("utility", "intake", at("2026-11-02 09:00"), at("2026-11-03 09:00")),
        Hold("utility", "survey", at("2026-11-03 09:00")),
    )
    clocks = measure(holds, limits, CONNECTION, CALENDAR, at("2026-11-03 09:00"))
    assert clocks.due is not None
    assert (clocks.due.limit.id, clocks.due.due) == ("promise", date(2026, 11, 5))
    assert clocks.statutory is not None
    assert clocks.statutory.due == date(2026, 11, 6)
    late = measure(holds, limits, CONNECTION, CALENDAR, at("2026-11-06 09:00"))
    assert (late.late, late.breached) == (True, False)
    later = measure(holds, limits, CONNECTION, CALENDAR, at("2026-11-09 09:00"))
    assert (later.late, later.breached) == (True, True)


def test_a_breach_is_not_undone_by_a_second_round() -> None:
    """Nine days for the first scheme breach the eight of the statute, whatever the second takes."""
    limits = limits_for("guiyang-2021", "low_voltage")
    holds = (
        Hold("utility", "survey", at("2026-11-02 09:00"), at("2026-11-13 09:00")),
        Hold("applicant", "scheme_decision", at("2026-11-13 09:00"), at("2026-11-16 09:00")),
        Hold("utility", "scheme", at("2026-11-16 09:00"), at("2026-11-17 09:00")),
        Hold("applicant", "scheme_decision", at("2026-11-17 09:00")),
    )
    clocks = measure(holds, limits, CONNECTION, CALENDAR, at("2026-11-18 09:00"))
    scheme = next(clock for clock in clocks.clocks if clock.limit.id == "statute:scheme")
    assert (scheme.used, scheme.left, scheme.exceeded_before) == (1, 7, True)
    assert clocks.breached
