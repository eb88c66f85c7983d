"""What is known of a lead's permit: the newest message about it, from the log."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tongdian.service.casework.models import Case
from tongdian.service.leads.models import Lead

PERMIT_KINDS = ("permit_pushed", "permit_updated", "permit_withdrawn", "permit_reinstated")


@dataclass(frozen=True, slots=True)
class Permit:
    """Payload and personal part of the newest event about a permit; the latter is empty when it
    was erased."""

    payload: Mapping[str, Any]
    personal: Mapping[str, Any]


def permit_of(case: Case) -> Permit:
    """The permit as it stands."""
    newest = case.events.filter(kind__in=PERMIT_KINDS).order_by("-seq")[0]
    return Permit(newest.payload, newest.personal or {})


def erase_of_lead(number: str) -> int:
    """Destroy what is kept beside the log of whose and where a lead is. Returns how many rows."""
    return Lead.objects.filter(case__number=number).update(
        unit_digest="", uscc_digest="", lon=None, lat=None
    )
