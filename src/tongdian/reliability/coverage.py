"""How much of a period a log can be trusted to cover.

A log does not say on which days nobody wrote. But interruptions come at some rate, and a stretch of
days without any can be so long that chance does not explain it: then the days are taken as missing.
"""

from dataclasses import dataclass
from datetime import date
from math import exp
from typing import Final

import numpy as np

from tongdian.reliability.interruption_log import InterruptionLog, Period, day_number, day_of
from tongdian.reliability.period_view import View

UNLIKELY: Final = 0.001


@dataclass(frozen=True, slots=True)
class Coverage:
    """`share` of the `days` of a period that are covered; `gaps` are first and last missing day."""

    days: int
    days_with_interruptions: int
    share: float
    gaps: tuple[tuple[date, date], ...]


def coverage(seen: View) -> Coverage:
    """What of the view's period is covered.

    With n interruptions on d days, the chance that some stretch of g days is empty is about
    (n + 1) exp(−n g ÷ d); at less than one in a thousand the stretch counts as missing.
    """
    period = seen.period
    first = day_number(period.first)
    starts = np.unique(seen.interruption[seen.begins], return_index=True)[1]
    days = np.unique(seen.day[seen.begins][starts]) - first
    n = starts.size
    edges = np.concatenate(([-1], days, [period.days]))
    gaps = []
    for before, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        empty = after - before - 1
        if empty > 0 and (n + 1) * exp(-n * empty / period.days) < UNLIKELY:
            gaps.append((day_of(first + before + 1), day_of(first + after - 1)))
    missing = sum((last - first_).days + 1 for first_, last in gaps)
    return Coverage(period.days, int(days.size), 1 - missing / period.days, tuple(gaps))


def default_period(log: InterruptionLog) -> Period:
    """The calendar year in which the last interruption of a log begins."""
    last = (
        day_of(int((log.start.max() + 8 * 3600) // 86_400)) if log.start.size else date(1970, 1, 1)
    )
    return Period(date(last.year, 1, 1), date(last.year, 12, 31))
