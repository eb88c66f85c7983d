"""What people type, checked once for forms, API and jobs: the base of every command, its types of
text, and how a bad one is told by field, rule and remedy in both languages.

A field marked PERSONAL goes to the erasable part of the event.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from tongdian.law.calendar import local_date
from tongdian.law.identifiers import GUIYANG_DIVISIONS, IdentifierError
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.messages import describe_error

PERSONAL = {"personal": True}
# Nor what turns the direction of writing, so that a name or a clause reads as another.
NO_CONTROL = (
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f"
    r"\u200e\u200f\u2028-\u202e\u2066-\u2069]*$"
)


def text(maximum: int, minimum: int = 1) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=minimum, max_length=maximum, pattern=NO_CONTROL
    )


ShortText = Annotated[str, text(80)]
LongText = Annotated[str, text(1000)]
OptionalText = Annotated[str, text(1000, 0)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
# `\d` would be the digits of every script.
Phone = Annotated[str, StringConstraints(pattern=r"^(1[0-9]{10}|0[0-9]{2,3}-?[0-9]{7,8})$")]
# A district that is none has no office, so nobody would ever see the case.
District = Annotated[str, StringConstraints(pattern=f"^({'|'.join(GUIYANG_DIVISIONS)})$")]
MAX_LOAD_KW = Decimal(1_000_000)
MAX_ROUTE_M = Decimal(100_000)


def _plain(value: Decimal) -> Decimal:
    """Without an exponent: `1e3` is kept, sealed and shown as 1000."""
    return Decimal(format(value, "f"))


Written = AfterValidator(_plain)
LoadKw = Annotated[Decimal, Field(gt=0, le=MAX_LOAD_KW, max_digits=10, decimal_places=2), Written]
LengthM = Annotated[Decimal, Field(ge=0, le=MAX_ROUTE_M, max_digits=9, decimal_places=2), Written]
Longitude = Annotated[Decimal, Field(ge=Decimal("105.9"), le=Decimal("107.5"), decimal_places=8)]
Latitude = Annotated[Decimal, Field(ge=Decimal("26.0"), le=Decimal("27.6"), decimal_places=8)]


def _past(value: date) -> date:
    if value > local_date(clock.now()):
        raise ValueError("future_date")
    return value


def _future(value: date) -> date:
    today = local_date(clock.now())
    if value <= today:
        raise ValueError("past_date")
    if value > today + timedelta(days=3 * 366):
        raise ValueError("absurd_date")
    return value


PastDate = Annotated[date, AfterValidator(_past)]
FutureDate = Annotated[date, AfterValidator(_future)]


class Command(BaseModel):
    """Base of all commands. `split` gives the process part and the personal part, JSON-able."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)
    kind: ClassVar[str]

    def split(self) -> tuple[dict[str, Any], dict[str, Any]]:
        personal_names = {
            name
            for name, info in type(self).model_fields.items()
            if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("personal")
        }
        data = self.model_dump(mode="json", exclude_none=True)
        payload = {name: data[name] for name in data if name not in personal_names}
        personal = {
            name: data[name] for name in data if name in personal_names and data[name] != ""
        }
        return payload, personal


class Plain(Command):
    """A command with nothing to say but that it happened."""


def parse(model: type[Command], data: Mapping[str, Any]) -> Command:
    """A checked command. Raises InvalidInput that names every bad field, its rule and remedy."""
    try:
        return model.model_validate(dict(data))
    except IdentifierError as error:
        raise InvalidInput([_identifier_error(error)]) from None
    except ValidationError as error:
        raise InvalidInput([describe_error(item) for item in _told_once(error.errors())]) from None


def _told_once(errors: Sequence[Any]) -> list[Any]:
    """A list whose items are bad is not too short as well: what is bad is told beside the item."""
    lists = {item["loc"][0] for item in errors if len(item["loc"]) > 1}
    return [
        item
        for item in errors
        if not (item["type"] == "too_short" and len(item["loc"]) == 1 and item["loc"][0] in lists)
    ]


def _identifier_error(error: IdentifierError) -> FieldError:
    return FieldError("id_number", error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en)
