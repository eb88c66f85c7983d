"""Shapes of the timeline, the deadline and the pre-check, for OpenAPI."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from tongdian.service.api.schemas import ActorOut, CaseNumber, Digest, Payload, Words


class SkippedDay(Schema):
    """A day that makes a deadline surprising, and why."""

    date: date
    reason: str
    reason_en: str
    festival: str | None


class DeadlineOut(Schema):
    """The end of a period of working days. `provisional`: a year in it is not yet announced."""

    due: date
    provisional: bool
    skipped: list[SkippedDay]
    counted_makeup: list[SkippedDay]
    start: date
    working_days: int
    calendar: Annotated[str, Field(description="The holiday notices it was counted with")]


class HoldOut(Schema):
    """One lane holding the case in one stage over [start, end); paused when there is a ground."""

    lane: Literal["applicant", "utility", "government"]
    stage: str
    start: datetime
    end: datetime | None
    ground: str | None


class TotalsOut(Schema):
    """The four totals over one log, never mixed, and the lanes that add up to the span."""

    whole_process_working_days: int
    utility_stages_working_days: int
    joint_approval_working_days: int
    world_bank_calendar_days: int
    lanes_working_days: dict[str, int]
    paused_working_days: int
    span_working_days: int


class ClockOut(Schema):
    """A limit measured on the case; `left_working_days` is negative once it is exceeded."""

    id: str
    scope: Any
    limit_working_days: int
    status: Annotated[str, Field(description="plan, statute or default")]
    clause: str
    used_working_days: int
    left_working_days: int
    running: bool
    due: date | None
    provisional: bool
    exceeded_on: date | None
    why: DeadlineOut | None


class TimelineEvent(Schema):
    """An event in words, with its place in the chain; no personal part."""

    seq: int
    kind: str
    label: Words
    recorded_at: datetime
    occurred_at: datetime
    corrected_to: datetime | None
    actor: ActorOut
    payload: Payload
    personal_erased: bool
    hash: Digest
    previous_hash: Digest
    payload_digest: Digest


class BranchOut(Schema):
    """One permit of several that go on side by side: whose it is, where it stands, its clocks.
    `holds` are those of the item alone; the joint clock stands among the case's."""

    name: Annotated[str, Field(description="municipal, green, traffic or forest")]
    label: Words
    organisation: str
    stage: str
    stage_label: Words
    holds: list[HoldOut]
    clocks: list[ClockOut]


class TimelineOut(Schema):
    """Who held the case from when to when, every clock with its reason, every permit item, every
    event."""

    number: CaseNumber
    as_of: datetime
    holds: list[HoldOut]
    totals: TotalsOut
    clocks: list[ClockOut]
    branches: list[BranchOut]
    events: list[TimelineEvent]


class StepOut(Words):
    id: str


class PromiseOut(Schema):
    """The promised days, how they are counted, and the day they would end when filed today."""

    clock: str
    clock_zh: str
    clock_en: str
    working_days: int
    deadline: DeadlineOut


class PaperOut(Words):
    """A paper; with a registry it is one that the state already holds."""

    id: str
    registry: str
    registry_en: str
    clause: str
    when_zh: str
    when_en: str
    deferrable: bool
    promise_replaceable: bool


class PapersOut(Schema):
    """What to bring or fill in, what nobody asks for, what comes later or under a condition."""

    asked: list[PaperOut]
    shared: list[PaperOut]
    later: list[PaperOut]
    conditional: list[PaperOut]


class PaymentOut(Words):
    """Who pays for what; `amount` in yuan as text, empty when it depends on the works."""

    who: str
    amount: str
    clause: str
    quote: str


class ReasonOut(Words):
    clause: str
    quote: str


class PrecheckOut(Schema):
    """The whole answer before applying, each statement with its clause."""

    track: str
    track_zh: str
    track_en: str
    voltage: str
    headline_zh: str
    headline_en: str
    steps: list[StepOut]
    promise: PromiseOut
    scheme_validity_months: int
    documents: PapersOut
    payments: list[PaymentOut]
    reasons: list[ReasonOut]
    cautions: list[ReasonOut]
