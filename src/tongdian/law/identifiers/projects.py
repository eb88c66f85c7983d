"""Codes of investment projects (投资项目统一代码): `2509-520103-89-01-544060`, no check character.

The first group is the year and month of registration (2509), for projects up to 2020 the year
(2016 to 2020). Fictitious projects carry 99-99 for industry and kind.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from tongdian.law.identifiers.divisions import require_province
from tongdian.law.identifiers.errors import Scheme
from tongdian.law.identifiers.text import mask, normalise

_FIRST_YEAR = 2016
_LAST_YEAR_ALONE = 2020
_FICTITIOUS_KIND = "9999"
_CHINA_STANDARD_TIME = timezone(timedelta(hours=8))

_SCHEME = Scheme(
    "project_code",
    "投资项目统一代码",
    "investment project code",
    20,
    "20位数字，分为4-6-2-2-6位，如2509-520103-89-01-544060",
    "20 digits in groups of 4-6-2-2-6, such as 2509-520103-89-01-544060",
    (8, 2),
)


@dataclass(frozen=True, slots=True)
class ProjectCode:
    """A well-formed code. `month` is None when the code gives the year alone.

    `industry` and `kind` are opaque two-digit codes.
    """

    text: str
    year: int
    month: int | None
    division: str
    industry: str
    kind: str
    sequence: str


def parse_project_code(value: str, *, today: date | None = None) -> ProjectCode:
    """The code in `value`, with or without hyphens; `text` has them. Raises IdentifierError."""
    digits = _SCHEME.clean(value)
    _SCHEME.require_digits(digits, 1, 20)
    year, month = _registered(digits)
    now = today or datetime.now(UTC).astimezone(_CHINA_STANDARD_TIME).date()
    if (year, month or 1) > (now.year, now.month):
        raise _SCHEME.refusal(
            digits,
            "future_date",
            "投资项目统一代码中的年月晚于今天",
            "The year and month in the investment project code lie in the future",
            position=1,
        )
    # Central departments register with 00 in place of a province.
    require_province(_SCHEME, digits, 4, "00")
    return ProjectCode(
        _with_hyphens(digits),
        year,
        month,
        digits[4:10],
        digits[10:12],
        digits[12:14],
        digits[14:],
    )


def _registered(digits: str) -> tuple[int, int | None]:
    """Year and month of the first group; no year from 2016 to 2020 ends like a month."""
    month = int(digits[2:4])
    year = 2000 + int(digits[:2])
    if 1 <= month <= 12 and year >= _FIRST_YEAR:
        return year, month
    alone = int(digits[:4])
    if _FIRST_YEAR <= alone <= _LAST_YEAR_ALONE:
        return alone, None
    raise _SCHEME.refusal(
        digits,
        "impossible_date",
        "投资项目统一代码前4位应为年月（如2509）或2016至2020年",
        "The first four digits of the investment project code are year and month (2509), "
        "or a year from 2016 to 2020",
        position=1,
    )


def _with_hyphens(digits: str) -> str:
    groups = (digits[:4], digits[4:10], digits[10:12], digits[12:14], digits[14:])
    return "-".join(groups)


def make_project_code(year: int, month: int, division: str, sequence: int) -> str:
    """A well-formed code of no real project. `division` is a GB/T 2260 code, sequence 0–999999."""
    if not (2020 <= year <= 2099 and 1 <= month <= 12 and 0 <= sequence <= 999999):
        raise ValueError("year is 2020 to 2099, month 1 to 12, sequence 0 to 999999")
    if not (len(division) == 6 and division.isdigit()):
        raise ValueError(f"{division!r} is no GB/T 2260 code")
    digits = f"{year % 100:02d}{month:02d}{division}{_FICTITIOUS_KIND}{sequence:06d}"
    return _with_hyphens(digits)


def is_fictitious_project_code(value: str) -> bool:
    """Whether industry and kind are the 99-99 of fictitious projects."""
    text = normalise(value)
    return len(text) == 20 and text[10:14] == _FICTITIOUS_KIND


def mask_project_code(value: str) -> str:
    """`25095201**********60`."""
    return mask(normalise(value), *_SCHEME.kept)
