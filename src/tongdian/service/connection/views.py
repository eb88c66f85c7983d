"""The desk: inbox, case page, batch assignment, downloads. Rules live in `actions`, not here."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.law.process import Lane
from tongdian.service.approval.selectors import own_items
from tongdian.service.casework.selectors import READ_ALL_ROLES, at_headquarters
from tongdian.service.connection.assignment import assign_many
from tongdian.service.connection.case_page import case_page, may_open
from tongdian.service.connection.desk import case_or_404, desk_actor, is_htmx
from tongdian.service.connection.inbox import inbox, inbox_counts
from tongdian.service.connection.inbox_filter import STATES, InboxFilter
from tongdian.service.connection.labels import TRACKS
from tongdian.service.connection.next_actions import stages_of
from tongdian.service.connection.process import STAGES
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import Colleague, colleagues_of, staff_names
from tongdian.service.privacy.actions import record_read_of

SHOWN_REFUSALS = 20


@require_safe
def inbox_view(request: HttpRequest) -> HttpResponse:
    """The inbox, most urgent first. A whole case number in the search opens that case."""
    actor = desk_actor(request)
    wanted = InboxFilter.from_query(request.GET, default_state(actor))
    page = inbox(actor, wanted)
    if len(page.rows) == 1 and page.rows[0].case.number == wanted.text.upper():
        return redirect("desk-case", number=page.rows[0].case.number)
    leads = actor.has("lead")
    staff = colleagues_of(actor) if leads else []
    context = {
        "wanted": wanted,
        "page": page,
        "can_assign": leads and wanted.state != "closed",
        "people": _people(page, staff),
        "next_query": wanted.query(after=page.next_after) if page.next_after else "",
        "actor": actor,
    }
    if is_htmx(request):
        return render(request, "connection/inbox_rows.html", context)
    context |= {
        "states": _states(actor),
        "counts": inbox_counts(actor),
        "stages": [stage for stage in STAGES if not stage.terminal],
        "tracks": TRACKS,
        "lanes": [lane.value for lane in Lane],
        "districts": list(GUIYANG_DIVISIONS) if _sees_the_city(actor) else [],
        "offices": _by_office(staff),
    }
    return render(request, "connection/inbox.html", context)


def default_state(actor: Actor) -> str:
    """Those who act see first what waits for them; those who lead or watch see everything."""
    return "todo" if stages_of(actor.roles) and not actor.has("lead") else "open"


def _states(actor: Actor) -> list[str]:
    return [state for state in STATES if state != "todo" or stages_of(actor.roles)]


def _sees_the_city(actor: Actor) -> bool:
    return at_headquarters(actor) or actor.has(*READ_ALL_ROLES, "officer")


def _by_office(staff: list[Colleague]) -> list[tuple[str, list[Colleague]]]:
    return [(name, list(group)) for name, group in groupby(staff, lambda c: c.organisation_name)]


def _people(page: Any, staff: list[Colleague]) -> dict[str, str]:
    """Names of those to whom the cases of a page were given."""
    known = {colleague.pseudonym: colleague.name for colleague in staff}
    others = {view.case.assignee for view in page.rows} - known.keys() - {""}
    return known | staff_names(others) if others else known


@require_safe
def case_view(request: HttpRequest, number: str) -> HttpResponse:
    """The case page: facts, evidence, events, clocks, and exactly the actions allowed now. A
    department sees its own item on a page of its own."""
    actor = desk_actor(request)
    case = case_or_404(actor, number)
    mine = own_items(case.folded, actor)
    if mine:
        page = reverse("permits-item", args=[case.number, mine[0]])
        if is_htmx(request):
            return HttpResponse(headers={"HX-Redirect": page})
        return redirect(page)
    return case_page(request, actor, case)


@require_POST
def assign_view(request: HttpRequest) -> HttpResponse:
    """Batch assignment; says how many were given away and why the others were not."""
    actor = desk_actor(request)
    numbers, assignee = request.POST.getlist("number"), request.POST.get("assignee", "")
    if not numbers:
        messages.warning(request, _("请先勾选案件"))
    elif not assignee:
        messages.warning(request, _("请先选择派给谁"))
    else:
        batch = assign_many(numbers, assignee, actor=actor)
        if batch.done:
            text = ngettext("已派工 %(count)s 件", "已派工 %(count)s 件", batch.done)
            messages.success(request, text % {"count": batch.done})
        for number, reason in batch.refused[:SHOWN_REFUSALS]:
            messages.error(request, f"{number}：{reason}")
    query = request.POST.get("query", "")
    return redirect(f"{reverse('desk-inbox')}?{query}" if query else reverse("desk-inbox"))


@require_GET
def evidence_file_view(request: HttpRequest, number: str, digest: str) -> HttpResponseBase:
    """A file of the case, as a download, never rendered in our origin."""
    actor = desk_actor(request)
    case = case_or_404(actor, number)
    kept = case.evidence.filter(digest=digest).first()
    if kept is None or not may_open(kept, case, actor):
        raise Http404
    try:
        opened = kept.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    record_read_of(case, actor=actor, what="evidence")
    response = FileResponse(
        opened, as_attachment=True, filename=kept.name, content_type=kept.media_type
    )
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
