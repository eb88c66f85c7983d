"""The message gateway: takes short messages and e-mails, and keeps them for whoever tests."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongdian.sandbox.answering import faulty
from tongdian.sandbox.moving_clock import instant_text
from tongdian.sandbox.situation import REMEMBERED, Situation
from tongdian.sandbox.web import Answer, Refused, Request, Router, as_json

CHANNELS = ("sms", "email")


@dataclass(frozen=True)
class Letter:
    """One message that would have been sent."""

    id: str
    at: datetime
    channel: str
    to: str
    text: str


class Gateway:
    """`POST /gateway/messages`: `id` makes it once, `channel` is sms or email, `to`, `text`."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.letters: deque[Letter] = deque(maxlen=REMEMBERED)
        self._ids: set[str] = set()

    def routes(self, router: Router) -> None:
        router.add("POST", "/gateway/messages", self.send)
        router.add("GET", "/gateway/messages", self.listed)
        router.add("GET", "/gateway/health", self.health)

    def health(self, request: Request) -> Answer:
        return faulty(self.situation, "gateway", lambda key, fault: as_json({"ok": True}))

    def send(self, request: Request) -> Answer:
        data = request.data
        for name, most in (("id", 120), ("to", 200), ("text", 5_000)):
            if not isinstance(data.get(name), str) or not 1 <= len(data[name]) <= most:
                raise Refused(
                    422, name, f"必填，不超过 {most} 字", f"Needed, at most {most} characters"
                )
        if data.get("channel") not in CHANNELS:
            raise Refused(422, "channel", "应为 sms 或 email", "Has to be sms or email")
        return faulty(self.situation, "gateway", lambda key, fault: self._keep(data))

    def _keep(self, data: dict[str, Any]) -> Answer:
        with self.situation.lock:
            again = data["id"] in self._ids
            if not again:
                self._ids.add(data["id"])
                now = self.situation.clock.now()
                self.letters.appendleft(
                    Letter(data["id"], now, data["channel"], data["to"], data["text"])
                )
        return as_json({"id": data["id"], "accepted": True, "again": again}, 202)

    def listed(self, request: Request) -> Answer:
        """The box as JSON; `?to=` of one receiver."""
        wanted = request.query.get("to")
        return as_json(
            {
                "messages": [
                    {"id": one.id, "at": instant_text(one.at), "channel": one.channel,
                     "to": one.to, "text": one.text}
                    for one in list(self.letters)
                    if wanted in (None, one.to)
                ]
            }
        )  # fmt: skip
