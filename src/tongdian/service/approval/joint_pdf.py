"""The joint decision on paper, in both languages: the same bytes whenever it is made again."""

import json
from typing import Any

import typst
from django.conf import settings

from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval.commitment_pdf import HERE, font_paths
from tongdian.service.approval.joint_decision import results
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
    verify = f"{settings.PUBLIC_BASE_URL}/verify/"
    return {
        "number": case.number,
        "document": str(issued.payload.get("document_number", "")),
        "applicant": str(personal.get("name") or case.applicant_masked),
        "address": str(personal.get("address") or case.address_masked),
        "issued": issued.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        "items": results(case, issued),
        "event": bytes(issued.hash).hex(),
        "verify": verify,
        "qr": str(qr_svg(verify)),
    }
