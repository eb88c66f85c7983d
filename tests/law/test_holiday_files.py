"""Holiday files that cannot be true are refused with file and entry."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tongdian.law.holidays import CalendarDataError, parse_notice, read_notice, statutory_days_off

GOOD: dict[str, Any] = {
    "year": 2027,
    "notices": [{"title": "示例通知", "number": "示例〔2026〕1号"}],
    "holidays": [
        {
            "festival": "new_year",
            "first": "2027-01-01",
            "last": "2027-01-03",
            "make_up_workdays": ["2026-12-27"],
        }
    ],
}


def test_a_good_file_is_read() -> None:
    arrangement = parse_notice(GOOD, "2027.yaml")
    assert arrangement.periods[0].notice == "示例〔2026〕1号"
    assert [day.day for day in arrangement.periods[0].days_off()] == [1, 2, 3]


@pytest.mark.parametrize(
    ("change", "where", "problem"),
    [
        ({"first": "2027-13-01"}, r"holidays\[0\].first", "not a date"),
        ({"first": None}, r"holidays\[0\].first", "not a date"),
        ({"last": "2026-12-31"}, r"holidays\[0\]", "not a holiday period"),
        ({"last": "2027-12-31"}, r"holidays\[0\]", "not a holiday period"),
        ({"festival": "new_yaer"}, r"holidays\[0\]", "unknown festival 'new_yaer'"),
        ({"notice": "示例〔2026〕2号"}, r"holidays\[0\]", "not listed"),
        ({"make_up_workdays": ["2027-01-04"]}, r"holidays\[0\]", "no weekend day"),
        ({"make_up_workdays": ["2027-01-02"]}, r"holidays\[0\]", "arranged by"),
        ({"make_up_workdays": ["2028-01-02"]}, r"holidays\[0\]", "does not belong"),
        ({"makeup": []}, r"holidays\[0\]", "unknown key makeup"),
    ],
)
def test_a_wrong_period_is_refused(change: dict[str, Any], where: str, problem: str) -> None:
    data = deepcopy(GOOD)
    data["holidays"][0].update(change)
    with pytest.raises(CalendarDataError, match=rf"2027.yaml: {where}: .*{problem}"):
        parse_notice(data, "2027.yaml")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"year": "next"}, "year"),
        ({"year": True}, "year"),
        ({"notices": []}, "file"),
        ({"notices": ["通知"]}, r"notices\[0\]"),
        ({"notices": [{"title": "通知"}]}, r"notices\[0\]"),
        ({"holidays": {}}, "file"),
        ({"holiday": []}, "file"),
    ],
)
def test_a_wrong_file_is_refused(change: dict[str, Any], where: str) -> None:
    with pytest.raises(CalendarDataError, match=f"2027.yaml: {where}: "):
        parse_notice({**GOOD, **change}, "2027.yaml")


def test_text_that_is_no_yaml_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "2027.yaml"
    file.write_text("year: [2027", encoding="utf-8")
    with pytest.raises(CalendarDataError, match=r"2027\.yaml: file: not YAML"):
        read_notice(file)
    file.write_text("2027", encoding="utf-8")
    with pytest.raises(CalendarDataError, match=r"2027\.yaml: file: expected the keys"):
        read_notice(file)


def test_statutory_days_are_not_guessed_beyond_the_lunisolar_table() -> None:
    with pytest.raises(ValueError, match="2061"):
        statutory_days_off(2061)
