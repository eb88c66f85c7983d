"""Shapes of the integrators' interface, for OpenAPI."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema


class FieldProblem(Schema):
    field: str
    rule: str
    remedy: str = ""


class Problem(Schema):
    """RFC 9457. `type` is stable; further members depend on it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    allowed: list[str] | None = None


class CaseOut(Schema):
    """A case as everyone who may see it sees it: no personal data."""

    number: str
    process: str
    plan: str
    track: str
    stage: str
    lane: str
    pause_ground: str
    outcome: str
    district: str
    office: str
    load_kw: Decimal
    opened_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    due_on: date | None
    due_provisional: bool
    statutory_due_on: date | None
    seq: int
    allowed: list[str] = []


class SubmittedOut(CaseOut):
    """A new case. `codes` open it without an account, by party; they are shown this once."""

    codes: dict[str, str]


class CasePage(Schema):
    items: list[CaseOut]
    next_cursor: str | None


class HeadOut(Schema):
    log_id: str
    tree_size: int
    root_hash: str
    timestamp: str
    key_id: str
    signature: str
    public_key: str


class PathOut(Schema):
    """A proof: hashes in hex, leaf side first."""

    path: list[str]


class InclusionOut(PathOut):
    leaf_index: int
    tree_size: int


class ConsistencyOut(PathOut):
    first: int
    second: int


class EvidenceOut(Schema):
    digest: str
    name: str
    media_type: str
    size_bytes: int


Document = dict[str, Any]
