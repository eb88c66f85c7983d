"""Statuses pushed by departments' own systems do what an officer would do, and nothing else."""

from typing import Any

import pytest

from support.cases import WHO
from support.departments import (
    HEARING,
    LIST,
    REASONS,
    Approvals,
    approvals,
    filed,
    kinds_of,
    stage_of,
    systems,
)
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.exchange.models import Inbound

pytestmark = pytest.mark.django_db


@pytest.fixture
def they(settings: Any) -> Approvals:
    settings.EXCHANGE_DEPARTMENTS = systems()
    return approvals()


def done(answer: Any, kind: str, stage: str) -> None:
    assert answer.status_code == 200, answer.content
    result = answer.json()["result"]
    assert (result["event"], result["stage"]) == (kind, stage)
    assert result["outcome"] == ("done" if kind else "unchanged")


def refused(answer: Any, field: str) -> dict[str, str]:
    """One field, with rule and remedy in both languages."""
    assert answer.status_code == 422, answer.content
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert " / " in error["rule"]
    assert " / " in error["remedy"]
    return dict(error)


def test_an_item_goes_its_way_by_pushed_statuses_in_the_departments_name(they: Approvals) -> None:
    number = filed("traffic", "municipal")
    done(they.push(number, "traffic", 1), "", "received")
    done(they.push(number, "traffic", 3), "item_accepted", "reviewing")
    done(they.push(number, "traffic", 8), "", "reviewing")
    done(they.push(number, "traffic", 9, **HEARING), "item_special_started", "special")
    done(they.push(number, "traffic", 10, blyj="听证结束"), "item_special_ended", "reviewing")
    answer = they.push(number, "traffic", 11, pfwh="交管许〔2026〕1号（示例）", blyj="夜间施工")
    done(answer, "item_decided", "granted")
    event = Event.objects.get(case__number=number, kind="item_decided")
    assert event.actor["organisation"] == "GY-GAJG"
    assert event.payload == {
        "item": "traffic",
        "result": "granted",
        "document_number": "交管许〔2026〕1号（示例）",
        "conditions": "夜间施工",
        "reason": "",
        "clause": "",
        "remedy": "",
    }
    assert Case.objects.get(number=number).stage == "permits"
    done(they.push(number, "municipal", 3), "item_accepted", "reviewing")
    done(they.push(number, "municipal", 13, **REASONS), "item_decided", "refused")
    assert Case.objects.get(number=number).stage == "permits_issue"
    assert kinds_of(number).count("callback_refused") == 0


def test_a_refusal_tells_reason_clause_and_remedy_or_is_turned_away(they: Approvals) -> None:
    number = filed("traffic")
    they.push(number, "traffic", 3)
    for field in ("blyj", "flyj", "jjtj"):
        refused(they.push(number, "traffic", 13, **{**REASONS, field: ""}), field)
    for field in ("blyj", "flyj", "jjtj"):
        refused(they.push(number, "traffic", 5, **{**REASONS, field: ""}), field)
    assert stage_of(number, "traffic") == "reviewing"
    done(they.push(number, "traffic", 13, **REASONS), "item_decided", "refused")
    payload = Event.objects.get(case__number=number, kind="item_decided").payload
    assert payload["clause"] == REASONS["flyj"]


def test_not_accepting_by_either_code(they: Approvals) -> None:
    for code in (4, 5):
        number = filed("forest")
        done(they.push(number, "forest", code, **REASONS), "item_not_accepted", "not_accepted")
        done(they.push(number, "forest", code, **REASONS), "", "not_accepted")


def test_what_is_missing_is_listed_once_and_the_applicant_completes_it_here(
    they: Approvals,
) -> None:
    number = filed("traffic")
    they.push(number, "traffic", 3)
    refused(they.push(number, "traffic", 6), "bzqd")
    half = {"bzqd": [{**LIST["bzqd"][0], "bzyq": ""}]}
    refused(they.push(number, "traffic", 6, **half), "bzqd.0.bzyq")
    done(they.push(number, "traffic", 6, **LIST), "item_correction_listed", "correction")
    done(they.push(number, "traffic", 6, **LIST), "", "correction")
    other = {"bzqd": [{**LIST["bzqd"][0], "wt": "还缺一份图"}]}
    assert "不同" in refused(they.push(number, "traffic", 6, **other), "blzt")["rule"]
    assert "申报人" in refused(they.push(number, "traffic", 7), "blzt")["rule"]
    data = {"item": "traffic", "answer": "已补充"}
    act(number, "item_corrected", data, actor=WHO["engineer"])
    done(they.push(number, "traffic", 7), "", "reviewing")
    assert "一次性" in refused(they.push(number, "traffic", 6, **LIST), "blzt")["rule"]


def test_a_special_procedure_has_a_ground_of_the_law_and_its_notice(they: Approvals) -> None:
    number = filed("traffic")
    they.push(number, "traffic", 3)
    refused(they.push(number, "traffic", 10, blyj="结束"), "blzt")
    refused(they.push(number, "traffic", 9, **{**HEARING, "tbcxmc": "领导出差"}), "tbcxmc")
    refused(they.push(number, "traffic", 9, **{**HEARING, "tbcxtzs": ""}), "tbcxtzs")
    refused(they.push(number, "traffic", 9, **{**HEARING, "tbcxsx": 9999}), "tbcxsx")
    done(they.push(number, "traffic", 9, **HEARING), "item_special_started", "special")
    assert Case.objects.get(number=number).stage == "permits_special"


