"""Asking registries for the facts of a consent, at once or later, and keeping what they prove."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import transaction

from tongdian.proof.canonical import canonical
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.exchange.fact_judging import GATES, judged
from tongdian.service.exchange.fact_recording import record
from tongdian.service.exchange.models import Consent, StoredFact
from tongdian.service.exchange.registries.configuration import configured
from tongdian.service.exchange.registries.errors import RegistryError
from tongdian.service.exchange.registries.plugin import Fact, Registry
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.privacy.actions import Purpose, record_read

PURPOSE = "connection"
THREADS = 16
# The pauses before the next attempts; after the last one the applicant's own paper is what counts.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60, 240, 720, 1440, 1440))


@dataclass(frozen=True)
class Outcome:
    """What one registry gave: a fact with the values that are kept, or an error."""

    fact: Fact | None
    values: Mapping[str, Any]
    error: RegistryError | None


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="registries")


def fetch_now(consent: Consent, *, actor: Actor, seconds: float) -> None:
    """Ask for all that is pending, for at most so many seconds altogether; the rest is asked for
    later. The one that says who this is comes first, and without it nothing else is asked."""
    end = time.monotonic() + seconds
    pending = list(consent.facts.filter(state=StoredFact.State.PENDING).order_by("id"))
    gates = [row for row in pending if row.document in GATES]
    _round(consent, gates, actor, end)
    if _is_gated(consent):
        _round(consent, [row for row in pending if row not in gates], actor, end)


def _is_gated(consent: Consent) -> bool:
    """Whether a registry has confirmed who this is."""
    gates = consent.facts.filter(document__in=GATES)
    return gates.filter(state=StoredFact.State.OBTAINED).exists()


def _round(consent: Consent, rows: Sequence[StoredFact], actor: Actor, end: float) -> None:
    """Several registries at the same time; those that take too long count as not reached."""
    registries = configured()
    asked: dict[Future[Outcome], StoredFact] = {}
    for row in rows:
        registry = registries.get(row.registry)
        if registry is None or not _may_ask(consent):
            continue
        _note_read(consent, row, actor)
        typed = dict(consent.sealed or {})
        asked[_threads().submit(_ask, registry, typed, consent.number)] = row
    done, late = wait(asked, timeout=max(end - time.monotonic(), 0.0))
    for future in done:
        keep(asked[future].pk, future.result())
    for future in late:
        future.cancel()
        keep(asked[future].pk, Outcome(None, {}, None))


def _ask(registry: Registry, typed: Mapping[str, str], number: str) -> Outcome:
    try:
        fact = registry.fetch(typed["id_number"], purpose=PURPOSE, consent=number)
        return Outcome(fact, judged(fact, typed), None)
    except RegistryError as error:
        return Outcome(None, {}, error)


def fetch_later(row_id: int) -> None:
    """One pending fact again, as the system. Nothing once consent is withdrawn."""
    row = StoredFact.objects.select_related("consent").get(pk=row_id)
    registry = configured().get(row.registry)
    consent = row.consent
    if registry is None or row.state != StoredFact.State.PENDING or not _may_ask(consent):
        return
    if row.document not in GATES and not _is_gated(consent):
        _postpone(row)
        return
    _note_read(consent, row, SYSTEM)
    keep(row.pk, _ask(registry, dict(consent.sealed or {}), consent.number))


def _may_ask(consent: Consent) -> bool:
    """Looked at anew: consent may have been withdrawn a moment ago, here or on the case."""
    stands = Consent.objects.filter(
        pk=consent.pk, withdrawn_at=None, expires_at__gt=clock.now()
    ).exists()
    if not stands or consent.sealed is None:
        return False
    return not (consent.case_number and is_withdrawn_on(consent.case_number))


def is_withdrawn_on(case_number: str) -> bool:
    """Whether the case's own log says that consent was withdrawn, or that the case has ended."""
    case = Case.objects.filter(number=case_number).first()
    if case is None or case.outcome:
        return True
    return bool(case.events.filter(kind="consent_withdrawn").exists())


def _note_read(consent: Consent, row: StoredFact, actor: Actor) -> None:
    record_read(
        subject=consent.pseudonym,
        case_number=consent.case_number,
        actor=actor,
        purpose=Purpose.REGISTRY,
        what=f"registry:{row.registry}",
    )


@transaction.atomic
def keep(row_id: int, outcome: Outcome) -> None:
    """Keep what was found, if consent still stands: a withdrawal in between wins."""
    row = StoredFact.objects.select_related("consent").select_for_update().get(pk=row_id)
    if row.state != StoredFact.State.PENDING or not _may_ask(row.consent):
        return
    row.attempts += 1
    if outcome.fact is not None:
        _obtained(row, outcome.fact, outcome.values)
    elif outcome.error is not None and not outcome.error.retry_later:
        _unavailable(row, outcome.error.code)
    else:
        row.error = outcome.error.code if outcome.error else "slow"
        _postpone(row)


def _obtained(row: StoredFact, fact: Fact, values: Mapping[str, Any]) -> None:
    proof = dict(fact.proof)
    row.state, row.error, row.next_at = StoredFact.State.OBTAINED, "", None
    row.sealed = {"values": dict(values), "proof": proof}
    row.proof_digest = hashlib.sha256(canonical(proof)).hexdigest()
    row.serial, row.obtained_at = fact.serial, fact.obtained_at
    row.save()
    record(row)


def _unavailable(row: StoredFact, code: str) -> None:
    row.state, row.error, row.next_at = StoredFact.State.UNAVAILABLE, code, None
    row.save()
    record(row)


def _postpone(row: StoredFact) -> None:
    if row.attempts >= len(PAUSES):
        _unavailable(row, row.error or "slow")
        return
    row.next_at = clock.now() + PAUSES[row.attempts]
    row.save()
