"""Whole cases over HTTP alone: the integrator's key, the desk's forms, the published verifier."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.api import PDF, Integrator, integrator
from support.cases import facts, journey
from support.desk import Desk
from support.log import run_verify

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"clerk", "engineer", "fieldworker", "officer", "lead"}


def carry_over_http(caller: Integrator, desk: Desk, track: str) -> str:
    """From application to power on; the number."""
    made = caller.post("/cases", facts(track))
    assert made.status_code == 201, made.content
    number = str(made.json()["number"])
    assert made["Location"] == f"/api/v1/cases/{number}"
    for kind, role, data in journey(track):
        seq = caller.get(f"/cases/{number}").json()["seq"]
        if role in DESK:
            response = desk.act(role, number, kind, data)
            assert response.status_code == 302, (kind, response.status_code)
        else:
            assert kind in caller.get(f"/cases/{number}").json()["allowed"]
            response = caller.act(number, kind, data, expected_seq=seq)
            assert response.status_code == 200, response.content
        assert caller.get(f"/cases/{number}").json()["seq"] == seq + 1
    return number


def with_evidence(caller: Integrator, number: str) -> None:
    """A file uploaded, and taken into the case by an event."""
    kept = caller.upload(PDF, "licence.pdf").json()
    added = caller.act(number, "evidence_added", kept)
    assert added.status_code == 200, added.content


def test_two_cases_from_application_to_proof(transactional_db: None, tmp_path: Path) -> None:
    caller, desk = integrator(), Desk()
    resident = carry_over_http(caller, desk, "resident")
    assert (
        caller.act(resident, "step_rated", {"step": "energisation", "stars": 5}).status_code == 200
    )
    caller.get(f"/cases/{resident}/receipt")
    first = caller.get("/log/head").json()

    dual = str(caller.post("/cases", facts("high_voltage_dual")).json()["number"])
    with_evidence(caller, dual)
    caller.act(dual, "withdrawn", {"reason_code": "plans_changed"})
    high = carry_over_http(caller, desk, "high_voltage_single")

    for number, track in ((resident, "resident"), (high, "high_voltage_single")):
        case = caller.get(f"/cases/{number}").json()
        assert (case["track"], case["outcome"], case["lane"]) == (track, "energised", "")
        check_timeline(caller.get(f"/cases/{number}/timeline").json(), case)
        receipt = caller.get(f"/cases/{number}/receipt", seq=1).json()
        assert receipt["event"]["personal"]["name"] == facts(track)["name"]
        assert verified(tmp_path, receipt)
        assert verified(tmp_path, caller.get(f"/cases/{number}/export").json())
    assert caller.get(f"/cases/{dual}").json()["outcome"] == "withdrawn"
    assert verified(tmp_path, caller.get(f"/cases/{dual}/export").json())

    second = caller.get("/log/head").json()
    assert 0 < first["tree_size"] < second["tree_size"]
    assert caller.get("/log/head", tree_size=first["tree_size"]).json() == first
    query = {"first": first["tree_size"], "second": second["tree_size"]}
    proof = caller.get("/log/consistency", **query).json()
    assert verified(tmp_path, first, second, proof, key=second["public_key"])

    proof["path"][0] = "00" * 32
    status, told = run_verify(tmp_path, first, second, proof)
    assert (status, told["verified"]) == (1, False)


def check_timeline(timeline: dict[str, Any], case: dict[str, Any]) -> None:
    """The lanes add up to the span, and the events are all there."""
    totals = timeline["totals"]
    assert sum(totals["lanes_working_days"].values()) == totals["span_working_days"]
    assert [event["seq"] for event in timeline["events"]] == list(range(1, case["seq"] + 1))
    assert timeline["holds"][0]["start"] is not None
    assert all(hold["end"] for hold in timeline["holds"])
    text = json.dumps(timeline, ensure_ascii=False)
    assert "示例·" not in text
    assert "示例路" not in text


def verified(folder: Path, *documents: Any, key: str = "") -> bool:
    status, told = run_verify(folder, *documents, key=key)
    assert status == 0, told
    return bool(told["verified"])


def test_an_inclusion_proof_by_itself(transactional_db: None, tmp_path: Path) -> None:
    caller = integrator()
    number = str(caller.post("/cases", facts("resident")).json()["number"])
    receipt = caller.get(f"/cases/{number}/receipt").json()
    inclusion = receipt["inclusion"]
    query = {"leaf_index": inclusion["leaf_index"], "tree_size": inclusion["tree_size"]}
    assert caller.get("/log/inclusion", **query).json() == inclusion


def test_a_receipt_of_somebody_else_is_not_given(transactional_db: None) -> None:
    number = integrator().post("/cases", facts("resident")).json()["number"]
    other = integrator(name="示例·别家")
    assert other.get(f"/cases/{number}/receipt").status_code == 404
