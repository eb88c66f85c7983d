"""A company with an API client and an endpoint, and the cases that it has submitted."""

from dataclasses import dataclass
from typing import Any

from support.cases import application
from support.people import organisation
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import submit_application
from tongdian.service.exchange import following
from tongdian.service.exchange.endpoints import Shown, create_endpoint
from tongdian.service.exchange.models import Endpoint
from tongdian.service.identity.actions import create_api_client
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.identity.models import Organisation


@dataclass
class Company:
    """Its organisation, and the actor of its API client."""

    organisation: Organisation
    client: Actor
    key: str

    def submit(self, track: str = "resident", **changes: Any) -> str:
        """The number of a case that the company's program has filed."""
        filed = submit_application(application(track, **changes), actor=self.client)
        return filed.performed.case.number

    def endpoint(self, url: str, **changes: Any) -> tuple[Endpoint, Shown]:
        fields: dict[str, Any] = {"name": "示例·推送", "url": url, **changes}
        return create_endpoint(organisation=self.organisation, actor=SYSTEM, **fields)


def company(code: str = "ACME") -> Company:
    home = organisation(code)
    client, key = create_api_client(
        name=f"示例·{code}", organisation=code, scopes=("read", "submit", "act"), actor=SYSTEM
    )
    actor = Actor(
        roles=frozenset({"integrator"}),
        organisation=code,
        pseudonym=client.pseudonym,
        scopes=frozenset({"read", "submit", "act"}),
    )
    return Company(home, actor, key)


def follow() -> int:
    """Sequence what is new and let all consumers have it."""
    sequence_all()
    return following.follow_all()
