"""The read log: every look at personal data, one row for a page, a file or a fetch."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.database import prepared_cursor
from tongdian.service.identity.actors import Actor

# Whoever opens the same thing again within this time has not read it anew.
SAME_READ = timedelta(minutes=10)


class Purpose(StrEnum):
    """Why somebody read."""

    HANDLING = "handling"
    REGISTRY = "registry"
    OVERSIGHT = "oversight"
    INTEGRATION = "integration"
    OWN = "own"
    ERASURE = "erasure"


# The statement decides and writes at once; two tabs opened at the same instant may both be kept.
RECORD = """
INSERT INTO privacy_readrecord
    (at, subject, case_number, role, organisation, pseudonym, purpose, what)
SELECT %s::timestamptz, %s, %s::varchar, %s::varchar, %s, %s::varchar, %s::varchar, %s::varchar[]
WHERE NOT EXISTS (
    SELECT 1 FROM privacy_readrecord
    WHERE case_number = %s AND subject = %s AND at > %s
      AND pseudonym = %s AND role = %s AND purpose = %s
      AND what @> %s::varchar[] AND pseudonym <> ''
)
"""


def purpose_of(actor: Actor) -> Purpose:
    """Why an actor of this role reads a case, where nothing more particular is known."""
    if actor.has("supervisor", "auditor"):
        return Purpose.OVERSIGHT
    if actor.has("integrator"):
        return Purpose.INTEGRATION
    if actor.has("administrator"):
        return Purpose.ERASURE
    return Purpose.HANDLING if actor.is_staff or actor.has("system") else Purpose.OWN


def record_read_of(case: Case, *, actor: Actor, what: str | Sequence[str]) -> None:
    """`record_read` of a case at hand, for the reason that the actor's role gives."""
    record_read(
        subject=case.applicant_pseudonym,
        case_number=case.number,
        actor=actor,
        purpose=purpose_of(actor),
        what=what,
    )


def record_read(
    *,
    subject: str,
    case_number: str,
    actor: Actor,
    purpose: str,
    what: str | Sequence[str],
    at: datetime | None = None,
) -> None:
    """Note that `actor` read personal data. Call it before the data is shown: when it cannot be
    noted, it is not shown.

    `subject` is the pseudonym of the person whose data it is (`Case.applicant_pseudonym`), empty
    when unknown; `case_number` the case it belongs to, empty when none. `purpose` is a `Purpose`;
    `what` codes of what was read, see `words.WHAT` ("application", "evidence",
    "registry:identity"). The same reader of the same things of the same case within ten minutes
    is one row.

    One statement, in the transaction at hand. Raises ValueError for an unknown purpose or nothing
    read.
    """
    codes = [what] if isinstance(what, str) else sorted(what)
    if not codes or not all(codes):
        raise ValueError("what was read has to be named")
    why = Purpose(purpose).value
    now = at or clock.now()
    with prepared_cursor() as cursor:
        cursor.execute(
            RECORD,
            [
                *(now, subject, case_number, actor.role, actor.organisation, actor.pseudonym),
                *(why, codes),
                *(case_number, subject, now - SAME_READ),
                *(actor.pseudonym, actor.role, why, codes),
            ],
        )
