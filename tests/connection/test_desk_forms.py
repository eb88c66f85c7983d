"""Every action form of every role: good input is recorded, bad input stays typed with the error
beside its field, stale input is told what happened, and what is not allowed is not even shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from connection.conftest import Desk
from connection.forms import path, send, shown, state_of, typed
from support.cases import LEAD, SUPERVISOR, WHO, carry, day, journey, scheme, submit, today
from support.situations import data_for, situation
from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval.selectors import PAGES
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.connection.commands import COMMANDS
from tongdian.service.connection.next_actions import BESIDE_THE_FILES
from tongdian.service.connection.process import CONNECTION

DESK_ROLES = ("clerk", "engineer", "fieldworker", "lead", "officer", "supervisor")
HOMES = {"permits_received": "GY-ZWZX", "permits_decided": "GY-ZWZX"}
ROWS = [
    (kind, role)
    for kind in COMMANDS
    for role in DESK_ROLES
    if kind not in BESIDE_THE_FILES | PAGES.keys() and role in CONNECTION.rules[kind].roles
]
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "deficiency_listed": ({"items": [{"field": "licence", "problem": "", "remedy": "重拍"}]},
                          "items-0-problem"),
    "application_not_accepted": ({"reason_code": "unlawful", "clause": "", "remedy": "可申诉"},
                                 "clause"),
    "track_reclassified": ({"reason": "", "clause": "方案 一-1", "evidence": "P-1"}, "reason"),
    "survey_completed": ({"surveyed_on": "2999-01-01", "note": "梯子已备"}, "surveyed_on"),
    "scheme_replied": (scheme(source_point="站"), "source_point"),
    "permits_filed": ({"items": ["green"], "joint_number": "编号 七"}, "joint_number"),
    "permits_decided": ({"document_number": "文" * 90}, "document_number"),
    "items_resubmitted": ({"items": ["municipal"], "changes": ""}, "changes"),
    "item_withdrawn": ({"item": "", "reason": "改线"}, "item"),
    "item_accepted": ({"item": ""}, "item"),
    "item_correction_listed": ({"item": "municipal", "items": [
        {"field": "works_plan", "problem": "", "remedy": "补充图纸"}]}, "items-0-problem"),
    "item_corrected": ({"item": "municipal", "answer": ""}, "answer"),
    "item_special_started": ({"item": "municipal", "ground": "hearing", "evidence": ""},
                             "evidence"),
    "item_special_ended": ({"item": "municipal", "outcome": ""}, "outcome"),
    "item_decided": ({"item": "municipal", "result": "refused", "clause": "某法",
                      "remedy": "可复议"}, "reason"),
    "item_not_accepted": ({"item": "municipal", "reason": "不属于本部门", "clause": "",
                           "remedy": "请向交通委申请"}, "clause"),
    "permit_revoked": ({"item": "municipal", "reason": "超范围开挖", "clause": "",
                        "remedy": "可复议"}, "clause"),
    "external_works_completed": ({"length_m": "很长", "completed_on": day()}, "length_m"),
    "inspection_passed": ({"inspected_on": "昨天"}, "inspected_on"),
    "inspection_failed": ({"items": [{"code": "EARTHING", "remedy": ""}]}, "items-0-remedy"),
    "contract_recorded": ({"contract_number": "", "signed_on": day()}, "contract_number"),
    "meter_installed": ({"meter_number": "M 1", "installed_on": day()}, "meter_number"),
    "energised": ({"meter_number": "M-1", "initial_reading": "-4"}, "initial_reading"),
    "assigned": ({"assignee": ""}, "assignee"),
    "clock_paused": ({"ground": "force_majeure", "evidence": ""}, "evidence"),
    "event_time_corrected": ({"seq": "1", "instant": "2019-02-31T09:00", "reason": "笔误",
                              "evidence": "照片一张"}, "instant"),
}  # fmt: skip


def good(kind: str, number: str, staff: str) -> dict[str, Any]:
    data = data_for(kind, Case.objects.get(number=number).folded)
    if kind == "assigned":
        return {"assignee": staff}
    if kind == "event_time_corrected":
        now = clock.now().astimezone(SHANGHAI)
        recorded = Event.objects.get(case__number=number, seq=data["seq"]).recorded_at
        assert now >= recorded
        # The form is exact to the second; a browser sends minutes.
        data["instant"] = recorded.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")
        data["seq"] = "1"
    return data


@pytest.mark.parametrize(("kind", "role"), ROWS)
def test_good_input_is_recorded(kind: str, role: str, desk: Desk, staff_of: Any) -> None:
    number = situation(kind)
    client = desk(role, HOMES.get(kind, ""))
    data = good(kind, number, staff_of("fieldworker").pseudonym)
    answer = send(client, number, kind, data)
    assert answer.status_code == 302, answer.content.decode()[-4000:]
    event = Event.objects.filter(case__number=number).order_by("-seq")[0]
    assert (event.kind, event.actor["role"]) == (kind, role)
    assert event.actor["pseudonym"] == staff_of(role, HOMES.get(kind, "")).pseudonym
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "已记录：" + CONNECTION.rules[kind].zh in page


@pytest.mark.parametrize(("kind", "role"), [row for row in ROWS if row[0] in BAD])
def test_bad_input_stays_typed_with_the_error_beside_it(kind: str, role: str, desk: Desk) -> None:
    number = situation(kind)
    client = desk(role, HOMES.get(kind, ""))
    data, field = BAD[kind]
    before = state_of(number)
    answer = send(client, number, kind, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert state_of(number) == before
    stays = shown(answer)
    for name, value in typed(kind, data).items():
        assert stays.get(name, "") == (value[-1] if isinstance(value, list) else value), name
    assert f'id="id_{kind}-{field}_error"' in page
    assert f'href="#id_{kind}-{field}' in page
    assert page.count('aria-invalid="true"') >= 1


def test_every_form_that_can_be_wrong_is_tried() -> None:
    """Those without a row in the table above have nothing that could be typed wrong."""
    empty = {"application_accepted", "clock_resumed", "permits_received"}
    assert {kind for kind, _role in ROWS} - set(BAD) == empty


@pytest.mark.parametrize(("kind", "role"), [row for row in ROWS if row[0] != "clock_resumed"])
def test_who_comes_second_is_told_what_happened(kind: str, role: str, desk: Desk) -> None:
    """Somebody paused the clock, or accepted, while the form was open: 409, nothing is lost."""
    number = situation(kind)
    client = desk(role, HOMES.get(kind, ""))
    form = shown(client.get(path(number, kind)))
    data = good(kind, number, "nobody-yet") if kind != "assigned" else {}
    other = _something_else(number, kind)
    before = state_of(number)
    answer = client.post(path(number, kind), {**form, **typed(kind, data)})
    page = answer.content.decode()
    assert state_of(number) == before
    assert answer.status_code == 409
    assert "别人已先处理" in page
    assert CONNECTION.rules[other].zh in page


def _something_else(number: str, kind: str) -> str:
    case = Case.objects.get(number=number)
    if kind == "clock_paused" or CONNECTION.refusal(case.folded, "clock_paused"):
        act(number, "event_time_corrected", data_for("event_time_corrected", case.folded),
            actor=SUPERVISOR)  # fmt: skip
        return "event_time_corrected"
    act(number, "clock_paused", data_for("clock_paused", case.folded), actor=LEAD)
    return "clock_paused"


def test_a_form_that_is_still_possible_comes_back_filled_in(desk: Desk) -> None:
    number = situation("contract_recorded")
    client = desk("clerk")
    form = shown(client.get(path(number, "contract_recorded")))
    act(number, "meter_installed", {"meter_number": "M-1", "installed_on": day()},
        actor=WHO["fieldworker"])  # fmt: skip
    data = typed("contract_recorded", {"contract_number": "HT-7", "signed_on": day()})
    answer = client.post(path(number, "contract_recorded"), {**form, **data})
    assert answer.status_code == 409
    again = shown(answer)
    assert again["contract_recorded-contract_number"] == "HT-7"
    assert int(again["expected_seq"]) == int(form["expected_seq"]) + 1
    assert client.post(path(number, "contract_recorded"), again).status_code == 302


def test_a_form_that_is_no_longer_possible_shows_what_is(desk: Desk) -> None:
    number = situation("application_accepted")
    client = desk("lead")
    form = shown(client.get(path(number, "application_not_accepted")))
    act(number, "application_accepted", {}, actor=WHO["clerk"])
    data = typed("application_not_accepted",
                 {"reason_code": "unlawful", "clause": "某法", "remedy": "可以申诉"})  # fmt: skip
    answer = client.post(path(number, "application_not_accepted"), {**form, **data})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "您填写的内容" in page
    assert "可以申诉" in page
    assert f'href="{path(number, "clock_paused")}"' in page
    assert f'href="{path(number, "application_not_accepted")}"' not in page


@pytest.mark.parametrize(("kind", "role"), [("survey_completed", "clerk"),
                                            ("energised", "lead"),
                                            ("clock_paused", "engineer"),
                                            ("event_time_corrected", "lead")])  # fmt: skip
def test_another_role_is_refused_with_who_may(kind: str, role: str, desk: Desk) -> None:
    number = situation(kind)
    before = state_of(number)
    client = desk(role)
    assert path(number, kind) not in client.get(f"/desk/cases/{number}/").content.decode()
    for answer in (
        client.get(path(number, kind)),
        client.post(path(number, kind), typed(kind, good(kind, number, "x"))),
    ):
        assert answer.status_code == 403
        assert "您的角色不能这样做" in answer.content.decode()
    assert state_of(number) == before


def test_what_the_stage_does_not_allow_is_told_with_what_it_does(desk: Desk) -> None:
    number = situation("application_accepted")
    answer = desk("fieldworker").get(path(number, "energised"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "不能在“受理审核”环节进行" in page


@pytest.mark.parametrize("kind", ["withdrawn", "application_submitted", "evidence_added", "nothing",
                                  "overdue_recorded"])  # fmt: skip
def test_what_is_no_desk_action_is_not_found_or_refused(kind: str, desk: Desk) -> None:
    number = situation("application_accepted")
    answer = desk("lead").get(path(number, kind))
    assert answer.status_code == (403 if kind == "withdrawn" else 404)


@pytest.mark.parametrize("role", DESK_ROLES[:4])
def test_a_foreign_case_and_none_look_alike(role: str, desk: Desk) -> None:
    number = situation("application_accepted")
    foreign = desk(role, "GYPS-520103")
    pages = []
    for asked in (number, "GY0000000000000X"):
        for url in (f"/desk/cases/{asked}/", path(asked, "survey_completed")):
            answer = foreign.get(url)
            assert answer.status_code == 404
            pages.append(answer.content.decode().replace(asked, "…"))
    assert len(set(pages)) == 1


def test_administrators_and_applicants_have_no_desk(desk: Desk, client: Client) -> None:
    answer = desk("administrator").get("/desk/")
    assert answer.status_code == 403
    assert "办件台只对" in answer.content.decode()
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("name", ["surveyed_on", "completed_on", "signed_on", "installed_on"])
def test_nothing_is_done_before_the_application(name: str, desk: Desk) -> None:
    kind, role = {
        "surveyed_on": ("survey_completed", "fieldworker"),
        "completed_on": ("external_works_completed", "fieldworker"),
        "signed_on": ("contract_recorded", "clerk"),
        "installed_on": ("meter_installed", "fieldworker"),
    }[name]
    number = situation(kind)
    data = data_for(kind, Case.objects.get(number=number).folded)
    early = (today() - timedelta(days=1)).isoformat()
    answer = send(desk(role), number, kind, {**data, name: early})
    assert answer.status_code == 422
    assert "日期不能早于申请日" in answer.content.decode()
    assert shown(answer)[f"{kind}-{name}"] == early


def test_the_meter_that_is_energised_is_the_one_installed(desk: Desk) -> None:
    number = situation("energised")
    client = desk("fieldworker")
    assert shown(client.get(path(number, "energised")))["energised-meter_number"] == "M-1"
    answer = send(client, number, "energised", {"meter_number": "M-2"})
    assert answer.status_code == 422
    assert "与已登记的电表 M-1 不一致" in answer.content.decode()


def test_two_supplies_applied_for_are_two_in_the_scheme(desk: Desk) -> None:
    number = submit("high_voltage_dual").case.number
    carry(number, journey("high_voltage_dual")[:2])
    client = desk("engineer")
    form = shown(client.get(path(number, "scheme_replied")))
    assert form["scheme_replied-supply_mode"] == "dual"
    assert form["scheme_replied-capacity_kva"] == "5000"
    single = send(client, number, "scheme_replied", scheme(supply_mode="single"))
    assert single.status_code == 422
    assert 'id="id_scheme_replied-supply_mode_error"' in single.content.decode()
    without = send(client, number, "scheme_replied", scheme(supply_mode="dual"))
    assert "双电源须写明第二电源点" in without.content.decode()


@pytest.mark.parametrize("field", ["source_point", "voltage", "capacity_kva", "route_length_m",
                                   "metering", "ownership_boundary", "valid_until"])  # fmt: skip
def test_a_scheme_says_all_it_has_to(field: str, desk: Desk) -> None:
    number = situation("scheme_replied")
    answer = send(desk("engineer"), number, "scheme_replied", scheme(**{field: ""}))
    assert answer.status_code == 422
    assert f'id="id_scheme_replied-{field}_error"' in answer.content.decode()


def test_more_rows_keep_what_was_typed(desk: Desk) -> None:
    kind = "deficiency_listed"
    number = situation(kind)
    client = desk("clerk")
    before, form = state_of(number), shown(client.get(path(number, kind)))
    row = {"field": "licence", "problem": "看不清", "remedy": "重拍一张"}
    answer = client.post(
        path(number, kind), {**form, **typed(kind, {"items": [row]}), "more_rows": "1"}
    )
    grown = shown(answer)
    assert answer.status_code == 200
    assert grown[f"{kind}-items-0-problem"] == "看不清"
    assert f"{kind}-items-5-problem" in grown
    assert state_of(number) == before
    assert client.post(path(number, kind), grown).status_code == 302


def test_a_supervisor_corrects_the_event_that_was_chosen(desk: Desk) -> None:
    number = situation("event_time_corrected")
    client = desk("supervisor")
    link = path(number, "event_time_corrected") + "?seq=2"
    assert link in client.get(f"/desk/cases/{number}/").content.decode()
    assert shown(client.get(link))["event_time_corrected-seq"] == "2"
    outside = {"seq": "2", "instant": "2020-01-01T00:00", "reason": "笔误", "evidence": "照片一张"}
    answer = send(client, number, "event_time_corrected", outside)
    assert answer.status_code == 422
    assert "更正后的时间须在前后两个事件之间" in answer.content.decode()
    assert shown(answer)["event_time_corrected-instant"] == "2020-01-01T00:00"


def test_a_pause_offers_only_grounds_of_the_lane_that_holds_the_case(desk: Desk) -> None:
    number = situation("survey_completed")
    page = desk("lead").get(path(number, "clock_paused")).content.decode()
    assert 'value="force_majeure"' in page
    assert 'value="hearing"' not in page
