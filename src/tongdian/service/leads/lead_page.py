"""What the page of one lead shows."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.selectors import visible_to
from tongdian.service.casework.timeline import CaseView, view_of
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import staff_names
from tongdian.service.leads import pictures
from tongdian.service.leads.definition import READERS
from tongdian.service.leads.event_words import names, rows_of, told, words_of
from tongdian.service.leads.forms import FORMS
from tongdian.service.leads.models import Lead
from tongdian.service.leads.process import LEAD_PROCESS, is_withdrawn, tied_to
from tongdian.service.leads.reading import permit_of
from tongdian.service.leads.suggestions import open_suggestions
from tongdian.service.privacy.actions import record_read_of

NOT_A_BUTTON = frozenset({"match_dismissed"})
MAIN = ("preparation_started", "preparation_completed", "matched")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application that may belong to the lead; `case` is None for one the reader may not see."""

    number: str
    ground: str
    distance_m: int | None
    case: Case | None


def chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


def context_of(actor: Actor, lead: Lead) -> dict[str, Any]:
    """The page's context. Names, telephone and place only for those who prepare; each look at them
    is on record."""
    view = view_of(lead.case)
    permit = permit_of(lead.case)
    may_read = bool(frozenset(actor.roles) & READERS)
    personal = permit.personal if may_read else {}
    if personal:
        record_read_of(lead.case, actor=actor, what="permit")
    rules = offered(view, actor)
    tied = tied_to(view.state)
    return {
        "actor": actor,
        "lead": lead,
        "case": lead.case,
        "view": view,
        "permit": permit.payload,
        "permit_rows": list(rows_of(permit.payload)),
        "use": words_of("use", lead.use, {}),
        "personal": personal,
        "withdrawn": is_withdrawn(view.state),
        "prepared": list(rows_of(view.state.facts.get("preparation_completed", {}))),
        "rules": rules,
        "main": next((rule for kind in MAIN for rule in rules if rule.kind == kind), None),
        "tied": _visible(actor, tied),
        "tied_number": tied,
        "tie": view.state.facts.get("matched", {}) if tied else {},
        "candidates": candidates(actor, lead.case),
        "may_decide": actor.has(*LEAD_PROCESS.rules["match_dismissed"].roles),
        "events": told(list(lead.case.events.order_by("seq"))),
        "assignee": staff_names({lead.case.assignee} - {""}).get(lead.case.assignee, ""),
        "place": _place(lead) if may_read else "",
    }


def offered(view: CaseView, actor: Actor) -> list[Any]:
    """The actions that this person may take now."""
    rules = LEAD_PROCESS.allowed(view.state, roles_for_rules(actor))
    return [rule for rule in rules if rule.kind in FORMS and rule.kind not in NOT_A_BUTTON]


def candidates(actor: Actor, case: Case) -> list[Candidate]:
    """Applications that wait for a decision, with what the reader may see of them."""
    found = open_suggestions(case)
    cases = {
        one.number: one
        for one in visible_to(actor).filter(number__in=[each.connection for each in found])
    }
    return [
        Candidate(each.connection, each.ground, each.distance_m, cases.get(each.connection))
        for each in found
    ]


def _visible(actor: Actor, number: str) -> Case | None:
    return visible_to(actor).filter(number=number).first() if number else None


def _place(lead: Lead) -> Any:
    if lead.lon is None or lead.lat is None:
        return ""
    return pictures.place_picture(float(lead.lon), float(lead.lat), lead.case.district)


__all__ = ["Candidate", "candidates", "chinese", "context_of", "names", "offered"]
