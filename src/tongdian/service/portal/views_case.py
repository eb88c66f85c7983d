"""A case as its applicant sees it, like a parcel: what to do, who holds it, until when, and why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongdian.law.process import Rule
from tongdian.service.approval.selectors import PAGES, page_of
from tongdian.service.casework.errors import (
    CaseNotFound,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.selectors import case_for
from tongdian.service.casework.timeline import CaseView, view_of
from tongdian.service.connection.actions import act
from tongdian.service.connection.selectors import lost_papers, paper_names
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.look.dates import instant_in_full
from tongdian.service.look.errors import conflict
from tongdian.service.portal import progress
from tongdian.service.portal.answers import filed_rows
from tongdian.service.portal.case_forms import FORMS, CaseForm, unrated_steps
from tongdian.service.portal.places import district_name
from tongdian.service.portal.receipt_pdf import case_qr
from tongdian.service.portal.scheme import scheme_rows
from tongdian.service.portal.selectors import office_names
from tongdian.service.portal.words import HAPPENED, event_lines, pick, track_name
from tongdian.service.privacy.actions import record_read_of

MINOR = ("step_rated", "evidence_added", "consent_withdrawn", "withdrawn")
BUTTONS = {
    "owner_confirmed": gettext_lazy("确认申请"),
    "deficiency_answered": gettext_lazy("提交补正"),
    "scheme_accepted": gettext_lazy("同意供电方案"),
    "scheme_disputed": gettext_lazy("提交异议"),
    "completion_reported": gettext_lazy("报告完工"),
    "step_rated": gettext_lazy("提交评价"),
    "withdrawn": gettext_lazy("撤回申请"),
    "consent_withdrawn": gettext_lazy("撤回授权并删除"),
    "evidence_added": gettext_lazy("上传材料"),
}


def find(request: HttpRequest, number: str) -> tuple[Actor, Case]:
    """The case, or the same 404 whether it is unknown or somebody else's."""
    actor = actor_of(request)
    try:
        return actor, case_for(actor, number)
    except CaseNotFound:
        raise Http404 from None


def rules_for(actor: Actor, case: Case, view: CaseView) -> list[Rule]:
    """What this person may do now, of what an applicant does; the owner alone confirms."""
    process = definition_of(case.process).process
    roles = roles_for_rules(actor) & {"applicant"}
    known = FORMS.keys() | PAGES.keys()
    found = [rule for rule in process.allowed(view.state, roles) if rule.kind in known]
    if not actor.is_party(case.number, "owner"):
        found = [rule for rule in found if rule.kind != "owner_confirmed"]
    done = view.state.done
    if done.get("consent_given", 0) <= done.get("consent_withdrawn", 0):
        found = [rule for rule in found if rule.kind != "consent_withdrawn"]
    return found


@never_cache
@require_GET
def case_view(request: HttpRequest, number: str) -> HttpResponse:
    """The tracking page."""
    actor, case = find(request, number)
    view = view_of(case)
    events = list(case.events.order_by("seq"))
    rules = rules_for(actor, case, view)
    return render(request, "portal/case.html", _context(actor, view, events, rules))


