"""What a plan is made of: values, clauses, tracks, papers, payments, grounds, measures, duties.

Plain frozen records; `plan_build` makes them from a file and `plan.Plan` holds them together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Scalar = int | Decimal | str | bool | date

STATUSES = frozenset({"plan", "statute", "default"})
KINDS = frozenset({"limit", "target", "condition", "parameter", "fact"})
CLOCKS = frozenset({"whole_process", "utility_stages"})
LANES = frozenset({"applicant", "utility", "government"})
HANDLINGS = frozenset({"shared", "ask", "form", "later"})
PAYERS = frozenset({"utility", "applicant", "government"})
STAGES = frozenset(
    {
        "intake", "deficiency", "survey", "scheme", "scheme_decision", "own_works", "permits",
        "external_works", "inspection", "metering",
    }
)  # fmt: skip
READERS = frozenset(
    {"approval", "connection", "exchange", "grid", "indicators", "outage", "portal", "reliability"}
)


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what, in which unit, from which clause, in force when.

    `kind`: limit (code enforces it), target (measured against), condition (decides eligibility),
    parameter (computed with), fact (stated). `reader` names the room that will read a condition or
    parameter which no code reads yet.
    """

    key: str
    value: Scalar
    unit: str
    kind: str
    clause: str
    quote: str
    status: str
    valid_from: date
    valid_to: date | None
    note: str
    reader: str
    line: int

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Clause:
    """A paragraph of the plan. `reason` says why it gives no value, where it gives none."""

    id: str
    zh: str
    en: str
    text: str
    reason: str
    reason_en: str
    line: int


@dataclass(frozen=True, slots=True)
class Law:
    """A law, rule or standard that a value may cite: `id`, or `id` and an article."""

    id: str
    en: str
    note: str
    line: int


@dataclass(frozen=True, slots=True)
class NamedStep:
    """A counted step (环节)."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Condition:
    """When a conditional paper is needed."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper as one track treats it.

    `handling`: shared (nobody asks), ask, form (filled in here), later. `registry` is the authority
    that can share it, empty when none can. `when` is None for a paper that is always needed.
    `deferrable`: 容缺受理; `promise_replaceable`: 告知承诺 in its place.
    """

    id: str
    zh: str
    en: str
    handling: str
    registry: str
    registry_en: str
    clause: str
    when: Condition | None
    deferrable: bool
    promise_replaceable: bool
    line: int

    @property
    def fetchable(self) -> bool:
        return bool(self.registry)

    @property
    def required(self) -> bool:
        return self.when is None


@dataclass(frozen=True, slots=True)
class Payment:
    """Who pays for what. `amount` is yuan as text when it is certain, else empty."""

    id: str
    zh: str
    en: str
    who: str
    amount: str
    clause: str
    quote: str
    line: int


@dataclass(frozen=True, slots=True)
class PauseGround:
    """A ground on which a clock may be paused, in which lanes, with which evidence."""

    id: str
    zh: str
    en: str
    lanes: tuple[str, ...]
    evidence: str
    evidence_en: str
    clause: str
    status: str
    line: int


@dataclass(frozen=True, slots=True)
class Track:
    """A kind of customer: promise, steps, statutory periods, targets, papers, payments.

    `statutory_limits` and `stage_limits` map a stage to working days; a stage without a limit is
    absent. The `*_key` fields name the plan value behind each number.
    """

    id: str
    zh: str
    en: str
    promise_clock: str
    promise_key: str
    promise_working_days: int
    steps_key: str
    steps: tuple[NamedStep, ...]
    statutory_keys: Mapping[str, str]
    statutory_limits: Mapping[str, int]
    stage_keys: Mapping[str, str]
    stage_limits: Mapping[str, int]
    scheme_validity_key: str
    scheme_validity_months: int
    documents: tuple[Document, ...]
    payments: tuple[Payment, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the plan's goals. `values` are the keys of its numbers."""

    id: str
    clause: str
    zh: str
    en: str
    values: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the twelve measures. `due` is None for a standing duty (长期)."""

    number: int
    clause: str
    zh: str
    en: str
    units: tuple[str, ...]
    due: date | None
    due_quote: str
    line: int


@dataclass(frozen=True, slots=True)
class Duty:
    """One of the four organisation duties, with the sentence that lays it down."""

    id: str
    clause: str
    zh: str
    en: str
    units: tuple[str, ...]
    quote: str
    line: int
