"""Real-estate unit codes, GB/T 37346-2019 (不动产单元代码): 28 characters, no check character.

Fictitious units lie in cadastral area 999, set aside here for fiction.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongdian.law.identifiers.check_characters import DIGITS, LETTERS
from tongdian.law.identifiers.divisions import require_province
from tongdian.law.identifiers.errors import Scheme
from tongdian.law.identifiers.text import mask, normalise

FICTITIOUS_CADASTRAL_AREA: Final = "999"

OWNERSHIPS: Final = MappingProxyType(
    {"G": ("国家", "state"), "J": ("集体", "collective"), "Z": ("争议", "disputed")}
)
FIXTURES: Final = MappingProxyType(
    {
        "F": ("房屋", "building"),
        "L": ("林木", "forest"),
        "Q": ("其他", "other"),
        "W": ("无", "none"),
    }
)
_NO_FIXTURE = "W"
_NO_NUMBER = "00000000"

_SCHEME = Scheme(
    "real_estate_unit",
    "不动产单元代码",
    "real-estate unit code",
    28,
    "28位，见不动产权证书“不动产单元号”，如520102001001GB00001F00010001",
    "28 characters, on the title certificate, such as 520102001001GB00001F00010001",
    (6, 4),
)


@dataclass(frozen=True, slots=True)
class RealEstateUnit:
    """A well-formed code, level by level.

    `ownership` is a key of OWNERSHIPS, `right` the letter of the land right, `fixture` a key of
    FIXTURES; `building` and `unit` are the four digits each of the fixture number.
    """

    text: str
    division: str
    cadastral_area: str
    cadastral_subarea: str
    ownership: str
    right: str
    parcel: str
    fixture: str
    building: str
    unit: str

    @property
    def formatted(self) -> str:
        """In four groups, as certificates print it."""
        groups = (self.text[:6], self.text[6:12], self.text[12:19], self.text[19:])
        return " ".join(groups)

    @property
    def masked(self) -> str:
        return mask_real_estate_unit(self.text)


def parse_real_estate_unit(value: str) -> RealEstateUnit:
    """The code in `value`, with or without spaces. Raises IdentifierError."""
    text = _SCHEME.clean(value)
    _SCHEME.require_digits(text, 1, 12)
    _SCHEME.require(text, 13, 13, "GJZ", "G、J或Z", "G, J or Z")
    _SCHEME.require(text, 14, 14, LETTERS, "大写字母", "a capital letter")
    _SCHEME.require_digits(text, 15, 19)
    _SCHEME.require(text, 20, 20, "FLQW", "F、L、Q或W", "F, L, Q or W")
    _SCHEME.require(text, 21, 28, DIGITS, "数字0–9", "a digit 0–9")
    require_province(_SCHEME, text, 0)
    if text[19] == _NO_FIXTURE and text[20:] != _NO_NUMBER:
        raise _SCHEME.refusal(
            text,
            "wrong_form",
            "无定着物（第20位为W）时，后8位应为00000000",
            "Without a fixture (character 20 is W) the last eight characters are 00000000",
            position=21,
        )
    return RealEstateUnit(
        text,
        text[:6],
        text[6:9],
        text[9:12],
        text[12],
        text[13],
        text[14:19],
        text[19],
        text[20:24],
        text[24:28],
    )


def make_real_estate_unit(
    division: str, parcel: int, building: int, unit: int, *, subarea: int = 1
) -> str:
    """The code of a fictitious home or shop: state-owned building land in cadastral area 999.

    `division` is a GB/T 2260 code, `parcel` 1–99999, `building` and `unit` 1–9999, `subarea` 1–999.
    """
    within = 1 <= parcel <= 99999 and 1 <= building <= 9999 and 1 <= unit <= 9999
    if not (within and 1 <= subarea <= 999 and len(division) == 6 and division.isdigit()):
        raise ValueError("division has six digits; parcel, building, unit or subarea out of range")
    area = f"{FICTITIOUS_CADASTRAL_AREA}{subarea:03d}"
    return f"{division}{area}GB{parcel:05d}F{building:04d}{unit:04d}"


def is_fictitious_real_estate_unit(value: str) -> bool:
    """Whether the unit lies in the cadastral area set aside for fiction."""
    text = normalise(value)
    return len(text) == 28 and text[6:9] == FICTITIOUS_CADASTRAL_AREA


def mask_real_estate_unit(value: str) -> str:
    """`520102******************0001`."""
    return mask(normalise(value), *_SCHEME.kept)
