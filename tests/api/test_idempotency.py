"""One key, one write: replayed, raced by real processes, killed in the middle."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from support.api import PDF, Integrator, integrator, problem_of, written
from support.cases import facts
from support.log import check_cases
from support.processes import fork, race
from tongdian.service.api import idempotency
from tongdian.service.api.jobs import forget_old_keys
from tongdian.service.api.models import IdempotencyRecord
from tongdian.service.casework.models import Case, Event, Evidence

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, RACERS = 12, 4
RESIDENT = facts("resident")


@pytest.fixture
def client(transactional_db: None) -> Integrator:
    return integrator()


def test_an_action_is_replayed_as_it_was(client: Integrator) -> None:
    """Also when the case has moved on, and though it is not allowed a second time."""
    number = client.post("/cases", RESIDENT).json()["number"]
    first = client.act(number, "withdrawn", key="w")
    again = client.act(number, "withdrawn", key="w")
    assert (first.status_code, again.status_code) == (200, 200)
    assert "Idempotency-Replayed" not in first.headers
    assert again["Idempotency-Replayed"] == "true"
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert problem_of(client.act(number, "withdrawn"))[0] == 409
    assert Event.objects.filter(kind="withdrawn").count() == 1


def test_an_upload_is_the_same_under_another_boundary(client: Integrator) -> None:
    first = client.upload(PDF, "a.pdf", key="u", boundary="one")
    again = client.upload(PDF, "a.pdf", key="u", boundary="two")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    for content, name in ((PDF + b"x", "a.pdf"), (PDF, "b.pdf")):
        other = client.upload(content, name, key="u")
        assert problem_of(other) == (422, "idempotency-key-reused")
    assert Evidence.objects.count() == 1


def test_another_body_address_or_query_is_another_request(client: Integrator) -> None:
    number = client.post("/cases", RESIDENT, key="k").json()["number"]
    before = written()
    for response in (
        client.post("/cases", {**RESIDENT, "load_kw": "9"}, key="k"),
        client.post("/cases", RESIDENT, key="k", filed_for_owner="true"),
        client.act(number, "withdrawn", key="k"),
    ):
        assert problem_of(response) == (422, "idempotency-key-reused")
    assert written() == before


def test_two_clients_may_use_one_key(client: Integrator) -> None:
    other = integrator(name="示例·别家")
    mine = client.post("/cases", RESIDENT, key="same").json()["number"]
    theirs = other.post("/cases", RESIDENT, key="same").json()["number"]
    assert mine != theirs


def test_a_refusal_is_not_kept(client: Integrator) -> None:
    """What was refused wrote nothing: mended, it may be sent again under the same key."""
    assert client.post("/cases", {**RESIDENT, "load_kw": "0"}, key="k").status_code == 422
    assert client.post("/cases", RESIDENT, key="k").status_code == 201
    assert IdempotencyRecord.objects.count() == 1


def test_keys_are_forgotten_after_seven_days(client: Integrator) -> None:
    client.post("/cases", RESIDENT, key="old")
    client.post("/cases", RESIDENT, key="young")
    old = IdempotencyRecord.objects.filter(key="old")
    created = old.get().created_at
    old.update(created_at=created - timedelta(days=8))
    IdempotencyRecord.objects.filter(key="young").update(created_at=created - timedelta(days=6))
    forget_old_keys(0)
    assert list(IdempotencyRecord.objects.values_list("key", flat=True)) == ["young"]


def test_an_answer_outlives_a_new_secret_key(client: Integrator, settings: Any) -> None:
    first = client.post("/cases", RESIDENT, key="k")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    again = client.post("/cases", RESIDENT, key="k")
    assert (again.status_code, again.content) == (201, first.content)


@pytest.mark.race
def test_one_key_raced_by_processes_makes_one_case(client: Integrator) -> None:
    def send(key: str) -> Callable[[Callable[[Any], None]], None]:
        def task(report: Callable[[Any], None]) -> None:
            response = client.post("/cases", RESIDENT, key=key)
            report([response.status_code, response.content.decode()])

        return task

    for number in range(ROUNDS):
        key = f"round-{number}"
        answers = [lines[0] for lines in race([send(key)] * RACERS)]
        made = {body for status, body in answers if status == 201}
        assert len(made) == 1, answers
        assert {status for status, _body in answers} <= {201, 409}
        waited = [json.loads(body)["type"] for status, body in answers if status == 409]
        assert set(waited) <= {"urn:tongdian:problem:in-progress"}
        later = client.post("/cases", RESIDENT, key=key)
        assert later.content.decode() in made
        assert Case.objects.count() == number + 1
    check_cases()


def held_before_commit(client: Integrator, key: str) -> Callable[[Callable[[Any], None]], None]:
    """A process that has written all rows of a submission and hangs before they are committed."""

    def task(report: Callable[[Any], None]) -> None:
        def hang(*answer: Any) -> None:
            assert Case.objects.count() == 1, "the case is written, to this transaction alone"
            report("written")
            time.sleep(60)

        idempotency._keep = hang
        client.post("/cases", RESIDENT, key=key)

    return task


@pytest.mark.race
def test_in_progress_is_told_and_a_crash_leaves_nothing(client: Integrator) -> None:
    child = fork(held_before_commit(client, "k"))
    child.await_report()
    waiting = client.post("/cases", RESIDENT, key="k")
    assert problem_of(waiting) == (409, "in-progress")
    assert int(waiting["Retry-After"]) >= 1
    assert client.post("/cases", RESIDENT, key="other").status_code == 201, "no other is held up"
    child.kill()
    _until_released("k")
    assert client.post("/cases", RESIDENT, key="k").status_code == 201
    assert Case.objects.count() == 2
    check_cases()


def _until_released(key: str) -> None:
    """The server notices the death of a client within moments, and ends its transaction."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"the lock of {key} is still held")


@pytest.mark.race
def test_an_answer_lost_on_the_way_is_given_again(client: Integrator) -> None:
    """Killed after the commit and before anybody read the answer: the retry replays it."""

    def task(report: Callable[[Any], None]) -> None:
        report(client.post("/cases", RESIDENT, key="k").content.decode())
        time.sleep(60)

    child = fork(task)
    child.await_report()
    lost = child.lines()[0]
    child.kill()
    again = client.post("/cases", RESIDENT, key="k")
    assert again["Idempotency-Replayed"] == "true"
    assert again.content.decode() == lost
    assert Case.objects.count() == 1
