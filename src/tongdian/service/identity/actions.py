"""Everything that happens to people, roles and keys. Each action writes its audit entry."""

import hashlib
import hmac
import secrets

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone

from tongdian.service.identity import query_codes
from tongdian.service.identity.actors import (
    CASE_ROLES,
    OVERSIGHT_ROLES,
    PARTIES_KEY,
    SYSTEM,
    Actor,
    Role,
)
from tongdian.service.identity.models import (
    ApiClient,
    AuditEntry,
    Organisation,
    PartyAccess,
    RoleGrant,
    User,
)
from tongdian.service.identity.seeds import seed_demo_users, seed_organisations

MAX_FAILURES = 8
FAILURE_WINDOW_SECONDS = 15 * 60
MAX_OPEN_CASES = 50


class SeparationError(ValueError):
    """Roles that no one person may hold together."""


class TooManyAttempts(Exception):
    """Locked for a while after repeated failures."""


def audit(actor: Actor, what: str, subject: str, **detail: object) -> None:
    AuditEntry.objects.create(actor=actor.pseudonym, what=what, subject=subject[:80], detail=detail)


def _require_administrator(actor: Actor) -> None:
    if not frozenset(actor.roles) & {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise PermissionError("only an administrator manages people")


def conflicting(roles: frozenset[str], new: str) -> bool:
    """Whether `new` may not be held beside `roles`."""
    if new in CASE_ROLES:
        return bool(roles & OVERSIGHT_ROLES)
    if new == Role.ADMINISTRATOR:
        return bool(roles & (CASE_ROLES | {Role.SUPERVISOR, Role.AUDITOR}))
    if new in OVERSIGHT_ROLES:
        return bool(roles & (CASE_ROLES | {Role.ADMINISTRATOR}))
    return False


def grant_role(user: User, role: str, *, actor: Actor, district: str = "") -> RoleGrant:
    """Give a role. Raises SeparationError; the database would refuse as well."""
    _require_administrator(actor)
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        held = frozenset(locked.role_grants.filter(revoked_at=None).values_list("role", flat=True))
        if conflicting(held, role):
            raise SeparationError(f"{role} cannot be joined with {', '.join(sorted(held))}")
        grant = RoleGrant.objects.create(
            user=locked, role=role, district=district, granted_by=actor.pseudonym
        )
        audit(actor, "role_granted", locked.pseudonym, role=role, district=district)
    return grant


def revoke_role(grant: RoleGrant, *, actor: Actor) -> None:
    """End a role now."""
    _require_administrator(actor)
    with transaction.atomic():
        RoleGrant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now())
        audit(actor, "role_revoked", grant.user.pseudonym, role=grant.role)


def create_user(
    *, username: str, display_name: str, organisation: Organisation, password: str, actor: Actor
) -> User:
    """A staff account without roles. Raises IntegrityError when the name is taken."""
    _require_administrator(actor)
    with transaction.atomic():
        user = User(username=username, display_name=display_name, organisation=organisation)
        user.set_password(password)
        user.save(force_insert=True)
        audit(actor, "account_created", user.pseudonym, username=username)
    return user


def set_active(user: User, active: bool, *, actor: Actor) -> None:
    """Lock or unlock an account; a locked one loses its sessions at the next request."""
    _require_administrator(actor)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=active)
        audit(actor, "account_unlocked" if active else "account_locked", user.pseudonym)


def create_api_client(
    name: str, organisation: Organisation, *, actor: Actor
) -> tuple[ApiClient, str]:
    """A new integrator and its key, which is shown this once."""
    _require_administrator(actor)
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        client = ApiClient.objects.create(
            name=name, organisation=organisation, digest=key_digest(key)
        )
        audit(actor, "api_client_created", client.pseudonym, name=name)
    return client, key


def revoke_api_client(client: ApiClient, *, actor: Actor) -> None:
    """The key stops working within seconds."""
    _require_administrator(actor)
    with transaction.atomic():
        ApiClient.objects.filter(pk=client.pk).update(revoked_at=timezone.now())
        audit(actor, "api_client_revoked", client.pseudonym)


def key_digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def issue_party_access(case_number: str, party: str, *, actor: Actor) -> str:
    """A query code for one party of a case; shown once, kept as a keyed hash."""
    code = query_codes.new_code()
    normal = query_codes.normalise(code)
    assert normal is not None
    PartyAccess.objects.create(
        case_number=case_number, party=party, digest=query_codes.digest(case_number, normal)
    )
    return code


def open_case_with_code(request: HttpRequest, case_number: str, code: str) -> bool:
    """Let this session act on a case. False for a wrong number and a wrong code alike.

    Raises TooManyAttempts after repeated failures for the case or from the address.
    """
    number = "".join(case_number.upper().split()).replace("-", "")[:24]
    keys = [f"code:{number}", f"code:{request.META.get('REMOTE_ADDR', '')}"]
    if any((cache.get(key) or 0) >= MAX_FAILURES for key in keys):
        raise TooManyAttempts
    party = _party_of(number, query_codes.normalise(code) or "")
    if party is None:
        for key in keys:
            cache.add(key, 0, FAILURE_WINDOW_SECONDS)
            cache.incr(key)
        return False
    remember_party(request, number, party)
    return True


def _party_of(number: str, code: str) -> str | None:
    """The party that a code stands for. A digest is computed for unknown numbers too."""
    wanted = query_codes.digest(number, code)
    grants = PartyAccess.objects.filter(case_number=number, revoked_at=None)
    found = [g.party for g in grants if hmac.compare_digest(g.digest, wanted)]
    return found[0] if found and code else None


def remember_party(request: HttpRequest, number: str, party: str) -> None:
    """Keep in the session that it may act on a case."""
    parties = dict(request.session.get(PARTIES_KEY, {}))
    parties[number] = party
    request.session[PARTIES_KEY] = dict(list(parties.items())[-MAX_OPEN_CASES:])
    request._tongdian_actor = None  # type: ignore[attr-defined]


__all__ = [
    "SYSTEM",
    "IntegrityError",
    "SeparationError",
    "TooManyAttempts",
    "create_api_client",
    "create_user",
    "grant_role",
    "issue_party_access",
    "open_case_with_code",
    "remember_party",
    "revoke_api_client",
    "revoke_role",
    "seed_demo_users",
    "seed_organisations",
    "set_active",
]
