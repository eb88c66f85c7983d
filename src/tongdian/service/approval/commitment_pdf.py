"""Letter and decision on paper, in both languages: the same bytes whenever it is made again.

Everything in it comes from the kept letter and the two events, nothing from the day it is printed
or from who prints it.
"""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.urls import reverse

from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval.commitment_letter import AUTHORITY_NAMES
from tongdian.service.approval.commitment_state import Commitment
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.approval.route_documents import kept
from tongdian.service.approval.route_materials import FORM
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework.models import Case
from tongdian.service.look.qr import qr_svg
from tongdian.works.items import ITEM_NAMES

MINUTE, DAY = "%Y年%m月%d日 %H:%M", "%Y年%m月%d日"
HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "fonts"


def commitment_pdf(commitment: Commitment) -> bytes:
    """The PDF of a commitment that was granted. Its time stamp is that of the decision."""
    assert commitment.granted is not None
    pdf: bytes = typst.compile(
        str(HERE / "typst" / "commitment.typ"),
        root=str(HERE / "typst"),
        font_paths=font_paths(),
        format="pdf",
        sys_inputs={"data": json.dumps(content(commitment), ensure_ascii=False)},
        timestamp=int(commitment.granted.recorded_at.timestamp()),
    )
    return pdf


def address_of(case: Case) -> str:
    """In full while the case has it, masked once it was erased."""
    personal = case.events.get(seq=1).personal or {}
    return str(personal.get("address") or case.address_masked)


def _period(commitment: Commitment) -> str:
    """From when to when the works are planned, as the form that came with the letter says."""
    materials = commitment.made.payload.get("materials", ())
    digest = next((m.get("digest") for m in materials if m["kind"] == FORM), None)
    form = kept(commitment.case, PermitDocument.Kind.FORM, str(digest)) if digest else None
    days = [date.fromisoformat(day) for name in ("starts_on", "ends_on")
            if (day := (form or {}).get(name))]  # fmt: skip
    return " — ".join(day.strftime(DAY) for day in days)


@cache
def font_paths() -> list[str]:
    return [str(folder) for folder in (FONTS, Path("/usr/share/fonts")) if folder.is_dir()]


def inspection_url(number: str, item: str) -> str:
    """Where the officer on the spot opens the checklist of an item."""
    path = reverse("permits-inspection", args=[number, item])
    return f"{settings.PUBLIC_BASE_URL}{path}"


def inspection_qrs(commitment: Commitment) -> list[dict[str, Any]]:
    """One QR code for each item: opens its checklist on a phone."""
    return [
        {"item": item, "svg": qr_svg(inspection_url(commitment.case.number, item))}
        for item in commitment.items
    ]


def content(commitment: Commitment) -> dict[str, Any]:
    """What the paper says, JSON-able."""
    granted, letter = commitment.granted, commitment.letter
    assert granted is not None
    decided = granted.recorded_at.astimezone(SHANGHAI)
    check_by = commitment.check_by
    return {
        "number": commitment.case.number,
        "document": f"CN-{commitment.case.number}-{commitment.digest[:8].upper()}",
        "address": address_of(commitment.case),
        "period": _period(commitment),
        "letter": letter,
        "items": [
            {
                "zh": ITEM_NAMES[item][0],
                "en": ITEM_NAMES[item][1],
                "authority_zh": AUTHORITY_NAMES[AUTHORITIES[item]][0],
                "authority_en": AUTHORITY_NAMES[AUTHORITIES[item]][1],
                "qr": str(qr_svg(inspection_url(commitment.case.number, item))),
            }
            for item in commitment.items
        ],
        "digest": commitment.digest,
        "made": commitment.made.recorded_at.astimezone(SHANGHAI).strftime(MINUTE),
        "decided": decided.strftime(MINUTE),
        "check_by": check_by.strftime(DAY) if check_by else "",
        "event": bytes(granted.hash).hex(),
        "verify": f"{settings.PUBLIC_BASE_URL}/verify/",
    }
