"""From the push of a construction permit to its lead: signed messages, a tenth of them sent twice
and a fifth out of order, each exactly once. Against bare inserts of as many rows."""

import json
import random
import time
from typing import Any

from benchmarks.support import database, latencies, line, middle, percentile

MESSAGES = 10_000


def main() -> None:
    with database():
        _measure()


def _measure() -> None:
    from django.db import connection, transaction

    from tongdian.service.exchange.models import Inbound
    from tongdian.service.exchange.receiving import receive
    from tongdian.service.leads.models import Lead

    source, key = _source()
    events = [_event(number) for number in range(MESSAGES)]
    _mix(events)
    messages = [_signed(key, event) for event in events]
    seen: set[str] = set()
    times: list[float] = []
    again: list[float] = []
    started = time.perf_counter()
    for event, (headers, body) in zip(events, messages, strict=True):
        at = time.perf_counter()
        answer = receive(source, headers, body)
        took = time.perf_counter() - at
        assert answer.status in (200, 202), answer
        (again if event["id"] in seen else times).append(took)
        seen.add(event["id"])
    seconds = time.perf_counter() - started
    leads, kept = Lead.objects.count(), Inbound.objects.filter(state="handled").count()
    assert leads == kept == MESSAGES, (leads, kept)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_lead (id bigserial PRIMARY KEY, row jsonb)")

    def bare(index: int) -> None:
        """The rows of a message, its case, event and lead, with no rule, seal, hash or clock."""
        with transaction.atomic(), connection.cursor() as cursor:
            for _ in range(4):
                cursor.execute(
                    "INSERT INTO bench_lead (row) VALUES (%s)", [messages[index][1].decode()]
                )

    floor = latencies(bare, 1_000)
    line(
        "permit push to lead, p50 / p95",
        f"{middle(times) * 1e3:.1f} / {percentile(times, 0.95) * 1e3:.1f} ms",
        f"four bare inserts p50 {middle(floor) * 1e3:.1f} ms"
        f" ({middle(times) / middle(floor):.2f} ×)",
    )
    line("the same message again, p50", f"{middle(again) * 1e3:.1f} ms", f"{len(again)} repeated")
    line(
        f"{len(messages):,} messages, a tenth twice, a fifth out of order",
        f"{len(messages) / seconds:,.0f}/s",
        f"{leads:,} leads of {MESSAGES:,} permits, each exactly once",
    )


def _source() -> tuple[Any, Any]:
    """The approval system, registered, and the key it signs with."""
    from tongdian.service.exchange.signing import Key
    from tongdian.service.exchange.sources import create_source
    from tongdian.service.identity.actors import SYSTEM
    from tongdian.service.identity.models import Organisation
    from tongdian.service.leads.inbound import EVENT_TYPE

    source, secret = create_source(
        source_id="bench-spgl",
        organisation=Organisation.objects.get(code="GY-ZJJ"),
        name="示例审批系统",
        kinds=(EVENT_TYPE,),
        actor=SYSTEM,
    )
    return source, Key("v1", secret)


def _event(number: int) -> dict[str, Any]:
    """A permit of a project of its own, in the names of the standard; five hundred subjects."""
    from tongdian.law.identifiers import make_project_code, make_real_estate_unit, make_uscc
    from tongdian.service.leads.inbound import EVENT_TYPE

    project = make_project_code(2025, 3, "520102", number % 500)
    serial = f"2025{1 + number // 2800 % 12:02d}{1 + number // 100 % 28:02d}"
    data = {
        "lsh": f"SGXK-{number:08d}", "dfsjzj": f"SGXK-{number}", "xzqhdm": "520102",
        "sgxkzbh": f"520102{serial}{1 + number // 33_600:02d}{number % 100:02d}",
        "xmdm": project, "gcdm": f"{project}-001", "gcmc": f"示例·厂房 {number}",
        "jsdw": "贵阳示例机械有限公司", "jsdwtyshxydm": make_uscc(number), "lxrsjh": "19900000008",
        "jsdz": f"贵阳市南明区示例大道{number}号",
        "bdcdyh": make_real_estate_unit("520102", 90_000 + number % 999, 1 + number // 999, 1),
        "jd": "106.714400", "wd": "26.568700", "jsgm": "8000.00", "yt": "industrial",
        "fzjg": "市住房和城乡建设局", "fzrq": "2025-12-30", "jhkgrq": "2026-01-01",
        "jhjgrq": "2027-12-31", "sjyxbs": 1,
    }  # fmt: skip
    return {
        "specversion": "1.0",
        "id": f"push-{number}",
        "source": "urn:example:spgl",
        "type": EVENT_TYPE,
        "subject": project,
        "sequence": str(number // 500 + 1),
        "time": "2026-01-01T09:00:00+08:00",
        "data": data,
    }


def _mix(events: list[dict[str, Any]]) -> None:
    """A fifth changes places with a later one, a tenth comes twice."""
    chance = random.Random(2021)
    for place in chance.sample(range(MESSAGES), MESSAGES // 5):
        other = min(place + chance.randrange(500, 1_500), MESSAGES - 1)
        events[place], events[other] = events[other], events[place]
    for event in chance.sample(events, MESSAGES // 10):
        events.insert(chance.randrange(len(events)), event)


def _signed(key: Any, event: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    from tongdian.service.casework import clock
    from tongdian.service.exchange.signing import sign

    body = json.dumps(event, ensure_ascii=False).encode()
    return sign([key], event["id"], clock.now(), body), body
