"""What was filed for permits, read from the events: the kinds of filings, and what they name."""

from typing import Any, Final

from tongdian.service.approval.route_documents import kept
from tongdian.service.approval.route_materials import FORM
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework.models import Case

FILINGS: Final = ("permits_filed", "items_resubmitted", "commitment_made")


def filings_of(case: Case, before: int | None = None) -> list[dict[str, Any]]:
    """The payloads of all filings, or of those before an event, the latest first."""
    filings = case.events.filter(kind__in=FILINGS).order_by("-seq")
    if before is not None:
        filings = filings.filter(seq__lt=before)
    return list(filings.values_list("payload", flat=True))


def digest_in(payload: dict[str, Any], kind: str) -> str:
    """The digest of the first material of a kind, empty without one."""
    digests = (m.get("digest") for m in payload.get("materials", ()) if m["kind"] == kind)
    return str(next(digests, None) or "")


def form_in(case: Case, payload: dict[str, Any]) -> dict[str, Any]:
    """The form that a filing names; empty without one, and once it was erased."""
    digest = digest_in(payload, FORM)
    form = kept(case, PermitDocument.Kind.FORM, digest) if digest else None
    return form or {}
