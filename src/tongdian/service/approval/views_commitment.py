"""Notice and commitment letter, the decision on it, its PDF, withdrawing, and putting right."""

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.commitment_deciding import commit
from tongdian.service.approval.commitment_letter import letter_of
from tongdian.service.approval.commitment_pdf import commitment_pdf, inspection_qrs
from tongdian.service.approval.commitment_state import Commitment, commitments_of
from tongdian.service.approval.packet import Packet, packet_of
from tongdian.service.approval.packet_form import words_of
from tongdian.service.approval.process import COMMITTING, ITEM_NAMES
from tongdian.service.approval.route_access import case_url, find, may, refused, require, seen
from tongdian.service.approval.route_answer import planned
from tongdian.service.approval.route_documents import digest_of
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import Forbidden, InvalidInput, NotAllowed, Superseded
from tongdian.service.look.dates import day_in_full
from tongdian.service.privacy.actions import record_read_of

Refused = (NotAllowed, Superseded, Forbidden)
DIGESTS = re.compile(r"^.*SHA-256 [0-9a-f]{64}.*$", re.MULTILINE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_view(request: HttpRequest, number: str) -> HttpResponse:
    """What the authority tells, what the applicant declares; POST hands the letter in."""
    actor, case = find(request, number)
    packet = packet_of(case)
    if packet is None:
        return redirect("permits-route", number=number)
    if not packet.complete():
        return redirect("permits-packet", number=number)
    try:
        require(actor, case, "commitment_made")
        if not packet.items and commitments_of(case):
            return redirect("permits-commitment-decision", number=number)
        if not packet.eligible or not packet.items:
            return redirect("permits-check", number=number)
        record_read_of(case, actor=actor, what="application")
        letter = letter_of(packet)
        if request.method != "POST":
            return _letter_page(request, packet, letter)
        problem = _not_declared(request, letter)
        if problem:
            return _letter_page(request, packet, letter, problem)
        commit(packet, letter, actor=actor, expected_seq=seen(request))
    except Refused as error:
        return refused(request, actor, case, error)
    return redirect("permits-commitment-decision", number=number)


def _not_declared(request: HttpRequest, letter: dict[str, Any]) -> str:
    """Why the letter cannot be taken as it was sent: it changed, or was not declared in full."""
    if request.POST.get("letter") != digest_of(letter):
        return _("您打开页面之后，承诺书的内容有变化，请重新阅读后再提交")
    wanted = [str(index) for index, _text in enumerate(letter["declarations"])]
    if sorted(request.POST.getlist("declared")) != wanted:
        return _("请逐条勾选承诺内容；有一条不能承诺的，请走一般程序")
    return ""


def _letter_page(
    request: HttpRequest, packet: Packet, letter: dict[str, Any], problem: str = ""
) -> HttpResponse:
    context = {
        "case": packet.case,
        "letter": letter,
        "months": planned(packet.case.plan, "commitment.check_months"),
        "digest": digest_of(letter),
        "problem": problem,
        "declared": request.POST.getlist("declared"),
        "expected_seq": request.POST.get("expected_seq", packet.case.seq),
    }
    status = 422 if problem else 200
    return render(request, "approval/commitment.html", context, status=status)


@never_cache
@require_safe
def decision_view(request: HttpRequest, number: str) -> HttpResponse:
    """The decision on the latest letter, or that the credit platform is still being asked."""
    actor, case = find(request, number)
    known = commitments_of(case)
    if not known:
        return redirect("permits-commitment", number=number)
    found = known[0]
    context = {
        "case": case,
        "commitment": found,
        "earlier": [one for one in known[1:] if one.granted],
        "may_withdraw": found.waiting and may(actor, case, "item_withdrawn"),
        "qrs": inspection_qrs(found),
        "back": case_url(actor, number),
    }
    return render(request, "approval/commitment_decision.html", context)


@require_POST
def withdraw_view(request: HttpRequest, number: str) -> HttpResponse:
    """Before the decision the letter may be taken back, all its items together."""
    actor, case = find(request, number)
    waiting = [i for i, b in case.folded.branches.items() if b.stage == COMMITTING]
    try:
        require(actor, case, "item_withdrawn")
        with transaction.atomic():
            for item in waiting:
                command = parse(commands.WithdrawItem, {"item": item})
                ACTIONS["item_withdrawn"](number, command, actor=actor)
    except Refused as error:
        return refused(request, actor, case, error)
    messages.success(request, _("承诺已撤回，可以走一般程序"))
    return redirect("permits-check", number=number)


@never_cache
@require_safe
def letter_pdf_view(request: HttpRequest, number: str, digest: str) -> HttpResponse:
    """Letter and decision on paper; the same bytes every time."""
    actor, case = find(request, number)
    found = _letter(case, digest)
    if found is None or found.granted is None:
        raise Http404
    record_read_of(case, actor=actor, what="application")
    response = HttpResponse(commitment_pdf(found), content_type="application/pdf")
    name = f"commitment-{number}-{digest[:8]}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _told(inspected: dict[str, Any]) -> dict[str, Any]:
    """Findings and term for the person: no digests, a day in words."""
    term = str(inspected.get("rectify_by", ""))
    findings = DIGESTS.sub("", str(inspected.get("findings", ""))).strip()
    return {
        "findings": findings,
        "rectify_by": day_in_full(date.fromisoformat(term)) if term else "",
    }


def _letter(case: Any, digest: str) -> Commitment | None:
    return next((c for c in commitments_of(case) if c.digest == digest), None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rectify_view(request: HttpRequest, number: str, item: str) -> HttpResponse:
    """What was not kept has been put right: says so, and the department inspects again."""
    actor, case = find(request, number)
    if item not in ITEM_NAMES:
        raise Http404
    typed, problem = request.POST.get("what_was_done", ""), ""
    try:
        require(actor, case, "commitment_rectified", {"item": item})
        if request.method == "POST":
            command = parse(commands.ReportRectified, {"item": item, "what_was_done": typed})
            ACTIONS["commitment_rectified"](
                number, command, actor=actor, expected_seq=seen(request)
            )
            messages.success(request, _("已报告整改完成，等待再次核查"))
            return redirect(case_url(actor, number))
    except InvalidInput as error:
        problem = words_of(error.errors[0])
    except Refused as error:
        return refused(request, actor, case, error)
    context = {
        "case": case,
        "item": item,
        "inspected": _told(case.folded.branches[item].facts.get("commitment_inspected", {})),
        "typed": typed,
        "problem": problem,
        "back": case_url(actor, number),
    }
    status = 422 if problem else 200
    return render(request, "approval/commitment_rectify.html", context, status=status)
