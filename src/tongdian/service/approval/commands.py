"""What departments, the window and those who file say about permits: one model for each kind."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tongdian.service.casework.commands import (
    PERSONAL,
    Code,
    Command,
    Digest,
    LengthM,
    LongText,
    OptionalText,
    PastDate,
    Plain,
    ShortText,
    Written,
    text,
)

Item = Literal["municipal", "green", "traffic", "forest"]
Items = Annotated[tuple[Item, ...], Field(min_length=1, max_length=4)]
# 办件材料的形式: 1 纸质, 2 电子版, 3 证照, 4 容缺补正, 7 告知承诺.
Form = Literal["1", "2", "3", "4", "7"]
AreaM2 = Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=2), Written]


class Material(BaseModel):
    """One paper of the packet; each is handed in once, for all departments."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: Code
    form: Form = "2"
    digest: Digest | None = None


class FilePermits(Command):
    """One form for all departments. `joint_number` is the 并联审批实例编码, given when left out."""

    kind = "permits_filed"
    items: Items
    joint_number: Code | None = None
    materials: Annotated[tuple[Material, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def _once(self) -> "FilePermits":
        if len(set(self.items)) < len(self.items):
            raise ValueError("item_twice")
        return self


class ResubmitItems(FilePermits):
    kind = "items_resubmitted"
    changes: LongText


class ReceivePermits(Plain):
    kind = "permits_received"


class OfItem(Command):
    """What is done to one item."""

    item: Item


class AcceptItem(OfItem):
    kind = "item_accepted"


class Lacking(BaseModel):
    """One thing that an item lacks, and how to mend it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    field: Code
    problem: LongText
    remedy: LongText


class ListCorrections(OfItem):
    kind = "item_correction_listed"
    items: Annotated[tuple[Lacking, ...], Field(min_length=1, max_length=30)]


class CorrectItem(OfItem):
    kind = "item_corrected"
    answer: Annotated[str, text(12_000), Field(json_schema_extra=PERSONAL)]
    materials: Annotated[tuple[Material, ...], Field(max_length=40)] = ()


class StartSpecial(OfItem):
    """特别程序: the notice to the applicant is the evidence; `days` what it is expected to take."""

    kind = "item_special_started"
    ground: Code
    evidence: Annotated[str, text(300, 4)]
    days: Annotated[int, Field(ge=1, le=365)] | None = None


class EndSpecial(OfItem):
    kind = "item_special_ended"
    outcome: LongText


class DecideItem(OfItem):
    """A refusal says reason, clause and remedy; a grant may have conditions and a term."""

    kind = "item_decided"
    result: Literal["granted", "granted_deferred", "refused"]
    document_number: Annotated[str, text(80, 0)] = ""
    conditions: OptionalText = ""
    reason: OptionalText = ""
    clause: Annotated[str, text(80, 0)] = ""
    remedy: OptionalText = ""

    @model_validator(mode="after")
    def _told(self) -> "DecideItem":
        if self.result == "refused":
            for name in ("reason", "clause", "remedy"):
                if not getattr(self, name):
                    raise ValueError(f"refusal_{name}")
        return self


class RefuseToAcceptItem(OfItem):
    kind = "item_not_accepted"
    reason: LongText
    clause: ShortText
    remedy: LongText


class WithdrawItem(OfItem):
    kind = "item_withdrawn"
    reason: OptionalText = ""


class DecidePermits(Command):
    """统一出文: one document with the result of each item; the results are the departments'."""

    kind = "permits_decided"
    document_number: ShortText = "—"


class Commit(Command):
    """告知承诺: the letter as shown, by digest, and that each of its declarations was made."""

    kind = "commitment_made"
    items: Items
    letter: Digest
    declared: Literal[True]
    materials: Annotated[tuple[Material, ...], Field(max_length=40)] = ()


class InspectCommitment(OfItem):
    kind = "commitment_inspected"
    result: Literal["met", "unmet"]
    way: Literal["sampling", "full"] = "full"
    findings: LongText
    rectify_by: Annotated[str, text(10, 0)] = ""
    inspected_on: PastDate


class ReportRectified(OfItem):
    kind = "commitment_rectified"
    what_was_done: LongText


class RevokeCommitment(OfItem):
    kind = "commitment_revoked"
    false_commitment: Literal["yes", "no"]
    reason: LongText
    clause: ShortText
    remedy: LongText


class RevokePermit(OfItem):
    kind = "permit_revoked"
    reason: LongText
    clause: ShortText
    remedy: LongText


class ReportRestoration(OfItem):
    """恢复道路、绿化: with photographs from before and after, by digest."""

    kind = "restoration_reported"
    restored: Literal["road", "green"]
    length_m: LengthM | None = None
    area_m2: AreaM2 | None = None
    before: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=10)]
    after: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=10)]
    completed_on: PastDate


class CheckRestoration(OfItem):
    kind = "restoration_checked"
    result: Literal["accepted", "to_be_mended"]
    findings: OptionalText = ""


COMMANDS: dict[str, type[Command]] = {
    command.kind: command
    for command in (
        FilePermits,
        ResubmitItems,
        ReceivePermits,
        AcceptItem,
        ListCorrections,
        CorrectItem,
        StartSpecial,
        EndSpecial,
        DecideItem,
        RefuseToAcceptItem,
        WithdrawItem,
        DecidePermits,
        Commit,
        InspectCommitment,
        ReportRectified,
        RevokeCommitment,
        RevokePermit,
        ReportRestoration,
        CheckRestoration,
    )
}
