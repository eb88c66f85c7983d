"""A body as a CloudEvent, or the field that is wrong with it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from tongdian.service.exchange.problems import Problem, invalid

MOST_BYTES = 262_144
MEDIA_TYPES = frozenset({"application/cloudevents+json", "application/json"})
LARGEST_SEQUENCE = 2**53
_WORD = re.compile(r"[\x21-\x2d\x2f-\x7e]+")  # printable ASCII without blank and full stop
_TEXT = re.compile(r"[^\x00-\x1f\x7f]+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Told:
    """The attributes of a CloudEvent that we use, checked."""

    id: str
    type: str
    subject: str
    sequence: int | None
    time: datetime
    data: dict[str, Any]


def read_event(body: bytes, webhook_id: str) -> Told:
    """Raises Problem: 400 for what is no JSON object, 422 for a field."""
    raw = _object(body)
    if raw.get("specversion") != "1.0":
        raise invalid(
            "specversion", ("应为 CloudEvents 1.0", "has to be CloudEvents 1.0"),
            ("写 \"specversion\": \"1.0\"", "Write \"specversion\": \"1.0\""),
        )  # fmt: skip
    found = Told(
        id=_text(raw, "id", 120, _WORD),
        type=_text(raw, "type", 80, _TEXT),
        subject=_text(raw, "subject", 120, _TEXT),
        sequence=_sequence(raw),
        time=_time(raw),
        data=_data(raw),
    )
    _text(raw, "source", 200, _TEXT)
    if found.id != webhook_id:
        raise invalid(
            "id", ("与 webhook-id 头不同", "differs from the header webhook-id"),
            ("两处用同一个编号", "Use one id for both"),
        )  # fmt: skip
    return found


def _object(body: bytes) -> dict[str, Any]:
    try:
        text = body.decode("utf-8")
        if "\\u0000" in text:
            raise ValueError("NUL")
        found = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem("bad-request", "正文不是合法的 JSON。 The body is no valid JSON.") from None
    if not isinstance(found, dict):
        raise Problem("bad-request", "正文应为 JSON 对象。 The body has to be a JSON object.")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _text(raw: Mapping[str, Any], name: str, longest: int, form: re.Pattern[str]) -> str:
    value = raw.get(name)
    if isinstance(value, str) and 0 < len(value) <= longest and form.fullmatch(value):
        return value
    special = ("、无空格和句点", ", without blanks and full stops") if form is _WORD else ("", "")
    raise invalid(
        name,
        (f"必填文字，不超过 {longest} 字{special[0]}",
         f"a text of at most {longest} characters{special[1]}"),
        ("请补上或改正", "Give or correct it"),
    )  # fmt: skip


def _sequence(raw: Mapping[str, Any]) -> int | None:
    value = raw.get("sequence")
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value < LARGEST_SEQUENCE:
        return value
    raise invalid(
        "sequence", ("应为从 1 起的整数", "an integer from 1"),
        ("每个 subject 依次为 1、2、3……", "1, 2, 3 … for each subject"),
    )  # fmt: skip


def _time(raw: Mapping[str, Any]) -> datetime:
    value = raw.get("time")
    try:
        if isinstance(value, str) and len(value) <= 40 and _INSTANT.fullmatch(value):
            return datetime.fromisoformat(value.upper())
    except ValueError:
        pass
    raise invalid(
        "time", ("应为带时区的 RFC 3339 时间", "an RFC 3339 instant with its zone"),
        ("例如 2021-03-01T09:00:00+08:00", "Such as 2021-03-01T09:00:00+08:00"),
    )  # fmt: skip


def _data(raw: Mapping[str, Any]) -> dict[str, Any]:
    kind = raw.get("datacontenttype", "application/json")
    if kind != "application/json":
        raise invalid(
            "datacontenttype", ("只接受 application/json", "application/json alone is taken"),
            ("不填即可", "Leave it out"),
        )  # fmt: skip
    value = raw.get("data")
    if isinstance(value, dict):
        return value
    raise invalid(
        "data", ("应为 JSON 对象", "has to be a JSON object"), ("请补上", "Give it")
    )  # fmt: skip
