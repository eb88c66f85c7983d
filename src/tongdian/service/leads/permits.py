"""A construction permit as the approval system sends it, in the fields of the national standard.

Each bad field is told by its own name, with its rule, in both languages. Fields that the standard
has beside these are let pass: they are the sender's.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic import ValidationError as Unreadable

from tongdian.law.calendar import local_date
from tongdian.law.identifiers import (
    GUIYANG,
    GUIYANG_DIVISIONS,
    IdentifierError,
    parse_division,
    parse_project_code,
    parse_real_estate_unit,
    parse_uscc,
)
from tongdian.proof.canonical import canonical
from tongdian.service.casework import clock
from tongdian.service.casework.commands import Phone, text
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.casework.messages import describe_error
from tongdian.service.look.districts import district_at

USES = {
    "住宅": "residential",
    "居住": "residential",
    "商业": "commercial",
    "办公": "commercial",
    "工业": "industrial",
    "仓储": "industrial",
    "农业": "agricultural",
    "公共": "public",
    "公共服务": "public",
    "充电": "charging",
}
Use = Literal["residential", "commercial", "industrial", "agricultural", "public", "charging"]
# How far beyond the sketched outlines a place still counts as the city's, in degrees (some 2 km).
EDGE = 0.02


def _use(value: Any) -> Any:
    return USES.get(value, value) if isinstance(value, str) else value


def _flag(value: Any) -> Any:
    return int(value) if value in ("0", "1") else value


def _plain(value: Decimal) -> Decimal:
    """106.7144 and 106.714400 say the same."""
    return Decimal(format(value.normalize(), "f"))


Plain = AfterValidator(_plain)
Degrees = Annotated[Decimal, Field(ge=-180, le=180, decimal_places=8), Plain]
AreaM2 = Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=2), Plain]
PermitNumber = Annotated[str, StringConstraints(pattern=r"^[0-9]{16,20}$")]


class IssuedPermit(BaseModel):
    """施工许可证. Names are those of the standard: sgxkzbh number, xmdm project, gcdm engineering
    code, gcmc its name, jsdw builder, jsdz site, jd and wd degrees, jsgm floor area in m², yt use,
    fz… issued by and on, jhkgrq and jhjgrq planned start and end, sjyxbs 1 valid or 0 not."""

    model_config = ConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    sgxkzbh: PermitNumber
    xmdm: Annotated[str, text(40)]
    gcdm: Annotated[str, text(60)]
    gcmc: Annotated[str, text(120)]
    jsdw: Annotated[str, text(80)]
    jsdwtyshxydm: Annotated[str, text(30)]
    lxrsjh: Phone | Literal[""] = ""
    jsdz: Annotated[str, text(200, 4)]
    bdcdyh: Annotated[str, text(40, 0)] = ""
    jd: Degrees
    wd: Degrees
    jsgm: AreaM2
    yt: Annotated[Use, BeforeValidator(_use)]
    fzjg: Annotated[str, text(80)]
    fzrq: date
    jhkgrq: date
    jhjgrq: date
    xzqhdm: Annotated[str, text(10)]
    sjyxbs: Annotated[Literal[0, 1], BeforeValidator(_flag)]

    @property
    def is_valid(self) -> bool:
        return self.sjyxbs == 1

    @property
    def project_code(self) -> str:
        return parse_project_code(self.xmdm).text

    @property
    def uscc(self) -> str:
        return parse_uscc(self.jsdwtyshxydm).text

    @property
    def unit(self) -> str:
        return parse_real_estate_unit(self.bdcdyh).text if self.bdcdyh else ""

    @property
    def district(self) -> str:
        """The division that the permit names; where it names the city alone, that of the place."""
        if self.xzqhdm != GUIYANG.code:
            return self.xzqhdm
        found = _district_near(float(self.jd), float(self.wd))
        assert found, "checked when it was read"
        return found

    @property
    def content(self) -> str:
        """The digest of what it says: the same permit sent again has the same."""
        said = self.model_dump(mode="json")
        return hashlib.sha256(canonical(said)).hexdigest()


def read_permit(data: Mapping[str, Any]) -> IssuedPermit:
    """The permit in a message. Raises InvalidInput that names every bad field."""
    try:
        permit = IssuedPermit.model_validate(dict(data))
    except Unreadable as error:
        raise InvalidInput([describe_error(item) for item in error.errors()]) from None
    if errors := [*_codes(permit), *_place(permit), *_days(permit)]:
        raise InvalidInput(errors)
    return permit


def _codes(permit: IssuedPermit) -> Iterator[FieldError]:
    checks: tuple[tuple[str, str, Callable[[str], object]], ...] = (
        ("xmdm", permit.xmdm, parse_project_code),
        ("jsdwtyshxydm", permit.jsdwtyshxydm, parse_uscc),
        ("bdcdyh", permit.bdcdyh, parse_real_estate_unit),
        ("xzqhdm", permit.xzqhdm, parse_division),
    )
    for name, value, parse in checks:
        try:
            if value:
                parse(value)
        except IdentifierError as error:
            yield FieldError(name, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en)
    if permit.sgxkzbh[:6] not in {GUIYANG.code, *GUIYANG_DIVISIONS} or not _is_day(
        permit.sgxkzbh[6:14]
    ):
        yield FieldError(
            "sgxkzbh",
            "施工许可证编号由本市区划代码六位、日期八位和顺序号组成",
            "A permit number is a division of the city (6), a date (8) and a serial number",
            "请核对编号",
            "Check the number",
        )


def _is_day(text_: str) -> bool:
    try:
        date.fromisoformat(text_)
    except ValueError:
        return False
    return True


def _place(permit: IssuedPermit) -> Iterator[FieldError]:
    lon, lat = float(permit.jd), float(permit.wd)
    if _district_near(lon, lat):
        return
    if _district_near(lat, lon):
        yield FieldError(
            "jd",
            "经度和纬度写反了",
            "Longitude and latitude are swapped",
            f"jd 应为 {permit.wd}，wd 应为 {permit.jd}",
            f"jd is {permit.wd}, wd is {permit.jd}",
        )
        return
    yield FieldError(
        "jd",
        "地点不在贵阳市范围内",
        "The place lies outside the city",
        "请用十进制度的 CGCS2000 经纬度，例如 106.7144、26.5687",
        "Give decimal degrees in CGCS2000, such as 106.7144 and 26.5687",
    )


def _district_near(lon: float, lat: float) -> str:
    """The district of a place, or of one just beside it: the outlines are a sketch."""
    steps = ((0, 0), (EDGE, 0), (-EDGE, 0), (0, EDGE), (0, -EDGE))
    near = (district_at(lon + east, lat + north) for east, north in steps)
    return next((district.code for district in near if district), "")


def _days(permit: IssuedPermit) -> Iterator[FieldError]:
    if permit.fzrq > local_date(clock.now()):
        yield FieldError(
            "fzrq", "发证日期不能晚于今天", "A permit cannot have been issued in the future",
            "请核对日期", "Check the date",
        )  # fmt: skip
    if permit.jhjgrq < permit.jhkgrq:
        yield FieldError(
            "jhjgrq", "计划竣工日期早于计划开工日期", "The planned end lies before the start",
            "请核对两个日期", "Check both dates",
        )  # fmt: skip
