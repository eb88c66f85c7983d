"""Codes of organisations: unified social credit code, organisation code, registration number.

Fictitious ones are registered in 520199, a division that does not exist, and the organisation codes
begin with XN (虚拟), which the issuing body does not use.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tongdian.law.identifiers.check_characters import (
    ALPHANUMERIC,
    USCC_ALPHABET,
    check_character_mod_11_10,
    check_character_organisation_code,
    check_character_uscc,
)
from tongdian.law.identifiers.divisions import require_province
from tongdian.law.identifiers.errors import Scheme
from tongdian.law.identifiers.text import mask, normalise

FICTITIOUS_DIVISION: Final = "520199"
FICTITIOUS_ORGANISATION_PREFIX: Final = "XN"

# First two characters of the USCC: registering authority and kind of organisation.
ORGANISATION_KINDS: Final = MappingProxyType(
    {
        "11": ("机关", "state organ"),
        "12": ("事业单位", "public institution"),
        "13": ("群众团体", "mass organisation"),
        "51": ("社会团体", "social association"),
        "52": ("民办非企业单位", "private non-enterprise unit"),
        "53": ("基金会", "foundation"),
        "91": ("企业", "enterprise"),
        "92": ("个体工商户", "individual business"),
        "93": ("农民专业合作社", "farmers' cooperative"),
    }
)

_USCC = Scheme(
    "uscc",
    "统一社会信用代码",
    "unified social credit code",
    18,
    "18位数字或大写字母，不含I、O、S、V、Z，如91330100716105852F",
    "18 digits or capital letters without I, O, S, V and Z, such as 91330100716105852F",
    (4, 4),
)
_ORGANISATION_CODE = Scheme(
    "organisation_code",
    "组织机构代码",
    "organisation code",
    9,
    "8位数字或大写字母加1位校验码（0–9或X）",
    "8 digits or capital letters and a check character (0–9 or X)",
    (1, 3),
)
_REGISTRATION_NUMBER = Scheme(
    "registration_number",
    "工商注册号",
    "business registration number",
    15,
    "15位数字",
    "15 digits",
    (4, 3),
)
_LOOK_ALIKES = MappingProxyType({"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U、Y"})


@dataclass(frozen=True, slots=True)
class Uscc:
    """A valid unified social credit code (GB 32100-2015)."""

    text: str
    authority: str
    category: str
    division: str
    organisation_code: str

    @property
    def kind(self) -> tuple[str, str] | None:
        """What kind of organisation it is, Chinese and English; None for a rarer kind."""
        return ORGANISATION_KINDS.get(self.text[:2])

    @property
    def masked(self) -> str:
        return mask_uscc(self.text)


@dataclass(frozen=True, slots=True)
class OrganisationCode:
    """A valid organisation code (GB 11714)."""

    text: str

    @property
    def formatted(self) -> str:
        """With a hyphen before the check character, as it is printed."""
        return f"{self.text[:8]}-{self.text[8]}"


@dataclass(frozen=True, slots=True)
class RegistrationNumber:
    """A valid business registration number of 15 digits."""

    text: str
    authority_division: str
    sequence: str


def parse_uscc(value: str) -> Uscc:
    """The code in `value`; both its own check character and the organisation code's have to match.

    Raises IdentifierError.
    """
    text = _USCC.clean(value)
    _refuse_look_alikes(text)
    _USCC.require_digits(text, 3, 8)
    allowed = (
        "数字或大写字母（I、O、S、V、Z除外）",
        "a digit or a capital letter but I, O, S, V, Z",
    )
    _USCC.require(text, 1, 18, USCC_ALPHABET, *allowed)
    if check_character_uscc(text[:17]) != text[17]:
        raise _USCC.wrong_check(text, 18)
    organisation = text[8:17]
    if check_character_organisation_code(organisation[:8]) != organisation[8]:
        raise _USCC.wrong_check(text, 17)
    return Uscc(text, text[0], text[1], text[2:8], organisation)


def _refuse_look_alikes(text: str) -> None:
    for position, character in enumerate(text, start=1):
        if character in _LOOK_ALIKES:
            meant = _LOOK_ALIKES[character]
            raise _USCC.refusal(
                text,
                "illegal_character",
                f"统一社会信用代码第{position}位是字母{character}，代码中不使用这个字母",
                f"Character {position} of the unified social credit code is the letter "
                f"{character}, which such codes never contain",
                position=position,
                remedy=(
                    f"请对照营业执照，是否应为{meant}",
                    f"Look at the business licence: was {meant.replace('、', ' or ')} meant?",
                ),
            )


def parse_organisation_code(value: str) -> OrganisationCode:
    """The organisation code in `value`, with or without its hyphen. Raises IdentifierError."""
    text = _ORGANISATION_CODE.clean(value)
    _ORGANISATION_CODE.require(
        text, 1, 8, ALPHANUMERIC, "数字或大写字母", "a digit or a capital letter"
    )
    _ORGANISATION_CODE.require(text, 9, 9, "0123456789X", "数字0–9或X", "a digit 0–9 or X")
    if check_character_organisation_code(text[:8]) != text[8]:
        raise _ORGANISATION_CODE.wrong_check(text, 9)
    return OrganisationCode(text)


def parse_registration_number(value: str) -> RegistrationNumber:
    """The registration number in `value` (before 2015, ISO 7064 MOD 11,10). Raises
    IdentifierError."""
    text = _REGISTRATION_NUMBER.clean(value)
    _REGISTRATION_NUMBER.require_digits(text, 1, 15)
    # 10 is the State Administration's own register, 100000.
    require_province(_REGISTRATION_NUMBER, text, 0, "10")
    if check_character_mod_11_10(text[:14]) != text[14]:
        raise _REGISTRATION_NUMBER.wrong_check(text, 15)
    return RegistrationNumber(text, text[:6], text[6:14])


def make_organisation_code(sequence: int) -> str:
    """A valid organisation code that is nobody's: XN and six characters that count upwards."""
    if not 0 <= sequence < 31**6:
        raise ValueError(f"sequence is 0 to {31**6 - 1}")
    digits = []
    for _ in range(6):
        sequence, digit = divmod(sequence, 31)
        digits.append(USCC_ALPHABET[digit])
    body = FICTITIOUS_ORGANISATION_PREFIX + "".join(reversed(digits))
    return body + check_character_organisation_code(body)


