"""Facts instead of papers: consent to ask registries, what they proved, and taking it back.

A consent belongs to a draft (`holder`), later to the case that came of it. While it stands, what
is missing is asked for again; once withdrawn, nothing is, and what was fetched is destroyed.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.exchange.fact_fetching import fetch_later, fetch_now, is_withdrawn_on
from tongdian.service.exchange.fact_judging import GATES
from tongdian.service.exchange.fact_recording import record, record_by
from tongdian.service.exchange.models import Consent, StoredFact
from tongdian.service.exchange.registries.configuration import configured, is_configured
from tongdian.service.exchange.registries.errors import ERRORS, Unreachable
from tongdian.service.exchange.registries.plugin import subject_digest
from tongdian.service.exchange.registries.records import AUTHORITIES, REGISTRY_OF
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.actions import Kept

__all__ = [
    "FactView",
    "bind_to_case",
    "fetch_now",
    "is_configured",
    "record_by",
]

NOTICE = "2026-1"
NOT_CONFIRMED = ("身份没有核实，没有查询", "Not asked: it was not confirmed who you are")
MEND_IDENTITY = (
    "请改正姓名和证号后再查，或者自己上传",
    "Correct name and number and ask again, or upload it yourself",
)
AFTER_THE_FIRST = ("等身份核实以后再查", "Asked once it is confirmed who you are")
LIFETIME_OF_DRAFT = timedelta(days=30)
LIFETIME_OF_CASE = timedelta(days=3 * 365)


@dataclass(frozen=True)
class FactView:
    """A fact for pages. `values` is empty unless obtained; `rule` and `remedy` say what is wrong,
    as pairs of Chinese and English."""

    document: str
    registry: str
    state: str
    values: Mapping[str, Any]
    obtained_at: datetime | None
    serial: str
    digest: str
    rule: tuple[str, str]
    remedy: tuple[str, str]

    @property
    def is_proved(self) -> bool:
        return self.state == StoredFact.State.OBTAINED

    @property
    def is_pending(self) -> bool:
        return self.state == StoredFact.State.PENDING

    @property
    def authority(self) -> tuple[str, str]:
        return AUTHORITIES[self.registry]


def offered_documents(documents: Iterable[str]) -> list[str]:
    """Those of `documents` that a registry of this installation can prove."""
    registries = configured()
    return [one for one in documents if REGISTRY_OF.get(one) in registries]


def authority_of(document: str) -> tuple[str, str]:
    """Whose registry knows a document, Chinese and English."""
    return AUTHORITIES[REGISTRY_OF[document]]


def give_consent(
    holder: str,
    *,
    documents: Iterable[str],
    typed: Mapping[str, str],
    actor: Actor,
) -> Consent:
    """Consent for a draft, in place of an earlier one. `typed` has id_number, name and address.

    Nothing is asked yet. Raises ValueError when no registry knows any of `documents`.
    """
    wanted = offered_documents(documents)
    if not wanted:
        raise ValueError("no registry knows any of these documents")
    now = clock.now()
    with transaction.atomic():
        withdraw_consent(holder)
        consent = Consent.objects.create(
            number=f"C-{secrets.token_hex(12)}",
            holder=holder,
            subject=subject_digest("|".join(_asked_about(typed).values())),
            pseudonym=actor.pseudonym,
            documents=wanted,
            notice=NOTICE,
            sealed=_asked_about(typed),
            given_at=now,
            expires_at=now + LIFETIME_OF_DRAFT,
        )
        StoredFact.objects.bulk_create(
            StoredFact(consent=consent, document=one, registry=REGISTRY_OF[one], next_at=now)
            for one in wanted
        )
    return consent


def _asked_about(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: str(typed.get(name, "")) for name in ("id_number", "name", "address")}


def consent_of(holder: str, typed: Mapping[str, str] | None = None) -> Consent | None:
    """The consent that stands for a draft; with `typed`, only if it was given about just that."""
    found = Consent.objects.filter(
        holder=holder, withdrawn_at=None, case_number="", expires_at__gt=clock.now()
    ).first()
    if found is None or typed is None:
        return found
    about = subject_digest("|".join(_asked_about(typed).values()))
    return found if found.subject == about else None


def withdraw_consent(holder: str) -> bool:
    """Take a draft's consent back: nothing more is fetched, and what was fetched is destroyed."""
    with transaction.atomic():
        held = Consent.objects.select_for_update().filter(
            holder=holder, case_number="", withdrawn_at=None
        )
        found = [_end(consent) for consent in held]
    return bool(found)


