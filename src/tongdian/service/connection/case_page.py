"""What the case page shows: facts, evidence, events, clocks, and exactly what is allowed now."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongdian.service.approval.selectors import files_for
from tongdian.service.casework.errors import CaseworkError, Superseded
from tongdian.service.casework.models import Case, Event, Evidence
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.timeline import CaseView, event_dicts, view_of
from tongdian.service.connection.desk import DESK_ROLES, is_htmx
from tongdian.service.connection.event_words import Words, kind_name
from tongdian.service.connection.next_actions import elsewhere, next_for, offered
from tongdian.service.connection.process import CONNECTION
from tongdian.service.connection.selectors import lost_papers
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import organisation_names, staff_names
from tongdian.service.privacy.actions import record_read_of
from tongdian.service.privacy.selectors import readable_by

SCHEME_SHOWN_APART = "scheme_replied"


@dataclass(frozen=True)
class Said:
    """One event as the page tells it."""

    seq: int
    label: str
    recorded_at: str
    occurred_at: str
    corrected_to: str | None
    who: str
    rows: list[tuple[str, str]]
    hash: str


def case_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    *,
    problem: CaseworkError | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """The page, or the panel alone for htmx. `problem` stands on top of it."""
    template = "connection/case_panel.html" if is_htmx(request) else "connection/case.html"
    context = {**case_context(actor, view_of(case)), "problem": problem, **more}
    if context["personal"]:
        record_read_of(case, actor=actor, what="application")
    if isinstance(problem, Superseded):
        context["happened"] = happened(context["events"], problem)
    return render(request, template, context, status=status)


def happened(events: list[Said], problem: Superseded) -> list[Said]:
    """What others did since the page was read, the latest first."""
    return [event for event in events if event.seq > problem.expected_seq]


def case_context(actor: Actor, view: CaseView) -> dict[str, Any]:
    """The page's context. Personal data only for those who act on cases."""
    case = view.case
    events = list(case.events.order_by("seq"))
    files = list(case.evidence.order_by("id"))
    roles = roles_for_rules(actor)
    opening = next((e for e in events if e.seq == 1), None)
    may_read = bool(frozenset(actor.roles) & DESK_ROLES)
    words = _words(events, files, case)
    return {
        "view": view,
        "case": case,
        "events": list(reversed(_said(events, words))),
        "rules": offered(view.state, roles, actor),
        "main": next_for(view.state, roles, actor),
        "elsewhere": [
            (rule, item, page.replace("{number}", case.number))
            for rule, item, page in elsewhere(view.state, roles, actor)
        ],
        "may_add_evidence": _may(view, roles, "evidence_added"),
        "may_correct": _may(view, roles, "event_time_corrected"),
        "application": _application(opening, events),
        "personal": _readable(opening, actor) if opening and may_read else {},
        "evidence": [(file, _about(file, events)) for file in _open_to(actor, case, files)],
        "scheme": words.rows(view.state.facts.get(SCHEME_SHOWN_APART) or {}),
        "assignee": words.people.get(case.assignee, case.assignee),
        "energised": case.outcome == "energised",
        "actor": actor,
    }


def _application(opening: Event | None, events: list[Event]) -> dict[str, Any]:
    """What was applied for; a paper that was fetched and whose consent is gone says so."""
    if opening is None:
        return {}
    lost = set(lost_papers(events))
    papers = [
        {**paper, "source": "withdrawn"} if paper["kind"] in lost else paper
        for paper in opening.payload.get("documents", ())
    ]
    return {**opening.payload, "documents": papers}


def _readable(opening: Event, actor: Actor) -> dict[str, Any]:
    """Of what the applicant filled in, what the map of personal data gives the reader's office."""
    return readable_by("permits" if actor.has("officer") else "desk", opening)


def _open_to(actor: Actor, case: Case, files: list[Evidence]) -> list[Evidence]:
    """Departments open what came with the permits, nobody's identity papers."""
    if not actor.has("officer"):
        return files
    theirs = files_for(case, actor)
    return [file for file in files if file.digest in theirs]


def may_open(file: Evidence, case: Case, actor: Actor) -> bool:
    """Whether a single file is open to the actor."""
    return bool(_open_to(actor, case, [file]))


def _may(view: CaseView, roles: frozenset[str], kind: str) -> bool:
    rule = CONNECTION.rules[kind]
    return (
        bool(CONNECTION.roles_of(rule, view.state) & roles)
        and CONNECTION.refusal(view.state, kind) is None
    )


def _words(events: list[Event], files: list[Evidence], case: Case) -> Words:
    people = {str(event.payload["assignee"]) for event in events if "assignee" in event.payload}
    people |= {event.actor["pseudonym"] for event in events} | {case.assignee}
    return Words(staff_names(people - {""}), {file.digest: file.name for file in files})


def _said(events: list[Event], words: Words) -> list[Said]:
    units = organisation_names()
    told = []
    for event in event_dicts(CONNECTION, events):
        header = event["actor"]
        who = [
            words.words("role", header["role"]),
            words.people.get(header["pseudonym"], ""),
            units.get(header["organisation"], header["organisation"]),
        ]
        plain = event["seq"] == 1 or event["kind"] == SCHEME_SHOWN_APART
        told.append(
            Said(
                event["seq"],
                kind_name(event["kind"]),
                event["recorded_at"],
                event["occurred_at"],
                event["corrected_to"],
                " ".join(part for part in who if part),
                [] if plain else words.rows(event["payload"]),
                event["hash"],
            )
        )
    return told


def _about(file: Evidence, events: list[Event]) -> str:
    """The action that a file came with."""
    for event in events:
        if event.kind == "evidence_added" and event.payload.get("digest") == file.digest:
            return kind_name(str(event.payload.get("about", "")))
    return ""
