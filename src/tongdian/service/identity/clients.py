"""API clients: programs of other organisations and their keys."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.codes import api_key_digest, new_api_key
from tongdian.service.identity.errors import InvalidRequest
from tongdian.service.identity.models import ApiClient
from tongdian.service.identity.rules import organisation_of, require_administrator
from tongdian.service.identity.selectors import forget_api_keys

API_SCOPES = frozenset(ApiClient.Scope.values)


def create_api_client(
    *,
    name: str,
    organisation: str,
    scopes: Iterable[str],
    actor: Actor,
    at: datetime | None = None,
) -> tuple[ApiClient, str]:
    """A client of an organisation and its key, which is never shown again."""
    require_administrator(actor)
    wanted = sorted(set(scopes))
    if not name.strip() or not wanted or not API_SCOPES.issuperset(wanted):
        raise InvalidRequest(
            "须填写名称并选择权限（读取、提交、办理）。",
            "Give a name and scopes out of read, submit and act.",
        )
    key = new_api_key()
    with transaction.atomic():
        client = ApiClient.objects.create(
            name=name.strip(),
            organisation=organisation_of(organisation),
            key_start=key[:8],
            key_digest=api_key_digest(key),
            scopes=wanted,
            created_at=at or timezone.now(),
        )
        audit.record(
            "api_client_created", actor=actor, subject=client.pseudonym, at=at, scopes=wanted
        )
    return client, key


def rotate_api_key(*, client: ApiClient, actor: Actor, at: datetime | None = None) -> str:
    """Replace a client's key; the old one stops working at once here, elsewhere within seconds."""
    require_administrator(actor)
    key = new_api_key()
    with transaction.atomic():
        client.key_start, client.key_digest = key[:8], api_key_digest(key)
        client.rotated_at = at or timezone.now()
        client.save(update_fields=["key_start", "key_digest", "rotated_at"])
        audit.record("api_key_rotated", actor=actor, subject=client.pseudonym, at=at)
    forget_api_keys()
    return key


def switch_api_client(
    *, client: ApiClient, active: bool, actor: Actor, at: datetime | None = None
) -> None:
    """Let a client in, or keep it out."""
    require_administrator(actor)
    with transaction.atomic():
        client.active = active
        client.save(update_fields=["active"])
        audit.record(
            "api_client_switched", actor=actor, subject=client.pseudonym, at=at, active=active
        )
    forget_api_keys()
