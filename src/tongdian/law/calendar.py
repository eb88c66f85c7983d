"""Working days in Mainland China: counting, due dates and why a day is off.

A period of n working days from a day ends on the n-th working day after it; the day itself is not
counted (民法典 art. 201). Working days follow the yearly notices of the State Council, make-up
workdays included; a year that no notice arranges yet is provisional. `add` and `count` are
inverses: `count(d, add(d, n)) == n`, and `add(d, count(d, e)) == e` for a working day e after d.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, Final, NoReturn
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from tongdian.law.holidays import FESTIVALS, YearNotice, load_notices, statutory_days_off
from tongdian.law.holidays.provisional import STATUTE_EN, STATUTE_ZH

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
LAST_YEAR: Final = 2060

Days = npt.NDArray[np.datetime64]
Counts = npt.NDArray[np.int64]

_SATURDAY = 5
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class CalendarRangeError(ValueError):
    """A day, or the end of a period, outside the years the calendar covers."""

    def __init__(self, what: str, first: date, last: date) -> None:
        super().__init__(f"{what} lies outside the working-day calendar, {first} to {last}")
        self.what = what
        self.first = first
        self.last = last


@dataclass(frozen=True, slots=True)
class DayReason:
    """Why a day differs from an ordinary Monday to Friday.

    `festival` is an id of FESTIVALS, None for a plain weekend day; `source` the notice or statute.
    """

    off: bool
    zh: str
    en: str
    festival: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day within a period that was not counted, and why."""

    date: date
    reason_zh: str
    reason_en: str
    festival: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "date": self.date.isoformat(),
            "reason": self.reason_zh,
            "reason_en": self.reason_en,
            "festival": self.festival,
        }


@dataclass(frozen=True, slots=True)
class CountedMakeup(Skipped):
    """A weekend day within a period that was counted, because a notice has it worked."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a period of working days, with every day that makes it surprising."""

    due: date
    provisional: bool
    skipped: tuple[Skipped, ...]
    start: date
    working_days: int
    counted_makeup: tuple[CountedMakeup, ...]
    calendar: str

    def to_dict(self) -> dict[str, Any]:
        """For JSON: dates as ISO 8601 text, `reason` in Chinese, `reason_en` in English."""
        return {
            "due": self.due.isoformat(),
            "provisional": self.provisional,
            "skipped": [day.to_dict() for day in self.skipped],
            "counted_makeup": [day.to_dict() for day in self.counted_makeup],
            "start": self.start.isoformat(),
            "working_days": self.working_days,
            "calendar": self.calendar,
        }


