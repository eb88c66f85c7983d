"""Shapes of cases, files and problems, for OpenAPI. The views answer in them; a test holds it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

Lane = Literal["applicant", "utility", "government", ""]
DecimalText = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)?$")]
HexText = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
CaseNumber = Annotated[str, StringConstraints(pattern=r"^GY[0-9]{13}[0-9A-Z]$")]


class FieldProblem(Schema):
    """One bad field: the rule it breaks and how to mend it, in Chinese and English."""

    field: str
    rule: str
    remedy: str = ""


class Happened(Schema):
    """An event since the one that the caller had seen."""

    seq: int
    kind: str
    recorded_at: datetime


class Problem(Schema):
    """RFC 9457. `type` is stable; which of the further members are there depends on it."""

    type: Annotated[str, Field(examples=["urn:tongdian:problem:not-allowed-now"])]
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    action: str | None = None
    stage: str | None = None
    clause: str | None = None
    allowed: Annotated[
        list[str] | None, Field(description="What is possible now, as kinds of actions")
    ] = None
    expected_seq: int | None = None
    happened: list[Happened] | None = None
    scopes_needed: list[str] | None = None
    scopes: list[str] | None = None
    retry_after_seconds: int | None = None


class CaseOut(Schema):
    """A case as everyone who may see it sees it: no personal data."""

    number: CaseNumber
    process: str
    plan: Annotated[str, Field(description="The plan in force when it was submitted, pinned")]
    track: str
    stage: str
    lane: Annotated[Lane, Field(description="Who holds it now; empty once it is closed")]
    pause_ground: Annotated[str, Field(description="Why the clock is paused; empty when it runs")]
    outcome: Annotated[str, Field(description="Empty while it is open")]
    district: str
    office: str
    load_kw: DecimalText
    opened_at: datetime
    submitted_at: datetime | None
    closed_at: datetime | None
    due_on: Annotated[date | None, Field(description="Strictest of promise and law")]
    due_provisional: Annotated[
        bool, Field(description="It lies in a year whose holidays are not yet announced")
    ]
    statutory_due_on: date | None
    seq: Annotated[int, Field(description="The last event; send it back as `expected_seq`")]
    allowed: Annotated[list[str], Field(description="What this key may do now")]


class SubmittedOut(CaseOut):
    """A new case. `codes` open it without an account, by party; they are shown this once."""

    codes: dict[Literal["applicant", "agent", "contractor", "owner"], str]


class CasePage(Schema):
    """One page of cases, newest first. Without a `next_cursor` it is the last."""

    items: list[CaseOut]
    next_cursor: str | None


class EvidenceOut(Schema):
    """A stored file. Pass these four on to the action `evidence_added`, or the digest to a form."""

    digest: Digest
    name: str
    media_type: Literal["application/pdf", "image/png", "image/jpeg"]
    size_bytes: int


class Words(Schema):
    zh: str
    en: str


class ActorOut(Schema):
    """Who did it: a role, an organisation, a pseudonym; never a name."""

    role: str
    organisation: str
    pseudonym: str


Payload = Annotated[
    dict[str, Any], Field(description="What the process needs of the event; never personal")
]
