"""One action on one case: its form, what it does to the clock, and what comes back when refused."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongdian.law.plan import load_plan
from tongdian.law.process import Rule
from tongdian.service.approval.process import ITEM_NAMES
from tongdian.service.approval.selectors import PAGES, is_for, movable_items, page_of
from tongdian.service.casework.errors import (
    CaseworkError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.casework.models import Case, Evidence
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.timeline import view_of
from tongdian.service.connection import commands
from tongdian.service.connection.actions import add_evidence
from tongdian.service.connection.assignment import colleagues_for
from tongdian.service.connection.case_page import case_context, case_page, happened
from tongdian.service.connection.desk import case_or_404, desk_actor, is_htmx
from tongdian.service.connection.event_words import chinese, kind_name, names
from tongdian.service.connection.evidence_files import (
    act_with_file,
    evidence_command,
    keep,
    takes_file,
)
from tongdian.service.connection.forms import ActionForm, action_form
from tongdian.service.connection.next_actions import BESIDE_THE_FILES
from tongdian.service.connection.prefill import prefilled
from tongdian.service.connection.problems import in_words, no_file, outsider
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

FORMS = frozenset(commands.COMMANDS) - BESIDE_THE_FILES - PAGES.keys() - {"application_submitted"}


@dataclass
class Desk:
    """Who does what to which case, in one request."""

    request: HttpRequest
    actor: Actor
    case: Case
    rule: Rule

    @property
    def kind(self) -> str:
        return self.rule.kind


@require_http_methods(["GET", "HEAD", "POST"])
def action_view(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """GET shows the form of one action and what it will do to the clock; POST does it."""
    actor = desk_actor(request)
    case = case_or_404(actor, number)
    wanted = request.GET.get("item", "")
    if kind in PAGES and (
        page := page_of(CONNECTION.rules[kind], case.number, case.folded, actor, wanted)
    ):
        return redirect(page)
    if kind not in FORMS:
        raise Http404
    desk = Desk(request, actor, case, CONNECTION.rules[kind])
    return _post(desk) if request.method == "POST" else _get(desk)


def _get(desk: Desk) -> HttpResponse:
    refused = _refusal(desk)
    if refused is not None:
        return _refused(desk, refused)
    return _form_page(desk, _form(desk))


def _post(desk: Desk) -> HttpResponse:
    form = _form(desk)
    if "more_rows" in desk.request.POST:
        return _form_page(desk, form)
    kept: Evidence | None = None
    try:
        kept = _kept(desk)
        _known_assignee(desk, form)
        done = act_with_file(
            desk.case.number,
            desk.kind,
            form.data(),
            actor=desk.actor,
            kept=kept,
            expected_seq=_seen(desk.request),
        )
    except InvalidInput as error:
        form.add_errors(error.errors)
        moved_on = _moved_on(desk)
        if moved_on is not None:
            return _refused(desk, moved_on, form, kept)
        return _form_page(desk, form, kept=kept, status=422)
    except (NotAllowed, Superseded, Forbidden) as error:
        desk.case.refresh_from_db()
        return _refused(desk, error, form, kept)
    return _done(desk, done.case)


def _moved_on(desk: Desk) -> Superseded | None:
    """Nobody mends a form only to hear then that somebody else acted first."""
    seen = _seen(desk.request)
    return Superseded(seen, []) if seen is not None and seen != desk.case.seq else None


def _done(desk: Desk, case: Case) -> HttpResponse:
    text = _("已记录：%(what)s") % {"what": names(desk.rule)}
    if is_htmx(desk.request):
        response = case_page(desk.request, desk.actor, case, done=text)
        response["HX-Trigger"] = "case-changed"
        return response
    messages.success(desk.request, text)
    return redirect("desk-case", number=case.number)


def _refused(
    desk: Desk,
    error: CaseworkError,
    form: ActionForm | None = None,
    kept: Evidence | None = None,
) -> HttpResponse:
    """Somebody acted first, or it is not allowed. Where it is still possible the form stays, with
    what was typed; otherwise the case as it is now, with what is allowed."""
    status = 403 if isinstance(error, Forbidden) else 409
    if isinstance(error, Superseded) and form is not None and _refusal(desk) is None:
        return _form_page(desk, form, kept=kept, problem=error, status=status)
    typed = form.typed() if form is not None else []
    return case_page(desk.request, desk.actor, desk.case, problem=error, status=status, typed=typed)


def _refusal(desk: Desk) -> CaseworkError | None:
    """Why the form is not even shown: the role, or the state of the case."""
    state, roles = desk.case.folded, roles_for_rules(desk.actor)
    allowed = [rule.kind for rule in CONNECTION.allowed(state, roles)]
    needed = CONNECTION.roles_of(desk.rule, state)
    if not needed & roles or not desk.rule.manual or not is_for(desk.rule, state, desk.actor):
        return Forbidden(desk.kind, sorted(needed), allowed)
    refusal = CONNECTION.refusal(state, desk.kind)
    return NotAllowed(desk.kind, refusal, state.stage, allowed) if refusal else None


def _form(desk: Desk) -> ActionForm:
    request = desk.request
    return action_form(
        desk.kind,
        request.POST if request.method == "POST" else None,
        choices=_choices(desk),
        initial=None if request.method == "POST" else _initial(desk),
        with_file=takes_file(desk.kind),
    )


def _initial(desk: Desk) -> dict[str, Any]:
    opening = desk.case.events.filter(seq=1).values_list("payload", flat=True).first() or {}
    values = prefilled(desk.kind, desk.case, opening)
    if desk.rule.branch == "item":
        movable = movable_items(desk.rule, desk.case.folded, desk.actor)
        asked = desk.request.GET.get("item", "")
        if asked in movable or len(movable) == 1:
            values["item"] = asked if asked in movable else movable[0]
    if desk.kind == "event_time_corrected":
        values["seq"] = desk.request.GET.get("seq", "")
    return values


def _choices(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    if desk.kind == "assigned":
        found = colleagues_for(desk.actor, desk.case)
        return {"assignee": [(c.pseudonym, c.label) for c in found]}
    if desk.kind == "event_time_corrected":
        events = desk.case.events.order_by("seq").values_list("seq", "kind")
        return {"seq": [(str(seq), f"#{seq} {kind_name(kind)}") for seq, kind in events]}
    if desk.kind == "clock_paused":
        return {"ground": _grounds(desk)}
    if desk.kind == "item_special_started":
        return {"ground": _grounds(desk), **_items(desk)}
    return _items(desk)


def _items(desk: Desk) -> dict[str, list[tuple[str, str]]]:
    """Of the items that stand where this can happen, those that the actor may move."""
    if desk.rule.branch != "item":
        return {}
    movable = movable_items(desk.rule, desk.case.folded, desk.actor)
    zh = chinese()
    return {"item": [(name, ITEM_NAMES[name][0 if zh else 1]) for name in movable]}


def _grounds(desk: Desk) -> list[tuple[str, str]]:
    """Only the grounds that stop the clock of whoever holds the case."""
    lane = CONNECTION.stages[desk.case.stage].lane
    grounds = load_plan(desk.case.plan).pause_grounds
    return [(g.id, f"{names(g)}（{g.clause}）") for g in grounds if lane is None or lane in g.lanes]


def _known_assignee(desk: Desk, form: ActionForm) -> None:
    """A case is given to nobody who may not see it."""
    if desk.kind == "assigned" and form.data().get("assignee"):
        known = {value for value, _name in _choices(desk)["assignee"]}
        if form.data()["assignee"] not in known:
            raise outsider()


def _kept(desk: Desk) -> Evidence | None:
    if not takes_file(desk.kind):
        return None
    upload = desk.request.FILES.get(f"{desk.kind}-file")
    assert upload is None or isinstance(upload, UploadedFile)
    return keep(upload, desk.request.POST.get("kept", ""), desk.actor)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("expected_seq", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


def _form_page(
    desk: Desk,
    form: ActionForm,
    *,
    kept: Evidence | None = None,
    problem: Superseded | None = None,
    status: int = 200,
) -> HttpResponse:
    name = "action_panel.html" if is_htmx(desk.request) else "action.html"
    bad = status == 422 or "more_rows" in desk.request.POST
    seen = _seen(desk.request) if bad else None
    context: dict[str, Any] = {
        "case": desk.case,
        "rule": desk.rule,
        "action": form,
        "expected_seq": seen if seen is not None else desk.case.seq,
        "view": view_of(desk.case),
        "actor": desk.actor,
        "kept": kept,
        "problem": problem,
    }
    if problem is not None:
        events = case_context(desk.actor, context["view"])["events"]
        context["happened"] = happened(events, problem)
    return render(desk.request, f"connection/{name}", context, status=status)


@require_POST
def evidence_view(request: HttpRequest, number: str) -> HttpResponse:
    """A file for the case: kept by content, mentioned by an event."""
    actor = desk_actor(request)
    case = case_or_404(actor, number)
    try:
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise no_file()
        kept = keep(upload, "", actor)
        assert kept is not None
        done = add_evidence(number, evidence_command(kept), actor=actor)
    except InvalidInput as error:
        errors = [in_words(each) for each in error.errors]
        return case_page(request, actor, case, upload_errors=errors, status=422)
    except (NotAllowed, Superseded, Forbidden) as error:
        status = 403 if isinstance(error, Forbidden) else 409
        return case_page(request, actor, case, problem=error, status=status)
    text = _("文件已加入案件")
    if is_htmx(request):
        response = case_page(request, actor, done.case, done=text)
        response["HX-Trigger"] = "case-changed"
        return response
    messages.success(request, text)
    return redirect("desk-case", number=number)
