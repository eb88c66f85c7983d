"""Events of cases as CloudEvents 1.0, JSON, structured mode. Nothing personal, ever."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from tongdian.service.exchange.consumers import CaseEvent

CONTENT_TYPE = "application/cloudevents+json"
BATCH_CONTENT_TYPE = "application/cloudevents-batch+json"
TEST_TYPE = "cn.tongdian.test.v1"
TEST_KIND = "test"


def type_of(kind: str) -> str:
    return f"cn.tongdian.case.{kind}.v1"


def id_of(index: int) -> str:
    """Stable for ever, and without a full stop, which a signed id must not hold."""
    return f"{settings.LOG_ID.replace('.', '-')}-{index}"


def cloud_event(event: CaseEvent) -> dict[str, Any]:
    """`sequence` orders the events of one `subject`; `logindex` is the place in the public log, for
    /api/v1/log/inclusion and for catching up."""
    return {
        "specversion": "1.0",
        "id": id_of(event.index),
        "source": f"urn:tongdian:log:{settings.LOG_ID}",
        "type": type_of(event.kind),
        "subject": event.case,
        "time": instant(event.recorded_at),
        "datacontenttype": "application/json",
        "sequence": f"{event.seq:08d}",
        "logindex": str(event.index),
        "data": {
            "case": event.case,
            "process": event.process,
            "seq": event.seq,
            "kind": event.kind,
            "recorded_at": instant(event.recorded_at),
            "occurred_at": instant(event.occurred_at),
            "actor": {"role": event.role, "organisation": event.organisation},
            "payload": dict(event.payload),
        },
    }


def trial_event(serial: int, now: datetime) -> dict[str, Any]:
    """What an endpoint gets when somebody presses "send a test"."""
    return {
        "specversion": "1.0",
        "id": f"test-{serial}",
        "source": f"urn:tongdian:log:{settings.LOG_ID}",
        "type": TEST_TYPE,
        "time": instant(now),
        "datacontenttype": "application/json",
        "data": {"zh": "这是一条测试消息。", "en": "This is a test."},
    }


def to_bytes(body: dict[str, Any] | Sequence[dict[str, Any]]) -> bytes:
    """As it is signed and sent."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def instant(at: datetime) -> str:
    """RFC 3339, UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
