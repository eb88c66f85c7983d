"""A year of cases: weekdays, holidays, queues, a few breaches, habits in their places."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from statistics import median

import pytest

from city.conftest import START, UNTIL, made, year
from tongdian.city import CaseHistory, habits, simulate, summary
from tongdian.city.workclock import OPENS
from tongdian.law.calendar import SHANGHAI, default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.service.casework.bulk import fold_history
from tongdian.service.casework.processes import definition_of

CALENDAR = default_calendar()
STAFF = frozenset({"clerk", "engineer", "fieldworker", "lead", "officer"})
# 2026: 15 to 23 February, and 1 to 7 October.
FESTIVAL_END = date(2026, 2, 23)


def test_the_same_seed_tells_the_same_year() -> None:
    assert year() == year()


def test_another_seed_tells_another_year() -> None:
    assert year(seed=8) != year(seed=7)


def test_histories_come_one_by_one() -> None:
    """Nothing is told before it is taken: a large city need not fit in memory."""
    seen: list[float] = []
    told = simulate(
        made(500, 7),
        load_plan(),
        CALENDAR,
        seed=7,
        start=START,
        until=UNTIL,
        rate=0.6,
        progress=seen.append,
    )
    assert next(told).steps
    assert max(seen) < 0.7
    assert sum(1 for _ in told) > 200
    assert seen[-1] == 1.0


@pytest.mark.parametrize(
    ("start", "until"),
    [(START, START), (UNTIL, START), (START.replace(tzinfo=None), UNTIL)],
)
def test_a_year_has_a_start_and_an_end(start: datetime, until: datetime) -> None:
    with pytest.raises(ValueError, match="time zones"):
        next(simulate(made(500, 7), load_plan(), CALENDAR, seed=7, start=start, until=until))


def test_counts_are_those_asked_for(histories: list[CaseHistory]) -> None:
    found = summary(histories)
    assert found.cases == pytest.approx(5000 * 0.6, rel=0.06)
    assert found.share(found.track, "resident") == pytest.approx(0.70, abs=0.03)
    assert 0.75 < found.share(found.channel, "online", "app", "api") < 0.92
    assert len(found.track) == 6
    assert len(found.district) == 15


def per_day(histories: list[CaseHistory], holds: Callable[[date], bool]) -> float:
    filed = Counter(local_date(history.steps[0].at) for history in histories)
    days = [START.date() + timedelta(days=n) for n in range(1, 365)]
    chosen = [day for day in days if holds(day)]
    return sum(filed[day] for day in chosen) / len(chosen)


def test_people_apply_on_weekdays(histories: list[CaseHistory]) -> None:
    working = per_day(histories, CALENDAR.is_workday)
    weekend = per_day(histories, lambda d: d.weekday() > 4 and not CALENDAR.is_workday(d))
    assert 0.25 < weekend / working < 0.6
    monday = per_day(histories, lambda d: d.weekday() == 0 and CALENDAR.is_workday(d))
    friday = per_day(histories, lambda d: d.weekday() == 4 and CALENDAR.is_workday(d))
    assert monday > friday


def test_people_hardly_apply_in_the_spring_festival(histories: list[CaseHistory]) -> None:
    festival = per_day(histories, lambda d: date(2026, 2, 15) <= d <= FESTIVAL_END)
    assert festival < 0.25 * per_day(histories, CALENDAR.is_workday)


def test_windows_are_open_on_working_days_alone(histories: list[CaseHistory]) -> None:
    for history in histories:
        if history.steps[0].payload["channel"] == "window":
            step = history.steps[0]
            assert CALENDAR.is_workday(local_date(step.occurred_at or step.at))


def test_staff_work_in_office_hours_on_working_days(histories: list[CaseHistory]) -> None:
    """Typing in what was done takes some seconds more; nobody works on a day of rest."""
    for history in histories:
        for step in history.steps:
            if step.role in STAFF:
                local = step.at.astimezone(SHANGHAI)
                assert CALENDAR.is_workday(local.date()), (step.kind, local)
                assert OPENS <= local.time() < time(17, 5), (step.kind, local)


def waiting_at_nine(histories: list[CaseHistory], day: date) -> int:
    """Applications that nobody has looked at when the offices open."""
    nine = datetime.combine(day, OPENS, SHANGHAI)
    waiting = 0
    for history in histories:
        filed = history.steps[0]
        first = next((s.at for s in history.steps if s.role in STAFF | {"system"}), UNTIL)
        waiting += filed.at <= nine < first and history.steps[-1].kind != "withdrawn"
    return waiting


def test_work_is_waiting_after_the_spring_festival(histories: list[CaseHistory]) -> None:
    days = [date(2026, 3, 9) + timedelta(days=n) for n in range(26)]
    ordinary = [day for day in days if CALENDAR.is_workday(day) and day.weekday() > 0]
    usual = median(waiting_at_nine(histories, day) for day in ordinary)
    assert waiting_at_nine(histories, FESTIVAL_END + timedelta(days=1)) >= 1.8 * usual


def test_a_crew_that_is_lent_leaves_work_behind(histories: list[CaseHistory]) -> None:
    begun = UNTIL - timedelta(days=14)
    visits = [
        step.at
        for history in histories
        if history.steps[0].payload["district"] == habits.LENT_DIVISION
        for step in history.steps
        if step.kind == "survey_completed"
    ]
    # Typed in by then, or in the sitting of somebody who was still there.
    assert sum(at > UNTIL - timedelta(days=6) for at in visits) == 0
    assert sum(at < begun for at in visits) > 50


def test_nobody_is_energised_without_contract_and_meter(histories: list[CaseHistory]) -> None:
    for history in histories:
        kinds = [step.kind for step in history.steps]
        if "energised" in kinds:
            before = kinds[: kinds.index("energised")]
            assert {"survey_completed", "scheme_replied", "contract_recorded"} <= set(before)
            assert "meter_installed" in before


def test_instants_rise_and_claims_lie_in_the_past(histories: list[CaseHistory]) -> None:
    for history in histories:
        instants = [step.at for step in history.steps]
        assert instants == sorted(set(instants))
        assert instants[0] >= START
        assert instants[-1] < UNTIL
        for step in history.steps:
            assert step.occurred_at is None or step.occurred_at < step.at


def test_most_promises_are_kept_and_a_few_are_not(histories: list[CaseHistory]) -> None:
    definition = definition_of("connection")
    late = breached = done = 0
    for number, history in enumerate(histories):
        columns = fold_history(definition, history, number).columns
        if columns["outcome"] == "energised":
            done += 1
            late += columns["late"]
            breached += columns["breached"]
    assert done > 0.9 * len(histories)
    assert 0.01 < late / done < 0.08
    assert 0 < breached / done < 0.03


@pytest.mark.parametrize(
    ("division", "sign"),
    [
        (habits.SITTING_DIVISION, lambda h: burst(h)),
        (habits.BACKDATING_DIVISION, lambda h: claims(h, "energised", timedelta(hours=12))),
        (habits.EARLY_POWER_DIVISION, lambda h: claims(h, "energised", timedelta())),
        (habits.MODEL_CONTRACT_DIVISION, lambda h: model_contract(h)),
    ],
)
def test_habits_are_at_home_in_one_office(
    histories: list[CaseHistory], division: str, sign: Callable[[CaseHistory], bool]
) -> None:
    signs = Counter(h.steps[0].payload["district"] for h in histories if sign(h))
    cases = Counter(h.steps[0].payload["district"] for h in histories)
    share = signs[division] / cases[division]
    others = sum(n for code, n in signs.items() if code != division) / (
        len(histories) - cases[division]
    )
    assert signs[division] >= 2
    assert share > 3 * others


def burst(history: CaseHistory) -> bool:
    at = [step.at for step in history.steps if step.role in STAFF]
    return any(c - a < timedelta(minutes=2) for a, c in zip(at, at[2:], strict=False))


def claims(history: CaseHistory, kind: str, more_than: timedelta) -> bool:
    return any(
        step.kind == kind and step.occurred_at and step.at - step.occurred_at > more_than
        for step in history.steps
    )


def model_contract(history: CaseHistory) -> bool:
    return any("MB" in step.payload.get("contract_number", "") for step in history.steps)
