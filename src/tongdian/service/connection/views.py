"""The desk: inbox, case page, actions, batch assignment. Rules live in `actions`, not here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdian.service.casework.errors import (
    CaseNotFound,
    CaseworkError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.selectors import case_for
from tongdian.service.casework.timeline import CaseView, event_dicts, view_of
from tongdian.service.connection import commands
from tongdian.service.connection.actions import act, add_evidence
from tongdian.service.connection.forms import ActionForm, action_form
from tongdian.service.connection.inbox import (
    InboxFilter,
    inbox,
    inbox_counts,
)
from tongdian.service.connection.labels import TRACKS
from tongdian.service.connection.process import CONNECTION, STAGES
from tongdian.service.identity.actors import STAFF_ROLES, Actor, actor_of
from tongdian.service.identity.selectors import assignable_staff

DESK_ROLES = frozenset({"clerk", "engineer", "fieldworker", "lead", "officer"})
READ_ROLES = DESK_ROLES | {"supervisor", "auditor"}
UNLISTED = frozenset({"evidence_added"})


def desk_actor(request: HttpRequest) -> Actor:
    """The staff member at the desk. Anonymous people are sent to sign in by the second-factor
    middleware; other roles are refused."""
    actor = actor_of(request)
    if not frozenset(actor.roles) & READ_ROLES & STAFF_ROLES:
        raise PermissionDenied
    return actor


@require_GET
def inbox_view(request: HttpRequest) -> HttpResponse:
    """The inbox, most urgent first."""
    actor = desk_actor(request)
    wanted = InboxFilter.from_query(request.GET)
    page = inbox(actor, wanted)
    context = {
        "wanted": wanted,
        "page": page,
        "counts": inbox_counts(actor),
        "stages": [stage for stage in STAGES if not stage.terminal],
        "tracks": TRACKS,
        "can_assign": "lead" in actor.roles,
        "staff": assignable_staff(actor) if "lead" in actor.roles else [],
        "next_query": wanted.query(after=page.next_after) if page.next_after else "",
        "actor": actor,
    }
    template = "connection/inbox_rows.html" if _is_htmx(request) else "connection/inbox.html"
    return render(request, template, context)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def case_view(request: HttpRequest, number: str) -> HttpResponse:
    """The case page: facts, evidence, events, clocks, and exactly the actions allowed now."""
    actor = desk_actor(request)
    case = _case_or_404(actor, number)
    return _case_page(request, actor, case)


def _case_or_404(actor: Actor, number: str) -> Case:
    try:
        return case_for(actor, number)
    except CaseNotFound:
        raise Http404 from None


def _case_page(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    form: ActionForm | None = None,
    *,
    problem: CaseworkError | None = None,
    status: int = 200,
) -> HttpResponse:
    view = view_of(case)
    events = list(case.events.order_by("seq"))
    template = "connection/case_panel.html" if _is_htmx(request) else "connection/case.html"
    context = {
        **case_context(actor, view, events),
        "form": form,
        "problem": problem,
        "language": get_language(),
    }
    return render(request, template, context, status=status)


def case_context(actor: Actor, view: CaseView, events: list[Event]) -> dict[str, Any]:
    """What the case page shows. Personal data only to those who act on the case."""
    rules = CONNECTION.allowed(view.state, roles_for_rules(actor))
    opening = next((e for e in events if e.seq == 1), None)
    may_read = bool(frozenset(actor.roles) & DESK_ROLES)
    personal = (opening.personal or {}) if opening and may_read else {}
    payload = opening.payload if opening else {}
    return {
        "view": view,
        "case": view.case,
        "events": list(reversed(event_dicts(CONNECTION, events))),
        "rules": [rule for rule in rules if rule.kind not in UNLISTED],
        "may_add_evidence": any(rule.kind == "evidence_added" for rule in rules),
        "application": payload,
        "personal": personal,
        "evidence": list(view.case.evidence.order_by("id")),
        "scheme": view.state.facts.get("scheme_replied"),
        "actor": actor,
    }


def action_view(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """GET shows the form of one action and what it will do to the clock; POST does it."""
    actor = desk_actor(request)
    case = _case_or_404(actor, number)
    if kind not in commands.COMMANDS or kind not in CONNECTION.rules:
        raise Http404
    rule = CONNECTION.rules[kind]
    choices = {"assignee": assignable_staff(actor)} if kind == "assigned" else {}
    if request.method != "POST":
        form = action_form(kind, choices=choices)
        return _action_page(request, case, rule, form)
    form = action_form(kind, request.POST, choices=choices)
    try:
        done = act(number, kind, form.data(), actor=actor, expected_seq=_seen(request))
    except InvalidInput as error:
        form.add_errors(error.errors, get_language() or "zh-hans")
        return _action_page(request, case, rule, form, status=422)
    except (NotAllowed, Superseded, Forbidden) as error:
        case.refresh_from_db()
        status = 403 if isinstance(error, Forbidden) else 409
        return _case_page(request, actor, case, problem=error, status=status)
    messages.success(request, _("已记录：%(what)s") % {"what": _(rule.zh)})
    if _is_htmx(request):
        response = _case_page(request, actor, done.case)
        response["HX-Trigger"] = "case-changed"
        return response
    return redirect("desk-case", number=number)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("expected_seq", "")
    return int(seen) if seen.isdigit() and len(seen) < 10 else None


def _action_page(
    request: HttpRequest, case: Case, rule: Any, form: ActionForm, status: int = 200
) -> HttpResponse:
    name = "connection/action_panel.html" if _is_htmx(request) else "connection/action.html"
    seen = _seen(request) if request.method == "POST" else case.seq
    context = {
        "case": case,
        "rule": rule,
        "action": form,
        "expected_seq": seen if seen is not None else case.seq,
        "view": view_of(case),
    }
    return render(request, name, context, status=status)


@require_POST
def evidence_view(request: HttpRequest, number: str) -> HttpResponse:
    """A file for the case: kept by content, mentioned by an event."""
    actor = desk_actor(request)
    case = _case_or_404(actor, number)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise InvalidInput([_no_file()])
        kept = store_evidence(upload, actor=actor)
        command = commands.parse(
            commands.AddEvidence,
            {
                "digest": kept.digest,
                "media_type": kept.media_type,
                "size_bytes": kept.size_bytes,
                "name": kept.name,
            },
        )
        add_evidence(number, command, actor=actor)
    except CaseworkError as error:
        return _case_page(request, actor, case, problem=error, status=422)
    messages.success(request, _("文件已加入案件"))
    return redirect("desk-case", number=number)


def _no_file() -> Any:
    from tongdian.service.casework.errors import FieldError

    return FieldError(
        "file", "没有选择文件", "No file was chosen", "请先选择文件", "Choose a file first"
    )


@require_POST
def assign_view(request: HttpRequest) -> HttpResponse:
    """Batch assignment: each case on its own, so that one refusal does not stop the others."""
    actor = desk_actor(request)
    numbers = request.POST.getlist("number")[:200]
    data = {"assignee": request.POST.get("assignee", "")}
    done, refused = 0, []
    for number in numbers:
        try:
            act(number, "assigned", data, actor=actor)
            done += 1
        except CaseworkError as error:
            refused.append(f"{number}: {error}")
    if done:
        messages.success(request, _("已派工 %(count)s 件") % {"count": done})
    if not numbers:
        messages.warning(request, _("请先勾选案件"))
    for text in refused[:5]:
        messages.error(request, text)
    query = request.POST.get("query", "")
    return redirect(f"{reverse('desk-inbox')}?{query}" if query else reverse("desk-inbox"))


@require_GET
def evidence_file_view(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """A file of the case, as a download, never rendered in our origin."""
    from django.http import FileResponse

    actor = desk_actor(request)
    case = _case_or_404(actor, number)
    kept = case.evidence.filter(digest=digest).first()
    if kept is None:
        raise Http404
    response = FileResponse(
        kept.file.open("rb"),
        as_attachment=True,
        filename=kept.name,
        content_type=kept.media_type,
    )
    response["Content-Security-Policy"] = "sandbox"
    return response