class WorkCalendar:
    """An immutable working-day calendar from yearly notices without a gap between the years.

    Covers 1 January of the first notice to 31 December 2060. Raises CalendarRangeError for days
    outside, TypeError for a datetime where a date is meant (which day that is depends on the zone:
    see `local_date`).
    """

    __slots__ = (
        "_base",
        "_days",
        "_notices",
        "_prefix",
        "_prefix_array",
        "_reasons",
        "_workday_array",
        "_workdays",
        "announced_until",
        "first",
        "last",
        "version",
    )

    version: str
    announced_until: date
    first: date
    last: date
    _notices: tuple[YearNotice, ...]
    _reasons: Mapping[date, DayReason]
    _base: int  # ordinal of the first day
    _days: int
    _prefix: tuple[int, ...]  # working days from the first day up to and with each day
    _prefix_array: Counts
    _workdays: tuple[date, ...]  # the working days in order
    _workday_array: Counts  # the same as days since 1970-01-01

    def __init__(self, notices: Iterable[YearNotice]) -> None:
        years = {notice.year: notice for notice in notices}
        if not years:
            raise ValueError("a working-day calendar needs at least one yearly notice")
        first_year, announced = min(years), max(years)
        missing = sorted(set(range(first_year, announced)) - set(years))
        if missing:
            raise ValueError(f"no notice for {', '.join(map(str, missing))}, between others")
        if announced > LAST_YEAR:
            raise ValueError(f"a notice for {announced}, but the calendar ends with {LAST_YEAR}")
        put = super().__setattr__
        put("_notices", tuple(years[year] for year in sorted(years)))
        put("first", date(first_year, 1, 1))
        put("last", date(LAST_YEAR, 12, 31))
        put("announced_until", date(announced, 12, 31))
        put("_reasons", MappingProxyType(_special_days(self._notices, announced)))
        self._build_tables(put)
        table = np.packbits(np.diff(self._prefix_array, prepend=0).astype(np.uint8)).tobytes()
        digest = hashlib.sha256(f"{first_year}-{announced}/".encode() + table).hexdigest()[:8]
        put("version", f"{first_year}-{announced}/{digest}")

    def _build_tables(self, put: Any) -> None:
        """Prefix sums over the range, and the working days in order, as lists and as arrays."""
        base = self.first.toordinal()
        days = self.last.toordinal() - base + 1
        off = np.fromiter(
            (self._is_off(date.fromordinal(base + index)) for index in range(days)), bool, days
        )
        prefix = np.cumsum(~off, dtype=np.int64)
        workdays = np.flatnonzero(~off).astype(np.int64) + (base - _EPOCH)
        for array in (prefix, workdays):
            array.setflags(write=False)
        put("_base", base)
        put("_days", days)
        put("_prefix", tuple(prefix.tolist()))
        put("_prefix_array", prefix)
        put("_workdays", tuple(date.fromordinal(day + _EPOCH) for day in workdays.tolist()))
        put("_workday_array", workdays)

    def _is_off(self, day: date) -> bool:
        special = self._reasons.get(day)
        return special.off if special is not None else day.weekday() >= _SATURDAY

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a WorkCalendar is immutable; with_year makes a new one")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a WorkCalendar is immutable")

    def __reduce__(self) -> tuple[type[WorkCalendar], tuple[tuple[YearNotice, ...]]]:
        return WorkCalendar, (self._notices,)

    def __eq__(self, other: object) -> bool:
        return self._notices == other._notices if isinstance(other, WorkCalendar) else False

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        return f"<WorkCalendar {self.version}>"

    @property
    def notices(self) -> tuple[YearNotice, ...]:
        """The yearly notices behind this calendar, oldest first."""
        return self._notices

    # Single days

    def is_workday(self, day: date) -> bool:
        """Whether `day` is worked: Monday to Friday but for holidays, and make-up weekend days."""
        index = self._index(day)
        return bool(self._prefix[index] > (self._prefix[index - 1] if index else 0))

    def is_provisional(self, day: date) -> bool:
        """Whether no notice arranges the year of `day` yet."""
        self._index(day)
        return day > self.announced_until

    def reason(self, day: date) -> DayReason | None:
        """Why `day` is off, or worked although a weekend day. None for an ordinary workday."""
        self._index(day)
        special = self._reasons.get(day)
        if special is not None or day.weekday() < _SATURDAY:
            return special
        zh, en = _weekday(day)
        return DayReason(True, f"{zh}，休息日", f"{en}, a weekend day")

    # Counting

    def add(self, start: date, working_days: int) -> date:
        """The `working_days`-th working day after `start`; `start` itself for 0.

        Raises ValueError for a negative number.
        """
        index = self._index(start)
        if working_days < 0:
            raise ValueError(f"working_days is {working_days}; it cannot be negative")
        if working_days == 0:
            return start
        try:
            return self._workdays[self._prefix[index] + working_days - 1]
        except IndexError:
            raise CalendarRangeError(
                f"{working_days} working days after {start}", self.first, self.last
            ) from None

    def count(self, start: date, end: date) -> int:
        """Working days d with start < d ≤ end. Raises ValueError when `end` precedes `start`."""
        days = self._prefix[self._index(end)] - self._prefix[self._index(start)]
        if end < start:
            raise ValueError(f"the end {end} precedes the start {start}")
        return days

    def working_days_left(self, now: datetime, due: date) -> int:
        """Working days from the local day of `now` to `due`; negative past it.

        0 on the due day itself, and on days off right after it: no working day has passed yet.
        """
        today = local_date(now)
        return self.count(today, due) if today <= due else -self.count(due, today)

    def explain(self, start: date, working_days: int) -> Deadline:
        """The due date of `add`, with the days skipped and the weekend days counted on the way."""
        due = self.add(start, working_days)
        skipped: list[Skipped] = []
        counted: list[CountedMakeup] = []
        for offset in range(1, (due - start).days + 1):
            day = start + timedelta(days=offset)
            why = self.reason(day)
            if why is not None and why.off:
                skipped.append(Skipped(day, why.zh, why.en, why.festival))
            elif why is not None:
                counted.append(CountedMakeup(day, why.zh, why.en, why.festival))
        return Deadline(
            due,
            self.is_provisional(due),
            tuple(skipped),
            start,
            working_days,
            tuple(counted),
            self.version,
        )

    # Arrays

    def add_many(self, starts: npt.ArrayLike, working_days: npt.ArrayLike) -> Days:
        """`add` over arrays: `starts` datetime64[D], `working_days` integers, broadcast together.

        Returns datetime64[D]. Raises as `add` does, for the whole array.
        """
        days = _as_days(starts)
        numbers = np.asarray(working_days)
        if numbers.dtype.kind not in "iu":
            raise TypeError(f"working_days are {numbers.dtype}, not integers")
        if numbers.size and numbers.min() < 0:
            raise ValueError(f"working_days has {numbers.min()}; it cannot be negative")
        ordinals = self._prefix_array[self._indices(days)] + numbers
        if ordinals.size and ordinals.max() > len(self._workdays):
            raise CalendarRangeError("the end of a period", self.first, self.last)
        # A period of 0 ends where it starts; its ordinal may be 0, before the first working day.
        dues = self._workday_array[np.maximum(ordinals - 1, 0)].view("datetime64[D]")
        return np.where(numbers == 0, days, dues) if (numbers == 0).any() else dues

    def count_many(self, starts: npt.ArrayLike, ends: npt.ArrayLike) -> Counts:
        """`count` over arrays of datetime64[D], broadcast together. Returns int64."""
        first, last = _as_days(starts), _as_days(ends)
        if (last < first).any():
            raise ValueError("an end precedes its start")
        counts: Counts = (
            self._prefix_array[self._indices(last)] - self._prefix_array[self._indices(first)]
        )
        return counts

    # New notices

    def with_year(self, notice: YearNotice) -> WorkCalendar:
        """A calendar with the arrangement of one more year, or a replaced one.

        Raises ValueError when years in between have no notice.
        """
        kept = (known for known in self._notices if known.year != notice.year)
        return WorkCalendar((*kept, notice))

    def _index(self, day: date) -> int:
        if type(day) is not date and (isinstance(day, datetime) or not isinstance(day, date)):
            raise TypeError(f"{day!r} is not a date; local_date gives the day of an instant")
        index = day.toordinal() - self._base
        if not 0 <= index < self._days:
            raise CalendarRangeError(str(day), self.first, self.last)
        return index

    def _indices(self, days: Days) -> npt.NDArray[np.int64]:
        indices = days.view(np.int64) - (self._base - _EPOCH)
        if indices.size and (indices.min() < 0 or indices.max() >= self._days):
            wrong = days[(indices < 0) | (indices >= self._days)].flat[0]
            raise CalendarRangeError(str(wrong), self.first, self.last)
        return indices


