"""Submissions per second over HTTP, two workers, against bare rows written by the same server."""

import asyncio
import os
import time
import uuid
from datetime import date

import httpx

from benchmarks.inbox import server
from benchmarks.support import database, line, percentile

COUNT = int(os.environ.get("TONGDIAN_BENCH_SUBMISSIONS", "3000"))
CLIENTS = 16


def main() -> None:
    with database() as environment, server(environment) as base:
        rate, times = asyncio.run(_submit(base))
        bound = _bare_rows()
        line(
            "submissions over HTTP, 16 clients",
            f"{rate:.0f} per s",
            f"bare commits of the same rows in process {bound:.0f} per s ({rate / bound:.2f} ×)",
            "≥ 800 per s",
        )
        line("", f"p99 {percentile(times, 0.99) * 1e3:.0f} ms")


def application() -> dict[str, object]:
    from tongdian.law.identifiers import make_resident_id

    return {
        "applicant_kind": "resident", "purpose": "residential", "load_kw": "8",
        "district": "520102", "name": "示例·甲", "id_type": "resident_id",
        "id_number": make_resident_id(date(1980, 1, 1), 9), "phone": "19900000009",
        "address": "贵阳市南明区示例路 9 号",
    }  # fmt: skip


async def _submit(base: str) -> tuple[float, list[float]]:
    from tongdian.service.identity.seeds import DEMO_API_KEY

    headers = {"Authorization": f"Bearer {DEMO_API_KEY}"}
    body = application()
    times: list[float] = []
    limits = httpx.Limits(max_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=base, headers=headers, limits=limits, timeout=60) as c:

        async def client(count: int) -> None:
            for _ in range(count):
                started = time.perf_counter()
                key = {"Idempotency-Key": str(uuid.uuid4())}
                answer = await c.post("/api/v1/cases", json=body, headers=key)
                assert answer.status_code == 201, answer.text
                times.append(time.perf_counter() - started)

        await asyncio.gather(*(client(10) for _ in range(CLIENTS)))
        times.clear()
        started = time.perf_counter()
        await asyncio.gather(*(client(COUNT // CLIENTS) for _ in range(CLIENTS)))
        took = time.perf_counter() - started
    return len(times) / took, times


def _bare_rows() -> float:
    """Rows of the size of a case and an event, one commit each, from one process."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows (id bigserial PRIMARY KEY, a text, b text)")
    started = time.perf_counter()
    for _ in range(500):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_rows (a, b) VALUES (%s, %s)", ["x" * 900, "y" * 900])
            cursor.execute("INSERT INTO bench_rows (a, b) VALUES (%s, %s)", ["x" * 900, "y" * 900])
    return 500 / (time.perf_counter() - started)
