"""Destroying the personal data of a case: asked for by a party, done by somebody else, or by term.

Two people, so that nobody can make a trace of their own doings disappear alone: the database
refuses a decision by who asked.
"""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction

from tongdian.service.casework import clock
from tongdian.service.casework.erasure import Erased, erase_from_case
from tongdian.service.casework.models import Case
from tongdian.service.identity import audit
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.privacy.holdings import holdings
from tongdian.service.privacy.keeping import CLAUSE, Needed, needed
from tongdian.service.privacy.models import ErasureRequest

# Who may ask for a case: those whose data it is. An agent or a contractor handles that of others.
ENTITLED = ("applicant", "owner")
ON_REQUEST, BY_TERM = "on_request", "term_over"


class ErasureRefused(Exception):
    """Not done; `zh` and `en` say why, `clause` by which rule."""

    def __init__(self, zh: str, en: str, clause: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.clause = zh, en, clause


class StillNeeded(ErasureRefused):
    """The law needs the data."""

    def __init__(self, why: Needed) -> None:
        super().__init__(why.zh, why.en, why.clause)


def entitled(actor: Actor, case: Case) -> str:
    """As whom `actor` may ask for the data of `case`: "applicant", "owner", or "" for not."""
    if actor.has("applicant") and actor.owns(case.applicant_pseudonym):
        return "applicant"
    return next((party for party in ENTITLED if actor.is_party(case.number, party)), "")


def request_erasure(case: Case, *, actor: Actor, at: datetime | None = None) -> ErasureRequest:
    """Ask for the personal data of a case to be destroyed.

    Raises ErasureRefused (not the person's own, asked already, nothing there), StillNeeded.
    """
    party = entitled(actor, case)
    if not party:
        raise ErasureRefused(
            "只有申请人或业主本人可以申请删除", "Only the applicant or the owner can ask for this"
        )
    if why := needed(case):
        raise StillNeeded(why)
    now = at or clock.now()
    try:
        with transaction.atomic():
            asked = ErasureRequest.objects.create(
                case_number=case.number,
                ground=ON_REQUEST,
                asked_at=now,
                asked_by=actor.pseudonym or f"{party} of {case.number}",
                asked_as=party,
            )
            audit.record("erasure_asked", actor=actor, subject=case.number, at=now, party=party)
    except IntegrityError:
        raise ErasureRefused(
            "已经申请过，正在办理", "This was asked for already and is being decided"
        ) from None
    return asked


def decide_erasure(
    request_id: int, *, actor: Actor, erase: bool, answer: str = "", at: datetime | None = None
) -> Erased | None:
    """Do what was asked, or refuse it with `answer`; an administrator, never who asked.

    Raises ErasureRefused, StillNeeded when the law needs the data again.
    """
    if not actor.has("administrator"):
        raise ErasureRefused("只有系统管理员可以办理", "Only an administrator decides")
    if not erase and not answer.strip():
        raise ErasureRefused("请写明不删除的理由", "Say why it is not done")
    now = at or clock.now()
    with transaction.atomic():
        asked = ErasureRequest.objects.select_for_update().filter(pk=request_id).first()
        if asked is None or asked.state != ErasureRequest.State.OPEN:
            raise ErasureRefused("这项申请已经办理", "This request has been decided")
        if asked.asked_by == actor.pseudonym:
            raise ErasureRefused(
                "不能办理自己提出的申请", "Nobody decides on a request of their own"
            )
        erased = erase_person(asked.case_number, actor=actor, ground=ON_REQUEST) if erase else None
        asked.state = ErasureRequest.State.DONE if erase else ErasureRequest.State.REFUSED
        asked.decided_at, asked.decided_by = now, actor.pseudonym
        asked.answer = answer.strip()[:400]
        asked.save()
        kind = "erasure_done" if erase else "erasure_refused"
        audit.record(kind, actor=actor, subject=asked.case_number, at=now)
    return erased


def erase_person(case_number: str, *, actor: Actor, ground: str) -> Erased:
    """Destroy the personal data of a closed case: in its events, files, and in what other rooms
    keep of it. The event `personal_data_erased` says what went; the log stays verifiable.

    Raises StillNeeded; CaseNotFound; nothing was destroyed then.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=case_number).first()
        if case is not None and (why := needed(case)):
            raise StillNeeded(why)
        # An administrator reads no case; this one may be written to, for this alone.
        acting = replace(actor, cases=actor.cases | {case_number})
        erased = erase_from_case(case_number, actor=acting, ground=ground, clause=CLAUSE)
        for holding in holdings():
            holding.erase(case_number)
    return erased


def erase_by_term(case_number: str) -> Erased:
    """`erase_person` by the retention job."""
    return erase_person(case_number, actor=SYSTEM, ground=BY_TERM)
