"""How many SQL statements each endpoint costs, kept in query_counts.json beside this file.

A change has to be meant: TONGDIAN_WRITE_QUERY_COUNTS=1 writes the file anew.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.api import PDF, Integrator, integrator
from support.cases import CLERK, LEAD, facts
from support.desk import Desk
from tongdian.service.connection.actions import act

pytestmark = pytest.mark.django_db(transaction=True)

BASELINE = Path(__file__).with_name("query_counts.json")
ACTION_GOAL = 10
CASES = 30


def statements(run: Callable[[], Any]) -> list[str]:
    """Every statement of a request, transaction control included."""
    with CaptureQueriesContext(connection) as captured:
        response = run()
    assert response.status_code < 300, response.content[:300]
    return [str(query["sql"]) for query in captured.captured_queries]


def measured(caller: Integrator) -> dict[str, list[str]]:
    """The statements of each endpoint, over a list long enough to show one query per row."""
    for _ in range(CASES):
        number = str(caller.post("/cases", facts("low_voltage")).json()["number"])
    caller.get(f"/cases/{number}/receipt")
    desk = Desk()
    desk.act("clerk", number, "application_accepted", {})
    clerk = desk.clients["clerk"]
    act(number, "assigned", {"assignee": "staff-fieldworker"}, actor=LEAD)
    caller.get(f"/cases/{number}/receipt")
    rate = {"step": "application", "stars": 5}
    return {
        name: statements(run)
        for name, run in {
            "api list_cases": lambda: caller.get("/cases"),
            "api read_case": lambda: caller.get(f"/cases/{number}"),
            "api read_timeline": lambda: caller.get(f"/cases/{number}/timeline"),
            "api read_receipt": lambda: caller.get(f"/cases/{number}/receipt"),
            "api export_case": lambda: caller.get(f"/cases/{number}/export"),
            "api tree_head": lambda: caller.get("/log/head"),
            "api inclusion_proof": lambda: caller.get("/log/inclusion", leaf_index=0, tree_size=9),
            "api consistency_proof": lambda: caller.get("/log/consistency", first=3, second=9),
            "api precheck": lambda: caller.get("/precheck", load_kw="8"),
            "api deadline": lambda: caller.get(
                "/deadline", **{"from": "2026-09-25", "working_days": 5}
            ),
            "api submit_application": lambda: caller.post("/cases", facts("resident")),
            "api upload_evidence": lambda: caller.upload(PDF, "a.pdf"),
            "api act_step_rated": lambda: caller.act(number, "step_rated", rate, key="rate"),
            "api act_step_rated again": lambda: caller.act(number, "step_rated", rate, key="rate"),
            "desk inbox": lambda: clerk.get("/desk/"),
            "desk case": lambda: clerk.get(f"/desk/cases/{number}/"),
        }.items()
    }


def test_no_endpoint_costs_more_than_its_baseline(transactional_db: None) -> None:
    found = measured(integrator())
    counts = {name: len(queries) for name, queries in found.items()}
    if os.environ.get("TONGDIAN_WRITE_QUERY_COUNTS") == "1":
        BASELINE.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert counts == baseline, {
        name: found[name] for name in found if counts[name] != baseline.get(name)
    }


def test_an_action_stays_below_the_goal() -> None:
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    assert baseline["api act_step_rated"] <= ACTION_GOAL


def test_an_action_in_process(transactional_db: None) -> None:
    """As the desk, the jobs and the API all do it: lock, write, done."""
    number = str(integrator().post("/cases", facts("low_voltage")).json()["number"])
    with CaptureQueriesContext(connection) as captured:
        act(number, "application_accepted", {}, actor=CLERK)
    assert len(captured) <= ACTION_GOAL, [query["sql"] for query in captured.captured_queries]
