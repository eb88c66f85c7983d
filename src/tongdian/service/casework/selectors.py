"""Reads of cases. Everything goes through `visible_to`, for lists and single cases alike."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.processes import CONNECTION, definition_of
from tongdian.service.identity.actors import Actor

READ_ALL_ROLES = frozenset({"supervisor", "auditor", "system"})
HEADQUARTERS = "GYPS"
WINDOW = "GY-ZWZX"


def at_headquarters(actor: Actor) -> bool:
    return actor.organisation == HEADQUARTERS


def visible_to(actor: Actor, process: str = CONNECTION) -> QuerySet[Case]:
    """The cases of one process that `actor` may read; KeyError when no app declares it.

    Oversight reads all; utility staff read their office (headquarters: all); an officer reads
    what is or was before the own department (the window: before any); a party reads its own. An
    administrator reads none. Of a process without parties, nobody else reads anything.
    A person with both a desk and an own application uses the query code for the latter.
    """
    definition = definition_of(process)
    cases = Case.objects.filter(process=process)
    roles = frozenset(actor.roles)
    if roles & READ_ALL_ROLES:
        return cases
    if roles & definition.readers and not actor.cases:
        return cases if at_headquarters(actor) else cases.filter(office=actor.organisation)
    if not definition.parties:
        return cases.none()
    if "officer" in roles:
        before = cases.filter(state__has_key="branches")
        if actor.organisation == WINDOW:
            return before
        mine = CaseBranch.objects.filter(case=OuterRef("pk"), organisation=actor.organisation)
        return before.filter(Exists(mine))
    if "administrator" in roles:
        return cases.none()
    own = Q(number__in=sorted(actor.cases))
    if actor.owns(actor.pseudonym):
        own |= Q(applicant_pseudonym=actor.pseudonym)
    return cases.filter(own)


def may_act(actor: Actor, case: Case) -> bool:
    """Whether `actor` may see this case at all, decided on the row without another query."""
    roles = frozenset(actor.roles)
    if roles & READ_ALL_ROLES:
        return True
    definition = definition_of(case.process)
    office = at_headquarters(actor) or actor.organisation == case.office
    if roles & definition.readers and office:
        return True
    if not definition.parties:
        return False
    if case.number in actor.cases or actor.owns(case.applicant_pseudonym):
        return True
    return "officer" in roles and _before_department(actor.organisation, case)


def _before_department(organisation: str, case: Case) -> bool:
    whose = definition_of(case.process).branch_organisation
    branches = case.state.get("branches", {})
    return bool(branches) and (organisation == WINDOW or organisation in map(whose, branches))


def case_for(actor: Actor, number: str, process: str = CONNECTION) -> Case:
    """The case of this process, or CaseNotFound with no hint whether it exists."""
    case = visible_to(actor, process).filter(number=number).first()
    if case is None:
        raise CaseNotFound(number)
    return case
