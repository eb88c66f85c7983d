"""What the approval system and engineers say of a lead: one model for each kind of event."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from tongdian.service.casework.commands import (
    PERSONAL,
    Code,
    Command,
    Digest,
    District,
    LoadKw,
    OptionalText,
    Phone,
    Plain,
    ShortText,
    Written,
    text,
)

Voltage = Literal["380V", "10kV", "35kV", "110kV"]
Prepared = Literal[
    "site_visited", "source_checked", "capacity_reserved", "duct_checked", "scheme_drafted"
]
CaseNumber = Annotated[str, StringConstraints(pattern=r"^GY[0-9]{13}[0-9A-Z]$")]
Note = Annotated[OptionalText, Field(json_schema_extra=PERSONAL)]


Decimals = Annotated[Decimal, Field(ge=0), Written]
Sealed: Any = Field(json_schema_extra=dict(PERSONAL))


class ReceivePermit(Command):
    """A permit as the newest message has it: who builds what where, and what it is expected to
    draw (kW) from its floor area (m²) at a density (W/m²), and when. `content` is the digest of
    what the message says, `told_at` the time that it carries."""

    kind = "permit_pushed"
    plan: Code
    track: Code
    permit: Code
    project_code: Code
    engineering_code: ShortText
    district: District
    use: Code
    area_m2: Decimals
    w_per_m2: Decimals
    expected_kw: Decimals
    starts_on: date
    expected_on: date
    issued_by: ShortText
    issued_on: date
    valid: bool
    told_at: datetime
    content: Digest

    name: Annotated[ShortText, Sealed]
    id_number: Annotated[str, text(18), Sealed]
    phone: Annotated[Phone | Literal[""], Sealed] = ""
    address: Annotated[str, text(200, 4), Sealed]
    lon: Annotated[Decimal, Sealed]
    lat: Annotated[Decimal, Sealed]
    real_estate_unit: Annotated[str, text(28, 0), Sealed] = ""
    project_name: Annotated[str, text(120), Sealed]


class UpdatePermit(ReceivePermit):
    kind = "permit_updated"


class WithdrawPermit(ReceivePermit):
    kind = "permit_withdrawn"


class ReinstatePermit(ReceivePermit):
    kind = "permit_reinstated"


class StartPreparation(Plain):
    kind = "preparation_started"


class CompletePreparation(Command):
    """Where the supply is expected to come from, and what was done beforehand."""

    kind = "preparation_completed"
    source_point: Annotated[str, text(80, 2)]
    voltage: Voltage
    available_kw: LoadKw | None = None
    prepared: Annotated[tuple[Prepared, ...], Field(min_length=1, max_length=5)]
    note: Note = ""


class Tie(Command):
    kind = "matched"
    connection: CaseNumber


class Untie(Command):
    kind = "match_undone"
    reason: Literal["other_project", "other_place", "wrong_number"]
    note: Note = ""


class Dismiss(Command):
    kind = "match_dismissed"
    connection: CaseNumber


class Close(Command):
    kind = "closed"
    reason: Literal["project_stopped", "no_new_load", "duplicate", "outside_area"]
    note: Note = ""


class Assign(Command):
    kind = "assigned"
    assignee: Code


PERMITS: dict[str, type[ReceivePermit]] = {
    command.kind: command
    for command in (ReceivePermit, UpdatePermit, WithdrawPermit, ReinstatePermit)
}
COMMANDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (StartPreparation, CompletePreparation, Tie, Untie, Dismiss, Close, Assign)
}
