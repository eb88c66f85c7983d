"""Access to one case without an account: number and query code (查询码).

Every answer to a wrong number, a wrong code and a revoked code is the same, is found with the same
statements, and counts against the number and the address alike, so that nothing tells whether a
case exists.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from tongdian.service.database import prepared_cursor
from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor, Role
from tongdian.service.identity.address import client_address
from tongdian.service.identity.codes import (
    is_query_code,
    keyed_digest,
    keyed_digests,
    new_query_code,
    normalise_code,
)
from tongdian.service.identity.errors import (
    AccessRefused,
    InvalidRequest,
    NotPermitted,
    StaffSession,
    TooManyAttempts,
)
from tongdian.service.identity.models import AccessAttempt, PartyAccess
from tongdian.service.identity.sessions import grants_of_request, remember_access

PURPOSE = "query-code"
CASE_NUMBER_LENGTH = 32
ATTEMPTS_KEPT = timedelta(days=1)
ISSUE = (
    "INSERT INTO identity_partyaccess (case_number, party, digest, issued_by, created_at)"
    " VALUES (%s, %s, %s, %s, %s)"
)


def window() -> timedelta:
    """How long failures are counted, and how long a lock lasts from the last one it took."""
    return timedelta(seconds=getattr(settings, "ACCESS_LOCK_SECONDS", 15 * 60))


def failures_per_case() -> int:
    return int(getattr(settings, "ACCESS_FAILURES_PER_CASE", 8))


def failures_per_address() -> int:
    return int(getattr(settings, "ACCESS_FAILURES_PER_ADDRESS", 20))


def issue_party_access(
    case_number: str, party: str, *, actor: Actor, at: datetime | None = None
) -> str:
    """Give `party` of a new case its query code, and return the code: it is never shown again.

    One statement; the case must have no valid code of that party (IntegrityError).
    """
    code = new_query_code()
    values = [case_number, PartyAccess.Party(party).value, _digest(case_number, code)]
    with prepared_cursor() as cursor:
        cursor.execute(ISSUE, [*values, actor.pseudonym[:32], at or timezone.now()])
    return code


def rotate_party_access(
    case_number: str, party: str, *, actor: Actor, at: datetime | None = None
) -> str:
    """Replace a query code; the old one and the sessions it opened end. Returns the new code.

    A party may do so for itself; a clerk or lead for somebody who proved who they are.
    Raises NotPermitted, and InvalidRequest when the case has no code of that party.
    """
    _require_party_or_desk(case_number, party, actor)
    now = at or timezone.now()
    with transaction.atomic():
        _revoke(case_number, party, now)
        code = issue_party_access(case_number, party, actor=actor, at=now)
        audit.record("access_rotated", actor=actor, subject=case_number, at=now, party=party)
    return code


def revoke_party_access(
    case_number: str, party: str, *, actor: Actor, at: datetime | None = None
) -> None:
    """End a query code for good, for instance of a contractor who left. Same rights and errors as
    `rotate_party_access`; the applicant may end every other party's code too."""
    if not actor.is_party(case_number, PartyAccess.Party.APPLICANT):
        _require_party_or_desk(case_number, party, actor)
    now = at or timezone.now()
    with transaction.atomic():
        _revoke(case_number, party, now)
        audit.record("access_revoked", actor=actor, subject=case_number, at=now, party=party)


def _require_party_or_desk(case_number: str, party: str, actor: Actor) -> None:
    if actor.is_party(case_number, party) or actor.has(Role.CLERK, Role.LEAD, Role.SYSTEM):
        return
    raise NotPermitted(
        "只有当事人本人或窗口受理人员可以更换、作废查询码。",
        "Only the party itself or a clerk may replace or end a query code.",
        "请携带身份证件到营业厅办理，或拨打 95598。",
        "Go to a service hall with an identity document, or call 95598.",
    )


def _revoke(case_number: str, party: str, now: datetime) -> None:
    valid = PartyAccess.objects.filter(
        case_number=case_number, party=party, revoked_at__isnull=True
    )
    if not valid.update(revoked_at=now):
        raise InvalidRequest(
            "该办件没有这一方的有效查询码。", "The case has no valid query code of that party."
        )


