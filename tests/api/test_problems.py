"""Every problem type: its status, its words, and a request that brings it about."""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from support.api import BASE, PDF, Integrator, integrator, problem_of, written
from support.cases import CLERK, facts
from tongdian.service.api.idempotency import lock_number
from tongdian.service.api.problems import PROBLEMS
from tongdian.service.casework import receipts
from tongdian.service.connection.actions import act

pytestmark = pytest.mark.django_db

# For ever: integrators compare with these.
STATUS = {
    "bad-request": 400,
    "idempotency-key-needed": 400,
    "not-signed-in": 401,
    "scope-not-granted": 403,
    "role-not-allowed": 403,
    "not-found": 404,
    "case-not-found": 404,
    "no-tree-head": 404,
    "method-not-allowed": 405,
    "in-progress": 409,
    "not-allowed-now": 409,
    "superseded": 409,
    "too-large": 413,
    "media-type": 415,
    "invalid-input": 422,
    "idempotency-key-reused": 422,
    "outside-the-log": 422,
    "internal-error": 500,
    "database-unavailable": 503,
    "not-yet-sequenced": 503,
}


def test_types_and_statuses_are_stable() -> None:
    assert {slug: kind.status for slug, kind in PROBLEMS.items()} == STATUS


def submitted(caller: Integrator) -> str:
    return str(caller.post("/cases", facts("resident")).json()["number"])


def _bad_request(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return caller.post("/cases", b"{not json")


def _no_key(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return caller.client.post(
        BASE + "/cases",
        facts("resident"),
        content_type="application/json",
        headers=caller.headers(),
    )


def _not_signed_in(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return Integrator("td_wrong").get("/cases")


def _scope(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return integrator("read").post("/cases", facts("resident"))


def _role(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return caller.act(submitted(caller), "application_accepted")


def _superseded(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    number = submitted(caller)
    act(number, "application_accepted", {}, actor=CLERK)
    return caller.act(number, "withdrawn", expected_seq=1)


def _in_progress(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    """Somebody else holds the key's lock."""
    with psycopg.connect(**connection.get_connection_params()) as other:  # type: ignore[attr-defined]
        number = lock_number(caller.pseudonym, "taken")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        return caller.post("/cases", facts("resident"), key="taken")


def _media_type(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    return caller.client.post(
        BASE + "/cases", b"a=1", content_type="text/plain", headers=caller.headers("k")
    )


def _reused(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    caller.post("/cases", facts("resident"), key="once")
    return caller.post("/cases", facts("resident", load_kw="9"), key="once")


def _lost_database(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    def lost(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError

    patch.setattr("tongdian.service.api.cases.visible_to", lost)
    return caller.get("/cases")


def _broken(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    patch.setattr("tongdian.service.api.cases.visible_to", None)
    return caller.get("/cases")


def _not_yet(caller: Integrator, patch: pytest.MonkeyPatch) -> Any:
    patch.setattr(receipts, "sequence_all", lambda: 0)
    return caller.get(f"/cases/{submitted(caller)}/receipt")


WHEN: dict[str, Callable[[Integrator, pytest.MonkeyPatch], Any]] = {
    "bad-request": _bad_request,
    "idempotency-key-needed": _no_key,
    "not-signed-in": _not_signed_in,
    "scope-not-granted": _scope,
    "role-not-allowed": _role,
    "not-found": lambda caller, _: caller.get("/nowhere"),
    "case-not-found": lambda caller, _: caller.get("/cases/GY2611250000001B"),
    "no-tree-head": lambda caller, _: caller.get("/log/head", tree_size=999_999),
    "method-not-allowed": lambda caller, _: caller.client.delete(BASE + "/cases"),
    "in-progress": _in_progress,
    "not-allowed-now": lambda caller, _: caller.act(submitted(caller), "scheme_accepted"),
    "superseded": _superseded,
    "too-large": lambda caller, _: caller.upload(PDF + b"x" * 10_485_760, "plan.pdf"),
    "media-type": _media_type,
    "invalid-input": lambda caller, _: caller.post("/cases", facts("resident", load_kw="0")),
    "idempotency-key-reused": _reused,
    "outside-the-log": lambda caller, _: caller.get(
        "/log/inclusion", leaf_index=999_999, tree_size=1_000_000
    ),
    "internal-error": _broken,
    "database-unavailable": _lost_database,
    "not-yet-sequenced": _not_yet,
}


@pytest.mark.parametrize("slug", STATUS)
def test_each_type_is_answered_when_it_should_be(
    caller: Integrator, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    response = WHEN[slug](caller, monkeypatch)
    assert problem_of(response) == (STATUS[slug], slug)
    if slug in ("in-progress", "database-unavailable", "not-yet-sequenced"):
        assert int(response["Retry-After"]) == response.json()["retry_after_seconds"] > 0
    if slug == "method-not-allowed":
        assert set(response["Allow"].split(", ")) == {"GET", "POST"}
    if slug == "not-signed-in":
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_missing_key_is_told_before_the_body_is_judged(caller: Integrator) -> None:
    response = caller.client.post(
        BASE + "/cases", b"{", content_type="application/json", headers=caller.headers()
    )
    assert problem_of(response) == (400, "idempotency-key-needed")


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "中文", "a\tb"])
def test_keys_that_are_none(caller: Integrator, key: str) -> None:
    before = written()
    response = caller.client.post(
        BASE + "/cases",
        facts("resident"),
        content_type="application/json",
        headers=caller.headers(key),
    )
    assert problem_of(response) == (400, "idempotency-key-needed")
    assert written() == before
