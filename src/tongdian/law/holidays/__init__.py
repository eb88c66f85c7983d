"""Holiday arrangements of the State Council as dated data: one file per yearly notice.

A notice names the days off of each festival and the weekend days worked in exchange. A year without
a notice is estimated from the statute and marked provisional, see `provisional`.
"""

from tongdian.law.holidays.festivals import FESTIVALS, Festival
from tongdian.law.holidays.notices import (
    CalendarDataError,
    HolidayPeriod,
    Notice,
    YearNotice,
    load_notices,
    parse_notice,
    read_notice,
)
from tongdian.law.holidays.provisional import statutory_days_off

__all__ = [
    "FESTIVALS",
    "CalendarDataError",
    "Festival",
    "HolidayPeriod",
    "Notice",
    "YearNotice",
    "load_notices",
    "parse_notice",
    "read_notice",
    "statutory_days_off",
]