def test_a_permit_is_revoked_with_its_reasons(they: Approvals) -> None:
    number = filed("traffic")
    they.push(number, "traffic", 3)
    they.push(number, "traffic", 12)
    refused(they.push(number, "traffic", 14, **REASONS), "blzt")
    act(number, "permits_decided", {"document_number": "联审 1（示例）"}, actor=WHO["window"])
    done(they.push(number, "traffic", 15, **REASONS), "permit_revoked", "revoked")


def test_the_same_message_again_is_answered_the_same_and_the_same_status_changes_nothing(
    they: Approvals,
) -> None:
    number = filed("traffic")
    event = they.event(number, "traffic", 3)
    first, again = they.sender.post(event), they.sender.post(event)
    assert first.json() == again.json()
    before = kinds_of(number)
    done(they.push(number, "traffic", 3), "", "reviewing")
    assert kinds_of(number) == before
    assert before.count("item_accepted") == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"blzt": 16}, "blzt"),
        ({"blzt": "已受理"}, "blzt"),
        ({"spsxbm": "green"}, "spsxbm"),
        ({"spbmbm": "GY-LYJ"}, "spbmbm"),
        ({"blsj": "昨天"}, "blsj"),
        ({"blsj": "2999-01-01 08:00:00"}, "blsj"),
        ({"blsj": "2020-01-01 08:00:00"}, "blsj"),
        ({"sjyxbs": 0}, "sjyxbs"),
        ({"blzt": 2}, "blzt"),
        ({"blzt": 8}, "blzt"),
        ({"blzt": 11}, "blzt"),
        ({"blzt": 15, **REASONS}, "blzt"),
    ],
)
def test_a_bad_status_is_refused_by_field_and_stands_on_the_record(
    they: Approvals, changes: dict[str, Any], field: str
) -> None:
    number = filed("traffic")
    error = refused(they.push(number, "traffic", 3, **changes), field)
    case = Case.objects.get(number=number)
    assert stage_of(number, "traffic") == "received"
    event = case.events.latest("seq")
    assert event.kind == "callback_refused"
    assert event.actor["role"] == "system"
    assert event.payload["reason"] == error["rule"]
    assert (event.payload["item"], event.payload["field"]) == ("traffic", field)
    done(they.push(number, "traffic", 3), "item_accepted", "reviewing")


def test_what_concerns_no_case_is_refused_and_remembered_by_the_exchange_alone(
    they: Approvals,
) -> None:
    number = filed("traffic")
    before = Event.objects.count()
    refused(they.push(number, "forest", 3), "spsxslbm")
    refused(they.push("GY2101010000001X", "traffic", 3), "spsxslbm")
    refused(they.push(number, "fishing", 3), "spsxslbm")
    message = they.event(number, "traffic", 3)
    message["data"]["spsxslbm"] = "somewhere else"
    refused(they.sender.post(message), "spsxslbm")
    assert Event.objects.count() == before
    assert Inbound.objects.filter(state="refused").count() == 4


def test_a_message_under_another_items_subject_is_refused(they: Approvals) -> None:
    number = filed("traffic", "forest")
    message = they.event(number, "traffic", 3)
    message["subject"] = f"SL-{number}-forest"
    refused(they.sender.post(message), "subject")
    assert stage_of(number, "traffic") == "received"


def test_only_the_source_of_a_departments_own_system_speaks_for_it(
    they: Approvals, settings: Any
) -> None:
    number = filed("traffic", "forest")
    settings.EXCHANGE_DEPARTMENTS = {
        "GY-LYJ": systems()["GY-LYJ"],
        "GY-GAJG": {**systems()["GY-GAJG"], "source": "traffic-police"},
    }
    refused(they.push(number, "traffic", 3), "spbmbm")
    done(they.push(number, "forest", 3), "item_accepted", "reviewing")
    assert stage_of(number, "traffic") == "received"


def test_a_decided_item_stays_decided(they: Approvals) -> None:
    number = filed("traffic", "forest")
    they.push(number, "traffic", 3)
    they.push(number, "traffic", 11)
    for code in (1, 3, 5, 6, 9, 10, 12, 13):
        refused(they.push(number, "traffic", code, **REASONS, **LIST, **HEARING), "blzt")
    assert stage_of(number, "traffic") == "granted"
    assert kinds_of(number).count("callback_refused") == 8
    they.push(number, "forest", 3)
    they.push(number, "forest", 11)
    act(number, "permits_decided", {"document_number": "联审 1（示例）"}, actor=WHO["window"])
    refused(they.push(number, "traffic", 13, **REASONS), "blzt")
    assert kinds_of(number)[-1] == "callback_refused", "past its permits it stands on record too"
    assert stage_of(number, "traffic") == "granted"


def test_early_statuses_wait_for_those_before(they: Approvals) -> None:
    number = filed("traffic")
    accepted, granted = (they.event(number, "traffic", code) for code in (3, 11))
    assert they.sender.post(granted).status_code == 202
    assert stage_of(number, "traffic") == "received"
    assert they.sender.post(accepted).status_code == 200
    assert stage_of(number, "traffic") == "granted"
