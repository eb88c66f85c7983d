"""The working-day calendar: published arrangements, laws of counting, explanations, refusals."""

import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.law.calendar import (
    SHANGHAI,
    CalendarRangeError,
    WorkCalendar,
    default_calendar,
    local_date,
)
from tongdian.law.holidays import load_notices, parse_notice

CALENDAR = default_calendar()
LATEST = date(2050, 12, 31)
DAYS = st.dates(date(2015, 1, 1), LATEST)
NUMBERS = st.integers(0, 500)
NOTICE_2027 = {
    "year": 2027,
    "notices": [{"title": "示例通知", "number": "示例〔2026〕1号"}],
    "holidays": [
        {"festival": "new_year", "first": "2027-01-01", "last": "2027-01-03"},
        {
            "festival": "spring_festival",
            "first": "2027-02-05",
            "last": "2027-02-13",
            "make_up_workdays": ["2027-01-31", "2027-02-20"],
        },
    ],
}


def every_day(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


ANNOUNCED = every_day(date(2018, 1, 1), date(2026, 12, 31))


# The published arrangements


@pytest.mark.parametrize("year", range(2015, 2027))
def test_agrees_with_two_libraries_on_every_announced_day(year: int) -> None:
    china = holidays.country_holidays("CN", years=[year, year + 1])
    for day in every_day(date(year, 1, 1), date(year, 12, 31)):
        ours = CALENDAR.is_workday(day)
        assert ours == chinese_calendar.is_workday(day), f"chinese_calendar disagrees on {day}"
        assert ours == china.is_working_day(day), f"holidays disagrees on {day}"


def test_spring_festival_2020_was_extended_to_the_second_of_february() -> None:
    assert CALENDAR.is_workday(date(2020, 1, 23))
    for day in every_day(date(2020, 1, 24), date(2020, 2, 2)):
        assert not CALENDAR.is_workday(day)
    assert CALENDAR.is_workday(date(2020, 2, 3))
    reason = CALENDAR.reason(date(2020, 2, 1))
    assert reason is not None
    assert reason.source == "国办发明电〔2020〕1号"


def test_a_notice_may_reach_into_the_december_before() -> None:
    assert CALENDAR.is_workday(date(2018, 12, 29))
    assert not CALENDAR.is_workday(date(2018, 12, 31))


def test_every_year_names_its_notice() -> None:
    years = load_notices()
    assert [year.year for year in years] == list(range(2015, 2027))
    for year in years:
        first = year.notices[0]
        assert first.title == f"国务院办公厅关于{year.year}年部分节假日安排的通知"
        assert first.number.startswith(f"国办发明电〔{year.year - 1}〕")


def test_version_and_coverage() -> None:
    assert CALENDAR.version.startswith("2015-2026/")
    assert CALENDAR.announced_until == date(2026, 12, 31)
    assert not CALENDAR.is_provisional(date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2027, 1, 1))


# Years not announced yet


@pytest.mark.parametrize("year", range(2027, 2061))
def test_provisional_years_take_the_thirteen_statutory_days(year: int) -> None:
    statutory = {
        day
        for day in holidays.country_holidays("CN", years=year, observed=False, language="en_US")
        if day.year == year
    }
    assert statutory
    for day in statutory:
        reason = CALENDAR.reason(day)
        assert reason is not None
        assert reason.off
        assert reason.festival is not None
    year_days = every_day(date(year, 1, 1), date(year, 12, 31))
    festive = [day for day in year_days if (why := CALENDAR.reason(day)) and why.festival]
    on_weekdays = [day for day in festive if day.weekday() < 5]
    assert len(on_weekdays) == 13, "each statutory day on a weekend is made up on a weekday"
    assert all(not CALENDAR.is_workday(day) for day in year_days if day.weekday() >= 5)


def test_2027_by_the_statute() -> None:
    off = [date(2027, 2, 5) + timedelta(days=offset) for offset in range(7)]
    assert [CALENDAR.is_workday(day) for day in off] == [False] * 6 + [True]
    deadline = CALENDAR.explain(date(2026, 12, 30), 3)
    assert deadline.due == date(2027, 1, 5)
    assert deadline.provisional
    assert "尚未公布" in deadline.skipped[0].reason_zh


def test_a_festival_on_national_day_gives_one_more_day() -> None:
    assert not CALENDAR.is_workday(date(2031, 10, 1))
    assert not CALENDAR.is_workday(date(2031, 10, 3))
    assert not CALENDAR.is_workday(date(2031, 10, 6))
    assert CALENDAR.is_workday(date(2031, 10, 7))


def test_a_new_notice_changes_only_what_it_arranges() -> None:
    newer = CALENDAR.with_year(parse_notice(NOTICE_2027, "2027.yaml"))
    assert newer.announced_until == date(2027, 12, 31)
    assert newer.version != CALENDAR.version
    assert newer.is_workday(date(2027, 1, 31))
    assert not CALENDAR.is_workday(date(2027, 1, 31))
    assert not newer.is_provisional(date(2027, 2, 10))
    assert newer.is_workday(date(2027, 4, 5)), "a notice replaces the estimate of its whole year"
    assert all(newer.is_workday(day) == CALENDAR.is_workday(day) for day in ANNOUNCED)
    start = date(2027, 2, 4)
    assert CALENDAR.add(start, 1) == date(2027, 2, 11)
    assert newer.add(start, 1) == date(2027, 2, 15)


