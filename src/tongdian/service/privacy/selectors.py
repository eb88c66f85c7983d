"""What is kept of a person in a case, who read it, what was consented to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongdian.law.plan import load_plan
from tongdian.service.casework.masks import mask_address, mask_name, mask_number
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor
from tongdian.service.privacy.field_map import Entry, Words, event_fields
from tongdian.service.privacy.models import ErasureRequest, ReadRecord
from tongdian.service.privacy.words import identifier_kind

OWN_PARTIES = frozenset({"applicant", "agent", "owner"})


def own_cases(actor: Actor) -> QuerySet[Case]:
    """The cases whose personal data `actor` may see as its own, newest first: those of the own
    account, and those opened as applicant, agent or owner. Staff and contractors have none."""
    if not actor.has("applicant"):
        return Case.objects.none()
    closed = {number for number, party in actor.parties if party not in OWN_PARTIES}
    closed -= {number for number, party in actor.parties if party in OWN_PARTIES}
    return visible_to(actor).exclude(number__in=closed).order_by("-id")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is kept: its name, how it is shown, where it comes from."""

    label: Words
    shown: str
    kind: str


@dataclass(slots=True)
class Category:
    """Things kept for one purpose, on one ground, for one term."""

    purpose: Words
    ground: Words
    term: Words
    items: list[Item] = field(default_factory=list)


def kept_of(events: Sequence[Event]) -> list[Category]:
    """What the events of a case hold of people, by category; masked."""
    found: dict[tuple[str, str, str], Category] = {}
    for event in events:
        for name, value in (event.personal or {}).items():
            entry = event_fields().get((event.kind, name))
            if entry is None:
                continue
            category = found.setdefault(
                (entry.purpose, entry.ground, entry.term),
                Category(entry.word("purposes"), entry.word("grounds"), entry.word("terms")),
            )
            category.items.append(Item(entry.label, _shown(entry, value, event), event.kind))
    return list(found.values())


def _shown(entry: Entry, value: Any, event: Event) -> str:
    """Masked as the map says; empty for what is not shown at all."""
    if isinstance(value, Mapping):
        parts = [mask_name(str(value.get("name", ""))), mask_number(str(value.get("phone", "")))]
        return " ".join(part for part in parts if part)
    text = str(value)
    if entry.place == "event.id_type":
        return identifier_kind(text)
    if entry.mask == "name":
        return mask_name(text, str((event.personal or {}).get("id_type", "")))
    if entry.mask == "address":
        return mask_address(text)
    if entry.mask in ("identifier", "phone"):
        return mask_number(text)
    if isinstance(value, list):
        return _listed(value)
    # What one wrote oneself is shown to oneself, whatever strangers would see of it.
    return text


def _listed(rows: list[Any]) -> str:
    """Answers to a list, one after the other, without what only machines read."""
    said = [
        " ".join(str(part) for key, part in row.items() if key != "digest" and part)
        if isinstance(row, Mapping)
        else str(row)
        for row in rows
    ]
    return "；".join(part for part in said if part)


def reads_of(number: str) -> QuerySet[ReadRecord]:
    """Every read of a case, the latest first."""
    return ReadRecord.objects.filter(case_number=number).order_by("-at", "-id")


def readable_by(reader: str, event: Event) -> dict[str, Any]:
    """What of the sealed part of an event the map lets a reader see: `desk`, `permits`, `party`."""
    return {
        name: value
        for name, value in (event.personal or {}).items()
        if (entry := event_fields().get((event.kind, name))) and reader in entry.readers
    }


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent, given or withdrawn."""

    at: datetime
    given: bool
    documents: list[Words]


def consents_of(events: Iterable[Event]) -> list[ConsentLine]:
    """What was consented to and withdrawn, in the order of the case."""
    papers = load_plan().documents
    lines = []
    for event in events:
        if event.kind in ("consent_given", "consent_withdrawn"):
            codes = [str(code) for code in event.payload.get("documents", [])]
            known = [papers.get(code) for code in codes]
            names = [
                Words(paper.zh, paper.en) if paper else Words(code, code)
                for code, paper in zip(codes, known, strict=True)
            ]
            lines.append(ConsentLine(event.recorded_at, event.kind == "consent_given", names))
    return lines


def requests_of(number: str) -> QuerySet[ErasureRequest]:
    """Requests to erase a case's data, the latest first."""
    return ErasureRequest.objects.filter(case_number=number).order_by("-id")


def requests_to_decide(actor: Actor) -> QuerySet[ErasureRequest]:
    """All requests, those to decide first; for administrators alone."""
    if not actor.has("administrator"):
        return ErasureRequest.objects.none()
    return ErasureRequest.objects.order_by("decided_at", "id")
