"""Receipts and case exports: plain JSON that `verify.py` checks without us."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongdian.proof.events import EventRecord
from tongdian.proof.heads import TreeHead

RECEIPT = "tongdian-receipt-1"
CASE = "tongdian-case-1"


@dataclass(frozen=True, slots=True)
class LogProof:
    """Where the events of a case stand in the log: index and inclusion path of each, in order,
    all in the tree of one signed head."""

    head: TreeHead
    public_key: bytes
    inclusions: Sequence[tuple[int, Sequence[bytes]]]


def event_dict(event: EventRecord) -> dict[str, Any]:
    """An event in full: header, hash, and what its digests commit to."""
    return {
        "header": event.header.to_dict(),
        "hash": event.hash.hex(),
        "payload": dict(event.payload),
        "sealed_digest": event.sealed.hex() if event.sealed is not None else None,
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


def export_case(
    case: str, events: Iterable[EventRecord], *, log: LogProof | None = None
) -> dict[str, Any]:
    """A whole case: every event in order.

    With `log` the export carries the signed head and an inclusion proof for each event; without it
    a reader can see that the events fit together, but not that the log ever held them. Raises
    ValueError when `log` does not prove every event.
    """
    written = [event_dict(event) for event in events]
    export: dict[str, Any] = {"format": CASE, "case": case, "events": written}
    if log is None:
        return export
    if len(log.inclusions) != len(written):
        raise ValueError(f"{len(written)} events, but {len(log.inclusions)} inclusion proofs")
    export["log"] = {
        "tree_head": log.head.to_dict(),
        "public_key": log.public_key.hex(),
        "inclusions": [
            {"leaf_index": index, "path": [part.hex() for part in path]}
            for index, path in log.inclusions
        ],
    }
    return export


def qr_text(receipt: Mapping[str, Any], base_url: str) -> str:
    """A short address that names case, event and tree: enough to compare with the page it opens."""
    event, head = receipt["event"], receipt["tree_head"]
    return (
        f"{base_url}/verify/?case={event['header']['case']}&seq={event['header']['seq']}"
        f"&hash={event['hash'][:16]}&size={head['tree_size']}&root={head['root_hash'][:16]}"
    )