def test_a_notice_can_be_replaced_and_years_cannot_be_skipped() -> None:
    notice = parse_notice(NOTICE_2027, "2027.yaml")
    newer = CALENDAR.with_year(notice)
    assert newer.with_year(notice) == newer
    with pytest.raises(ValueError, match="2027"):
        CALENDAR.with_year(
            parse_notice(
                {
                    **NOTICE_2027,
                    "year": 2028,
                    "holidays": [
                        {"festival": "new_year", "first": "2028-01-01", "last": "2028-01-01"}
                    ],
                },
                "2028.yaml",
            )
        )
    with pytest.raises(ValueError, match="at least one"):
        WorkCalendar([])


# Counting


def test_five_working_days_over_mid_autumn_2021() -> None:
    deadline = CALENDAR.explain(date(2021, 9, 17), 5)
    assert deadline.to_dict() == {
        "due": "2021-09-26",
        "provisional": False,
        "skipped": [
            {
                "date": f"2021-09-{day}",
                "reason": "中秋节放假（国办发明电〔2020〕27号）",
                "reason_en": "Mid-Autumn Festival holiday "
                "(State Council notice 国办发明电〔2020〕27号)",
                "festival": "mid_autumn",
            }
            for day in (19, 20, 21)
        ]
        + [
            {
                "date": "2021-09-25",
                "reason": "周六，休息日",
                "reason_en": "Saturday, a weekend day",
                "festival": None,
            }
        ],
        "counted_makeup": [
            {
                "date": "2021-09-18",
                "reason": "中秋节调休，周六上班（国办发明电〔2020〕27号）",
                "reason_en": "Saturday worked for Mid-Autumn Festival "
                "(State Council notice 国办发明电〔2020〕27号)",
                "festival": "mid_autumn",
            },
            {
                "date": "2021-09-26",
                "reason": "国庆节调休，周日上班（国办发明电〔2020〕27号）",
                "reason_en": "Sunday worked for National Day "
                "(State Council notice 国办发明电〔2020〕27号)",
                "festival": "national_day",
            },
        ],
        "start": "2021-09-17",
        "working_days": 5,
        "calendar": CALENDAR.version,
    }


@given(DAYS, NUMBERS)
def test_counting_undoes_adding(start: date, number: int) -> None:
    assert CALENDAR.count(start, CALENDAR.add(start, number)) == number


@given(DAYS, DAYS)
def test_adding_undoes_counting_on_workdays(first: date, second: date) -> None:
    start, end = sorted((first, second))
    due = CALENDAR.add(start, CALENDAR.count(start, end))
    if CALENDAR.is_workday(end) and end > start:
        assert due == end
    else:
        assert due <= end


@given(DAYS, NUMBERS, NUMBERS)
def test_adding_in_two_parts_is_adding_at_once(start: date, one: int, two: int) -> None:
    assert CALENDAR.add(CALENDAR.add(start, one), two) == CALENDAR.add(start, one + two)


@given(st.tuples(DAYS, DAYS, DAYS).map(sorted))
def test_counts_of_adjacent_spans_add_up(days: list[date]) -> None:
    first, middle, last = days
    assert CALENDAR.count(first, last) == CALENDAR.count(first, middle) + CALENDAR.count(
        middle, last
    )


@given(st.dates(date(2015, 1, 1), date(2050, 1, 1)), st.integers(0, 400))
def test_count_is_the_number_of_workdays_after_the_start(start: date, span: int) -> None:
    end = start + timedelta(days=span)
    worked = sum(CALENDAR.is_workday(day) for day in every_day(start, end)[1:])
    assert CALENDAR.count(start, end) == worked


@given(DAYS, st.integers(0, 60))
def test_an_explanation_accounts_for_every_day(start: date, number: int) -> None:
    deadline = CALENDAR.explain(start, number)
    assert deadline.due == CALENDAR.add(start, number)
    assert (deadline.due - start).days == number + len(deadline.skipped)
    assert deadline.provisional == CALENDAR.is_provisional(deadline.due)
    for skipped in deadline.skipped:
        assert start < skipped.date < deadline.due
        assert not CALENDAR.is_workday(skipped.date)
        assert skipped.reason_zh
        assert skipped.reason_en
    for counted in deadline.counted_makeup:
        assert counted.date.weekday() >= 5
        assert CALENDAR.is_workday(counted.date)


@given(st.lists(st.tuples(DAYS, NUMBERS), max_size=30))
def test_arrays_agree_with_single_days(pairs: list[tuple[date, int]]) -> None:
    starts = np.array([start for start, _ in pairs], dtype="datetime64[D]")
    numbers = np.array([number for _, number in pairs], dtype=np.int64)
    dues = CALENDAR.add_many(starts, numbers)
    assert dues.dtype == np.dtype("datetime64[D]")
    assert dues.tolist() == [CALENDAR.add(start, number) for start, number in pairs]
    assert CALENDAR.count_many(starts, dues).tolist() == numbers.tolist()


