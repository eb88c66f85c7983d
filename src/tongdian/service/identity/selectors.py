"""Reads of people, organisations and keys."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdian.service.identity.actors import Actor, Role
from tongdian.service.identity.codes import api_key_digest
from tongdian.service.identity.models import (
    ApiClient,
    AuditEntry,
    Delegation,
    Organisation,
    PartyAccess,
    RoleGrant,
    User,
    UserSession,
)
from tongdian.service.identity.units import all_units
from tongdian.service.identity.words import role_name

HEADQUARTERS = "GYPS"
DESK_ROLES = (Role.CLERK, Role.ENGINEER, Role.FIELDWORKER, Role.LEAD)
KEY_SECONDS = 5.0
KEYS_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class StaffGrants:
    """The active staff roles of a user, the district of each, and the code of the organisation."""

    roles: frozenset[str] = frozenset()
    organisation: str = ""
    districts: dict[str, str | None] = field(default_factory=dict)


def staff_grants(user_id: int) -> StaffGrants:
    """Active grants in one query. The organisation is given for people without roles as well."""
    rows = User.objects.filter(pk=user_id).values_list(
        "organisation__code", "grants__role", "grants__district", "grants__revoked_at"
    )
    organisation, districts = "", {}
    for code, role, district, revoked_at in rows:
        organisation = code or ""
        if role and revoked_at is None:
            districts[role] = district
    return StaffGrants(frozenset(districts), organisation, districts)


@dataclass(frozen=True, slots=True)
class Held:
    """What was delegated to a user: whole principals by pseudonym, and single cases."""

    principals: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()


def delegations_to(user_id: int) -> Held:
    """The delegations that `user_id` may use now. An organisation stands for its users."""
    now = timezone.now()
    rows = list(
        Delegation.objects.filter(
            Q(until__isnull=True) | Q(until__gt=now), agent_id=user_id, revoked_at__isnull=True
        ).values_list(
            "case_number", "principal_user__pseudonym", "principal_organisation__users__pseudonym"
        )
    )
    return Held(
        frozenset(person or member for number, person, member in rows if not number) - {None},
        frozenset(number for number, _person, _member in rows if number),
    )


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of a desk, as a list of names shows them."""

    pseudonym: str
    name: str
    role: str
    organisation: str
    organisation_name: str

    @property
    def label(self) -> str:
        return f"{self.name} · {role_name(self.role)}"


def colleagues_of(actor: Actor) -> list[Colleague]:
    """Those whom `actor` may give work to: the desk of its office, or of every office for
    headquarters; each person once, by office, role and name."""
    grants = RoleGrant.objects.filter(
        role__in=DESK_ROLES, revoked_at__isnull=True, user__is_active=True
    ).select_related("user__organisation")
    if actor.organisation != HEADQUARTERS:
        grants = grants.filter(user__organisation__code=actor.organisation)
    found: dict[str, Colleague] = {}
    for grant in grants.order_by("user__organisation__code", "role", "user__username"):
        user, home = grant.user, grant.user.organisation
        if home is not None:
            name = user.display_name or user.username
            found.setdefault(
                user.pseudonym,
                Colleague(user.pseudonym, name, grant.role, home.code, home.name),
            )
    return list(found.values())


@cache
def _unit_names() -> dict[str, tuple[str, str]]:
    return {unit.code: (unit.zh, unit.en) for unit in all_units()}


def organisation_pair(code: str) -> tuple[str, str]:
    """Chinese and English name of one of the plan's organisations; the code for any other."""
    return _unit_names().get(code, (code, code))


def organisation_names() -> dict[str, str]:
    """The names of the plan's organisations by code, in the language of the request."""
    english = (get_language() or "").startswith("en")
    return {code: pair[english] for code, pair in _unit_names().items()}


def staff_names(pseudonyms: Iterable[str]) -> dict[str, str]:
    """The names of staff by pseudonym, in one query. Applicants are never named by it."""
    rows = User.objects.filter(pseudonym__in=set(pseudonyms), grants__isnull=False).distinct()
    return {
        pseudonym: name or username
        for pseudonym, name, username in rows.values_list("pseudonym", "display_name", "username")
    }


def inspectors_of(organisation: str) -> list[str]:
    """Pseudonyms of the active officers of a department, who may be drawn to inspect."""
    grants = RoleGrant.objects.filter(
        role=Role.OFFICER,
        revoked_at__isnull=True,
        user__is_active=True,
        user__organisation__code=organisation,
    )
    return sorted(set(grants.values_list("user__pseudonym", flat=True)))


