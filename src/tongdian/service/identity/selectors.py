"""Reads of people: who may be assigned, whose key this is."""

import time
from collections.abc import Sequence

from tongdian.service.identity.actors import CASE_ROLES, Actor, Role
from tongdian.service.identity.models import ApiClient, User

KEY_CACHE_SECONDS = 5.0
HEADQUARTERS = "GYPS"
_keys: dict[str, tuple[float, Actor | None]] = {}


def actor_of_api_key(key: str) -> Actor | None:
    """The integrator of a key, remembered for a few seconds; a revoked key stops by then."""
    from tongdian.service.identity.actions import key_digest

    digest = key_digest(key)
    known = _keys.get(digest)
    if known is not None and known[0] > time.monotonic():
        return known[1]
    client = (
        ApiClient.objects.select_related("organisation")
        .filter(digest=digest, revoked_at=None)
        .first()
    )
    actor = None
    if client is not None:
        roles = frozenset({Role.INTEGRATOR.value})
        actor = Actor(roles, client.organisation.code, client.pseudonym)
    if len(_keys) > 1000:
        _keys.clear()
    _keys[digest] = (time.monotonic() + KEY_CACHE_SECONDS, actor)
    return actor


def assignable_staff(actor: Actor) -> Sequence[tuple[str, str]]:
    """Pseudonym and name of the staff that a lead may assign: of the same office."""
    people = User.objects.filter(
        is_active=True,
        role_grants__revoked_at=None,
        role_grants__role__in=CASE_ROLES - {Role.OFFICER},
    ).select_related("organisation")
    if actor.organisation != HEADQUARTERS:
        people = people.filter(organisation__code=actor.organisation)
    return [(p.pseudonym, str(p)) for p in people.distinct().order_by("username")]
