"""What people type, checked once for forms, API and jobs: one model for each kind of event.

A field marked PERSONAL goes to the erasable part of the event. Errors are told by field, rule and
remedy in both languages.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tongdian.law.identifiers import parse_resident_id, parse_uscc
from tongdian.law.plan import load_plan
from tongdian.service.approval.commands import COMMANDS as PERMIT_COMMANDS
from tongdian.service.approval.commands import FilePermits as FilePermits
from tongdian.service.casework.commands import (
    MAX_LOAD_KW as MAX_LOAD_KW,
)
from tongdian.service.casework.commands import (
    MAX_ROUTE_M as MAX_ROUTE_M,
)
from tongdian.service.casework.commands import (
    NO_CONTROL as NO_CONTROL,
)
from tongdian.service.casework.commands import (
    PERSONAL as PERSONAL,
)
from tongdian.service.casework.commands import (
    Code,
    Digest,
    District,
    FutureDate,
    Latitude,
    LengthM,
    LoadKw,
    Longitude,
    LongText,
    OptionalText,
    PastDate,
    Plain,
    ShortText,
    Written,
    text,
)
from tongdian.service.casework.commands import (
    Command as Command,
)
from tongdian.service.casework.commands import (
    Phone as Phone,
)
from tongdian.service.casework.commands import (
    parse as parse,
)


class Document(BaseModel):
    """A paper of the application: what it is, where it came from, and its digest if uploaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Code
    source: Literal["shared", "upload", "promise"]
    digest: Digest | None = None


class Agent(BaseModel):
    """Somebody acting for the applicant."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    name: ShortText
    phone: Phone


class Application(Command):
    """An application for a connection."""

    kind = "application_submitted"

    plan: Code = "guiyang-2021"
    channel: Literal["online", "window", "app", "api"] = "online"
    applicant_kind: Literal["resident", "small_micro", "enterprise", "other"]
    district: District
    zone: Literal["central_urban", "urban", "town", "rural"] = "urban"
    purpose: Literal[
        "residential", "commercial", "industrial", "agricultural", "public", "charging"
    ]
    load_kw: LoadKw
    supplies: Annotated[int, Field(ge=1, le=2)] = 1
    external_works: Literal["no", "yes", "unknown"] = "unknown"
    voltage: Literal["220V", "380V", "10kV", "35kV", "110kV"] | None = None
    track: Code | None = None
    documents: Annotated[tuple[Document, ...], Field(max_length=40)] = ()

    name: Annotated[ShortText, Field(json_schema_extra=PERSONAL)]
    id_type: Annotated[Literal["resident_id", "uscc"], Field(json_schema_extra=PERSONAL)] = (
        "resident_id"
    )
    id_number: Annotated[str, text(30), Field(json_schema_extra=PERSONAL)]
    phone: Annotated[Phone, Field(json_schema_extra=PERSONAL)]
    address: Annotated[str, text(200, 4), Field(json_schema_extra=PERSONAL)]
    lon: Annotated[Longitude | None, Field(json_schema_extra=PERSONAL)] = None
    lat: Annotated[Latitude | None, Field(json_schema_extra=PERSONAL)] = None
    real_estate_unit: Annotated[
        Annotated[str, StringConstraints(max_length=28, pattern=r"^[0-9A-Z]*$")],
        Field(json_schema_extra=PERSONAL),
    ] = ""
    project_code: Annotated[
        Annotated[str, StringConstraints(max_length=30, pattern=r"^[0-9-]*$")],
        Field(json_schema_extra=PERSONAL),
    ] = ""
    construction_permit: Annotated[
        Annotated[str, StringConstraints(max_length=20, pattern=r"^[0-9]*$")],
        Field(json_schema_extra=PERSONAL),
    ] = ""
    premise_note: Annotated[OptionalText, Field(json_schema_extra=PERSONAL)] = ""
    agent: Annotated[Agent | None, Field(json_schema_extra=PERSONAL)] = None
    owner: Annotated[Agent | None, Field(json_schema_extra=PERSONAL)] = None

    @model_validator(mode="after")
    def _identifier(self) -> "Application":
        parse = parse_resident_id if self.id_type == "resident_id" else parse_uscc
        parse(self.id_number)
        return self


class Deficiency(BaseModel):
    """One thing that is missing or wrong, and how to mend it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    field: Code
    problem: LongText
    remedy: LongText


class ListDeficiencies(Command):
    kind = "deficiency_listed"
    items: Annotated[tuple[Deficiency, ...], Field(min_length=1, max_length=30)]


class Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    field: Code
    answer: OptionalText = ""
    digest: Digest | None = None


class AnswerDeficiencies(Command):
    kind = "deficiency_answered"
    answers: Annotated[
        tuple[Answer, ...], Field(min_length=1, max_length=30, json_schema_extra=PERSONAL)
    ]

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        payload, personal = super().split()
        return {**payload, "fields": [answer.field for answer in self.answers]}, personal


class ConfirmAsOwner(Plain):
    kind = "owner_confirmed"


class Accept(Plain):
    kind = "application_accepted"


class RefuseToAccept(Command):
    kind = "application_not_accepted"
    reason_code: Literal["not_supply_area", "not_this_authority", "already_connected", "unlawful"]
    clause: ShortText
    remedy: LongText


