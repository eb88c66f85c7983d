"""Dates, instants and durations in words. Instants are shown in Asia/Shanghai."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongdian.law.calendar import WorkCalendar, default_calendar
from tongdian.service.look.context import short_language

Calendar = WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS_ZH = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def standard_calendar() -> WorkCalendar:
    """The State Council calendar."""
    return default_calendar()


def local_day(value: date | datetime) -> date:
    """The Shanghai date of an instant; a date is itself."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(SHANGHAI).date()
    return value


def is_make_up(day: date, calendar: Calendar) -> bool:
    """A Saturday or Sunday on which people work (调休上班)."""
    return day.weekday() >= 5 and calendar.is_workday(day)


def weekday(day: date, language: str | None = None) -> str:
    names = WEEKDAYS_EN if (language or short_language()) == "en" else WEEKDAYS_ZH
    return names[day.weekday()]


def day_in_full(
    value: date | datetime,
    *,
    language: str | None = None,
    calendar: Calendar | None = None,
    this_year: int | None = None,
) -> str:
    """`9月26日 星期日（调休上班）`; `Sunday 26 September (make-up working day)`.

    The year is left out only when it is `this_year` (default: now).
    """
    day = local_day(value)
    language = language or short_language()
    year = this_year or datetime.now(SHANGHAI).year
    make_up = is_make_up(day, calendar or standard_calendar())
    if language == "en":
        tail = "" if day.year == year else f" {day.year}"
        note = " (make-up working day)" if make_up else ""
        return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]}{tail}{note}"
    head = "" if day.year == year else f"{day.year}年"
    note = "（调休上班）" if make_up else ""
    return f"{head}{day.month}月{day.day}日 {WEEKDAYS_ZH[day.weekday()]}{note}"


def date_in_full(value: date, language: str | None = None) -> str:
    """`2026年9月26日`; `26 September 2026`."""
    if (language or short_language()) == "en":
        return f"{value.day} {MONTHS_EN[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date | datetime, language: str | None = None) -> str:
    """`9/26` for axes; `26 Sep`."""
    day = local_day(value)
    if (language or short_language()) == "en":
        return f"{day.day} {MONTHS_EN[day.month - 1][:3]}"
    return f"{day.month}月{day.day}日"


def instant_in_full(value: datetime, language: str | None = None) -> str:
    """`2026年9月26日 14:05`; `26 September 2026, 14:05`. Shanghai time."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = aware.astimezone(SHANGHAI)
    if (language or short_language()) == "en":
        return f"{local.day} {MONTHS_EN[local.month - 1]} {local.year}, {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def working_days_text(days: int | float | Decimal) -> str:
    """`3 个工作日`; `1 working day`."""
    number = f"{days:g}" if isinstance(days, float) else str(days)
    count = int(days) if days == int(days) else 2
    return ngettext("%(days)s 个工作日", "%(days)s 个工作日", count) % {"days": number}


@dataclass(frozen=True, slots=True)
class DueText:
    """How long is left, in words, and how urgent it is."""

    text: str
    tone: str
    left: int


def time_left(due: date, today: date, calendar: Calendar) -> DueText:
    """`还剩 2 个工作日`, `今天到期`, `已超期 1 个工作日`. Tone: `calm`, `soon`, `overdue`."""
    if today > due:
        over = calendar.count(due, today)
        if over == 0:
            return DueText(_("已到期，今天不是工作日"), "soon", 0)
        return left_text(-over)
    return left_text(calendar.count(today, due))


def left_text(left: int) -> DueText:
    """The words for a number of working days left; negative once overdue."""
    if left < 0:
        text = ngettext("已超期 %(n)s 个工作日", "已超期 %(n)s 个工作日", -left)
        return DueText(text % {"n": -left}, "overdue", left)
    if left == 0:
        return DueText(_("今天到期"), "soon", 0)
    text = ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", left)
    return DueText(text % {"n": left}, "soon" if left == 1 else "calm", left)