def withdraw_on_case(number: str) -> bool:
    """The same for a case; its log keeps that something was proved, not what."""
    with transaction.atomic():
        held = Consent.objects.select_for_update().filter(case_number=number, withdrawn_at=None)
        found = [_end(consent) for consent in held]
    return bool(found)


def _end(consent: Consent) -> Consent:
    consent.withdrawn_at, consent.sealed = clock.now(), None
    consent.save(update_fields=["withdrawn_at", "sealed"])
    consent.facts.update(state=StoredFact.State.DELETED, sealed=None, next_at=None)
    return consent


def bind_to_case(holder: str, number: str) -> Consent | None:
    """The draft became a case: its facts are the case's from now on, each with an event of the
    case's log; what is missing is asked for on. In the transaction of the submission."""
    consent = consent_of(holder)
    if consent is None:
        return None
    consent.case_number = number
    consent.expires_at = clock.now() + LIFETIME_OF_CASE
    consent.save(update_fields=["case_number", "expires_at"])
    for row in consent.facts.select_related("consent").order_by("id"):
        record(row)
    return consent


def facts_of(consent: Consent | None) -> list[FactView]:
    """The facts of a consent, in the order in which they are asked for."""
    if consent is None:
        return []
    rows = list(consent.facts.order_by("id"))
    refused = any(
        row.document in GATES and row.state == StoredFact.State.UNAVAILABLE for row in rows
    )
    return [_not_asked(view(row)) if refused else view(row) for row in rows]


def _not_asked(fact: FactView) -> FactView:
    """Who is not who they said learns nothing more: what still waited will never be asked."""
    if not fact.is_pending:
        return fact
    state = str(StoredFact.State.UNAVAILABLE)
    return replace(fact, state=state, rule=NOT_CONFIRMED, remedy=MEND_IDENTITY)


def facts_of_case(number: str) -> list[FactView]:
    """The facts of a case; their values stay where they are."""
    rows = StoredFact.objects.filter(consent__case_number=number).defer("sealed").order_by("id")
    return [view(row, with_values=False) for row in rows]


def view(row: StoredFact, *, with_values: bool = True) -> FactView:
    """One row for a page."""
    values = dict((row.sealed or {}).get("values", {})) if with_values else {}
    error = ERRORS.get(row.error, Unreachable)
    rule = error.rule if row.error or row.state != StoredFact.State.PENDING else AFTER_THE_FIRST
    return FactView(
        row.document,
        row.registry,
        str(row.state),
        values,
        row.obtained_at,
        row.serial,
        row.proof_digest,
        rule,
        error.remedy,
    )


def fetch_due(limit: int = 200) -> int:
    """Ask again for what is due; what has lost its consent is ended. Returns how many were due."""
    due = StoredFact.objects.filter(state=StoredFact.State.PENDING, next_at__lte=clock.now())
    rows = list(due.order_by("next_at", "pk").values_list("pk", "consent__case_number")[:limit])
    for row_id, number in rows:
        if number and is_withdrawn_on(number):
            withdraw_on_case(number)
        else:
            fetch_later(row_id)
    return len(rows)


def shown_of_case(number: str) -> list[dict[str, Any]]:
    """Everything that is kept of a case, for the person whose case it is."""
    return [
        {
            "document": row.document,
            "registry": row.registry,
            "state": str(row.state),
            "serial": row.serial,
            "obtained_at": row.obtained_at.isoformat() if row.obtained_at else None,
            **(row.sealed or {}),
        }
        for row in StoredFact.objects.filter(consent__case_number=number).order_by("id")
    ]


def listed_of_case(number: str) -> list[Kept]:
    """The papers that were fetched, each with who proved it."""
    rows = StoredFact.objects.filter(
        consent__case_number=number, state=StoredFact.State.OBTAINED
    ).order_by("id")
    papers = load_plan().documents
    listed = []
    for row in rows:
        paper = papers.get(row.document)
        zh, en = (paper.zh, paper.en) if paper else (row.document, row.document)
        who_zh, who_en = AUTHORITIES[row.registry]
        listed.append(Kept(f"{zh}（{who_zh}）", f"{en} ({who_en})", row.obtained_at))
    return listed


def erase_of_case(number: str) -> int:
    """Destroy what is kept of a case. Returns how many consents."""
    consents = Consent.objects.filter(case_number=number)
    return _destroy(consents)


def count_expired(now: datetime) -> int:
    """How many consents are past their time."""
    return Consent.objects.filter(expires_at__lte=now).count()


def purge_expired(now: datetime) -> int:
    """Destroy consents past their time, with their facts; returns how many."""
    return _destroy(Consent.objects.filter(expires_at__lte=now))


def _destroy(consents: QuerySet[Consent]) -> int:
    _rows, by_model = consents.delete()
    return by_model.get("exchange.Consent", 0)
