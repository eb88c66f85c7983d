"""What the board reads: figures by track and district, histograms, the cases behind a figure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from tongdian.law.calendar import local_date
from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.connection.labels import TRACKS
from tongdian.service.identity.actors import Actor
from tongdian.service.supervision.figures import FIGURES, Figure, Period, values_by

PERIODS = {"30": 30, "90": 90, "365": 365}
PROMISE_COLUMN = {"whole_process": "whole_process_days", "utility_stages": "utility_days"}


@dataclass(frozen=True)
class BoardFilter:
    """What the board shows; unknown values fall back to all."""

    days: str = "365"
    track: str = ""
    district: str = ""

    @classmethod
    def from_query(cls, query: Any) -> "BoardFilter":
        days, track, district = (query.get(n, "") for n in ("days", "track", "district"))
        return cls(
            days if days in PERIODS else "365",
            track if track in TRACKS else "",
            district if district in GUIYANG_DIVISIONS else "",
        )

    @property
    def period(self) -> Period:
        today = local_date(clock.now())
        return Period(today - timedelta(days=PERIODS[self.days] - 1), today)


def board_cases(actor: Actor, wanted: BoardFilter) -> QuerySet[Case]:
    """The cases of the board, narrowed by track and district."""
    cases = visible_to(actor)
    if wanted.track:
        cases = cases.filter(track=wanted.track)
    if wanted.district:
        cases = cases.filter(district=wanted.district)
    return cases


@dataclass(frozen=True)
class Cell:
    """One number: its figure, value (None when there is nothing to measure) and its limit."""

    figure: Figure
    value: float | None
    track: str
    district: str
    limit: float | None = None

    @property
    def text(self) -> str:
        if self.value is None:
            return "—"
        return f"{self.value:,.{self.figure.decimals}f}"

    @property
    def over(self) -> bool:
        return self.limit is not None and self.value is not None and self.value > self.limit


@dataclass(frozen=True)
class Row:
    key: str
    cells: list[Cell]


def whole(actor: Actor, wanted: BoardFilter) -> dict[str, Cell]:
    """Every figure over all cases chosen."""
    values = values_by(board_cases(actor, wanted), None, wanted.period)[0]
    return {
        f.id: Cell(f, _number(values[f"v_{f.id}"]), wanted.track, wanted.district)
        for f in FIGURES.values()
    }


def by_track(actor: Actor, wanted: BoardFilter) -> list[Row]:
    """A row a track, in the plan's order, tracks without cases included."""
    found = {r["key"]: r for r in values_by(board_cases(actor, wanted), "track", wanted.period)}
    tracks = [wanted.track] if wanted.track else TRACKS
    return [_row(track, found.get(track), track, wanted.district) for track in tracks]


def by_district(actor: Actor, wanted: BoardFilter) -> list[Row]:
    """A row a district or development zone."""
    found = values_by(board_cases(actor, wanted), "district", wanted.period)
    return [_row(str(r["key"]), r, wanted.track, str(r["key"])) for r in found]


def _row(key: str, values: dict[str, Any] | None, track: str, district: str) -> Row:
    cells = [
        Cell(
            figure,
            _number(values[f"v_{figure.id}"]) if values else None,
            track,
            district,
            limit_of(figure, track),
        )
        for figure in FIGURES.values()
    ]
    return Row(key, cells)


def limit_of(figure: Figure, track: str) -> float | None:
    """The plan's limit that a time figure is held against, if the plan sets one for this track."""
    if figure.id.startswith("government_days"):
        return float(load_plan().limit("approvals.total_working_days"))
    if not track:
        return None
    rule = load_plan().tracks[track]
    if figure.id == "steps":
        return float(len(rule.steps))
    if figure.id.startswith(PROMISE_COLUMN.get(rule.promise_clock, "\x00")):
        return float(rule.promise_working_days)
    return None


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


@dataclass(frozen=True)
class Histogram:
    """Cases energised by days used, for one track and the total its promise is measured in."""

    track: str
    column: str
    limit: int
    counts: dict[int, int]

    @property
    def cases(self) -> int:
        return sum(self.counts.values())


def histogram(actor: Actor, wanted: BoardFilter, track: str) -> Histogram:
    """The clock histogram of a track, with the plan's limit."""
    rule = load_plan().tracks[track]
    column = PROMISE_COLUMN[rule.promise_clock]
    cases = board_cases(actor, wanted).filter(track=track)
    rows = (
        cases.filter(FIGURES["done"].rows(wanted.period))
        .values_list(column)
        .annotate(n=Count("id"))
        .order_by(column)
    )
    return Histogram(track, column, rule.promise_working_days, {int(d): n for d, n in rows})


def cases_behind(
    actor: Actor, wanted: BoardFilter, figure: Figure, days: int | None = None
) -> QuerySet[Case]:
    """The cases that a figure is made of, the longest first."""
    cases = board_cases(actor, wanted).filter(figure.rows(wanted.period))
    if days is not None and wanted.track:
        column = PROMISE_COLUMN[load_plan().tracks[wanted.track].promise_clock]
        cases = cases.filter(**{column: days})
    return cases.order_by("-closed_at", "due_on", "id")


def monthly(actor: Actor, wanted: BoardFilter) -> list[tuple[date, float, float]]:
    """Energised by month: (first day, mean whole-process days, share within the limit in %)."""
    from django.db.models import Avg, Q
    from django.db.models.functions import TruncMonth

    from tongdian.law.calendar import SHANGHAI

    rows = (
        board_cases(actor, wanted)
        .filter(FIGURES["done"].rows(wanted.period))
        .annotate(month=TruncMonth("closed_at", tzinfo=SHANGHAI))
        .values("month")
        .annotate(
            days=Avg("whole_process_days"),
            on_time=100.0 * Count("id", filter=Q(late=False)) / Count("id"),
        )
        .order_by("month")
    )
    return [(r["month"].date(), float(r["days"]), float(r["on_time"])) for r in rows]
