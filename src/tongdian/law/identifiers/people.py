"""Resident identity numbers, GB 11643-1999 (公民身份号码).

Fictitious numbers carry a division code 5299xx: Guizhou has no division 99, so no such number was
ever issued to anyone.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

from tongdian.law.identifiers.check_characters import check_character_resident_id
from tongdian.law.identifiers.divisions import require_province
from tongdian.law.identifiers.errors import Scheme
from tongdian.law.identifiers.text import mask, normalise

FICTITIOUS_DIVISION_PREFIX: Final = "5299"
_EARLIEST_BIRTH_YEAR = 1850
_CHINA_STANDARD_TIME = timezone(timedelta(hours=8))

_SCHEME = Scheme(
    "resident_id",
    "身份证号码",
    "resident identity number",
    18,
    "17位数字加1位校验码（0–9或X）",
    "17 digits and a check character (0–9 or X)",
    (2, 4),
)


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A valid number. Its repr shows the masked number only."""

    text: str = field(repr=False)
    division: str = field(repr=False)
    birth_date: date = field(repr=False)
    sequence: int = field(repr=False)
    masked: str

    @property
    def sex(self) -> str:
        """`male` for an odd sequence number, `female` for an even one."""
        return "male" if self.sequence % 2 else "female"


def parse_resident_id(value: str, *, today: date | None = None) -> ResidentId:
    """The number in `value`, tolerant of spaces, hyphens, full width and a small x.

    `today` (in China by default) bounds the date of birth. Raises IdentifierError.
    """
    if len(normalise(value[:40])) == 15:
        raise _SCHEME.refusal(
            value,
            "wrong_length",
            "15位旧号码已停止使用",
            "Numbers of 15 digits are no longer valid",
            remedy=("请填写18位身份证号码", "Give the number of 18 characters"),
        )
    text = _SCHEME.clean(value)
    _SCHEME.require_digits(text, 1, 17)
    _SCHEME.require(text, 18, 18, "0123456789X", "数字0–9或X", "a digit 0–9 or X")
    require_province(_SCHEME, text, 0)
    birth = _birth_date(text, today or datetime.now(UTC).astimezone(_CHINA_STANDARD_TIME).date())
    if check_character_resident_id(text[:17]) != text[17]:
        raise _SCHEME.wrong_check(text, 18)
    return ResidentId(text, text[:6], birth, int(text[14:17]), mask_resident_id(text))


def _birth_date(text: str, today: date) -> date:
    year, month, day = int(text[6:10]), int(text[10:12]), int(text[12:14])
    try:
        birth = date(year, month, day)
        if year < _EARLIEST_BIRTH_YEAR:
            raise ValueError
    except ValueError:
        raise _SCHEME.refusal(
            text,
            "impossible_date",
            "身份证号码第7至14位不是可能的出生日期",
            "Characters 7 to 14 of the resident identity number are no possible date of birth",
            position=7,
        ) from None
    if birth > today:
        raise _SCHEME.refusal(
            text,
            "future_date",
            "身份证号码中的出生日期晚于今天",
            "The date of birth in the resident identity number lies in the future",
            position=7,
        )
    return birth


def make_resident_id(birth_date: date, sequence: int, *, area: int = 0) -> str:
    """A valid number that no one holds, of the unassigned division 5299xx.

    `sequence` 0–999, odd for a man; `area` 0–99 is the xx.
    """
    if not (0 <= sequence <= 999 and 0 <= area <= 99):
        raise ValueError("sequence is 0 to 999 and area 0 to 99")
    birth = f"{birth_date.year:04d}{birth_date.month:02d}{birth_date.day:02d}"
    body = f"{FICTITIOUS_DIVISION_PREFIX}{area:02d}{birth}{sequence:03d}"
    return body + check_character_resident_id(body)


def is_fictitious_resident_id(value: str) -> bool:
    """Whether the number belongs to the unassigned division, so to no real person."""
    text = normalise(value)
    return len(text) == 18 and text.startswith(FICTITIOUS_DIVISION_PREFIX)


def mask_resident_id(value: str) -> str:
    """`52************1234`."""
    return mask(normalise(value), *_SCHEME.kept)
