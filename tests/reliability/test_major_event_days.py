"""Major event days by 2.5 beta, and how much of a period a log covers."""

from datetime import date, datetime, timedelta
from math import exp, log, sqrt

import numpy as np
import pytest

from tongdian.reliability.coverage import coverage, default_period
from tongdian.reliability.interruption_log import CHINA, InterruptionLog, Period, year
from tongdian.reliability.log_files import read_customers, read_log
from tongdian.reliability.major_event_days import daily_saidi, history, major_days, threshold
from tongdian.reliability.period_view import view
from tongdian.reliability.refusals import ReliabilityError

BASE = read_customers("feeder,zone,customers\nF1,urban,1000\n")
HEADING = "interruption,feeder,start,end,customers,nature,cause\n"


def log_of(*steps: tuple[date, float, int]) -> InterruptionLog:
    """Interruptions at eight in the morning: day, hours, customers."""
    lines = []
    for i, (day, hours, customers) in enumerate(steps):
        start = datetime(day.year, day.month, day.day, 8, tzinfo=CHINA)
        end = start + timedelta(hours=hours)
        lines.append(f"I{i},F1,{start.isoformat()},{end.isoformat()},{customers},fault,unknown")
    return read_log(HEADING + "\n".join(lines), BASE)


def test_threshold_by_hand() -> None:
    """Two days with SAIDI e⁻³ and e⁻¹: alpha −2, beta √2 (sample)."""
    found = threshold(np.array([0.0, exp(-3), 0.0, exp(-1)]), 5)
    assert (found.alpha, found.beta) == pytest.approx((-2, sqrt(2)))
    assert found.hours == pytest.approx(exp(-2 + 2.5 * sqrt(2)))
    assert (found.days, found.provisional) == (2, False)
    with pytest.raises(ReliabilityError, match="threshold"):
        threshold(np.array([0.0, 1.0]), 5)


def test_a_day_above_the_threshold() -> None:
    usual = [
        (date(y, 1 + i % 12, 1 + i // 12), 0.5 + (i % 5) / 10, 10 + i % 7)
        for y in range(2016, 2021) for i in range(40)
    ]  # fmt: skip
    storm = (date(2021, 7, 3), 30.0, 1000)
    log_ = log_of(*usual, (date(2021, 2, 1), 1.0, 15), storm)
    limit = history(log_, BASE, year(2021))
    assert limit is not None
    assert (limit.years, limit.provisional, limit.days) == (5, False, 200)
    daily = daily_saidi(log_, BASE, Period(date(2016, 1, 1), date(2020, 12, 31)))
    logs = [log(value) for value in daily if value > 0]
    assert limit.alpha == pytest.approx(sum(logs) / 200)
    assert major_days(log_, BASE, year(2021), limit.hours) == [date(2021, 7, 3)], (
        "it lasted into the next day, but belongs to the day on which it began"
    )


def test_history_of_fewer_years_is_provisional() -> None:
    few = log_of((date(2020, 3, 1), 1.0, 10), (date(2020, 4, 1), 2.0, 10))
    found = history(few, BASE, year(2021))
    assert found is not None
    assert (found.years, found.provisional) == (1, True)
    assert history(few, BASE, year(2020)) is None
    assert history(log_of(), BASE, year(2020)) is None


def test_momentary_interruptions_make_no_day() -> None:
    brief = log_of((date(2021, 3, 1), 5 / 60, 1000))
    assert daily_saidi(brief, BASE, year(2021)).sum() == 0


def test_a_gap_in_the_log_is_found() -> None:
    """One interruption each day but in May and June."""
    first = date(2021, 1, 1)
    days = [first + timedelta(days=i) for i in range(365)]
    some = log_of(*((day, 1.0, 10) for day in days if day.month not in (5, 6)))
    found = coverage(view(some, BASE, year(2021)))
    assert found.gaps == ((date(2021, 5, 1), date(2021, 6, 30)),)
    assert found.share == pytest.approx(1 - 61 / 365)
    assert found.days_with_interruptions == 304
    whole = coverage(view(log_of(*((day, 1.0, 10) for day in days)), BASE, year(2021)))
    assert (whole.share, whole.gaps) == (1, ())


def test_few_interruptions_are_no_gap() -> None:
    some = log_of(*((date(2021, month, 1), 1.0, 10) for month in (1, 5, 9)))
    assert coverage(view(some, BASE, year(2021))).share == 1


def test_the_period_is_the_last_year_with_interruptions() -> None:
    assert default_period(log_of((date(2019, 5, 1), 1, 1), (date(2020, 5, 1), 1, 1))) == year(2020)
