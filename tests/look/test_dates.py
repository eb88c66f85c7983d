"""Dates in words, and why a date is due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from tongdian.law.calendar import default_calendar
from tongdian.service.look.axis import WorkAxis
from tongdian.service.look.dates import (
    day_in_full,
    instant_in_full,
    left_text,
    time_left,
    working_days_text,
)
from tongdian.service.look.due import why_due

MAKE_UP = date(2021, 9, 26)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "9月26日 星期日（调休上班）"),
        ("en", "Sunday 26 September (make-up working day)"),
    ],
)
def test_a_day_names_its_weekday_and_that_it_is_made_up(language: str, text: str) -> None:
    assert day_in_full(MAKE_UP, language=language, this_year=2021) == text


def test_a_day_of_another_year_names_the_year() -> None:
    assert day_in_full(MAKE_UP, language="zh", this_year=2026).startswith("2021年9月26日")


def test_an_instant_is_shown_in_shanghai_time() -> None:
    instant = datetime(2021, 9, 17, 16, 5, tzinfo=UTC)
    assert instant_in_full(instant, "zh") == "2021年9月18日 00:05"
    assert instant_in_full(instant, "en") == "18 September 2021, 00:05"


def test_working_days_have_a_singular_in_english() -> None:
    with override("en"):
        assert working_days_text(1) == "1 working day"
        assert working_days_text(2.5) == "2.5 working days"
    with override("zh-hans"):
        assert working_days_text(1) == "1 个工作日"


def test_what_is_left_runs_from_calm_to_overdue() -> None:
    calendar = default_calendar()
    with override("zh-hans"):
        due = date(2021, 9, 17)
        assert time_left(due, date(2021, 9, 15), calendar).tone == "calm"
        assert time_left(due, date(2021, 9, 16), calendar).tone == "soon"
        assert time_left(due, due, calendar).text == "今天到期"
        late = time_left(due, date(2021, 9, 22), calendar)
        assert (late.tone, late.left, late.text) == ("overdue", -2, "已超期 2 个工作日")
        assert time_left(MAKE_UP, MAKE_UP, calendar).text == "今天到期"


def test_a_day_off_after_the_due_day_is_not_yet_overdue() -> None:
    calendar = default_calendar()
    friday, saturday = date(2021, 9, 10), date(2021, 9, 11)
    assert time_left(friday, saturday, calendar).tone == "soon"
    assert left_text(-1).tone == "overdue"


def test_the_reason_names_skipped_and_made_up_days() -> None:
    deadline = default_calendar().explain(date(2021, 9, 17), 5)
    with override("zh-hans"):
        why = why_due(deadline, this_year=2021)
    assert "9月17日 星期五" in why.sentence
    assert "5 个工作日" in why.sentence
    runs = [run.text for run in why.skipped]
    assert "9月19日 – 9月21日" in runs, "the Mid-Autumn holiday stands in one line"
    assert [run.text for run in why.made_up] == ["9月18日", "9月26日"]


day = st.dates(date(2019, 1, 1), date(2026, 6, 30))


@given(day, st.integers(0, 120))
def test_the_axis_goes_forward_and_covers_everything(first: date, length: int) -> None:
    axis = WorkAxis.over(first, first + timedelta(days=length), default_calendar())
    assert axis.edges[0] == 0
    assert axis.edges[-1] == pytest.approx(100)
    assert all(a < b for a, b in zip(axis.edges, axis.edges[1:], strict=False))
    for index, shown in enumerate(axis.days):
        middle = (axis.edges[index] + axis.edges[index + 1]) / 2
        assert axis.day_at(middle) == shown


@given(day, st.integers(3, 90))
def test_a_day_worked_is_wider_than_any_gap(first: date, length: int) -> None:
    axis = WorkAxis.over(first, first + timedelta(days=length), default_calendar())
    widths = [b - a for a, b in zip(axis.edges, axis.edges[1:], strict=False)]
    worked = [w for w, on in zip(widths, axis.worked, strict=True) if on]
    if worked and axis.gaps():
        assert max(width for _start, width in axis.gaps()) < min(worked)
