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
from tongdian.service.approval.filings import form_in
from tongdian.service.approval.process import AUTHORITIES
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


def period_of(form: dict[str, Any]) -> str:
    """From when to when the works are planned, as a form says; empty when it does not."""
    days = [form.get(name) for name in ("starts_on", "ends_on")]
    return " — ".join(date.fromisoformat(day).strftime(DAY) for day in days if day)


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
        "period": period_of(form_in(commitment.case, commitment.made.payload)),
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
