"""Reading yearly holiday notices. Every error names the file and the entry that is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from tongdian.law.holidays.festivals import FESTIVALS

SATURDAY = 5
_YEAR_KEYS = frozenset({"year", "notices", "holidays"})
_PERIOD_KEYS = frozenset({"festival", "notice", "first", "last", "make_up_workdays"})


class CalendarDataError(ValueError):
    """A holiday file that cannot be true. `source` is the file, `where` the entry."""

    def __init__(self, source: str, where: str, problem: str) -> None:
        super().__init__(f"{source}: {where}: {problem}")
        self.source = source
        self.where = where
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Notice:
    """A document of the State Council by title and number."""

    title: str
    number: str


@dataclass(frozen=True, slots=True)
class HolidayPeriod:
    """Days off from `first` to `last`, both included, and the weekend days worked for them."""

    festival: str
    notice: str
    first: date
    last: date
    make_up_workdays: tuple[date, ...] = ()

    def days_off(self) -> Iterator[date]:
        """Each day of the period, weekend days within it included."""
        for offset in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=offset)


@dataclass(frozen=True, slots=True)
class YearNotice:
    """The arrangement of one year: its notices and periods.

    A period may begin in December of the year before, as New Year 2019 did.
    """

    year: int
    notices: tuple[Notice, ...]
    periods: tuple[HolidayPeriod, ...]


def load_notices() -> tuple[YearNotice, ...]:
    """All arrangements that come with the package, by year."""
    folder = resources.files("tongdian.law.holidays")
    files = (file for file in folder.iterdir() if file.name[:-5].isdigit())
    years = [read_notice(file) for file in files if file.name.endswith(".yaml")]
    return tuple(sorted(years, key=lambda year: year.year))


def read_notice(file: Traversable) -> YearNotice:
    """One yearly file, a `pathlib.Path` or a package resource. Raises CalendarDataError."""
    try:
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CalendarDataError(file.name, "file", f"not YAML: {error}") from None
    return parse_notice(data, file.name)


def parse_notice(data: Any, source: str) -> YearNotice:
    """The arrangement in a parsed YAML or JSON file. Raises CalendarDataError."""
    data = _mapping(data, _YEAR_KEYS, source, "file")
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool):
        raise CalendarDataError(source, "year", f"{year!r} is not a year")
    notices = tuple(
        _notice(entry, source, f"notices[{index}]")
        for index, entry in enumerate(_list(data, "notices", source, "file"))
    )
    periods = tuple(
        _period(entry, notices, source, f"holidays[{index}]")
        for index, entry in enumerate(_list(data, "holidays", source, "file"))
    )
    arrangement = YearNotice(year, notices, periods)
    _refuse_contradictions(arrangement, source)
    return arrangement


def _notice(entry: Any, source: str, where: str) -> Notice:
    entry = _mapping(entry, frozenset({"title", "number"}), source, where)
    title, number = entry.get("title"), entry.get("number")
    if not (isinstance(title, str) and title and isinstance(number, str) and number):
        raise CalendarDataError(source, where, "a notice needs its title and number")
    return Notice(title, number)


def _period(entry: Any, notices: tuple[Notice, ...], source: str, where: str) -> HolidayPeriod:
    entry = _mapping(entry, _PERIOD_KEYS, source, where)
    festival = entry.get("festival")
    if festival not in FESTIVALS:
        raise CalendarDataError(source, where, f"unknown festival {festival!r}")
    number = entry.get("notice", notices[0].number)
    if number not in {notice.number for notice in notices}:
        raise CalendarDataError(source, where, f"notice {number!r} is not listed under notices")
    first = _date(entry.get("first"), source, f"{where}.first")
    last = _date(entry.get("last"), source, f"{where}.last")
    if not 0 <= (last - first).days < 31:
        raise CalendarDataError(source, where, f"{first} to {last} is not a holiday period")
    worked = tuple(
        _date(day, source, f"{where}.make_up_workdays")
        for day in entry.get("make_up_workdays") or ()
    )
    return HolidayPeriod(festival, number, first, last, worked)


def _refuse_contradictions(arrangement: YearNotice, source: str) -> None:
    earliest = date(arrangement.year - 1, 12, 1)
    latest = date(arrangement.year, 12, 31)
    seen: dict[date, str] = {}
    for index, period in enumerate(arrangement.periods):
        where = f"holidays[{index}]"
        for day in period.make_up_workdays:
            if day.weekday() < SATURDAY:
                raise CalendarDataError(source, where, f"{day} is no weekend day to be worked")
        for day in (*period.days_off(), *period.make_up_workdays):
            if not earliest <= day <= latest:
                raise CalendarDataError(
                    source, where, f"{day} does not belong to the year {arrangement.year}"
                )
            if day in seen:
                raise CalendarDataError(source, where, f"{day} is arranged by {seen[day]} already")
            seen[day] = where


def _mapping(value: Any, keys: frozenset[str], source: str, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CalendarDataError(source, where, f"expected the keys {', '.join(sorted(keys))}")
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise CalendarDataError(source, where, f"unknown key {', '.join(unknown)}")
    return value


def _list(data: Mapping[str, Any], key: str, source: str, where: str) -> list[Any]:
    value = data.get(key)
    if not isinstance(value, list) or not value:
        raise CalendarDataError(source, where, f"{key} has to be a list with at least one entry")
    return value


def _date(value: Any, source: str, where: str) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise CalendarDataError(source, where, f"{value!r} is not a date") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise CalendarDataError(source, where, f"{value!r} is not a date")
