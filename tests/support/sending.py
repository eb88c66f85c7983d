"""Another system that sends us signed messages."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client

from support.people import organisation
from tongdian.service.casework import clock
from tongdian.service.exchange.signing import Key, sign
from tongdian.service.exchange.sources import create_source
from tongdian.service.identity.actors import SYSTEM

TYPE = "cn.example.thing.happened.v1"


@dataclass
class Sending:
    """`post` answers with Django's test response."""

    key: Key
    source: str = "example-system"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def event(self, subject: str, sequence: int | None = None, **changes: Any) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": uuid.uuid4().hex,
            "source": "urn:example",
            "type": TYPE,
            "subject": subject,
            "time": "2021-03-01T09:00:00+08:00",
            **({"sequence": str(sequence)} if sequence is not None else {}),
            "data": {"number": sequence},
            **changes,
        }

    def signed(self, event: dict[str, Any] | bytes, at: datetime | None = None) -> dict[str, Any]:
        """What is posted: the body and its headers."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        message_id = event.get("id", "x") if isinstance(event, dict) else "x"
        return {"body": body, "headers": sign([self.key], str(message_id), at or clock.now(), body)}

    def post(self, event: dict[str, Any] | bytes, **changes: Any) -> Any:
        parts = {**self.signed(event), **changes}
        return self.client.post(
            f"/exchange/in/{parts.get('source', self.source)}/",
            parts["body"],
            content_type=parts.get("content_type", "application/cloudevents+json"),
            headers=parts["headers"],
        )


def sending(source: str = "example-system", *kinds: str, key: Key | None = None) -> Sending:
    """A registered source with a secret of its own, or the public key of a pair."""
    _, secret = create_source(
        source_id=source,
        organisation=organisation("GY-FGW"),
        name="示例系统",
        kinds=kinds or (TYPE,),
        actor=SYSTEM,
        key=key.text if key else "",
    )
    return Sending(Key("v1", secret), source)
