"""Reads of cases. Everything goes through `visible_to`, for lists and single cases alike."""

from django.db.models import Q, QuerySet

from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor

UTILITY_ROLES = frozenset({"clerk", "engineer", "fieldworker", "lead"})
READ_ALL_ROLES = frozenset({"supervisor", "auditor", "system"})
HEADQUARTERS = "GYPS"


def visible_to(actor: Actor) -> QuerySet[Case]:
    """The cases that `actor` may read.

    Oversight reads all; utility staff read their office (headquarters: all); an officer reads
    what is or was before the departments; a party reads its own. An administrator reads none.
    """
    roles = frozenset(actor.roles)
    if roles & READ_ALL_ROLES:
        return Case.objects.all()
    mine = Q(number__in=sorted(actor.cases))
    if actor.pseudonym:
        mine |= Q(applicant_pseudonym=actor.pseudonym)
    if roles & UTILITY_ROLES:
        if actor.organisation == HEADQUARTERS:
            return Case.objects.all()
        mine |= Q(office=actor.organisation)
    if "officer" in roles:
        mine |= Q(stage="permits") | Q(state__done__has_key="permits_filed")
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
    if roles & UTILITY_ROLES and actor.organisation in (HEADQUARTERS, case.office):
        return True
    return "officer" in roles and "permits_filed" in case.state["done"]


def case_for(actor: Actor, number: str) -> Case:
    """The case, or CaseNotFound with no hint whether it exists."""
    case = visible_to(actor).filter(number=number).first()
    if case is None:
        raise CaseNotFound(number)
    return case