def make_uscc(sequence: int, *, kind: str = "91") -> str:
    """A valid code that is nobody's: of division 520199 and a fictitious organisation.

    `kind` is a key of ORGANISATION_KINDS. Same sequence, same organisation code.
    """
    if kind not in ORGANISATION_KINDS:
        raise ValueError(f"{kind!r} is no kind of organisation: {', '.join(ORGANISATION_KINDS)}")
    body = kind + FICTITIOUS_DIVISION + make_organisation_code(sequence)
    return body + check_character_uscc(body)


def make_registration_number(sequence: int) -> str:
    """A valid registration number that is nobody's, of division 520199."""
    if not 0 <= sequence < 10**8:
        raise ValueError(f"sequence is 0 to {10**8 - 1}")
    body = f"{FICTITIOUS_DIVISION}{sequence:08d}"
    return body + check_character_mod_11_10(body)


def is_fictitious_organisation_code(value: str) -> bool:
    """Whether the organisation code begins with the unused prefix."""
    text = normalise(value)
    return len(text) == 9 and text.startswith(FICTITIOUS_ORGANISATION_PREFIX)


def is_fictitious_uscc(value: str) -> bool:
    """Whether the code was registered in the division that does not exist."""
    text = normalise(value)
    return (
        len(text) == 18
        and text[2:8] == FICTITIOUS_DIVISION
        and is_fictitious_organisation_code(text[8:17])
    )


def is_fictitious_registration_number(value: str) -> bool:
    """Whether the number was registered in the division that does not exist."""
    text = normalise(value)
    return len(text) == 15 and text.startswith(FICTITIOUS_DIVISION)


def mask_uscc(value: str) -> str:
    """`9152**********123X`."""
    return mask(normalise(value), *_USCC.kept)


def mask_organisation_code(value: str) -> str:
    """`X*****12X`."""
    return mask(normalise(value), *_ORGANISATION_CODE.kept)


def mask_registration_number(value: str) -> str:
    """`5201********123`."""
    return mask(normalise(value), *_REGISTRATION_NUMBER.kept)
