"""Reads of cases. Everything goes through `visible_to`, for lists and single cases alike."""

from django.db.models import Q, QuerySet

from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor

UTILITY_ROLES = frozenset({"clerk", "engineer", "fieldworker", "lead"})
READ_ALL_ROLES = frozenset({"supervisor", "auditor", "system"})
HEADQUARTERS = "GYPS"


def at_headquarters(actor: Actor) -> bool:
    return actor.organisation == HEADQUARTERS


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may read.

    Oversight reads all; utility staff read their office (headquarters: all); an officer reads
    what is or was before the departments; a party reads its own. An administrator reads none.
    A person with both a desk and an own application uses the query code for the latter.
    """
    roles = frozenset(actor.roles)
    if roles & READ_ALL_ROLES:
        return Case.objects.all()
    if roles & UTILITY_ROLES and not actor.cases:
        offices = Case.objects.all()
        return offices if at_headquarters(actor) else offices.filter(office=actor.organisation)
    if "officer" in roles:
        return Case.objects.filter(state__done__has_key="permits_filed")
    if "administrator" in roles:
        return Case.objects.none()
    mine = Q(number__in=sorted(actor.cases))
    if actor.pseudonym:
        mine |= Q(applicant_pseudonym=actor.pseudonym)
    return Case.objects.filter(mine)


def may_act(actor: Actor, case: Case) -> bool:
    """Whether `actor` may see this case at all, decided on the row without another query."""
    roles = frozenset(actor.roles)
    if roles & READ_ALL_ROLES:
        return True
    if case.number in actor.cases or (
        actor.pseudonym and case.applicant_pseudonym == actor.pseudonym
    ):
        return True
    if roles & UTILITY_ROLES and (at_headquarters(actor) or actor.organisation == case.office):
        return True
    return "officer" in roles and "permits_filed" in case.state["done"]


def case_for(actor: Actor, number: str) -> Case:
    """The case, or CaseNotFound with no hint whether it exists."""
    case = visible_to(actor).filter(number=number).first()
    if case is None:
        raise CaseNotFound(number)
    return case
