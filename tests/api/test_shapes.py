"""What the API answers has no member that the OpenAPI document does not tell."""

import json
from typing import Any

import jsonschema_rs
import pytest

from support.api import BASE, PDF, Integrator, integrator
from support.cases import CLERK, WHO, facts, journey
from tongdian.service.api.urls import api
from tongdian.service.connection.actions import ACTIONS, act

pytestmark = pytest.mark.django_db(transaction=True)


def document() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))  # type: ignore[no-any-return]


def closed(schema: Any) -> Any:
    """The same schema, but refusing members that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: closed(part) for name, part in schema.items()}
    if "properties" in made and "allOf" not in made and made.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def check(told: dict[str, Any], path: str, method: str, response: Any) -> None:
    """The answer has the documented status, type and shape, and nothing else."""
    operation = told["paths"][BASE + path][method]
    answer = operation["responses"][str(response.status_code)]
    content = answer["content"][response["Content-Type"].partition(";")[0]]["schema"]
    whole = {**closed(content), "components": closed(told["components"])}
    jsonschema_rs.validator_for(whole).validate(response.json())
    for name in answer.get("headers", {}):
        if name not in ("Idempotency-Replayed", "Retry-After"):
            assert name in response.headers


def test_reads_and_writes(transactional_db: None) -> None:
    told, caller = document(), integrator()
    made = caller.post("/cases", facts("low_voltage"))
    number = made.json()["number"]
    check(told, "/cases", "post", made)
    act(number, "application_accepted", {}, actor=CLERK)
    check(told, "/evidence", "post", caller.upload(PDF, "a.pdf"))
    check(told, "/cases", "get", caller.get("/cases"))
    for path in ("", "/timeline", "/receipt", "/export"):
        response = caller.get(f"/cases/{number}{path}")
        assert response.status_code == 200
        check(told, f"/cases/{{number}}{path}", "get", response)
    check(told, "/log/head", "get", caller.get("/log/head"))
    check(told, "/log/inclusion", "get", caller.get("/log/inclusion", leaf_index=0, tree_size=2))
    check(told, "/log/consistency", "get", caller.get("/log/consistency", first=1, second=2))
    check(told, "/precheck", "get", caller.get("/precheck", load_kw="8"))
    deadline = caller.get("/deadline", **{"from": "2026-09-25", "working_days": 9})
    check(told, "/deadline", "get", deadline)
    rated = caller.act(number, "step_rated", {"step": "application", "stars": 4})
    assert rated.status_code == 200
    check(told, "/cases/{number}/actions/step_rated", "post", rated)


def test_permits_before_departments(transactional_db: None) -> None:
    """Filed by the applicant's own program; each item shows whose it is and its own clocks."""
    told, caller = document(), integrator()
    number = caller.post("/cases", facts("low_voltage")).json()["number"]
    for kind, role, data in journey("low_voltage")[:4]:
        if role != "applicant":
            act(number, kind, data, actor=WHO[role])
        else:
            assert caller.act(number, kind, data).status_code == 200
    filed = caller.act(number, "permits_filed", {"items": ["municipal", "forest"]})
    assert filed.status_code == 200
    check(told, "/cases/{number}/actions/permits_filed", "post", filed)
    refused = caller.act(number, "permits_filed", {"items": ["unheard_of"]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "items.0"
    response = caller.get(f"/cases/{number}/timeline")
    check(told, "/cases/{number}/timeline", "get", response)
    branches = {branch["name"]: branch for branch in response.json()["branches"]}
    assert set(branches) == {"municipal", "forest"}
    assert (branches["forest"]["organisation"], branches["forest"]["stage"]) == (
        "GY-LYJ", "received",
    )  # fmt: skip
    limits = {c["id"]: c["limit_working_days"] for c in branches["forest"]["clocks"]}
    assert limits == {"item": 5, "item_statute": 20, "item_intake": 1, "item_review": 3}


def test_refusals(transactional_db: None) -> None:
    told, caller = document(), integrator()
    number = caller.post("/cases", facts("resident")).json()["number"]
    check(told, "/cases", "post", caller.post("/cases", {}))
    for kind in ("scheme_accepted", "energised", "application_accepted", "withdrawn"):
        path = f"/cases/{{number}}/actions/{kind}"
        check(told, path, "post", caller.act(number, kind, {}, expected_seq=2))
    check(told, "/cases/{number}", "get", caller.get("/cases/x"))
    check(told, "/log/head", "get", caller.get("/log/head", tree_size=10**9))
    check(told, "/log/inclusion", "get", caller.get("/log/inclusion", leaf_index=9, tree_size=3))
    check(told, "/cases", "get", Integrator("wrong").get("/cases"))


def test_the_document_tells_what_every_write_needs() -> None:
    told = document()
    writes = [(path, ops["post"]) for path, ops in told["paths"].items() if "post" in ops]
    assert len(writes) == len(ACTIONS) + 3  # submit, upload, route
    for path, operation in writes:
        (key,) = [p for p in operation["parameters"] if p["name"] == "Idempotency-Key"]
        assert key["required"], path
        scopes = [scope for need in operation["security"] for scope in need["ApiKey"]]
        assert scopes == (
            ["submit"]
            if path.endswith("/cases")
            else ["submit", "act"]
            if path.endswith("/evidence")
            else ["act"]
        )
        assert {"400", "401", "403", "409", "413", "415", "422", "503"} <= set(
            operation["responses"]
        )
    assert told["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


def test_every_operation_has_words_an_answer_and_a_shape() -> None:
    told = document()
    free = {"type": "object", "additionalProperties": True}
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert " / " in operation["summary"], where
            assert operation["description"], where
            (success,) = [s for s in operation["responses"] if s.startswith("2")]
            schema = operation["responses"][success]["content"]["application/json"]["schema"]
            assert "$ref" in schema, where
            assert schema != free, where


def test_the_examples_are_good(transactional_db: None) -> None:
    """The examples of the document are taken as they stand."""
    told, caller = document(), integrator()
    example = told["paths"][f"{BASE}/cases"]["post"]["requestBody"]["content"]["application/json"]
    made = caller.post("/cases", example["example"])
    assert made.status_code == 201
    for name in ("precheck", "deadline"):
        parameters = told["paths"][f"{BASE}/{name}"]["get"]["parameters"]
        query = {p["name"]: p["example"] for p in parameters if "example" in p}
        assert caller.get(f"/{name}", **query).status_code == 200
    withdrawn = told["paths"][f"{BASE}/cases/{{number}}/actions/withdrawn"]["post"]
    body = withdrawn["requestBody"]["content"]["application/json"]["example"]
    assert caller.act(made.json()["number"], "withdrawn", body).status_code == 200
