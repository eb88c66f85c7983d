"""The joint decision on paper, in both languages: the same bytes whenever it is made again."""

import json
from typing import Any

import typst
from django.conf import settings

from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval.commitment_pdf import HERE, MINUTE, address_of, font_paths, period_of
from tongdian.service.approval.filings import digest_in, filings_of, form_in
from tongdian.service.approval.joint_decision import results
from tongdian.service.approval.route_materials import FORM
from tongdian.service.casework.models import Case, Event
from tongdian.service.look.qr import qr_svg


def joint_pdf(case: Case, issued: Event) -> bytes:
    """The PDF of a joint decision that was issued. Its time stamp is that of the decision."""
    pdf: bytes = typst.compile(
        str(HERE / "typst" / "joint.typ"),
        root=str(HERE / "typst"),
        font_paths=font_paths(),
        format="pdf",
        sys_inputs={"data": json.dumps(content(case, issued), ensure_ascii=False)},
        timestamp=int(issued.recorded_at.timestamp()),
    )
    return pdf


def content(case: Case, issued: Event) -> dict[str, Any]:
    """What the paper says, JSON-able. The QR code opens the page that checks records."""
    personal = case.events.get(seq=1).personal or {}
    form = _form(case, issued)
    verify = f"{settings.PUBLIC_BASE_URL}/verify/"
    return {
        "number": case.number,
        "document": document_of(case, issued),
        "works": _works(form),
        "period": period_of(form),
        "contractor": str(form.get("contractor", "")),
        "applicant": str(personal.get("name") or case.applicant_masked),
        "address": address_of(case),
        "issued": issued.recorded_at.astimezone(SHANGHAI).strftime(MINUTE),
        "items": results(case, issued),
        "event": bytes(issued.hash).hex(),
        "verify": verify,
        "qr": str(qr_svg(verify)),
    }


def document_of(case: Case, issued: Event) -> str:
    """The number that the window gave, else that of the joint filing."""
    given = str(issued.payload.get("document_number", "")).strip("—")
    numbers = (
        str(payload.get("joint_number", "")) for payload in filings_of(case, before=issued.seq)
    )
    return given or next((number for number in numbers if number), "")


def _form(case: Case, issued: Event) -> dict[str, Any]:
    """The form of the latest filing that had one when the decision was issued."""
    filed = (p for p in filings_of(case, before=issued.seq) if digest_in(p, FORM))
    return form_in(case, next(filed, {}))


def _works(form: dict[str, Any]) -> str:
    found = form.get("assessment") or {}
    return f"{found['length_m']} m · {found['voltage_kv']} kV" if found else ""
