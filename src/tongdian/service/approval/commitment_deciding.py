"""告知承诺: handed in and decided on the spot, or as soon as the credit platform answers."""

from typing import Any

from django.db import transaction

from tongdian.law.process import Refusal
from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.packet import Packet
from tongdian.service.approval.process import COMMITTING
from tongdian.service.approval.route_documents import keep
from tongdian.service.approval.route_models import PermitDocument
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.jobs import each_case
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.perform import Performed, perform
from tongdian.service.exchange.credit import Credit, credit_of
from tongdian.service.identity.actors import SYSTEM, Actor

CREDIT_CLAUSE = "国办发〔2020〕42号"


def commit(
    packet: Packet, letter: dict[str, Any], *, actor: Actor, expected_seq: int | None = None
) -> Performed:
    """Hand in the letter. Granted at once with good credit; with the platform silent it waits.

    Raises NotAllowed for bad credit: the ordinary way stays open. The platform is asked before the
    transaction, so that its silence holds nothing.
    """
    credit = credit_of(_identifier(packet.case))
    if credit.ok is False:
        raise NotAllowed("commitment_made", _bad(credit), packet.case.stage, ["permits_filed"])
    with transaction.atomic():
        digest = keep(packet.case, PermitDocument.Kind.LETTER, letter)
        materials = [{**paper, "form": "7"} for paper in packet.materials()]
        data = {"items": packet.items, "letter": digest, "declared": True, "materials": materials}
        command = parse(commands.Commit, data)
        number = packet.case.number
        made = ACTIONS["commitment_made"](number, command, actor=actor, expected_seq=expected_seq)
        return _grant(number, credit) if credit.ok else made


def settle_waiting() -> int:
    """Ask again for those whose credit was not known; how many were decided. Run by the worker.
    One that was withdrawn meanwhile is its own affair."""
    numbers = CaseBranch.objects.filter(stage=COMMITTING).values_list("case__number", flat=True)
    return each_case(sorted(set(numbers)), _settle)


def _settle(number: str) -> Performed | None:
    """Granted, declined, or None while nobody knows."""
    credit = credit_of(_identifier(Case.objects.get(number=number)))
    if credit.ok is None:
        return None
    return _grant(number, credit) if credit.ok else _decline(number, credit)


def _decline(number: str, credit: Credit) -> Performed:
    """Bad credit found after the letter was handed in. Why is personal, and sealed."""
    reason = {"reason": credit.reason_zh} if credit.reason_zh else None
    payload = {"credit": credit.serial or "—", "clause": CREDIT_CLAUSE}
    return perform(number, "commitment_declined", actor=SYSTEM, payload=payload, personal=reason)


def _grant(number: str, credit: Credit) -> Performed:
    return perform(
        number, "commitment_granted", actor=SYSTEM, payload={"credit": credit.serial or "—"}
    )


def _identifier(case: Case) -> str:
    """The identity number or USCC that the platform knows the applicant by."""
    return str((case.events.get(seq=1).personal or {}).get("id_number", ""))


def _bad(credit: Credit) -> Refusal:
    return Refusal(
        f"申请人信用核查未通过，不适用告知承诺：{credit.reason_zh}",
        f"Commitment does not apply, by the applicant's credit: {credit.reason_en}",
        CREDIT_CLAUSE,
        "可以走一般程序（并联审批），或者先修复信用",
        "Take the ordinary way (joint approval), or repair the credit first",
    )
