"""Receipts, proofs and exports for people who do not trust us."""

from collections.abc import Sequence
from typing import Any

from tongdian.proof.events import EventHeader, EventRecord
from tongdian.proof.heads import TreeHead as SignedHead
from tongdian.proof.receipts import LogProof, export_case, make_receipt
from tongdian.proof.tiles import consistency_path, inclusion_path
from tongdian.service.casework.models import Case, Event, LogLeaf, TreeHead
from tongdian.service.casework.sequencer import (
    DatabaseTiles,
    latest_head,
    sequence_all,
    signed_head,
    signing_key,
)


class NotYetSequenced(Exception):
    """The event is stored but its place in the log is not fixed yet; ask again in a moment."""


def header_of(case: Case, event: Event) -> EventHeader:
    return EventHeader(
        case=case.number,
        seq=event.seq,
        kind=event.kind,
        recorded_at=event.recorded_at,
        occurred_at=event.occurred_at,
        actor=event.actor,
        payload_digest=bytes(event.payload_digest),
        previous_hash=bytes(event.previous_hash),
    )


def _places(events: Sequence[Event]) -> tuple[list[int], TreeHead]:
    """Index of each event and one head that covers them all; sequences at once what has no place
    yet. Raises NotYetSequenced."""
    indices = _leaf_indices(events)
    if len(indices) < len(events):
        sequence_all()
        indices = _leaf_indices(events)
    head = latest_head()
    missing = [event.pk for event in events if event.pk not in indices]
    if missing or head is None or head.tree_size <= max(indices.values()):
        raise NotYetSequenced(*missing)
    return [indices[event.pk] for event in events], head


def _leaf_indices(events: Sequence[Event]) -> dict[int, int]:
    places = LogLeaf.objects.filter(event__in=[event.pk for event in events])
    return dict(places.values_list("event_id", "index"))


def record_of(case: Case, event: Event, *, with_personal: bool) -> EventRecord:
    """The event as proof sees it; the personal part only for those who may read it."""
    return EventRecord(
        header=header_of(case, event),
        hash=bytes(event.hash),
        payload=event.payload,
        personal=event.personal if with_personal else None,
        salt=bytes(event.salt) if with_personal and event.salt else None,
        sealed=bytes(event.sealed_digest) if event.sealed_digest else None,
    )


def receipt_for(case: Case, event: Event, *, with_personal: bool) -> dict[str, Any]:
    """A receipt of one event, of format tongdian-receipt-1. Raises NotYetSequenced."""
    (index,), head = _places([event])
    return make_receipt(
        record_of(case, event, with_personal=with_personal),
        leaf_index=index,
        path=inclusion_path(DatabaseTiles(), index, head.tree_size),
        head=signed_head(head),
        public_key=signing_key().public_bytes,
    )


def export_for(case: Case, *, with_personal: bool) -> dict[str, Any]:
    """The whole case, of format tongdian-case-1: every event, its place in the log and the head
    that covers it, verifiable without us. Raises NotYetSequenced."""
    events = list(case.events.order_by("seq"))
    indices, head = _places(events)
    tiles = DatabaseTiles()
    proof = LogProof(
        signed_head(head),
        signing_key().public_bytes,
        [(index, inclusion_path(tiles, index, head.tree_size)) for index in indices],
    )
    records = [record_of(case, event, with_personal=with_personal) for event in events]
    return export_case(case.number, records, log=proof)


def inclusion_of(index: int, tree_size: int) -> list[bytes]:
    """Inclusion path of a leaf in the tree of `tree_size`. ValueError when outside."""
    head = latest_head()
    known = head.tree_size if head else 0
    if not 0 <= index < tree_size <= known:
        raise ValueError(f"index < tree_size ≤ {known} is needed")
    return inclusion_path(DatabaseTiles(), index, tree_size)


def consistency_of(old: int, new: int) -> list[bytes]:
    """Consistency path between two tree sizes. ValueError when outside."""
    head = latest_head()
    known = head.tree_size if head else 0
    if not 0 < old <= new <= known:
        raise ValueError(f"0 < first ≤ second ≤ {known} is needed")
    return consistency_path(DatabaseTiles(), old, new)


def head_of_size(tree_size: int | None = None) -> SignedHead | None:
    """The latest signed head, or that of a size."""
    if tree_size is None:
        head = latest_head()
    else:
        head = TreeHead.objects.filter(tree_size=tree_size).first()
    return signed_head(head) if head else None
