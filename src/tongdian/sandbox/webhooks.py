"""A receiver of webhooks: verifies what comes, keeps it, and answers as it was told to."""

import json
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongdian.sandbox.answering import faulty
from tongdian.sandbox.keys import shared_secret
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.signing import check_message
from tongdian.sandbox.situation import REMEMBERED, Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json


@dataclass(frozen=True)
class Received:
    """One delivery. `problem` is empty when its signature fits."""

    at: datetime
    box: str
    id: str
    type: str
    subject: str
    sequence: str
    problem: str
    again: bool
    body: str


@dataclass
class Box:
    """One receiver: its keys besides the sandbox's own, what it answers, whose ids it has seen."""

    secrets: list[str] = field(default_factory=list)
    public_keys: list[str] = field(default_factory=list)
    status: int = 204
    ids: set[str] = field(default_factory=set)


class Webhooks:
    """`POST /webhooks/<box>/` receives; `…/keys` tells it keys and what to answer."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.received: deque[Received] = deque(maxlen=REMEMBERED)
        self.boxes: dict[str, Box] = {}

    def routes(self, router: Router) -> None:
        router.add("POST", "/webhooks/<box>/", self.receive)
        router.add("GET", "/webhooks/<box>/", self.listed)
        router.add("POST", "/webhooks/<box>/keys", self.told)

    def box(self, name: str) -> Box:
        with self.situation.lock:
            if name not in self.boxes and len(self.boxes) >= 100:
                raise Refused(409, "box", "最多 100 个接收箱", "At most 100 boxes")
            return self.boxes.setdefault(name, Box())

    def told(self, request: Request, box: str) -> Answer:
        """`secret` and `public_key` are added; `status` is answered from now on."""
        data, kept = request.data, self.box(box)
        status = str(data.get("status", kept.status))
        if not (status.isdecimal() and 200 <= int(status) <= 599):
            raise Refused(422, "status", "200 到 599", "200 to 599")
        kept.status = int(status)
        kept.secrets += [data["secret"]] if isinstance(data.get("secret"), str) else []
        kept.public_keys += [data["public_key"]] if isinstance(data.get("public_key"), str) else []
        return as_json({"box": box, "keys": len(kept.secrets) + len(kept.public_keys)})

    def receive(self, request: Request, box: str) -> Answer:
        return faulty(self.situation, "webhooks", lambda key, fault: self._receive(request, box))

    def _receive(self, request: Request, name: str) -> Answer:
        box = self.box(name)
        own = shared_secret(self.situation.seed, "webhooks")
        problem = check_message(request.headers, request.body, [*box.secrets, own], box.public_keys)
        event = _event(request.body)
        message_id = request.headers.get("webhook-id", "")
        with self.situation.lock:
            again = message_id in box.ids
            accepted = not problem and 200 <= box.status < 300
            if accepted:
                box.ids.add(message_id)
            self.received.appendleft(
                Received(
                    self.situation.clock.now(), name, message_id, str(event.get("type", "")),
                    str(event.get("subject", "")), str(event.get("sequence", "")), problem, again,
                    request.body.decode("utf-8", "replace")[:20_000],
                )
            )  # fmt: skip
        if problem:
            raise Refused(401, "webhook-signature", "签名核验不通过", problem)
        return Answer(box.status, b"")

    def listed(self, request: Request, box: str) -> Answer:
        """What came, the newest first."""
        return as_json(
            {
                "received": [
                    {"at": instant_text(one.at), "id": one.id, "type": one.type,
                     "subject": one.subject, "sequence": one.sequence, "problem": one.problem,
                     "again": one.again, "body": one.body}
                    for one in list(self.received)
                    if one.box == box
                ]
            }
        )  # fmt: skip


def _event(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
