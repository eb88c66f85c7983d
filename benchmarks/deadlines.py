"""Deadlines one by one and over arrays, against holidays, chinesecalendar and busday_offset."""

from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy as np

from benchmarks.support import best_of, line
from tongdian.law.calendar import default_calendar

COUNT = 2_000
ARRAY = 1_000_000


def main() -> None:
    calendar = default_calendar()
    starts = [date(2021, 1, 4) + timedelta(days=n % 1_700) for n in range(COUNT)]
    china = holidays.country_holidays("CN", years=range(2020, 2027))

    def with_chinese_calendar(start: date) -> date:
        left, day = 5, start
        while left:
            day += timedelta(days=1)
            left -= chinese_calendar.is_workday(day)
        return day

    ours = best_of(lambda: [calendar.add(day, 5) for day in starts]) / COUNT
    theirs = best_of(lambda: [china.get_nth_working_day(day, 5) for day in starts], 2) / COUNT
    other = best_of(lambda: [with_chinese_calendar(day) for day in starts], 2) / COUNT
    days = np.datetime64("2021-01-04") + (np.arange(ARRAY) % 1_700)
    many = best_of(lambda: calendar.add_many(days, 5)) / ARRAY
    bound = best_of(lambda: np.busday_offset(days, 5, roll="backward")) / ARRAY
    line(
        "one deadline",
        f"{ours * 1e6:.2f} µs",
        f"holidays {theirs * 1e6:.1f} µs ({theirs / ours:.0f} ×)",
    )
    line("", "", f"chinesecalendar {other * 1e6:.1f} µs ({other / ours:.0f} ×)")
    line(
        "one of a million in an array",
        f"{many * 1e6:.3f} µs",
        f"numpy.busday_offset {bound * 1e6:.3f} µs ({many / bound:.2f} ×)",
        "≤ 0.1 µs",
    )
    wrong = np.mean(calendar.add_many(days, 5) != np.busday_offset(days, 5, roll="backward"))
    line("busday_offset is wrong, for it knows no make-up days", f"{wrong:.0%}")
