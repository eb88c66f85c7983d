"""Who sits at the desk, and how its pages answer."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import case_for
from tongdian.service.identity.actors import STAFF_ROLES, Actor, actor_of

DESK_ROLES = frozenset({"clerk", "engineer", "fieldworker", "lead", "officer"})
READ_ROLES = DESK_ROLES | {"supervisor", "auditor"}


def desk_actor(request: HttpRequest) -> Actor:
    """The staff member at the desk. Anonymous people are sent to sign in by the second-factor
    middleware; other roles are refused."""
    actor = actor_of(request)
    if not frozenset(actor.roles) & READ_ROLES & STAFF_ROLES:
        raise PermissionDenied(_("办件台只对办件、审批、督办和审计人员开放。"))
    return actor


def case_or_404(actor: Actor, number: str) -> Case:
    """The case; 404 alike for one that does not exist and one that is not the actor's."""
    try:
        return case_for(actor, number)
    except CaseNotFound:
        raise Http404 from None


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
