"""What the approval system tells the platform: CloudEvents, signed as Standard Webhooks, in order.

`sequence` counts from 1 for each subject. A push that fails stays and can be sent again. After a
restart the count is lost: the platform's refusal of the first push names the number that it waits
for, and the count goes on from there.
"""

import itertools
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from tongdian.sandbox import keys
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.signing import sign_message
from tongdian.sandbox.situation import Situation

SOURCE = "spgl"
TYPES = {
    "construction_permit": "cn.tongdian.construction_permit.issued.v1",
    "item_status": "cn.tongdian.permit_item.status.v1",
}
CONTENT_TYPE = "application/cloudevents+json"
SEND_SECONDS = 5.0
REMEMBERED = 1_000


def local_target(text: str) -> str:
    """An address of this machine without a slash at its end; empty stays empty. Raises ValueError
    for any other."""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if text and not local:
        raise ValueError("target")
    return text.rstrip("/")


@dataclass
class Push:
    """One message, and what came of it. `status` 0: not delivered, or held back."""

    id: str
    subject: str
    type: str
    body: bytes
    status: int = 0
    answer: str = ""
    attempts: int = 0


@dataclass
class Pusher:
    """Sends to `{target}/exchange/in/spgl/`; keeps what it sent."""

    situation: Situation
    target: str = ""
    sent: deque[Push] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._sequences: dict[str, int] = {}
        self._placed: set[str] = set()
        self._ids = itertools.count(1)
        self._start = f"{int(time.time())}"
        self._held: Push | None = None

    def aim(self, target: str) -> None:
        """Where pushes go. Raises ValueError for anything but this machine."""
        self.target = local_target(target)

    def push(self, kind: str, subject: str, data: dict[str, Any]) -> Push:
        """Make a message, number it, and send it as the faults of `approvals` have it."""
        with self._lock:
            number = self._sequences[subject] = self._sequences.get(subject, 0) + 1
            push = self._make(TYPES[kind], subject, number, data)
            self.sent.appendleft(push)
            self._deliver(push)
            wanted = self._wanted(push)
            if wanted:
                self._sequences[subject] = wanted
                push.body = self._make(TYPES[kind], subject, wanted, data, push.id).body
                self._send(push, push.body, wrong=False)
            if push.status in (200, 202):
                self._placed.add(subject)
        return push

    def again(self, message_id: str) -> Push | None:
        """Send one that was sent before, with its own id."""
        with self._lock:
            push = next((one for one in self.sent if one.id == message_id), None)
            if push is not None:
                self._send(push, push.body, wrong=False)
        return push

    def _wanted(self, push: Push) -> int:
        """The number that the platform waits for, when this was the first push about a subject and
        its number had been used before; otherwise 0."""
        if push.status != 409 or push.subject in self._placed:
            return 0
        try:
            expected = json.loads(push.answer).get("expected")
        except (ValueError, AttributeError):
            return 0
        return expected if isinstance(expected, int) else 0

    def _make(
        self, kind: str, subject: str, number: int, data: dict[str, Any], message_id: str = ""
    ) -> Push:
        message_id = message_id or f"{SOURCE}-{self._start}-{next(self._ids)}"
        event = {
            "specversion": "1.0",
            "id": message_id,
            "source": "urn:tongdian:sandbox:approvals",
            "type": kind,
            "subject": subject,
            "time": instant_text(self.situation.clock.now()),
            "datacontenttype": "application/json",
            "sequence": str(number),
            "data": data,
        }
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        return Push(message_id, subject, kind, body)

    def _deliver(self, push: Push) -> None:
        fault = self.situation.faults.take("approvals")
        kind = fault.kind if fault else ""
        held, self._held = self._held, None
        if kind == "out_of_order" and held is None:
            self._held, push.answer = push, "held back until the next / 等下一条之后再发"
            return
        if kind in ("down", "error_500"):
            push.answer = "not sent / 没有发出"
        else:
            if fault is not None and kind == "slow":
                time.sleep(min(fault.seconds, 60.0))
            body = push.body[: len(push.body) // 2] if kind == "truncated" else push.body
            if kind == "garbage":
                body = b"\xff\xfe{{not json"
            self._send(push, body, wrong=kind == "wrong_signature")
            if kind == "duplicate":
                self._send(push, body, wrong=False)
        if held is not None:
            self._send(held, held.body, wrong=False)

    def _send(self, push: Push, body: bytes, *, wrong: bool) -> None:
        if not self.target:
            push.answer = "no target / 没有设定接收地址"
            return
        seed = self.situation.seed + (1 if wrong else 0)
        headers = sign_message(
            keys.shared_secret(seed, "approvals"), keys.private_key(seed, "approvals"),
            push.id, body,
        )  # fmt: skip
        push.attempts += 1
        try:
            answer = httpx.post(
                f"{self.target}/exchange/in/{SOURCE}/",
                content=body,
                headers={**headers, "content-type": CONTENT_TYPE},
                timeout=SEND_SECONDS,
                trust_env=False,
            )
        except httpx.HTTPError as error:
            push.status, push.answer = 0, type(error).__name__
            return
        push.status, push.answer = answer.status_code, answer.text[:500]
