"""Submissions per second over HTTP, two workers, against bare rows by the same kind of server.

The clients share the two cores with the server and the database, so they are as light as can be:
plain sockets that keep their connection.
"""

import asyncio
import json
import os
import time
import uuid
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from benchmarks.inbox import server
from benchmarks.support import database, line, percentile

COUNT = int(os.environ.get("TONGDIAN_BENCH_SUBMISSIONS", "4000"))
CLIENTS = 16
WARM_UP = 20


def main() -> None:
    with database() as environment:
        with server(environment) as base:
            rate, times = asyncio.run(_submit(base, "/api/v1/cases"))
        bare = _bare(environment)
    line(
        f"submissions over HTTP, {CLIENTS} clients",
        f"{rate:.0f} per s",
        f"bare rows by the same server {bare:.0f} per s ({rate / bare:.2f} ×)",
        "≥ 800 per s",
    )
    line("", f"p99 {percentile(times, 0.99) * 1e3:.0f} ms")


def _bare(environment: Mapping[str, str]) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows (id bigserial PRIMARY KEY, body text)")
        cursor.execute("GRANT ALL ON bench_rows, bench_rows_id_seq TO PUBLIC")
    with server(environment, "benchmarks.bare_rows:application", "/rows") as base:
        return asyncio.run(_submit(base, "/rows"))[0]


def application() -> dict[str, object]:
    from tongdian.law.identifiers import make_resident_id

    return {
        "applicant_kind": "resident", "purpose": "residential", "load_kw": "8",
        "district": "520102", "name": "示例·甲", "id_type": "resident_id",
        "id_number": make_resident_id(date(1980, 1, 1), 9), "phone": "19900000009",
        "address": "贵阳市南明区示例路 9 号",
    }  # fmt: skip


async def _submit(base: str, path: str) -> tuple[float, list[float]]:
    from tongdian.service.identity.seeds import DEMO_API_KEY

    address = urlsplit(base)
    body = json.dumps(application(), ensure_ascii=False).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json"
        f"\r\nContent-Length: {len(body)}\r\nAuthorization: Bearer {DEMO_API_KEY}\r\n"
    )
    times: list[float] = []

    async def client(count: int) -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for _ in range(count):
            started = time.perf_counter()
            writer.write(f"{head}Idempotency-Key: {uuid.uuid4()}\r\n\r\n".encode() + body)
            await _answer(reader)
            times.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(client(WARM_UP) for _ in range(CLIENTS)))
    times.clear()
    started = time.perf_counter()
    await asyncio.gather(*(client(COUNT // CLIENTS) for _ in range(CLIENTS)))
    return len(times) / (time.perf_counter() - started), times


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read one answer of known length; it has to be 201."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.split("content-length:", 1)[1].split("\r\n", 1)[0])
    body = await reader.readexactly(length)
    assert " 201 " in head.split("\r\n", 1)[0], body.decode()