_EPOCH: Final = date(1970, 1, 1).toordinal()


@cache
def default_calendar() -> WorkCalendar:
    """The calendar of all notices that come with the package."""
    return WorkCalendar(load_notices())


def local_date(instant: datetime) -> date:
    """The day in Asia/Shanghai on which `instant` lies. Raises ValueError for a naive datetime."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} has no time zone, so its day is not known")
    return instant.astimezone(SHANGHAI).date()


def _as_days(values: npt.ArrayLike) -> Days:
    days = np.asarray(values)
    if days.dtype.kind != "M":
        raise TypeError(f"days are {days.dtype}, not datetime64")
    return np.ascontiguousarray(days.astype("datetime64[D]", copy=False)).reshape(days.shape)


def _weekday(day: date) -> tuple[str, str]:
    return f"周{_WEEKDAYS_ZH[day.weekday()]}", _WEEKDAYS_EN[day.weekday()]


def _special_days(notices: Iterable[YearNotice], announced: int) -> dict[date, DayReason]:
    """Every day that an arrangement changes; a later year's notice outranks an earlier one's."""
    special: dict[date, DayReason] = {}
    for notice in notices:
        for period in notice.periods:
            festival = FESTIVALS[period.festival]
            zh = f"{festival.zh}放假（{period.notice}）"
            en = f"{festival.en} holiday (State Council notice {period.notice})"
            for day in period.days_off():
                special[day] = DayReason(True, zh, en, festival.id, period.notice)
            for day in period.make_up_workdays:
                day_zh, day_en = _weekday(day)
                zh_worked = f"{festival.zh}调休，{day_zh}上班（{period.notice}）"
                en_worked = (
                    f"{day_en} worked for {festival.en} (State Council notice {period.notice})"
                )
                special[day] = DayReason(False, zh_worked, en_worked, festival.id, period.notice)
    for year in range(announced + 1, LAST_YEAR + 1):
        for day, name in statutory_days_off(year).items():
            festival = FESTIVALS[name]
            special[day] = DayReason(
                True,
                f"{festival.zh}（安排尚未公布，暂按{STATUTE_ZH}）",
                f"{festival.en} (not arranged yet; provisionally by the {STATUTE_EN})",
                festival.id,
                STATUTE_ZH,
            )
    return special
