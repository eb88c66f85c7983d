"""Sessions and what they may do: limits, second factor, roles, cases opened by query code."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from tongdian.service.identity.actors import Actor, Role
from tongdian.service.identity.address import client_address
from tongdian.service.identity.codes import new_pseudonym
from tongdian.service.identity.models import PartyAccess, User, UserSession
from tongdian.service.identity.selectors import (
    StaffGrants,
    delegations_to,
    staff_grants,
)

TOKEN_KEY = "identity_session"
ROLE_KEY = "identity_role"
ACCESS_KEY = "identity_access"
PSEUDONYM_KEY = "identity_pseudonym"
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
TOUCH_SECONDS = 30
MAX_OPEN_CASES = 20
# 网络安全法 第二十一条: network logs are kept for six months at least.
KEPT = timedelta(days=183)


def idle_limit() -> timedelta:
    return timedelta(seconds=getattr(settings, "STAFF_IDLE_SECONDS", 30 * 60))


def absolute_limit() -> timedelta:
    return timedelta(seconds=getattr(settings, "STAFF_SESSION_SECONDS", 12 * 3600))


def concurrent_limit() -> int:
    return int(getattr(settings, "STAFF_MAX_SESSIONS", 3))


def open_session(request: HttpRequest, user: User, *, at: datetime | None = None) -> UserSession:
    """Register the session that `user` just signed in to; of staff, the oldest beyond the limit
    end."""
    now = at or timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        if staff_grants(user.pk).roles:
            keep = concurrent_limit() - 1
            newest = UserSession.objects.filter(user=user, ended_at__isnull=True).order_by(
                "-started_at", "-id"
            )
            surplus = [row.pk for row in newest.only("pk")][keep:]
            end_sessions(surplus, UserSession.Ended.REPLACED, at=now)
        row = UserSession.objects.create(
            token=new_pseudonym(),
            user=user,
            started_at=now,
            last_seen_at=now,
            address=client_address(request),
            agent=request.META.get("HTTP_USER_AGENT", "")[:200],
        )
    request.session[TOKEN_KEY] = row.token
    return row


def end_sessions(ids: Iterable[int], because: str, *, at: datetime | None = None) -> int:
    """Mark sessions as ended; their next request signs them out."""
    return UserSession.objects.filter(pk__in=list(ids), ended_at__isnull=True).update(
        ended_at=at or timezone.now(), ended_because=because
    )


def end_all_sessions(user: User, because: str = UserSession.Ended.ENDED) -> int:
    rows = UserSession.objects.filter(user=user, ended_at__isnull=True)
    return end_sessions(rows.values_list("pk", flat=True), because)


def keep_session(request: HttpRequest, user: User, *, at: datetime | None = None) -> str:
    """Empty while the session may go on, otherwise why it ended (a UserSession.Ended value)."""
    now = at or timezone.now()
    token = request.session.get(TOKEN_KEY)
    row = UserSession.objects.filter(token=token, user=user).first() if token else None
    if row is None:
        open_session(request, user, at=now)
        return ""
    if row.ended_at is not None:
        return row.ended_because or UserSession.Ended.ENDED
    if grants_of_request(request).roles:
        because = _over_limit(row, now)
        if because:
            end_sessions([row.pk], because, at=now)
            return because
    if now - row.last_seen_at > timedelta(seconds=TOUCH_SECONDS):
        UserSession.objects.filter(pk=row.pk).update(last_seen_at=now)
    return ""


def _over_limit(row: UserSession, now: datetime) -> str:
    if now - row.started_at > absolute_limit():
        return UserSession.Ended.EXPIRED
    return UserSession.Ended.IDLE if now - row.last_seen_at > idle_limit() else ""


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session passed a second factor for the user it belongs to."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def user_of(request: HttpRequest) -> User:
    """The signed-in user. Only for requests that are known to have one."""
    assert isinstance(request.user, User)
    return request.user


def grants_of_request(request: HttpRequest) -> StaffGrants:
    """The staff grants of the signed-in user, read once per request."""
    user_id = user_of(request).pk
    known: tuple[int, StaffGrants] | None = getattr(request, "_identity_grants", None)
    if known is None or known[0] != user_id:
        known = (user_id, staff_grants(user_id))
        request._identity_grants = known  # type: ignore[attr-defined]
    return known[1]


def choose_role(request: HttpRequest, role: str) -> bool:
    """Act only in one of one's roles from now on; an empty `role` means all of them."""
    if role and role not in grants_of_request(request).roles:
        return False
    request.session[ROLE_KEY] = role
    forget_actor(request)
    return True


def forget_actor(request: HttpRequest) -> None:
    """Compute the actor anew: who is signed in or what was opened has changed."""
    for name in ("_identity_actor", "_identity_grants"):
        if hasattr(request, name):
            delattr(request, name)


