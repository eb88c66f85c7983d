"""The answer before applying: every statement with its clause, every date with its reason."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.law.calendar import default_calendar
from tongdian.law.plan import load_plan
from tongdian.law.precheck import Answer, answer
from tongdian.law.tracks import (
    APPLICANT_KINDS,
    EXTERNAL_WORKS,
    PURPOSES,
    RequestError,
    SupplyRequest,
    classify,
)

PLAN = load_plan()
CALENDAR = default_calendar()
FRIDAY = date(2021, 9, 17)


def ask(kind: str, load_kw: str, purpose: str = "commercial", **more: Any) -> Answer:
    request = SupplyRequest(purpose, kind, Decimal(load_kw), **more)
    return answer(request, PLAN, CALENDAR, FRIDAY)


@pytest.mark.parametrize(
    ("found", "headline", "due"),
    [
        (ask("resident", "8", "residential"), "约 3 个工作日、2 个环节、0 元", date(2021, 9, 23)),
        (ask("small_micro", "200"), "约 6 个工作日、2 个环节、0 元", date(2021, 9, 27)),
        (
            ask("small_micro", "200", external_works="yes"),
            "约 10 个工作日、2 个环节、0 元",
            date(2021, 10, 8),
        ),
        (
            ask("enterprise", "90"),
            "约 6 个工作日、3 个环节，外部工程费用按产权分界点划分",
            date(2021, 9, 27),
        ),
        (
            ask("enterprise", "900"),
            "约 20 个工作日、3 个环节，外部工程费用按产权分界点划分",
            date(2021, 10, 21),
        ),
        (
            ask("enterprise", "900", supplies=2),
            "约 30 个工作日、3 个环节，外部工程费用按产权分界点划分",
            date(2021, 11, 4),
        ),
    ],
)
def test_headline_and_date(found: Answer, headline: str, due: date) -> None:
    """Filed on Friday 2021-09-17. Saturday the 18th and Sunday the 26th are worked; 19 to 21
    September and 1 to 7 October are holidays, and 9 October is worked."""
    assert found.headline_zh == headline
    assert found.deadline.due == due
    assert str(found.promise_working_days) in found.headline_en


def test_the_clock_is_explained() -> None:
    whole, stages = ask("resident", "8", "residential"), ask("enterprise", "90")
    assert "连续计算" in whole.clock_zh
    assert "只合计供电企业" in stages.clock_zh
    assert "own decisions and works are not counted" in stages.clock_en
    skipped = {day.date for day in whole.deadline.skipped}
    assert {date(2021, 9, 19), date(2021, 9, 20), date(2021, 9, 21)} <= skipped


def test_a_resident_brings_nothing() -> None:
    found = ask("resident", "8", "residential")
    assert found.asked == ()
    assert [d.id for d in found.shared] == ["identity", "premises"]
    assert [d.id for d in found.conditional] == ["authorisation"]


def test_a_company_brings_its_licence() -> None:
    for found in (ask("small_micro", "10"), ask("small_micro", "100"), ask("enterprise", "10")):
        assert [d.id for d in found.asked] == ["licence"]
    assert [d.id for d in ask("enterprise", "10.1").asked] == ["licence", "equipment"]


def test_the_equipment_list_is_for_three_phases() -> None:
    """One phase is up to 10 kW on that day in 2021."""
    assert ask("small_micro", "10").later == ()
    assert [d.id for d in ask("small_micro", "10.01").later] == ["equipment"]


def test_dual_supply_explains_its_need_and_papers_of_completion_come_later() -> None:
    single, dual = ask("enterprise", "900"), ask("enterprise", "900", supplies=2)
    assert {d.id for d in dual.asked} - {d.id for d in single.asked} == {"dual_need"}
    assert [d.id for d in single.later] == ["completion", "contractor_licence"]


def test_unknown_external_works_are_a_caution() -> None:
    (caution,) = ask("small_micro", "50").cautions
    assert "10 个工作日" in caution.zh
    assert caution.clause == "一-1"
    assert ask("small_micro", "50", external_works="no").cautions == ()
    assert ask("resident", "8", "residential").cautions == ()


@pytest.mark.parametrize(
    ("kind", "purpose", "track"),
    [
        ("resident", "residential", "resident"),
        ("resident", "charging", "resident"),
        ("resident", "commercial", "low_voltage"),
        ("resident", "industrial", "low_voltage"),
        ("enterprise", "residential", "low_voltage"),
        ("small_micro", "residential", "zero_lv"),
    ],
)
def test_a_household_is_a_resident_using_it_at_home(kind: str, purpose: str, track: str) -> None:
    assert ask(kind, "8", purpose).track.id == track


@pytest.mark.parametrize(
    ("load_kw", "voltage"),
    [
        ("9000", "10kV"),
        ("9001", "35kV"),
        ("36000", "35kV"),
        ("36001", "110kV"),
        ("90000", "110kV"),
        ("90001", "220kV"),
    ],
)
def test_voltage_follows_apparent_power(load_kw: str, voltage: str) -> None:
    """10, 40 and 100 MVA at power factor 0.90."""
    found = ask("enterprise", load_kw)
    assert found.voltage == voltage
    assert any(voltage in reason.zh and "以供电方案为准" in reason.zh for reason in found.reasons)


def test_a_voltage_asked_for_is_kept_and_the_usual_one_named() -> None:
    found = ask("enterprise", "20000", voltage_requested="10kV")
    assert found.voltage == "10kV"
    assert any("一般以 35kV 供电" in reason.zh for reason in found.reasons)


def test_the_threshold_is_that_of_the_day() -> None:
    """Three phases at low voltage: up to 100 kW until 2024-05-31, up to 160 kW since."""
    request = SupplyRequest("commercial", "enterprise", Decimal(120))
    assert classify(request, PLAN, date(2024, 5, 31)).track == "high_voltage_single"
    assert classify(request, PLAN, date(2024, 6, 1)).track == "low_voltage"
    assert classify(request, PLAN).track == "low_voltage"


requests = st.builds(
    SupplyRequest,
    purpose=st.sampled_from(PURPOSES),
    applicant_kind=st.sampled_from(APPLICANT_KINDS),
    load_kw=st.decimals("0.01", "1000000", places=2),
    supplies=st.integers(1, 2),
    external_works=st.sampled_from(EXTERNAL_WORKS),
)


@settings(deadline=None, database=None)
@given(requests, st.dates(date(2021, 7, 1), date(2035, 12, 31)))
def test_every_answer_is_complete(request: SupplyRequest, on: date) -> None:
    """Every statement has a clause that exists and words of it that are there; papers are not
    counted twice; the date is the promised number of working days away."""
    if request.applicant_kind == "resident" and request.supplies == 2:
        with pytest.raises(RequestError):
            answer(request, PLAN, CALENDAR, on)
        return
    found = answer(request, PLAN, CALENDAR, on)
    laws = tuple(PLAN.laws)
    papers = (*found.asked, *found.shared, *found.later, *found.conditional)
    assert len({d.id for d in papers}) == len(papers)
    assert {d.id for d in papers} <= {d.id for d in found.track.documents}
    for clause in [
        *(r.clause for r in (*found.reasons, *found.cautions)),
        *(d.clause for d in papers),
        *(p.clause for p in found.payments),
    ]:
        assert clause in PLAN.clauses or clause.startswith(laws)
    for reason in (*found.reasons, *found.cautions):
        assert reason.zh
        assert reason.en
        assert reason.quote in (PLAN.clauses[reason.clause].text if reason.quote else "")
    assert found.payments
    assert CALENDAR.count(on, found.deadline.due) == found.promise_working_days
    data = json.loads(json.dumps(found.to_dict()))
    assert data["track"] == found.track.id
    assert data["promise"]["deadline"]["due"] == found.deadline.due.isoformat()
    assert len(data["steps"]) == len(found.track.steps)