def _context(
    actor: Actor, view: CaseView, events: Sequence[Event], rules: Sequence[Rule]
) -> dict[str, Any]:
    case, state = view.case, view.state
    offices = office_names([case.office, *(str(e.actor.get("organisation", "")) for e in events)])
    lost = [] if state.outcome else lost_papers(events)
    now = progress.now_card(view, rules, offices, lost)
    return {
        "case": case,
        "view": view,
        "now": now,
        "lost": [pick(*paper_names(code)) for code in lost],
        "actions": [rule for rule in rules if rule.kind in MINOR],
        "holder": progress.holder(view, offices),
        "stage": progress.stage_name(view),
        "next": progress.what_next(view),
        "due": progress.due_line(view),
        "paused": bool(state.pause_ground),
        "totals": progress.totals(view),
        "lines": event_lines(events, offices),
        "track": track_name(case.track),
        "district": district_name(case.district),
        "scheme": scheme_rows(state.facts.get("scheme_replied")),
        "unrated": unrated_steps(state),
        "evidence": list(case.evidence.order_by("id")),
        "last_seq": state.seq,
        "qr": case_qr(case.number),
        "energised": state.outcome == "energised",
        "actor": actor,
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def action_view(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """GET shows one action and what it does to the clock; POST does it."""
    actor, case = find(request, number)
    view = view_of(case)
    if kind in PAGES and (
        page := page_of(view.process.rules[kind], case.number, view.state, actor)
    ):
        return redirect(page)
    form_class = FORMS.get(kind)
    if form_class is None:
        raise Http404
    if request.method != "POST":
        if kind not in {rule.kind for rule in rules_for(actor, case, view)}:
            return _refuse_early(request, actor, case, view, kind)
        about = request.GET.get("about", "")
        form = form_class(state=view.state, initial={"about": about[:80]} if about else None)
        return _action_page(request, view, kind, form, seen=case.seq)
    return _act(request, actor, view, kind, form_class)


def _act(
    request: HttpRequest, actor: Actor, view: CaseView, kind: str, form_class: type[CaseForm]
) -> HttpResponse:
    case = view.case
    seen = _seen(request)
    refusal = view.process.refusal(view.state, kind)
    if refusal is not None:
        return _refuse_early(request, actor, case, view, kind, seen)
    form = form_class(request.POST, request.FILES, state=view.state)
    if form.is_valid():
        try:
            with transaction.atomic():
                data = form.data_for(actor, case)
                act(case.number, kind, data, actor=actor, expected_seq=seen)
        except InvalidInput as error:
            form.add_words(error.errors)
        except CaseNotFound:
            raise Http404 from None
        except Forbidden as error:
            return _forbidden(error)
        except (NotAllowed, Superseded) as error:
            case.refresh_from_db()
            return _conflict(request, actor, case, error)
        else:
            messages.success(request, _("已记录：%(what)s") % {"what": HAPPENED[kind]})
            return redirect("portal:case", number=case.number)
    return _action_page(request, view, kind, form, seen=seen, status=422)


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("expected_seq", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else None


def _action_page(
    request: HttpRequest,
    view: CaseView,
    kind: str,
    form: CaseForm,
    *,
    seen: int | None,
    status: int = 200,
) -> HttpResponse:
    case, rule = view.case, view.process.rules[kind]
    context = {
        "case": case,
        "view": view,
        "form": form,
        "kind": kind,
        "title": pick(rule.zh, rule.en),
        "button": BUTTONS[kind],
        "clock": pick(rule.clock_zh, rule.clock_en),
        "expected_seq": "" if seen is None else seen,
        "scheme": scheme_rows(view.state.facts.get("scheme_replied")),
        "opening": _opening(case, actor_of(request)) if kind == "owner_confirmed" else [],
        "track": track_name(case.track),
    }
    names = [f"portal/action_{kind}.html", "portal/action.html"]
    return render(request, names, context, status=status)


def _opening(case: Case, actor: Actor) -> list[dict[str, str]]:
    """What the owner is asked to confirm, in full."""
    event = case.events.get(seq=1)
    record_read_of(case, actor=actor, what="application")
    return filed_rows(event.payload, event.personal or {})


def _refuse_early(
    request: HttpRequest,
    actor: Actor,
    case: Case,
    view: CaseView,
    kind: str,
    seen: int | None = None,
) -> HttpResponse:
    """The page of an action that is not possible now; a stale page learns what happened since."""
    refusal = view.process.refusal(view.state, kind)
    if refusal is None:
        return _forbidden(Forbidden(kind, ["owner"]))
    if seen is not None and seen < case.seq:
        since = case.events.filter(seq__gt=seen).order_by("seq")
        happened = [{"kind": e.kind, "recorded_at": e.recorded_at.isoformat()} for e in since]
        return _conflict(request, actor, case, Superseded(seen, happened))
    rules = rules_for(actor, case, view)
    error = NotAllowed(kind, refusal, view.state.stage, [rule.kind for rule in rules])
    return _conflict(request, actor, case, error)


def _forbidden(error: Forbidden) -> HttpResponse:
    if error.kind == "owner_confirmed":
        raise PermissionDenied(_("只有业主本人可以确认，请用业主查询码打开。"))
    raise PermissionDenied(_("您不能在这个办件上做这件事。"))


def _conflict(
    request: HttpRequest, actor: Actor, case: Case, error: NotAllowed | Superseded
) -> HttpResponse:
    """409: what happened in between, or why not, and what is possible instead."""
    view = view_of(case)
    allowed = [pick(rule.zh, rule.en) for rule in rules_for(actor, case, view)]
    back = reverse("portal:case", args=[case.number])
    if isinstance(error, Superseded):
        happened = [
            _("%(at)s　%(what)s")
            % {
                "at": instant_in_full(datetime.fromisoformat(item["recorded_at"])),
                "what": HAPPENED.get(item["kind"], item["kind"]),
            }
            for item in error.happened
        ]
        reason = _("您打开页面之后，这个办件有了新的进展。")
        return conflict(request, reason=reason, happened=happened, allowed=allowed, back=back)
    refusal = error.refusal
    return conflict(
        request,
        reason=pick(refusal.rule_zh, refusal.rule_en),
        clause=refusal.clause,
        remedy=pick(refusal.remedy_zh, refusal.remedy_en),
        allowed=allowed,
        back=back,
    )
