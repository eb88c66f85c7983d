"""The part of the counts that one row, one number or one week of the board is made of."""

from dataclasses import dataclass, field

from tongdian.indicators import levels, merged
from tongdian.service.supervision.tallies import DAYS, LATE, SOON, Tallies


@dataclass
class Slice:
    """Counts of the cases energised in the period, and of those open now.

    `days` by name of the column: {days: cases}.
    """

    done: int = 0
    late: int = 0
    breached: int = 0
    window: int = 0
    days: dict[str, dict[int, int]] = field(default_factory=dict)
    open: int = 0
    open_late: int = 0
    open_soon: int = 0

    def share(self, part: int) -> float | None:
        """`part` in percent of the cases energised; None when there are none."""
        return 100 * part / self.done if self.done else None


def slice_of(
    tallies: Tallies, track: str = "", district: str = "", bucket: int | None = None
) -> Slice:
    """The counts of a track, a district, a week or month of closing (see `Period.buckets`).

    Empty means any. A week or month has no counts of what is open now, and of days only those of
    the whole process.
    """
    found = Slice()
    for (its, place, when, late, breached, window), n in tallies.closed.items():
        if _is(its, track) and _is(place, district) and bucket in (None, when):
            found.done += n
            found.late += n * bool(late)
            found.breached += n * bool(breached)
            found.window += n * bool(window)
    for name in DAYS if bucket is None else DAYS[:1]:
        parts = (
            counts
            for (its, place, when), counts in tallies.days[name].items()
            if _is(its, track) and _is(place, district) and bucket in (None, when)
        )
        found.days[name] = merged(parts)
    if bucket is None:
        _count_open(found, tallies, track, district)
    return found


def _count_open(found: Slice, tallies: Tallies, track: str, district: str) -> None:
    for (its, place, state), n in tallies.due.items():
        if _is(its, track) and _is(place, district):
            found.open += n
            found.open_late += n * (state == LATE)
            found.open_soon += n * (state == SOON)


def open_by_week(tallies: Tallies, track: str = "", district: str = "") -> list[int]:
    """How many cases were open at the end of each week of the period, the last one being now."""
    weeks = tallies.period.weeks()
    came, went = [0] * weeks, [0] * weeks
    for target, counts in ((came, tallies.opened), (went, tallies.ended)):
        for (its, place, week), n in counts.items():
            if _is(its, track) and _is(place, district):
                target[week] += n
    now = Slice()
    _count_open(now, tallies, track, district)
    return levels(now.open, came, went)


def places(tallies: Tallies) -> list[str]:
    """The districts and zones that have any case, in the order of their codes."""
    return sorted({key[1] for key in tallies.closed} | {key[1] for key in tallies.due})


def _is(value: str, wanted: str) -> bool:
    return not wanted or value == wanted
