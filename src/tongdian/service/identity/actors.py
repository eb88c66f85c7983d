"""Who acts: roles, the actor that every action takes, and the actor of a request.

Importing this module touches no table; `actor_of` reads the database when it is called.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


class Role(StrEnum):
    """In what capacity somebody acts."""

    APPLICANT = "applicant"
    CLERK = "clerk"
    ENGINEER = "engineer"
    FIELDWORKER = "fieldworker"
    LEAD = "lead"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"
    INTEGRATOR = "integrator"


CASE_ROLES: frozenset[str] = frozenset(
    {Role.APPLICANT, Role.CLERK, Role.ENGINEER, Role.FIELDWORKER, Role.LEAD, Role.OFFICER}
)
OVERSIGHT_ROLES: frozenset[str] = frozenset({Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR})
MACHINE_ROLES: frozenset[str] = frozenset({Role.SYSTEM, Role.INTEGRATOR})
STAFF_ROLES: frozenset[str] = (CASE_ROLES | OVERSIGHT_ROLES) - {Role.APPLICANT}

# The first of these that an actor has is the one it is named by.
PRECEDENCE = (
    Role.LEAD,
    Role.ENGINEER,
    Role.CLERK,
    Role.FIELDWORKER,
    Role.OFFICER,
    Role.SUPERVISOR,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
    Role.INTEGRATOR,
    Role.SYSTEM,
    Role.APPLICANT,
)


def duty_of(role: str) -> str:
    """The group of roles that one person may combine: handling cases, watching, administering."""
    if role in CASE_ROLES:
        return "case"
    return "administration" if role == Role.ADMINISTRATOR else "oversight"


def may_combine(roles: Iterable[str]) -> bool:
    """Whether one person may hold all of `roles`: never duties of two kinds."""
    return len({duty_of(role) for role in roles}) <= 1


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does or reads something.

    `organisation` is a code, empty for a private person; `pseudonym` is random, stable and the only
    trace of a person in an event, empty for an anonymous reader. `cases` are the numbers that a
    party may act on as applicant, `parties` says as which party; `principals` are the pseudonyms of
    those who delegated to this person; `scopes` limit an integrator. The pseudonym of an anonymous
    session (`by_session`) opens nothing by itself: its cases are those of valid query codes.
    """

    roles: frozenset[str]
    organisation: str
    pseudonym: str
    user_id: int | None = None
    district: str | None = None
    cases: frozenset[str] = frozenset()
    parties: frozenset[tuple[str, str]] = frozenset()
    principals: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    by_session: bool = False

    @property
    def role(self) -> str:
        """The single role, or the primary one of several."""
        for role in PRECEDENCE:
            if role in self.roles:
                return str(role)
        return next(iter(sorted(self.roles)), "")

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    def has(self, *roles: str) -> bool:
        """Whether the actor has one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def owns(self, pseudonym: str) -> bool:
        """Whether `pseudonym` is that of this person's account or program."""
        return bool(self.pseudonym) and not self.by_session and pseudonym == self.pseudonym

    def is_party(self, number: str, party: str) -> bool:
        """Whether the actor was let into case `number` as `party`."""
        return (number, party) in self.parties

    def to_header(self, role: str) -> dict[str, str]:
        """The actor as an event records it."""
        return {
            "role": str(role),
            "organisation": self.organisation,
            "pseudonym": self.pseudonym,
        }


SYSTEM = Actor(roles=frozenset({Role.SYSTEM.value}), organisation="", pseudonym="system")


def actor_of(request: "HttpRequest") -> Actor:
    """The user with the roles of the session, or an anonymous applicant with its case grants.

    Staff roles count only in a session that passed the second factor. An anonymous person gets a
    pseudonym with the first write (a request that is not GET or HEAD) and keeps it for the session.
    """
    from tongdian.service.identity.sessions import request_actor

    return request_actor(request)
