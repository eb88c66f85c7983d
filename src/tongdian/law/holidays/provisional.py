"""Days off of a year that no notice has arranged yet, from the statute alone.

全国年节及纪念日放假办法 (State Council Order 795): art. 2 gives the thirteen days; art. 6 has a day
that falls on Saturday or Sunday made up on a working day. Here the make-up day is the next working
day that is not a day off itself; a Mid-Autumn Festival that coincides with National Day is treated
the same, as the notice of 2020 did. What a notice adds on top, longer holidays against
worked weekends, cannot be foreseen and is left out.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from tongdian.law.holidays.notices import SATURDAY

STATUTE_ZH = "《全国年节及纪念日放假办法》"
STATUTE_EN = "Measures on Public Holidays (State Council Order 795)"

_FIXED = (
    ("new_year", 1, 1),
    ("labour_day", 5, 1),
    ("labour_day", 5, 2),
    ("national_day", 10, 1),
    ("national_day", 10, 2),
    ("national_day", 10, 3),
)


@cache
def lunisolar_festivals() -> Mapping[int, Mapping[str, date]]:
    """First days of 春节, 清明, 端午 and 中秋 by year."""
    text = resources.files("tongdian.law.holidays").joinpath("lunisolar.yaml").read_text("utf-8")
    return MappingProxyType(yaml.safe_load(text)["festivals"])


def statutory_days_off(year: int) -> dict[date, str]:
    """Days off of `year` and the festival each belongs to, made-up days included.

    Raises ValueError for a year outside the lunisolar table.
    """
    table = lunisolar_festivals()
    if year not in table:
        raise ValueError(f"no lunisolar festivals for {year}: {min(table)} to {max(table)}")
    days_off: dict[date, str] = {}
    displaced: list[tuple[date, str]] = []
    for day, festival in _statutory_days(year, table[year]):
        if day.weekday() >= SATURDAY or day in days_off:
            displaced.append((day, festival))
        days_off.setdefault(day, festival)
    for day, festival in displaced:
        made_up = day
        while made_up in days_off or made_up.weekday() >= SATURDAY:
            made_up += timedelta(days=1)
        days_off[made_up] = festival
    return days_off


def _statutory_days(year: int, lunisolar: Mapping[str, date]) -> list[tuple[date, str]]:
    """The thirteen statutory days in order. Spring Festival counts from its eve."""
    days = [(date(year, month, day), festival) for festival, month, day in _FIXED]
    new_year = lunisolar["spring_festival"]
    days += [(new_year + timedelta(days=offset), "spring_festival") for offset in range(-1, 3)]
    days += [(lunisolar[name], name) for name in ("qingming", "dragon_boat", "mid_autumn")]
    return sorted(days)
