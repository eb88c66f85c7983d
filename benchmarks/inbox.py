"""The inbox page of 50 at a million cases, over HTTP, against an empty page of the same server."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from benchmarks.support import database, latencies, line, middle, percentile

CASES = int(os.environ.get("TONGDIAN_BENCH_CASES", "1000000"))


def main() -> None:
    with database() as environment:
        _fill()
        with server(environment) as base:
            _measure(base)


def _fill() -> None:
    """A small city's cases, copied until there are a million: half of them open."""
    from django.db import connection

    from tongdian.service.demo import build

    build(customers=5_000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_case")
        known = cursor.fetchone()[0]
        names = [
            c.name
            for c in connection.introspection.get_table_description(cursor, "casework_case")
            if c.name not in ("id", "number", "outcome", "due_on")
        ]
        chosen = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f"INSERT INTO casework_case (number, outcome, due_on, {chosen})"
            " SELECT 'B' || g || '-' || c.id, CASE WHEN g %% 2 = 0 THEN '' ELSE 'energised' END,"
            " current_date + ((g * 7 + c.id) %% 60)::int - 5, "
            + chosen
            + " FROM casework_case c CROSS JOIN generate_series(1, %s) g LIMIT %s",
            [CASES // known + 1, CASES - known],
        )
        cursor.execute("ANALYZE casework_case")


@contextmanager
def server(
    environment: Mapping[str, str], application: str = "", ready: str = "/api/v1/openapi.json"
) -> Iterator[str]:
    """The web server as it is served, two workers, on a free port; yields its address. With
    `application` it serves that instead, and `ready` is what it answers at."""
    from tongdian.service.serving import free_port, web_command

    port = free_port(8700)
    base = f"http://127.0.0.1:{port}"
    command = web_command(port, 2)
    if application:
        command[-1] = application
    process = subprocess.Popen(command, env=dict(environment))
    try:
        _wait_for(base + ready)
        yield base
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(address: str) -> None:
    for _ in range(150):
        try:
            httpx.get(address, timeout=5)
            return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise RuntimeError("the server does not answer")


def _measure(base: str) -> None:
    client = httpx.Client(base_url=base, timeout=60, follow_redirects=True)
    client.get("/account/login/")
    token = client.cookies["csrftoken"]
    form = {"username": "lead-city", "csrfmiddlewaretoken": token}
    inbox = client.post("/account/demo/", data=form, headers={"Referer": base})
    assert inbox.url.path == "/desk/", inbox.url
    pages = {
        "all open": "/desk/",
        "one stage": "/desk/?stage=survey",
        "stage and track": "/desk/?stage=survey&track=high_voltage_dual",
        "late": "/desk/?state=late",
        "paused": "/desk/?state=paused",
        "an address": "/desk/?q=云安路",
        "no such address": "/desk/?q=没有这条路",
        "deep page": "/desk/?after=2027-01-10.500000",
    }
    floor = latencies(lambda i: client.get("/api/v1/deadline?from=2026-01-05&working_days=5"), 60)
    for name, path in pages.items():
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        times = latencies(lambda i, path=path: client.get(path), 40)
        line(
            f"inbox of 50 at {CASES:,} cases, {name}: p50 / p95",
            f"{middle(times) * 1e3:.0f} / {percentile(times, 0.95) * 1e3:.0f} ms",
            f"a request without the database {middle(floor) * 1e3:.1f} ms",
            "p95 ≤ 200 ms",
        )
