"""Receipts and case exports: plain JSON that `verify.py` checks without us."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongdian.proof.events import EventRecord
from tongdian.proof.heads import TreeHead

RECEIPT = "tongdian-receipt-1"
CASE = "tongdian-case-1"


def event_dict(event: EventRecord) -> dict[str, Any]:
    """An event in full: header, hash, and what its digests commit to."""
    return {
        "header": event.header.to_dict(),
        "hash": event.hash.hex(),
        "payload": dict(event.payload),
        "sealed_digest": event.sealed.hex() if event.sealed else None,
        "personal": dict(event.personal) if event.personal is not None else None,
        "salt": event.salt.hex() if event.salt is not None else None,
    }


def make_receipt(
    record: EventRecord,
    *,
    leaf_index: int,
    path: Sequence[bytes],
    head: TreeHead,
    public_key: bytes,
) -> dict[str, Any]:
    """A receipt of one event with its inclusion proof under a signed tree head."""
    return {
        "format": RECEIPT,
        "event": event_dict(record),
        "inclusion": {
            "leaf_index": leaf_index,
            "tree_size": head.tree_size,
            "path": [part.hex() for part in path],
        },
        "tree_head": head.to_dict(),
        "public_key": public_key.hex(),
    }


def export_case(case: str, events: Iterable[EventRecord]) -> dict[str, Any]:
    """A whole case: every event in order."""
    return {"format": CASE, "case": case, "events": [event_dict(event) for event in events]}


def qr_text(receipt: Mapping[str, Any], base_url: str) -> str:
    """A short address that names case, event and tree: enough to compare with the page it opens."""
    event, head = receipt["event"], receipt["tree_head"]
    return (
        f"{base_url}/verify/?case={event['header']['case']}&seq={event['header']['seq']}"
        f"&hash={event['hash'][:16]}&size={head['tree_size']}&root={head['root_hash'][:16]}"
    )
