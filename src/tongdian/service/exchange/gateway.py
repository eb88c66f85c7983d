"""The message gateway: SMS and e-mail, handed over by HTTP with the machinery of webhooks.

`POST {gateway}/messages` with `{"id", "channel", "to", "template", "text"}`, signed after Standard
Webhooks; 202 `{"id"}` is the answer. The gateway knows a message by its id and sends it once.
"""

import json
import logging
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.db import connection

from tongdian.service.casework import clock
from tongdian.service.exchange.claims import lease
from tongdian.service.exchange.models import Message
from tongdian.service.exchange.schedule import next_attempt, retry_after
from tongdian.service.exchange.signing import HMAC, Key, sign
from tongdian.service.exchange.wording import Template, template_of

BATCH = 20
SECONDS = 10.0
CLAIM = """
UPDATE exchange_message SET leased_until = %s WHERE id IN (
    SELECT id FROM exchange_message
    WHERE state = 'pending' AND next_at <= %s AND (leased_until IS NULL OR leased_until <= %s)
    ORDER BY next_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""
logger = logging.getLogger(__name__)


def is_configured() -> bool:
    """Whether this installation has a gateway."""
    return bool(settings.MESSAGE_GATEWAY_URL)


def send_due() -> int:
    """Send a batch of what is due. Returns how many were tried; 0 without a gateway."""
    if not is_configured():
        return 0
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [now + lease(), now, now, BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    for message in Message.objects.filter(pk__in=ids).order_by("next_at", "pk"):
        _send(message)
    return len(ids)


def _send(message: Message) -> None:
    try:
        response = _client().post(
            settings.MESSAGE_GATEWAY_URL.rstrip("/") + "/messages", **_request(message)
        )
    except httpx.HTTPError as error:
        _failed(message, f"没有连上 / Not reached: {type(error).__name__}")
        return
    if response.is_success:
        _sent(message)
    elif response.status_code in (400, 404, 413, 415, 422):
        _give_up(message, f"网关拒绝 / Refused by the gateway: {response.status_code}")
    else:
        after = response.headers.get("Retry-After")
        _failed(message, f"网关出错 / The gateway failed: {response.status_code}", after)


def _request(message: Message) -> dict[str, Any]:
    kept = message.sealed or {"to": "", "secret": {}}
    template: Template = template_of(message.template)
    text = message.text
    for name, word in kept["secret"].items():
        text = text.replace("{" + name + "}", word)
    if message.channel == Message.Channel.EMAIL:
        text = f"{text}\n\n{message.text_en}"
    message_id = f"msg-{message.pk}"
    body = json.dumps(
        {
            "id": message_id,
            "channel": message.channel,
            "to": kept["to"],
            "template": template.name,
            "text": text,
        },
        ensure_ascii=False,
    ).encode()
    key = Key(HMAC, settings.MESSAGE_GATEWAY_SECRET)
    headers = sign([key], message_id, clock.now(), body)
    return {"content": body, "headers": {"Content-Type": "application/json", **headers}}


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False)


def _sent(message: Message) -> None:
    _finish(message, Message.State.SENT, clock.now())


def _failed(message: Message, error: str, asked: str | None = None) -> None:
    now = clock.now()
    again = next_attempt(now, message.attempts + 1, retry_after(asked, now))
    if again is None:
        _give_up(message, error)
        return
    Message.objects.filter(pk=message.pk, state=Message.State.PENDING).update(
        attempts=message.attempts + 1, next_at=again, error=error, leased_until=None
    )


def _give_up(message: Message, error: str) -> None:
    logger.error("message %s (%s) could not be sent: %s", message.pk, message.template, error)
    _finish(message, Message.State.GAVE_UP, None, error)


def _finish(message: Message, state: str, at: datetime | None, error: str = "") -> None:
    """The number and any secret word are destroyed: nobody needs them any more."""
    Message.objects.filter(pk=message.pk).update(
        state=state,
        attempts=message.attempts + 1,
        sent_at=at,
        error=error,
        sealed=None,
        next_at=None,
        leased_until=None,
    )