def test_arrays_broadcast_and_keep_shape() -> None:
    starts = np.array([["2021-09-17"], ["2021-09-30"]], dtype="datetime64[D]")
    dues = CALENDAR.add_many(starts, np.array([0, 5]))
    assert dues.astype(str).tolist() == [["2021-09-17", "2021-09-26"], ["2021-09-30", "2021-10-13"]]
    assert CALENDAR.add_many(starts, 1).shape == (2, 1)
    assert CALENDAR.add_many(starts.astype("datetime64[s]"), 0).tolist() == starts.tolist()
    assert CALENDAR.count_many(np.datetime64("2021-09-17"), dues).shape == (2, 2)
    strided = np.arange("2021-01-01", "2021-02-01", dtype="datetime64[D]")[::7]
    assert CALENDAR.add_many(strided, 1).tolist() == [CALENDAR.add(d, 1) for d in strided.tolist()]


def test_zero_days_from_the_first_day_of_the_range() -> None:
    first = CALENDAR.first
    assert CALENDAR.add(first, 0) == first
    assert CALENDAR.add_many(np.array([first], dtype="datetime64[D]"), 0).tolist() == [first]


def test_working_days_left_is_signed() -> None:
    due = date(2021, 9, 24)

    def left(day: int, hour: int = 9) -> int:
        now = datetime(2021, 9, day, hour, tzinfo=SHANGHAI)
        return CALENDAR.working_days_left(now, due)

    assert [left(day) for day in (22, 23, 24)] == [2, 1, 0]
    assert left(24, 23) == 0
    assert left(25) == 0, "Saturday is off, so no working day has passed since"
    assert left(26) == -1, "the make-up Sunday is a working day"
    utc = datetime(2021, 9, 23, 16, 30, tzinfo=UTC)
    assert CALENDAR.working_days_left(utc, due) == 0, "already the 24th in Shanghai"


# Refusals


@pytest.mark.parametrize("day", [date(2014, 12, 31), date(2061, 1, 1)])
def test_days_outside_the_range_are_named(day: date) -> None:
    for ask in (CALENDAR.is_workday, CALENDAR.is_provisional, CALENDAR.reason):
        with pytest.raises(CalendarRangeError, match=f"{day}.*2015-01-01 to 2060-12-31"):
            ask(day)
    with pytest.raises(CalendarRangeError, match=str(day)):
        CALENDAR.add_many(np.array(["2021-01-01", day], dtype="datetime64[D]"), 1)


def test_a_period_that_runs_past_the_range_is_refused() -> None:
    start = date(2060, 12, 1)
    with pytest.raises(CalendarRangeError, match="100 working days after 2060-12-01"):
        CALENDAR.add(start, 100)
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_many(np.array([start], dtype="datetime64[D]"), 100)
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_many(np.array(["NaT"], dtype="datetime64[D]"), 1)


def test_negative_numbers_and_reversed_spans_are_refused() -> None:
    days = np.array(["2021-09-17", "2021-09-16"], dtype="datetime64[D]")
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add(date(2021, 9, 17), -1)
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.add_many(days, np.array([1, -1]))
    with pytest.raises(ValueError, match="precedes"):
        CALENDAR.count(date(2021, 9, 17), date(2021, 9, 16))
    with pytest.raises(ValueError, match="precedes"):
        CALENDAR.count_many(days[:1], days[1:])


def test_instants_and_wrong_types_are_refused() -> None:
    instant = datetime(2021, 9, 17, 8, tzinfo=UTC)
    with pytest.raises(TypeError, match="local_date"):
        CALENDAR.add(instant, 1)
    with pytest.raises(TypeError, match="not integers"):
        CALENDAR.add_many(np.array(["2021-09-17"], dtype="datetime64[D]"), 1.5)
    with pytest.raises(TypeError, match="datetime64"):
        CALENDAR.add_many(np.array([20210917]), 1)


def test_local_date_is_the_day_in_shanghai_and_refuses_naive_instants() -> None:
    assert local_date(datetime(2021, 9, 17, 15, 59, 59, 999999, tzinfo=UTC)) == date(2021, 9, 17)
    assert local_date(datetime(2021, 9, 17, 16, tzinfo=UTC)) == date(2021, 9, 18)
    assert local_date(datetime(2021, 9, 17, 20, tzinfo=ZoneInfo("America/New_York"))) == date(
        2021, 9, 18
    )
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2021, 9, 17, 8))  # noqa: DTZ001


def test_a_calendar_cannot_be_changed_and_survives_pickling() -> None:
    with pytest.raises(AttributeError):
        CALENDAR.version = "2000"
    with pytest.raises(AttributeError):
        del CALENDAR.version
    copy = pickle.loads(pickle.dumps(CALENDAR))
    assert copy == CALENDAR
    assert (copy.version, hash(copy)) == (CALENDAR.version, hash(CALENDAR))
    assert default_calendar() is CALENDAR