class Reclassify(Command):
    kind = "track_reclassified"
    to: Literal["zero_lv_external"] = "zero_lv_external"
    reason: LongText
    clause: ShortText
    evidence: Code


class CompleteSurvey(Command):
    kind = "survey_completed"
    surveyed_on: PastDate
    external_works: Literal["yes", "no"]
    summary_code: Literal["as_applied", "load_changed", "access_needed"] = "as_applied"
    note: Annotated[OptionalText, Field(json_schema_extra=PERSONAL)] = ""


class ReplyScheme(Command):
    """供电方案 for now typed; the exact source point is mandatory (DOMAIN §1.6 e)."""

    kind = "scheme_replied"
    source_point: Annotated[str, text(120, 4)]
    voltage: Literal["220V", "380V", "10kV", "35kV", "110kV"]
    capacity_kva: LoadKw
    route_length_m: LengthM
    laying: Literal["overhead", "cable", "mixed"] = "overhead"
    metering: Literal["lv_lv", "hv_hv", "hv_lv"]
    ownership_boundary: Annotated[str, text(200, 2)]
    valid_until: FutureDate
    supply_mode: Literal["single", "dual"] = "single"
    second_source_point: Annotated[str, text(120, 0)] = ""

    @model_validator(mode="after")
    def _two_sources(self) -> "ReplyScheme":
        if self.supply_mode == "dual" and len(self.second_source_point) < 4:
            raise ValueError("second_source_point")
        if self.supply_mode == "dual" and self.second_source_point == self.source_point:
            raise ValueError("same_source_point")
        return self


class AcceptScheme(Plain):
    kind = "scheme_accepted"


class DisputeScheme(Command):
    kind = "scheme_disputed"
    reason_code: Literal["cost", "route", "voltage", "capacity", "timing", "other"]
    reason: Annotated[LongText, Field(json_schema_extra=PERSONAL)]


class CompleteExternalWorks(Command):
    kind = "external_works_completed"
    length_m: LengthM
    completed_on: PastDate


class ReportCompletion(Command):
    kind = "completion_reported"
    completed_on: PastDate
    contractor_licence: Annotated[str, text(40, 0)] = ""


class PassInspection(Command):
    kind = "inspection_passed"
    inspected_on: PastDate


class Defect(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    code: Code
    remedy: LongText


class FailInspection(Command):
    kind = "inspection_failed"
    inspected_on: PastDate | None = None
    items: Annotated[tuple[Defect, ...], Field(min_length=1, max_length=30)]


class RecordContract(Command):
    kind = "contract_recorded"
    contract_number: Code
    signed_on: PastDate


class InstallMeter(Command):
    kind = "meter_installed"
    meter_number: Code
    installed_on: PastDate


class Energise(Command):
    kind = "energised"
    meter_number: Code
    initial_reading: Annotated[Decimal, Field(ge=0, le=99_999_999, decimal_places=2), Written] = (
        Decimal(0)
    )


class Rate(Command):
    """好差评 in five levels."""

    kind = "step_rated"
    step: Literal["application", "scheme", "energisation"]
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[OptionalText, Field(json_schema_extra=PERSONAL)] = ""


class Withdraw(Command):
    kind = "withdrawn"
    reason_code: Literal["plans_changed", "applied_twice", "cost", "too_slow", "other"] = "other"


class Assign(Command):
    kind = "assigned"
    assignee: Code
    team: Annotated[str, text(40, 0)] = ""


class Pause(Command):
    kind = "clock_paused"
    ground: Code
    evidence: Annotated[str, text(300, 4)]

    @model_validator(mode="after")
    def _ground(self) -> "Pause":
        if self.ground not in {ground.id for ground in load_plan().pause_grounds}:
            raise ValueError("unknown_ground")
        return self


class Resume(Plain):
    kind = "clock_resumed"


class GiveConsent(Command):
    """授权取用证照: what may be fetched, for which purpose."""

    kind = "consent_given"
    documents: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20)]
    purpose: Code = "connection"


class WithdrawConsent(Plain):
    kind = "consent_withdrawn"


class AddEvidence(Command):
    kind = "evidence_added"
    digest: Digest
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]+$")]
    size_bytes: Annotated[int, Field(gt=0)]
    name: Annotated[ShortText, Field(json_schema_extra=PERSONAL)]
    about: OptionalText = ""


class CorrectTime(Command):
    """A compensating event: the original stays, the clock follows the corrected instant."""

    kind = "event_time_corrected"
    seq: Annotated[int, Field(ge=1)]
    instant: Annotated[
        str,
        StringConstraints(
            pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$"
        ),
    ]
    reason: LongText
    evidence: Annotated[str, text(300, 4)]


COMMANDS: dict[str, type[Command]] = PERMIT_COMMANDS | {
    command.kind: command
    for command in (
        Application,
        ConfirmAsOwner,
        ListDeficiencies,
        AnswerDeficiencies,
        Accept,
        RefuseToAccept,
        Reclassify,
        CompleteSurvey,
        ReplyScheme,
        AcceptScheme,
        DisputeScheme,
        CompleteExternalWorks,
        ReportCompletion,
        PassInspection,
        FailInspection,
        RecordContract,
        InstallMeter,
        Energise,
        Rate,
        Withdraw,
        Assign,
        Pause,
        Resume,
        GiveConsent,
        WithdrawConsent,
        AddEvidence,
        CorrectTime,
    )
}