@dataclass(frozen=True, slots=True)
class Access:
    """A valid query code of a case: whose, since when. The code itself is kept nowhere."""

    party: str
    label: str
    since: datetime


def accesses_of(case_number: str) -> list[Access]:
    """Who can open a case with a query code, the applicant first."""
    order = list(PartyAccess.Party.values)
    rows = PartyAccess.objects.filter(case_number=case_number, revoked_at__isnull=True)
    return sorted(
        (Access(row.party, str(row.get_party_display()), row.created_at) for row in rows),
        key=lambda access: order.index(access.party),
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What an account keeps of its person."""

    username: str
    display_name: str
    phone: str
    organisation: str
    joined: datetime
    last_login: datetime | None
    sessions: list[tuple[datetime, datetime, str, str]]


def account_of(user_id: int) -> Account:
    """The account, with its sessions not yet forgotten: start, last seen, address, device."""
    user = User.objects.select_related("organisation").get(pk=user_id)
    sessions = UserSession.objects.filter(user=user).order_by("-started_at")
    return Account(
        user.username,
        user.display_name,
        user.phone,
        user.organisation.name if user.organisation else "",
        user.date_joined,
        user.last_login,
        list(sessions.values_list("started_at", "last_seen_at", "address", "agent")),
    )


_keys: OrderedDict[str, tuple[float, Actor | None]] = OrderedDict()
_keys_lock = threading.Lock()


def actor_of_api_key(key: str) -> Actor | None:
    """The integrator that `key` belongs to, or None. Remembered in this process for five seconds,
    so a key that is switched off elsewhere stops working within five seconds."""
    digest = api_key_digest(key)
    now = time.monotonic()
    with _keys_lock:
        known = _keys.get(digest)
    if known is not None and known[0] > now:
        return known[1]
    found = _read_api_key(digest)
    with _keys_lock:
        _keys[digest] = (now + KEY_SECONDS, found)
        _keys.move_to_end(digest)
        while len(_keys) > KEYS_REMEMBERED:
            _keys.popitem(last=False)
    return found


def forget_api_keys() -> None:
    """Read every key anew, because one of them changed."""
    with _keys_lock:
        _keys.clear()


def _read_api_key(digest: str) -> Actor | None:
    clients = ApiClient.objects.filter(key_digest=digest, active=True)
    if not settings.TONGDIAN_DEMO:
        clients = clients.filter(is_demo=False)
    client = clients.select_related("organisation").first()
    if client is None:
        return None
    return Actor(
        roles=frozenset({Role.INTEGRATOR.value}),
        organisation=client.organisation.code,
        pseudonym=client.pseudonym,
        scopes=frozenset(client.scopes),
    )


def users_for_administration(search: str = "", role: str = "") -> QuerySet[User]:
    """Users with organisation and active grants, by name; `search` in user name, name and unit."""
    users = User.objects.select_related("organisation").prefetch_related(
        Prefetch(
            "grants",
            queryset=RoleGrant.objects.filter(revoked_at__isnull=True),
            to_attr="active_grants",
        )
    )
    if search:
        users = users.filter(
            Q(username__icontains=search)
            | Q(display_name__icontains=search)
            | Q(organisation__name_zh__icontains=search)
            | Q(organisation__name_en__icontains=search)
        )
    if role == "none":
        users = users.exclude(grants__in=RoleGrant.objects.filter(revoked_at__isnull=True))
    elif role:
        users = users.filter(
            pk__in=RoleGrant.objects.filter(role=role, revoked_at__isnull=True).values("user_id")
        )
    return users.order_by("username")


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Sessions not known to have ended, latest first."""
    return UserSession.objects.filter(user=user, ended_at__isnull=True).order_by(
        "-last_seen_at", "-id"
    )


def grants_history(user: User) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(user=user).order_by("-granted_at", "-id")


def audit_entries(actor: Actor) -> QuerySet[AuditEntry]:
    """The audit, newest first; for auditors alone."""
    if not actor.has(Role.AUDITOR):
        return AuditEntry.objects.none()
    return AuditEntry.objects.all()


def organisation_choices() -> list[tuple[str, str]]:
    """Codes and names for a form, the utility first."""
    rows = sorted(Organisation.objects.all(), key=lambda o: (o.kind != "utility", o.kind, o.code))
    return [("", _("请选择")), *((o.code, o.name) for o in rows)]
