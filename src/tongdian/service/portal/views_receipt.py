"""Receipts of a case's events: a page, the JSON that proves it, and the PDF to keep."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongdian.proof.receipts import qr_text
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.receipts import NotYetSequenced, export_for, receipt_for
from tongdian.service.identity.actors import Actor
from tongdian.service.look.qr import qr_svg
from tongdian.service.portal.receipt_pdf import receipt_pdf
from tongdian.service.portal.views_case import find
from tongdian.service.portal.words import HAPPENED
from tongdian.service.privacy.actions import record_read_of

RETRY_SECONDS = 2


def _event(request: HttpRequest, number: str, seq: int) -> tuple[Actor, Case, Event]:
    actor, case = find(request, number)
    event = case.events.filter(seq=seq).first()
    if event is None:
        raise Http404
    return actor, case, event


def is_own(actor: Actor, case: Case) -> bool:
    """Whether this person is a party of the case, and so may hold its personal part."""
    return actor.owns(case.applicant_pseudonym) or case.number in actor.cases


def _receipt(actor: Actor, case: Case, event: Event) -> dict[str, Any]:
    """The receipt, with the personal part for a party, who then has read it. Raises
    NotYetSequenced."""
    own = is_own(actor, case)
    receipt = receipt_for(case, event, with_personal=own)
    if own and event.personal is not None:
        record_read_of(case, actor=actor, what="receipt")
    return receipt


@never_cache
@require_GET
def receipt_page(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    """The receipt in words, with its two files. Refreshes itself until the log has the event."""
    actor, case, event = _event(request, number, seq)
    try:
        receipt = _receipt(actor, case, event)
    except NotYetSequenced:
        return _waiting(request, case)
    context = {
        "case": case,
        "event": event,
        "what": HAPPENED.get(event.kind, event.kind),
        "receipt": receipt,
        "qr": qr_svg(qr_text(receipt, settings.PUBLIC_BASE_URL)),
        "scan_url": qr_text(receipt, ""),
    }
    return render(request, "portal/receipt.html", context)


def _waiting(request: HttpRequest, case: Case) -> HttpResponse:
    context = {"case": case, "seconds": RETRY_SECONDS}
    response = render(request, "portal/receipt_waiting.html", context, status=202)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Refresh"] = str(RETRY_SECONDS)
    return response


@never_cache
@require_GET
def receipt_json(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    actor, case, event = _event(request, number, seq)
    try:
        receipt = _receipt(actor, case, event)
    except NotYetSequenced:
        return _waiting(request, case)
    return _json(receipt, f"{case.number}-{seq}.json")


@never_cache
@require_GET
def receipt_pdf_view(request: HttpRequest, number: str, seq: int) -> HttpResponse:
    actor, case, event = _event(request, number, seq)
    try:
        receipt = _receipt(actor, case, event)
    except NotYetSequenced:
        return _waiting(request, case)
    response = HttpResponse(receipt_pdf(receipt, case), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.number}-{seq}.pdf"'
    return response


@never_cache
@require_GET
def export_json(request: HttpRequest, number: str) -> HttpResponse:
    """Every event of the case, verifiable without us."""
    actor, case = find(request, number)
    own = is_own(actor, case)
    body = export_for(case, with_personal=own)
    if own:
        record_read_of(case, actor=actor, what="export")
    return _json(body, f"{case.number}.json")


def _json(body: dict[str, Any], name: str) -> HttpResponse:
    response = JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
