"""Each track from application to power on, through the actions, and what is stored of it."""

import pytest

from support.cases import CLERK, ENGINEER, TRACK_FACTS, WHO, carry, day, journey, scheme, submit
from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.clocks import charge
from tongdian.proof.events import verify_chain
from tongdian.service.casework import clock
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.planning import cached_columns, fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import record_of
from tongdian.service.casework.timeline import view_of
from tongdian.service.connection.actions import act

pytestmark = pytest.mark.django_db


def stored_equals_refolded(number: str) -> None:
    case = Case.objects.get(number=number)
    events = list(case.events.order_by("seq"))
    definition = definition_of(case.process)
    state = fold_events(definition, events)
    assert state.to_json() == case.state
    for name, value in cached_columns(definition, state, events[-1].recorded_at).items():
        assert getattr(case, name) == value, name
    records = [record_of(case, event, with_personal=True) for event in events]
    assert verify_chain(records) == []


@pytest.mark.parametrize("track", TRACK_FACTS)
def test_every_track_reaches_power_on(track: str) -> None:
    number = submit(track).case.number
    done = carry(number, journey(track))
    assert done.case.track == track
    assert done.case.outcome == "energised"
    assert done.case.closed_at is not None
    plan_steps = 2 if track in ("resident", "zero_lv", "zero_lv_external") else 3
    assert done.case.steps == plan_steps
    went_to_departments = any(kind == "permits_filed" for kind, *_ in journey(track))
    assert (done.case.government_days is not None) == went_to_departments
    stored_equals_refolded(number)


@pytest.mark.parametrize("track", TRACK_FACTS)
def test_lanes_add_up_to_the_span(track: str) -> None:
    number = submit(track).case.number
    carry(number, journey(track)[:-1])
    view = view_of(Case.objects.get(number=number))
    totals = view.clocks.totals
    spans = [charge(hold, default_calendar(), view.now) for hold in view.state.holds]
    assert sum(totals.lanes.values()) == totals.span == sum(spans)


def test_a_new_application_is_due_by_the_plan() -> None:
    case = submit("resident").case
    today = local_date(clock.now())
    assert case.due_on == default_calendar().add(today, 3)
    assert case.stage == "intake"
    assert case.lane == "utility"


def test_the_personal_part_stays_out_of_payload_and_row() -> None:
    performed = submit("resident")
    event = performed.event
    assert "name" not in event.payload
    assert event.personal["name"] == "示例·王小丽"
    assert performed.case.applicant_masked == "示例·王**"
    assert "501" not in performed.case.address_masked


def test_a_deficiency_list_is_told_once() -> None:
    number = submit("low_voltage").case.number
    items = {"items": [{"field": "licence", "problem": "看不清", "remedy": "重拍一张"}]}
    listed = act(number, "deficiency_listed", items, actor=CLERK)
    assert listed.case.lane == "applicant"
    assert listed.case.due_on is None
    answers = {"answers": [{"field": "licence", "answer": "已重拍"}]}
    act(number, "deficiency_answered", answers, actor=WHO["applicant"])
    before = Event.objects.count()
    with pytest.raises(NotAllowed) as refused:
        act(number, "deficiency_listed", items, actor=CLERK)
    assert "第三十二条" in refused.value.refusal.clause
    assert "application_accepted" in refused.value.allowed
    assert Event.objects.count() == before
    stored_equals_refolded(number)


def test_a_pause_needs_a_listed_ground_and_shows() -> None:
    number = submit("low_voltage").case.number
    carry(number, journey("low_voltage")[:1])
    with pytest.raises(InvalidInput):
        act(number, "clock_paused", {"ground": "busy", "evidence": "照片一张"}, actor=WHO["lead"])
    data = {"ground": "force_majeure", "evidence": "气象台暴雨红色预警 2026-8 号"}
    paused = act(number, "clock_paused", data, actor=WHO["lead"])
    assert paused.case.pause_ground == "force_majeure"
    assert paused.case.due_on is None
    survey = {"surveyed_on": day(), "external_works": "no"}
    with pytest.raises(NotAllowed):
        act(number, "survey_completed", survey, actor=WHO["fieldworker"])
    act(number, "clock_resumed", {}, actor=WHO["lead"])
    assert Case.objects.get(number=number).due_on is not None
    stored_equals_refolded(number)


def test_power_is_not_put_on_without_contract_and_meter() -> None:
    number = submit("resident").case.number
    carry(number, journey("resident")[:3])
    energise = {"meter_number": "M-1", "initial_reading": "0"}
    with pytest.raises(NotAllowed) as refused:
        act(number, "energised", energise, actor=WHO["fieldworker"])
    assert "合同" in refused.value.refusal.rule_zh


def test_a_role_that_may_not_is_refused_with_what_is_allowed() -> None:
    number = submit("resident").case.number
    with pytest.raises(Forbidden) as refused:
        act(number, "application_accepted", {}, actor=ENGINEER)
    assert refused.value.roles_needed == ["clerk", "lead"]


def test_the_source_point_is_mandatory() -> None:
    number = submit("resident").case.number
    carry(number, journey("resident")[:2])
    with pytest.raises(InvalidInput) as refused:
        act(number, "scheme_replied", scheme(source_point=""), actor=ENGINEER)
    assert [error.field for error in refused.value.errors] == ["source_point"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"load_kw": "0"}, "load_kw"),
        ({"load_kw": "-3"}, "load_kw"),
        ({"load_kw": "99999999"}, "load_kw"),
        ({"load_kw": "many"}, "load_kw"),
        ({"id_number": "110105194912310021"}, "id_number"),
        ({"name": "a\x00b"}, "name"),
        ({"phone": "12"}, "phone"),
        ({"district": "110101"}, "district"),
        ({"surprise": "1"}, "surprise"),
        ({"track": "low_voltage"}, "track"),
    ],
)
def test_bad_applications_name_the_field_and_write_nothing(
    change: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        submit("resident", **change)
    assert field in [error.field for error in refused.value.errors]
    assert all(error.rule_zh and error.remedy_zh for error in refused.value.errors)
    assert not Case.objects.exists()


def test_a_disputed_scheme_goes_back_and_the_utility_clock_runs_again() -> None:
    number = submit("low_voltage").case.number
    carry(number, journey("low_voltage")[:3])
    data = {"reason_code": "route", "reason": "路径绕远"}
    disputed = act(number, "scheme_disputed", data, actor=WHO["applicant"])
    assert (disputed.case.stage, disputed.case.lane) == ("scheme", "utility")
    stored_equals_refolded(number)


def test_withdrawal_ends_the_case_and_nothing_more_can_happen() -> None:
    number = submit("resident").case.number
    assert act(number, "withdrawn", {}, actor=WHO["applicant"]).case.outcome == "withdrawn"
    with pytest.raises(NotAllowed):
        act(number, "application_accepted", {}, actor=CLERK)


def test_each_finished_step_is_rated_once() -> None:
    number = submit("resident").case.number
    with pytest.raises(NotAllowed):
        act(number, "step_rated", {"step": "application", "stars": "5"}, actor=WHO["applicant"])
    carry(number, journey("resident"))
    rated = {"step": "energisation", "stars": "4", "comment": "很快"}
    act(number, "step_rated", rated, actor=WHO["applicant"])
    with pytest.raises(NotAllowed):
        act(number, "step_rated", rated, actor=WHO["applicant"])
    assert Case.objects.get(number=number).outcome == "energised"
    stored_equals_refolded(number)
