"""Route, packet, check, filed: what those who file walk through; all of it without scripts too."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdian.service.approval import route_answer
from tongdian.service.approval.packet import Packet, packet_of
from tongdian.service.approval.packet_form import PacketForm
from tongdian.service.approval.route_access import (
    case_url,
    find,
    may,
    refused,
    require,
    seen,
)
from tongdian.service.approval.route_canvas import canvas
from tongdian.service.approval.route_doubts import ALL_ALLOWED, doubts, why_not
from tongdian.service.approval.route_filing import (
    can_file,
    file_packet,
    packet_rows,
)
from tongdian.service.approval.route_forms import RouteForm, words_of_refusal
from tongdian.service.approval.route_plans import (
    assessed,
    route_of,
    save_works,
    voltage_of,
    works_of,
)
from tongdian.service.casework.errors import Forbidden, NotAllowed, Superseded
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.actions import record_read_of
from tongdian.works.refusals import WorksError


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def route_view(request: HttpRequest, number: str) -> HttpResponse:
    """Draw, upload or type the route; what follows from it stands on the same page."""
    actor, case = find(request, number)
    _filers_only(actor, case)
    works = works_of(case)
    stored = route_of(works)
    if request.method == "POST":
        form = RouteForm(request.POST, request.FILES, stored=stored)
        if form.is_valid() and form.route is not None:
            save_works(case, actor, route=form.route, typed=form.typed())
            return redirect(f"{request.path}#answer")
        return _route_page(request, actor, case, form, status=422)
    typed = works.typed if works else {}
    initial = {
        "voltage_kv": voltage_of(case, works),
        "with_chamber": bool(typed.get("with_chamber")),
    }
    return _route_page(request, actor, case, RouteForm(initial=initial, stored=stored))


def _filers_only(actor: Actor, case: Case) -> None:
    """Officers read the route on their own pages; here it is changed."""
    if not actor.has("applicant", "engineer", "lead"):
        raise PermissionDenied(_("外线路径由申请人或供电企业的客户经理填写。"))
    record_read_of(case, actor=actor, what="application")


def _route_page(
    request: HttpRequest, actor: Actor, case: Case, form: RouteForm, status: int = 200
) -> HttpResponse:
    works = works_of(case)
    stored = route_of(works)
    context: dict[str, Any] = {
        "case": case,
        "form": form,
        "canvas": canvas(case, stored),
        "back": case_url(actor, case.number),
        "can_file": can_file(actor, case),
        "why_not": why_not(actor, case),
        "drawn": form.data.get("drawn", "") if form.is_bound else "",
    }
    voltage = voltage_of(case, works)
    if stored is not None and voltage:
        found = assessed(case, stored, voltage)
        context |= route_answer.answer(case, found)
        context["doubts"] = doubts(case, found)
    return render(request, "approval/route.html", context, status=status)


@never_cache
@require_POST
def preview_view(request: HttpRequest, number: str) -> HttpResponse:
    """What a drawing comes to, for the script of the page; nothing is kept."""
    actor, case = find(request, number)
    _filers_only(actor, case)
    form = RouteForm(request.POST)
    valid = form.is_valid()
    if not valid or form.route is None:
        words = [str(e) for errors in form.errors.values() for e in errors]
        return render(request, "approval/route_problem.html", {"problems": words}, status=422)
    try:
        found = assessed(case, form.route, form.cleaned_data["voltage_kv"])
    except WorksError as error:
        problems = {"problems": [words_of_refusal(error)]}
        return render(request, "approval/route_problem.html", problems, status=422)
    context: dict[str, Any] = {"case": case, "preview": True, **route_answer.answer(case, found)}
    return render(request, "approval/route_answer.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def packet_view(request: HttpRequest, number: str) -> HttpResponse:
    """One form for all departments, each paper once."""
    actor, case = find(request, number)
    packet = packet_of(case)
    if packet is None:
        return redirect("permits-route", number=number)
    try:
        _require_filing(actor, case)
    except NotAllowed as error:
        return refused(request, actor, case, error)
    kept = packet.works.typed
    assessment = packet.found.assessment
    if request.method == "POST":
        form = PacketForm(request.POST, request.FILES, assessment=assessment, kept=kept)
        form.keep_files(case, actor)
        save_works(case, actor, typed=form.typed())
        if form.is_valid():
            return redirect("permits-check", number=number)
        return _packet_page(request, actor, packet, form, status=422)
    form = PacketForm(assessment=assessment, kept=kept, known=_contact(case))
    return _packet_page(request, actor, packet, form)


def _contact(case: Case) -> dict[str, str]:
    """Whom the case already knows to call, so that nobody types it again."""
    personal = case.events.get(seq=1).personal or {}
    person = personal.get("agent") or personal
    return {
        "contact_name": str(person.get("name", "")),
        "contact_phone": str(person.get("phone", "")),
    }


def _packet_page(
    request: HttpRequest, actor: Actor, packet: Packet, form: PacketForm, status: int = 200
) -> HttpResponse:
    context = {
        "case": packet.case,
        "form": form,
        "items": _to_file(packet),
        "back": case_url(actor, packet.case.number),
    }
    return render(request, "approval/route_packet.html", context, status=status)


def _to_file(packet: Packet) -> list[dict[str, Any]]:
    """The permits that this filing asks for; what stands already is not asked for again."""
    return [one for one in route_answer.items(packet.found) if one["code"] in packet.items]


def _require_filing(actor: Actor, case: Case) -> None:
    """Raises PermissionDenied, NotAllowed."""
    if not can_file(actor, case):
        require(actor, case, "permits_filed")
        raise NotAllowed("permits_filed", ALL_ALLOWED, case.stage, [])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_view(request: HttpRequest, number: str) -> HttpResponse:
    """Check answers; POST files them. A packet that is not complete goes back to its form."""
    actor, case = find(request, number)
    packet = packet_of(case)
    if packet is None:
        return redirect("permits-route", number=number)
    try:
        if not packet.items:
            return redirect("permits-filed", number=number)
        _require_filing(actor, case)
        if not packet.complete():
            return redirect("permits-packet", number=number)
        if request.method == "POST":
            with transaction.atomic():
                file_packet(packet, actor=actor, expected_seq=seen(request))
            return redirect("permits-filed", number=number)
    except (NotAllowed, Superseded, Forbidden) as error:
        return refused(request, actor, case, error)
    context = {
        "case": case,
        "rows": packet_rows(packet),
        **route_answer.answer(case, packet.found),
        "items": _to_file(packet),
        "eligible": packet.eligible and may(actor, case, "commitment_made"),
    }
    return render(request, "approval/route_check.html", context)


@never_cache
@require_safe
def filed_view(request: HttpRequest, number: str) -> HttpResponse:
    """What was filed, with whom, and what comes next."""
    actor, case = find(request, number)
    fact = case.folded.facts.get("permits_filed")
    if fact is None:
        return redirect("permits-route", number=number)
    context = {
        "case": case,
        "items": fact["items"],
        "joint_number": fact.get("joint_number", ""),
        "back": case_url(actor, number),
    }
    return render(request, "approval/route_filed.html", context)
