"""The shapes of what registries say, and what of it is kept as a fact about a paper."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Area = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]


class Record(BaseModel):
    """Members that we do not know are left alone: registries add some."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Identity(Record):
    """居民身份证."""

    name: Text
    id_number: Text
    status: Text
    valid_until: date


class Business(Record):
    """营业执照, with the flag of the directory of small and micro enterprises (小微企业名录)."""

    name: Text
    uscc: Text
    legal_representative: Text
    address: Text
    status: Text
    small_micro: Annotated[bool, Field(strict=True)]
    registered_on: date


class Title(Record):
    """One 不动产权证书; area in square metres."""

    certificate: Text
    unit: Text
    address: Text
    use: Text
    area_m2: Area
    registered_on: date


class RealEstate(Record):
    """All titles of a holder."""

    titles: Annotated[tuple[Title, ...], Field(max_length=500)]


class LandPlanning(Record):
    """Parcel and planning permit (建设工程规划许可证); area in square metres."""

    parcel: Text
    address: Text
    land_use: Text
    area_m2: Area
    planning_permit: Text
    permitted_on: date


class Project(Record):
    """One investment project; `code` has 24 characters."""

    code: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{6}-\d{2}-\d{2}-\d{6}$")]
    name: Text
    kind: Text
    owner_uscc: Text
    filed_on: date
    investment_yuan: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]


class Projects(Record):
    """All projects of a company."""

    projects: Annotated[tuple[Project, ...], Field(max_length=500)]


SHAPES: Final[dict[str, type[Record]]] = {
    "identity": Identity,
    "business": Business,
    "real_estate": RealEstate,
    "land_planning": LandPlanning,
    "projects": Projects,
}
# The paper of the plan that each registry's record stands for.
DOCUMENTS: Final = {
    "identity": "identity",
    "business": "licence",
    "real_estate": "premises",
    "land_planning": "planning_permit",
    "projects": "project_approval",
}
REGISTRY_OF: Final = {document: registry for registry, document in DOCUMENTS.items()}
# The authority, as the plan's documents name it.
AUTHORITIES: Final = {
    "identity": ("市公安局", "Public Security Bureau"),
    "business": ("市市场监督管理局", "Administration for Market Regulation"),
    "real_estate": ("市自然资源和规划局", "Bureau of Natural Resources and Planning"),
    "land_planning": ("市自然资源和规划局", "Bureau of Natural Resources and Planning"),
    "projects": ("市发展改革委", "Development and Reform Commission"),
}
_LEFT_OUT = re.compile(r"[\s,，.。·()（）\-—_#]+")
_CITY = re.compile(r"^(贵州省)?(贵阳市)?")


def plain_address(text: str) -> str:
    """An address without blanks and punctuation, without province and city, for comparing."""
    return _CITY.sub("", _LEFT_OUT.sub("", text))


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for blanks and the kind of brackets and dots."""
    return _LEFT_OUT.sub("", one) == _LEFT_OUT.sub("", other)


def title_at(record: RealEstate, address: str) -> Title | None:
    """The title to the premises with this address; the holder's others are nobody's business."""
    wanted = plain_address(address)
    return next((title for title in record.titles if plain_address(title.address) == wanted), None)


def as_values(record: Record) -> dict[str, Any]:
    """JSON-able."""
    return record.model_dump(mode="json")
