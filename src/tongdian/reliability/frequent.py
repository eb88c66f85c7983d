"""Frequent interruptions (频繁停电): who has too many, and who is about to.

The rules are those in use for reporting at the utility, not a published standard, so they are
values of `FrequentRule` and a city may set others.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tongdian.reliability.interruption_log import Customers, InterruptionLog, Period, day_number
from tongdian.reliability.period_view import View, view
from tongdian.reliability.radial import Ints

YEARLY, DENSE, SCHEDULED, WARNING = "yearly", "dense", "scheduled", "warning"
CLASSES: Final = {
    YEARLY: ("全年频繁停电", "too many in the year"),
    DENSE: ("短期频繁停电", "too many within sixty days"),
    SCHEDULED: ("频繁预安排停电", "too many scheduled in the year"),
    WARNING: ("频繁停电预警", "about to be too many"),
}


@dataclass(frozen=True, slots=True)
class FrequentRule:
    """More than `in_year`, more than `in_days` within `days` consecutive days, more than
    `scheduled_in_year`; and a warning from `warn_in_year`, or so many in the last days."""

    in_year: int = 5
    in_days: int = 3
    days: int = 60
    scheduled_in_year: int = 3
    warn_in_year: int = 4
    warn_in_last_days: tuple[tuple[int, int], ...] = ((3, 50), (2, 30))


@dataclass(frozen=True, slots=True)
class Frequent:
    """One feeder or unit on the list: its class of CLASSES, the first that applies, and counts."""

    name: str
    kind: str
    in_year: int
    most_in_days: int
    scheduled: int


def frequent(
    log: InterruptionLog,
    base: Customers,
    period: Period,
    by_feeder: bool = True,
    rule: FrequentRule | None = None,
) -> list[Frequent]:
    """Who is on the list at the end of a period, the year so far, worst first.

    An interruption counts once for a feeder or unit, whatever the number of its steps; it begins in
    the period. Short ones count as well.
    """
    rule = rule or FrequentRule()
    seen = view(log, base, period)
    seen = seen.only(seen.begins)
    names, of_unit = np.unique(base.feeders if by_feeder else base.names, return_inverse=True)
    key, day, scheduled = _once_each(seen, of_unit)
    today = day_number(period.last)
    found = []
    for group in np.unique(key).tolist():
        days = np.sort(day[key == group])
        planned = int(scheduled[key == group].sum())
        most = _most_within(days, rule.days)
        kind = _kind(days, most, planned, today, rule)
        if kind is not None:
            found.append(Frequent(str(names[group]), kind, days.size, most, planned))
    order = list(CLASSES)
    return sorted(found, key=lambda one: (order.index(one.kind), -one.in_year, one.name))


def _once_each(seen: View, of_unit: Ints) -> tuple[Ints, Ints, Ints]:
    """Group, day and whether scheduled, of each interruption in each group."""
    table = np.column_stack((of_unit[seen.unit], seen.interruption, seen.day, ~seen.fault))
    order = np.lexsort((seen.start, table[:, 1], table[:, 0]))
    table = table[order].astype(np.int64)
    first = np.ones(len(table), np.bool_)
    first[1:] = (table[1:, :2] != table[:-1, :2]).any(axis=1)
    return table[first, 0], table[first, 2], table[first, 3]


def _most_within(days: Ints, length: int) -> int:
    """The most of some sorted days that lie within so many consecutive days."""
    after = np.searchsorted(days, days + length, side="left")
    return int((after - np.arange(days.size)).max())


def _kind(days: Ints, most: int, scheduled: int, today: int, rule: FrequentRule) -> str | None:
    if days.size > rule.in_year:
        return YEARLY
    if most > rule.in_days:
        return DENSE
    if scheduled > rule.scheduled_in_year:
        return SCHEDULED
    lately = any(
        int((days > today - length).sum()) >= number for number, length in rule.warn_in_last_days
    )
    return WARNING if days.size >= rule.warn_in_year or lately else None
