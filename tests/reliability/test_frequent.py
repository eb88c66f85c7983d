"""Frequent interruptions: each class at its edge, each feeder once."""

from datetime import date, datetime, timedelta

import pytest

from tongdian.reliability.frequent import DENSE, SCHEDULED, WARNING, YEARLY, frequent
from tongdian.reliability.interruption_log import CHINA, Period, year
from tongdian.reliability.log_files import read_customers, read_log

BASE = read_customers("feeder,zone,customers\nF1,core,100\nF1,urban,50\nF2,rural,100\n")
HEADING = "interruption,feeder,zone,start,end,customers,nature,cause\n"


def kinds(days: list[int], nature: str = "fault", period: Period = year(2021)) -> list[str]:  # noqa: B008
    """Classes of a feeder with an interruption on each day of the year."""
    lines = []
    for i, number in enumerate(days):
        start = datetime(2021, 1, 1, 8, tzinfo=CHINA) + timedelta(days=number)
        end = start + timedelta(hours=1)
        for zone in ("core", "urban"):
            lines.append(
                f"I{i},F1,{zone},{start.isoformat()},{end.isoformat()},50,{nature},unknown\n"
            )
    log = read_log(HEADING + "".join(lines), BASE)
    return [one.kind for one in frequent(log, BASE, period)]


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        ([0, 61, 122, 183, 244, 305], [YEARLY]),
        ([0, 61, 122, 183, 244], [WARNING]),
        ([0, 70, 140, 210], [WARNING]),
        ([0, 70, 140], []),
        ([0, 1, 2, 59], [DENSE]),
        ([0, 1, 2, 60], [WARNING]),
        ([316, 340, 364], [WARNING]),
        ([200, 334, 335], []),
        ([335, 336], [WARNING]),
        ([], []),
    ],
)
def test_the_edges(days: list[int], kind: list[str]) -> None:
    assert kinds(days) == kind


def test_scheduled_ones_have_a_limit_of_their_own() -> None:
    assert kinds([0, 70, 140, 210], "works") == [SCHEDULED]
    assert kinds([0, 70, 140], "works") == []


def test_the_list_is_of_a_day() -> None:
    until_march = Period(date(2021, 1, 1), date(2021, 3, 31))
    assert kinds([60, 80], period=until_march) == [WARNING]
    assert kinds([60, 80]) == []


def test_units_and_feeders() -> None:
    line = "I{},F1,core,2021-0{}-01T08:00:00+08:00,2021-0{}-01T09:00:00+08:00,100,fault,unknown\n"
    log = read_log(HEADING + "".join(line.format(i, i, i) for i in range(1, 8)), BASE)
    (feeder,) = frequent(log, BASE, year(2021))
    assert (feeder.name, feeder.in_year, feeder.scheduled) == ("F1", 7, 0)
    assert len(frequent(log, BASE, year(2021), by_feeder=False)) == 1
