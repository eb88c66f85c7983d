"""A commitment that was found false goes on record with the credit platform, once, however often
the platform is silent first."""

import logging
from collections.abc import Iterator

from django.db import transaction

from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.perform import perform
from tongdian.service.exchange.credit import RegistryError, report_false_commitment
from tongdian.service.identity.actors import SYSTEM

logger = logging.getLogger(__name__)
REPORTED = "false_commitment_reported"


def report_false_commitments() -> int:
    """Report what was not reported yet; how many were. One that fails is tried again next time."""
    return sum(_report(event) for event in _unreported())


def _unreported() -> Iterator[Event]:
    revoked = Event.objects.filter(kind="commitment_revoked", payload__false_commitment="yes")
    numbers = Event.objects.filter(kind=REPORTED).values_list("payload__number", flat=True)
    known = set(numbers)
    for event in revoked.select_related("case").order_by("pk"):
        if _number(event) not in known:
            yield event


def _number(event: Event) -> str:
    """Ours for the record: the event that revoked it."""
    return f"{event.case.number}-{event.seq}"


def _report(revoked: Event) -> bool:
    """The same number again is the same record there, so that a crash in between does no harm."""
    case, number = revoked.case, _number(revoked)
    subject = str((case.events.get(seq=1).personal or {}).get("id_number", ""))
    if not subject:
        logger.error("%s: who made the false commitment was erased before it was reported", number)
        return False
    try:
        receipt = report_false_commitment(
            subject, number=number, reason=str(revoked.payload["reason"])
        )
    except RegistryError as error:
        logger.warning("%s: %s", number, error)
        return False
    payload = {
        "item": revoked.payload["item"],
        "about": "commitment_revoked",
        "number": number,
        "serial": receipt.serial,
    }
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        if case.events.filter(kind=REPORTED, payload__number=number).exists():
            return False
        perform(case.number, REPORTED, actor=SYSTEM, payload=payload)
    return True
