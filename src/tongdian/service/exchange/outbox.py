"""Queueing words to people. What is secret or names somebody is sealed until it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework import clock
from tongdian.service.exchange.models import Message
from tongdian.service.exchange.wording import template_of

SIGNATURE = "【通电】"  # who it is from, as a text message has to say
QUIET_FROM, QUIET_UNTIL = time(21), time(8)


@dataclass(frozen=True, slots=True)
class Words:
    """A message to queue. The same `key` is queued once. `values` go into the stored text and must
    not be personal; `secret` goes into the sent text alone."""

    key: str
    template: str
    channel: str = "in_app"
    audience: str = ""
    address: str = ""
    case_number: str = ""
    index: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)


def queue(words: Words) -> None:
    """Store a message; it is sent by the worker, or shown on pages if it is in-app."""
    template = template_of(words.template)
    zh, en = template.render(words.values)
    now = clock.now()
    in_app = words.channel == Message.Channel.IN_APP
    if in_app:
        zh = zh.removeprefix(SIGNATURE)
    sealed = None
    if not in_app:
        sealed = {"to": words.address, "secret": dict(words.secret)}
    message = Message(
        key=words.key,
        channel=words.channel,
        template=words.template,
        case_number=words.case_number,
        index=words.index,
        audience=words.audience,
        to=mask(words.address),
        text=zh,
        text_en=en,
        sealed=sealed,
        urgent=template.urgent,
        state=Message.State.SENT if in_app else Message.State.PENDING,
        next_at=None if in_app else _when(words.channel, template.urgent, now),
        created_at=now,
        sent_at=now if in_app else None,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)


def _when(channel: str, urgent: bool, now: datetime) -> datetime:
    if channel != Message.Channel.SMS or urgent:
        return now
    return after_quiet_hours(now)


def after_quiet_hours(now: datetime) -> datetime:
    """`now`, or eight in the morning when it lies between 21:00 and 08:00 in Shanghai."""
    local = now.astimezone(SHANGHAI)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, SHANGHAI).astimezone(now.tzinfo)


def mask(address: str) -> str:
    """`199****0001`, `a***@example.cn`: enough to recognise, not to call."""
    if "@" in address:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 8 else "****" if address else ""
