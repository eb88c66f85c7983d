"""What the board reads: figures by track and district, histograms, the cases behind a figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from tongdian.law.plan import load_plan
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.connection.labels import TRACKS
from tongdian.service.identity.actors import Actor
from tongdian.service.supervision.figures import FIGURES, PROMISE_COLUMN, Figure, limit_of
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.slices import Slice, open_by_week, places, slice_of
from tongdian.service.supervision.tallies import Tallies, tallies_for


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
    """One number: its figure, value (None when there is nothing to measure), its limit, and the
    `n` cases that it is made of."""

    figure: Figure
    value: float | None
    track: str
    district: str
    limit: float | None = None
    n: int = 0

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
    """A line of a table; `key` is a track or the code of a district, empty for the whole."""

    key: str
    cells: dict[str, Cell]

    def chosen(self, names: Iterable[str]) -> list[Cell]:
        return [self.cells[name] for name in names]


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


@dataclass(frozen=True)
class Board:
    """All that the board says about what is chosen, as of one instant."""

    wanted: BoardFilter
    tallies: Tallies

    @property
    def tracks(self) -> list[str]:
        return [self.wanted.track] if self.wanted.track else list(TRACKS)

    @property
    def districts(self) -> list[str]:
        return [self.wanted.district] if self.wanted.district else places(self.tallies)

    @cached_property
    def whole(self) -> Row:
        """Every figure over all cases chosen."""
        return self._row("", self.wanted.track, self.wanted.district)

    def by_track(self) -> list[Row]:
        """A row a track, in the plan's order, tracks without cases included."""
        return [self._row(track, track, self.wanted.district) for track in self.tracks]

    def by_district(self) -> list[Row]:
        """A row a district or development zone."""
        return [self._row(code, self.wanted.track, code) for code in self.districts]

    def over_time(self) -> dict[str, Slice]:
        """The cases energised in each week or month of the period, by its label."""
        track, district = self.wanted.track, self.wanted.district
        return {
            name: slice_of(self.tallies, track, district, bucket)
            for bucket, name in self.tallies.period.buckets().items()
        }

    def open_by_week(self) -> list[int]:
        return open_by_week(self.tallies, self.wanted.track, self.wanted.district)

    def histogram(self, track: str) -> Histogram:
        """The clock histogram of a track, with the plan's limit."""
        rule = load_plan().tracks[track]
        column = PROMISE_COLUMN[rule.promise_clock]
        counts = slice_of(self.tallies, track, self.wanted.district).days[column]
        return Histogram(track, column, rule.promise_working_days, counts)

    def _row(self, key: str, track: str, district: str) -> Row:
        part = slice_of(self.tallies, track, district)
        return Row(key, {f.id: _cell(f, part, track, district) for f in FIGURES.values()})


def _cell(figure: Figure, part: Slice, track: str, district: str) -> Cell:
    n = part.open if figure.now else part.done
    return Cell(figure, figure.value(part), track, district, limit_of(figure, track), n)


def board_for(actor: Actor, wanted: BoardFilter) -> Board:
    """The board as `actor` may see it."""
    return Board(wanted, tallies_for(actor, wanted))


def cases_behind(
    actor: Actor, wanted: BoardFilter, figure: Figure, days: int | None = None
) -> QuerySet[Case]:
    """The cases that a figure is made of: of the open ones the most urgent first, else the latest.

    `days`: only those that used exactly so many, in the total that the track's promise is in.
    """
    cases = board_cases(actor, wanted).filter(figure.rows(wanted.period))
    if days is not None and wanted.track:
        column = PROMISE_COLUMN[load_plan().tracks[wanted.track].promise_clock]
        cases = cases.filter(**{column: days})
    return cases.order_by("due_on", "id") if figure.now else cases.order_by("-closed_at", "-id")
