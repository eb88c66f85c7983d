"""Shapes of heads, proofs, receipts and exports, for OpenAPI: what `verify.py` reads."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from tongdian.service.api.schemas import ActorOut, CaseNumber, Digest, HexText, Payload

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]


class SignedHead(Schema):
    """A tree head under the log's Ed25519 key."""

    log_id: str
    tree_size: int
    root_hash: Digest
    timestamp: datetime
    key_id: KeyId
    signature: Signature


class HeadOut(SignedHead):
    public_key: Digest


class PathOut(Schema):
    """A proof: hashes in hex, leaf side first."""

    path: list[Digest]


class InclusionOut(PathOut):
    leaf_index: int
    tree_size: int


class ConsistencyOut(PathOut):
    first: int
    second: int


class EventHeaderOut(Schema):
    """What the hash of an event covers."""

    format: Literal["tongdian-event-1"]
    case: CaseNumber
    seq: int
    kind: str
    recorded_at: datetime
    occurred_at: datetime
    actor: ActorOut
    payload_digest: Digest
    previous_hash: Digest


class EventOut(Schema):
    """An event in full. `personal` and `salt` are there for the one who filed it, until erased."""

    header: EventHeaderOut
    hash: Digest
    payload: Payload
    sealed_digest: Digest | None
    personal: Annotated[dict[str, Any] | None, Field(description="Names, identifiers, free text")]
    salt: HexText | None


class ReceiptOut(Schema):
    """One event, its inclusion proof and the signed head that covers it."""

    format: Literal["tongdian-receipt-1"]
    event: EventOut
    inclusion: InclusionOut
    tree_head: SignedHead
    public_key: Digest


class PlaceOut(PathOut):
    leaf_index: int


class ExportLog(Schema):
    tree_head: SignedHead
    public_key: Digest
    inclusions: list[PlaceOut]


class ExportOut(Schema):
    """The whole case: every event in order, each with its place in the log."""

    format: Literal["tongdian-case-1"]
    case: CaseNumber
    events: list[EventOut]
    log: ExportLog
