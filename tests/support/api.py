"""An integrator as it is met over HTTP: a key, and requests that carry it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from support.people import organisation
from tongdian.service.casework.models import Case, Event, Evidence
from tongdian.service.identity.actions import create_api_client
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.models import PartyAccess

BASE = "/api/v1"
PDF = b"%PDF-1.7\n% example\n"


@dataclass
class Integrator:
    """One API client. `get` and `post` answer with Django's test response."""

    key: str
    pseudonym: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def headers(self, idempotency_key: str | None = None) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.key}"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        return headers

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(BASE + path, query, headers=self.headers())

    def post(self, path: str, body: Any, *, key: str | None = None, **query: Any) -> Any:
        """A write with a fresh Idempotency-Key unless one is given."""
        return self.client.post(
            BASE + path,
            body,
            content_type="application/json",
            headers=self.headers(key or str(uuid.uuid4())),
            query_params=query or None,
        )

    def upload(
        self, content: bytes, name: str, *, key: str | None = None, boundary: str = "x1y2z3"
    ) -> Any:
        """A file under exactly this name, whatever it holds."""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"'
        kind = "\r\nContent-Type: application/octet-stream\r\n\r\n"
        body = (head + kind).encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return self.client.post(
            BASE + "/evidence",
            body,
            content_type=f"multipart/form-data; boundary={boundary}",
            headers=self.headers(key or str(uuid.uuid4())),
        )

    def act(self, number: str, kind: str, body: Any = None, **query: Any) -> Any:
        return self.post(f"/cases/{number}/actions/{kind}", body or {}, **query)


def integrator(*scopes: str, name: str = "示例·接入") -> Integrator:
    """A new client with these scopes, all of them by default."""
    organisation("ACME")
    client, key = create_api_client(
        name=name,
        organisation="ACME",
        scopes=scopes or ("read", "submit", "act"),
        actor=SYSTEM,
    )
    return Integrator(key, client.pseudonym)


def written() -> tuple[int, int, int, int]:
    """How many rows there are of all that a refused request must not leave behind."""
    return (
        Case.objects.count(),
        Event.objects.count(),
        Evidence.objects.count(),
        PartyAccess.objects.count(),
    )


def problem_of(response: Any) -> tuple[int, str]:
    """Status and type of a refusal, which has to be a whole problem document."""
    assert response["Content-Type"] == "application/problem+json", response.content[:200]
    body = response.json()
    assert body["status"] == response.status_code
    assert body["title"]
    assert body["detail"]
    return response.status_code, body["type"].removeprefix("urn:tongdian:problem:")
