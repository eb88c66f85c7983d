"""Whose case it is, and what may be done about its permits, for the pages of those who file."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.service.approval.route_words import pick
from tongdian.service.casework.errors import CaseNotFound, Forbidden, NotAllowed, Superseded
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.selectors import case_for
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.look.dates import instant_in_full
from tongdian.service.look.errors import conflict


def find(request: HttpRequest, number: str) -> tuple[Actor, Case]:
    """Actor and case, or the same 404 whether it is unknown or somebody else's."""
    actor = actor_of(request)
    try:
        return actor, case_for(actor, number)
    except CaseNotFound:
        raise Http404 from None


def may(actor: Actor, case: Case, kind: str, payload: dict[str, Any] | None = None) -> bool:
    """Whether the actor's roles and the state of the case allow an event of a kind."""
    process, state = definition_of(case.process).process, case.folded
    roles = process.roles_of(process.rules[kind], state)
    return bool(roles & roles_for_rules(actor)) and process.refusal(state, kind, payload) is None


def require(actor: Actor, case: Case, kind: str, payload: dict[str, Any] | None = None) -> None:
    """Raises PermissionDenied for the role, NotAllowed for the state of the case."""
    process, state = definition_of(case.process).process, case.folded
    if not process.roles_of(process.rules[kind], state) & roles_for_rules(actor):
        raise PermissionDenied(_("您不能在这个办件上做这件事。"))
    refusal = process.refusal(state, kind, payload)
    if refusal is not None:
        raise NotAllowed(kind, refusal, state.stage, [])


def case_url(actor: Actor, number: str) -> str:
    """Where the case stands for this reader: the tracking page, or the desk."""
    return reverse("desk-case" if actor.is_staff else "portal:case", args=[number])


def refused(
    request: HttpRequest, actor: Actor, case: Case, error: NotAllowed | Superseded | Forbidden
) -> HttpResponse:
    """The page for what was not possible: what happened since, or why, and what to do instead."""
    if isinstance(error, Forbidden):
        raise PermissionDenied(_("您不能在这个办件上做这件事。"))
    back = case_url(actor, case.number)
    if isinstance(error, Superseded):
        rules = definition_of(case.process).process.rules
        happened = [
            f"{instant_in_full(datetime.fromisoformat(item['recorded_at']))}　"
            f"{pick(rules[item['kind']].zh, rules[item['kind']].en)}"
            for item in error.happened
        ]
        reason = _("您打开页面之后，这个办件有了新的进展。")
        return conflict(request, reason=reason, happened=happened, back=back)
    refusal = error.refusal
    return conflict(
        request,
        reason=pick(refusal.rule_zh, refusal.rule_en),
        clause=refusal.clause,
        remedy=pick(refusal.remedy_zh, refusal.remedy_en),
        back=back,
    )


def seen(request: HttpRequest) -> int | None:
    """The last event that the sender of a form had seen."""
    text = request.POST.get("expected_seq", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