def open_case_with_code(
    request: HttpRequest, number: str, code: str, *, at: datetime | None = None
) -> str:
    """Let this session act on a case, and return the case's number as it is written.

    Do not call it inside a transaction: failures are counted even though it raises.
    Raises AccessRefused, TooManyAttempts (a subclass) or StaffSession (a subclass).
    A code with a misspelt check character is refused without being counted.
    """
    if request.user.is_authenticated and grants_of_request(request).roles:
        raise StaffSession
    now = at or timezone.now()
    case_number = normalise_code(number)[:CASE_NUMBER_LENGTH]
    if not is_query_code(code):
        raise AccessRefused
    case, address = _subjects(request, case_number)
    for subject, limit in ((case, failures_per_case()), (address, failures_per_address())):
        if subject and _count(subject, limit, now) > limit:
            _record_lock(case_number, subject, limit, request)
            raise TooManyAttempts(int(window().total_seconds() // 60))
    access = PartyAccess.objects.filter(
        digest__in=keyed_digests(PURPOSE, case_number, normalise_code(code)),
        revoked_at__isnull=True,
    ).first()
    if access is None:
        raise AccessRefused
    AccessAttempt.objects.filter(subject=case).delete()
    AccessAttempt.objects.filter(subject=address, failures__gt=0).update(failures=F("failures") - 1)
    remember_access(request, access)
    return access.case_number


def _digest(case_number: str, code: str) -> str:
    return keyed_digest(PURPOSE, normalise_code(case_number), normalise_code(code))


def _subjects(request: HttpRequest, case_number: str) -> tuple[str, str]:
    """What failures are counted against, as keyed digests: neither numbers nor addresses stay."""
    address = client_address(request)
    return (
        keyed_digest("attempt-case", case_number),
        keyed_digest("attempt-address", address) if address else "",
    )


COUNT_ATTEMPT = """
INSERT INTO identity_accessattempt AS known (subject, failures, window_started_at)
VALUES (%(subject)s, 1, %(now)s)
ON CONFLICT (subject) DO UPDATE SET
    failures = CASE WHEN known.window_started_at <= %(expired)s THEN 1
                    ELSE known.failures + 1 END,
    window_started_at = CASE WHEN known.window_started_at <= %(expired)s
                               OR known.failures + 1 = %(limit)s THEN %(now)s
                             ELSE known.window_started_at END
RETURNING failures
"""


def _count(subject: str, limit: int, now: datetime) -> int:
    """Count an attempt before it is judged, in one statement, so that a race gains nothing.
    The attempt that reaches the limit starts the window of the lock."""
    values: dict[str, Any] = {
        "subject": subject,
        "limit": limit,
        "now": now,
        "expired": now - window(),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ATTEMPT, values)
        failures = int(cursor.fetchone()[0])
    if subject.startswith("00"):  # one subject in 256 tidies up for all
        AccessAttempt.objects.filter(window_started_at__lt=now - 2 * window()).delete()
    return failures


def attempts_over(now: datetime) -> int:
    """How many counts of wrong codes serve no more."""
    return AccessAttempt.objects.filter(window_started_at__lt=now - ATTEMPTS_KEPT).count()


def forget_attempts(now: datetime) -> int:
    """Destroy them. Returns how many."""
    return AccessAttempt.objects.filter(window_started_at__lt=now - ATTEMPTS_KEPT).delete()[0]


def _record_lock(case_number: str, subject: str, limit: int, request: HttpRequest) -> None:
    """One audit entry for each lock: by the first attempt that it refuses."""
    row = AccessAttempt.objects.filter(subject=subject).first()
    if row is not None and row.failures == limit + 1:
        anonymous = Actor(roles=frozenset({Role.APPLICANT.value}), organisation="", pseudonym="")
        audit.record(
            "access_locked",
            actor=anonymous,
            subject=case_number,
            address=client_address(request),
        )
