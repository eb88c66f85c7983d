"""The database really stops: 503 everywhere, nothing half written, and all is well when it is back.

The server and its database are the test's own; no other test notices.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest

from support.cases import facts
from support.outage import OwnService, own_service
from tongdian.embedded import OWNER

RESIDENT = facts("resident")
COUNTS = (
    "SELECT (SELECT count(*) FROM casework_case), (SELECT count(*) FROM casework_event),"
    " (SELECT count(*) FROM identity_partyaccess), (SELECT count(*) FROM api_idempotencyrecord)"
)


@pytest.fixture(scope="module")
def service() -> Iterator[OwnService]:
    with own_service() as running:
        yield running


def submit(service: OwnService, key: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {service.key}", "Idempotency-Key": key}
    return service.http.post("/api/v1/cases", json=RESIDENT, headers=headers)


def rows(service: OwnService) -> Any:
    with psycopg.connect(service.postgres.dsn(OWNER)) as connection:
        return connection.execute(COUNTS).fetchone()


def told_to_retry(response: httpx.Response) -> None:
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0


def is_problem(response: httpx.Response) -> None:
    told_to_retry(response)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:tongdian:problem:database-unavailable"


def test_down_and_back(service: OwnService) -> None:
    made = submit(service, "before")
    assert made.status_code == 201
    number = made.json()["number"]
    before = rows(service)

    service.postgres.stop()
    bearer = {"Authorization": f"Bearer {service.key}"}
    is_problem(submit(service, "while-down"))
    is_problem(service.http.get(f"/api/v1/cases/{number}", headers=bearer))
    is_problem(service.http.get("/api/v1/log/head"))
    for path in ("/", "/desk/", "/track/"):
        page = service.http.get(path, headers={"Cookie": "sessionid=" + "a" * 32})
        told_to_retry(page)
        assert "<html" in page.text, "a page for people"
    answer = service.http.get("/api/v1/deadline", params={"from": "2026-09-25", "working_days": 5})
    assert answer.status_code == 200, "what needs no database goes on"

    service.postgres.start()
    assert rows(service) == before
    retried = submit(service, "while-down")
    assert retried.status_code == 201
    assert retried.json()["number"] != number
    assert submit(service, "while-down").json() == retried.json()
    assert submit(service, "before").json() == made.json()
    assert rows(service) == tuple(count + 1 for count in before)
    assert service.http.get("/").status_code == 200


def test_stopped_in_the_middle_of_a_write(service: OwnService) -> None:
    """The submission waits inside its transaction when the server goes: no half case stays."""
    before = rows(service)
    blocker = psycopg.connect(service.postgres.dsn(OWNER))
    blocker.execute("LOCK TABLE api_idempotencyrecord IN SHARE MODE")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(submit, service, "in-the-middle")
        _until_one_waits(service)
        service.postgres.stop()
        is_problem(waiting.result())
    blocker.close()
    service.postgres.start()
    assert rows(service) == before
    assert submit(service, "in-the-middle").status_code == 201


def _until_one_waits(service: OwnService) -> None:
    """Until the write hangs on its last row, all others written to its transaction."""
    with psycopg.connect(service.postgres.dsn(OWNER), autocommit=True) as connection:
        for _ in range(2000):
            found = connection.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
            if found and found[0]:
                return
            connection.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("no write came to wait")
