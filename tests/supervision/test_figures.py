"""Every figure is what one gets by reading the cases one by one."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from supervision.conftest import NOW
from support.cases import LEAD, SUPERVISOR, person, staff
from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.casework.models import Case
from tongdian.service.connection.labels import TRACKS
from tongdian.service.supervision.figures import FIGURES, TOTALS
from tongdian.service.supervision.periods import BoardFilter, Period
from tongdian.service.supervision.selectors import Board, board_for, cases_behind

pytestmark = pytest.mark.usefixtures("at_now")
FILTERS = (
    BoardFilter(),
    BoardFilter("90"),
    BoardFilter("30", track="resident"),
    BoardFilter(track="high_voltage_single"),
    BoardFilter("90", district="520103"),
    BoardFilter(track="zero_lv", district="520102"),
    BoardFilter("30", track="high_voltage_dual", district="5201ZB"),
)


def read(wanted: BoardFilter) -> tuple[list[Case], list[Case]]:
    """The cases energised in the period, and those open, by plain reading."""
    cases = [
        case
        for case in Case.objects.all()
        if wanted.track in ("", case.track) and wanted.district in ("", case.district)
    ]
    period = wanted.period
    done = [
        case
        for case in cases
        if case.outcome == "energised"
        and case.closed_at is not None
        and period.start <= local_date(case.closed_at) <= period.end
    ]
    return done, [case for case in cases if not case.outcome]


def expected(wanted: BoardFilter) -> dict[str, float | None]:
    done, opened = read(wanted)
    today = local_date(NOW)
    soon = default_calendar().add(today, 1)
    due = [case.due_on for case in opened if case.due_on]

    def share(holds: Callable[[Case], Any]) -> float | None:
        return 100 * sum(bool(holds(c)) for c in done) / len(done) if done else None

    found: dict[str, float | None] = {
        "open": len(opened),
        "soon": sum(today <= day <= soon for day in due),
        "late_now": sum(day < today for day in due),
        "done": len(done),
        "in_limit": share(lambda c: not c.late),
        "done_late": sum(bool(c.late) for c in done),
        "breached": sum(bool(c.breached) for c in done),
        "online": share(lambda c: c.channel != "window"),
        "steps": float(np.mean([c.steps for c in done])) if done else None,
    }
    for column, *_names in TOTALS:
        days = [day for case in done if (day := getattr(case, column)) is not None]
        for name, fraction in (("median", 0.5), ("p90", 0.9)):
            found[f"{column}_{name}"] = float(np.quantile(days, fraction)) if days else None
    return found


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_figures_are_those_of_the_cases(wanted: BoardFilter) -> None:
    cells = board_for(SUPERVISOR, wanted).whole.cells
    assert {name: cell.value for name, cell in cells.items()} == pytest.approx(expected(wanted))
    assert set(cells) == set(FIGURES)


def test_rows_are_the_filters_of_the_same_name() -> None:
    board = board_for(SUPERVISOR, BoardFilter())
    for row in board.by_track():
        narrowed = board_for(SUPERVISOR, BoardFilter(track=row.key)).whole
        assert values(row) == values(narrowed)
    rows = board.by_district()
    assert len(rows) == 15
    assert sum(row.cells["done"].value or 0 for row in rows) == board.whole.cells["done"].value
    for row in rows[:4]:
        narrowed = board_for(SUPERVISOR, BoardFilter(district=row.key)).whole
        assert values(row) == values(narrowed)


def values(row: Any) -> dict[str, float | None]:
    return {name: cell.value for name, cell in row.cells.items()}


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
@pytest.mark.parametrize("name", ["open", "soon", "late_now", "done", "done_late", "breached"])
def test_a_count_opens_as_many_cases(wanted: BoardFilter, name: str) -> None:
    value = board_for(SUPERVISOR, wanted).whole.cells[name].value
    assert cases_behind(SUPERVISOR, wanted, FIGURES[name]).count() == value


def test_columns_of_the_histogram_open_their_cases() -> None:
    board = board_for(SUPERVISOR, BoardFilter())
    for track in TRACKS:
        data = board.histogram(track)
        wanted = BoardFilter(track=track)
        for days, n in data.counts.items():
            assert cases_behind(SUPERVISOR, wanted, FIGURES["done"], days).count() == n
        assert data.cases == len(read(wanted)[0])


def test_limits_are_the_plans() -> None:
    rows = {row.key: row.cells for row in board_for(SUPERVISOR, BoardFilter()).by_track()}
    assert rows["resident"]["whole_process_days_median"].limit == 3
    assert rows["zero_lv"]["whole_process_days_p90"].limit == 6
    assert rows["zero_lv_external"]["whole_process_days_p90"].limit == 10
    assert rows["low_voltage"]["utility_days_median"].limit == 6
    assert rows["high_voltage_single"]["utility_days_p90"].limit == 20
    assert rows["high_voltage_dual"]["utility_days_p90"].limit == 30
    assert rows["high_voltage_dual"]["government_days_p90"].limit == 5
    assert rows["resident"]["utility_days_median"].limit is None
    assert rows["high_voltage_dual"]["calendar_days_median"].limit is None


def test_weeks_and_months_add_up() -> None:
    for wanted in (BoardFilter(), BoardFilter("30")):
        board = board_for(SUPERVISOR, wanted)
        parts = board.over_time()
        assert sum(part.done for part in parts.values()) == board.whole.cells["done"].value
    assert list(board_for(SUPERVISOR, BoardFilter()).over_time())[::12] == ["2025-11", "2026-11"]


def test_levels_of_open_cases_are_those_of_each_sunday() -> None:
    board = board_for(SUPERVISOR, BoardFilter())
    period = board.tallies.period
    found = board.open_by_week()
    cases = list(Case.objects.values_list("opened_at", "closed_at"))
    for week in (10, 30, 51):
        end = period.start.toordinal() + 7 * week + 6
        was_open = sum(
            local_date(a).toordinal() <= end and (b is None or local_date(b).toordinal() > end)
            for a, b in cases
        )
        assert found[week] == was_open
    assert found[-1] == board.whole.cells["open"].value


def test_the_head_of_an_office_sees_its_own_cases_alone() -> None:
    board = board_for(LEAD, BoardFilter())
    assert [row.key for row in board.by_district()] == ["520102"]
    own = board_for(SUPERVISOR, BoardFilter(district="520102"))
    assert values(board.whole) == values(own.whole)
    headquarters = board_for(staff("lead", "GYPS"), BoardFilter())
    assert values(headquarters.whole) == values(board_for(SUPERVISOR, BoardFilter()).whole)
    assert cases_behind(person("nobody"), BoardFilter(), FIGURES["done"]).count() == 0


def test_unknown_filters_mean_all() -> None:
    wanted = BoardFilter.from_query({"days": "7", "track": "x", "district": "' OR 1=1"})
    assert wanted == BoardFilter()
    assert wanted.query(used=None, kind="") == {"days": "365"}


def test_a_period_holds_both_its_days_to_the_last_instant() -> None:
    today = local_date(NOW)
    first, end = Period(today, today).bounds
    assert (end - first).total_seconds() == 86_400
    assert first <= NOW < end


def test_counts_that_were_costly_are_kept_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    from tongdian.service.casework import clock
    from tongdian.service.supervision import tallies

    now = board_for(SUPERVISOR, BoardFilter()).tallies
    assert board_for(SUPERVISOR, BoardFilter()).tallies is not now, "a small city is counted anew"
    instants = iter([0.0, 2.0, 100.0, 102.0])
    monkeypatch.setattr(tallies.time, "monotonic", lambda: next(instants))
    first: Board = board_for(SUPERVISOR, BoardFilter())
    assert board_for(SUPERVISOR, BoardFilter()).tallies == first.tallies
    assert next(instants) == 100.0, "not counted again"
    later = NOW.replace(minute=31)
    with clock.moved_to(later):
        monkeypatch.setattr(tallies.time, "monotonic", lambda: 0.0)
        assert board_for(SUPERVISOR, BoardFilter()).tallies.as_of == later