def request_actor(request: HttpRequest) -> Actor:
    """See `actors.actor_of`."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    writing = request.method not in READING
    key = (user.pk if user is not None and signed_in else None, writing)
    known: tuple[tuple[int | None, bool], Actor] | None = getattr(request, "_identity_actor", None)
    if known is None or known[0] != key:
        known = (key, _user_actor(request) if signed_in else _anonymous_actor(request, writing))
        request._identity_actor = known  # type: ignore[attr-defined]
    return known[1]


def _user_actor(request: HttpRequest) -> Actor:
    user = user_of(request)
    grants = grants_of_request(request)
    if grants.roles:
        return _staff_actor(request, grants)
    parties = _open_parties(request)
    held = delegations_to(user.pk)
    return Actor(
        roles=frozenset({Role.APPLICANT.value}),
        organisation=grants.organisation,
        pseudonym=user.pseudonym,
        user_id=user.pk,
        cases=frozenset(number for number, _ in parties) | held.cases,
        parties=parties,
        principals=held.principals,
    )


def _staff_actor(request: HttpRequest, grants: StaffGrants) -> Actor:
    """Without the second factor the session has no role at all."""
    user = user_of(request)
    roles = grants.roles if has_second_factor(request) else frozenset()
    chosen = request.session.get(ROLE_KEY, "")
    if chosen in roles:
        roles = frozenset({chosen})
    districts = {grants.districts[role] for role in roles}
    return Actor(
        roles=roles,
        organisation=grants.organisation,
        pseudonym=user.pseudonym,
        user_id=user.pk,
        district=next(iter(districts)) if len(districts) == 1 else None,
    )


def _anonymous_actor(request: HttpRequest, writing: bool) -> Actor:
    session = getattr(request, "session", None)
    pseudonym = session.get(PSEUDONYM_KEY, "") if session is not None else ""
    if session is not None and writing and not pseudonym:
        pseudonym = session[PSEUDONYM_KEY] = new_pseudonym()
    parties = _open_parties(request)
    return Actor(
        roles=frozenset({Role.APPLICANT.value}),
        organisation="",
        pseudonym=pseudonym,
        cases=frozenset(number for number, _ in parties),
        parties=parties,
        by_session=True,
    )


def _open_parties(request: HttpRequest) -> frozenset[tuple[str, str]]:
    """The cases that this session opened by query code, as long as the codes are valid."""
    session = getattr(request, "session", None)
    ids = session.get(ACCESS_KEY, []) if session is not None else []
    if not ids:
        return frozenset()
    rows = PartyAccess.objects.filter(pk__in=ids, revoked_at__isnull=True)
    return frozenset(rows.values_list("case_number", "party"))


def remember_access(request: HttpRequest, access: PartyAccess) -> None:
    """Let this session act on the case. The session key changes, since its rights grew."""
    ids = [known for known in request.session.get(ACCESS_KEY, []) if known != access.pk]
    request.session[ACCESS_KEY] = [*ids, access.pk][-MAX_OPEN_CASES:]
    request.session.setdefault(PSEUDONYM_KEY, new_pseudonym())
    request.session.cycle_key()
    forget_actor(request)


def keep_access(request: HttpRequest, case_number: str) -> None:
    """Let an anonymous session go on with the case that it has just filed, by the code that it was
    given (an owner's is not its own), for as long as that is valid. Safe to repeat."""
    actor = request_actor(request)
    if not actor.by_session or not actor.pseudonym:
        return
    given = PartyAccess.objects.filter(
        case_number=case_number, issued_by=actor.pseudonym, revoked_at__isnull=True
    ).exclude(party=PartyAccess.Party.OWNER)
    known = request.session.get(ACCESS_KEY, [])
    new = [pk for pk in given.values_list("pk", flat=True) if pk not in known]
    if new:
        request.session[ACCESS_KEY] = [*known, *new][-MAX_OPEN_CASES:]
        forget_actor(request)


def sessions_over(now: datetime) -> int:
    """How many sessions ended longer ago than network logs are kept."""
    return _ended_before(now).count()


def forget_sessions(now: datetime) -> int:
    """Destroy them. Returns how many."""
    return _ended_before(now).delete()[0]


def _ended_before(now: datetime) -> QuerySet[UserSession]:
    """Those never marked as ended count from when they were last seen."""
    before = now - KEPT
    return UserSession.objects.filter(
        Q(ended_at__lt=before) | Q(ended_at__isnull=True, last_seen_at__lt=before)
    )


def close_opened_cases(request: HttpRequest) -> None:
    """Forget every case opened in this session, on a shared computer for instance."""
    for key in (ACCESS_KEY, PSEUDONYM_KEY):
        request.session.pop(key, None)
    forget_actor(request)
