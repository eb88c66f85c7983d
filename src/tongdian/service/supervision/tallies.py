"""Counts of cases by everything the board shows, from three scans of covering indexes.

A million cases shrink to some thousand counts; every figure, table, picture and trend is arithmetic
on them. Counts are kept for a while when they were costly: at most for twenty times as long as they
took, so that a small city is always counted anew and a large one never counts without end.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection

from tongdian.law.calendar import default_calendar, local_date
from tongdian.service.casework import clock
from tongdian.service.casework.processes import UTILITY_ROLES
from tongdian.service.casework.selectors import at_headquarters
from tongdian.service.identity.actors import Actor
from tongdian.service.supervision.periods import BoardFilter, Period

DAYS = ("whole_process_days", "utility_days", "government_days", "calendar_days", "steps")
KEPT_FOR = 20
SOON_WORKING_DAYS = 1
NONE_DUE, LATE, SOON, LATER = range(4)

Closed = tuple[str, str, int, bool, bool, bool]
Dated = tuple[str, str, int]


@dataclass(frozen=True)
class Tallies:
    """Counts over all tracks and districts that a person may see.

    `closed` by track, district, bucket, late, breached and at a window; `days` by name of the
    column, then place, month (0: all months) and days; `due` by place and state of the due date;
    `opened` and `ended` by place and week of the period.
    """

    as_of: datetime
    period: Period
    closed: dict[Closed, int]
    days: dict[str, dict[Dated, dict[int, int]]]
    due: dict[tuple[str, str, int], int]
    opened: dict[Dated, int]
    ended: dict[Dated, int]


def tallies_for(actor: Actor, wanted: BoardFilter) -> Tallies:
    """The counts for a period and what `actor` may see, kept while they are fresh enough."""
    office = office_of(actor)
    key = f"board:{office}:{wanted.period.start}:{wanted.period.end}"
    kept = cache.get(key)
    now = clock.now()
    if kept is not None and timedelta() <= now - kept[0].as_of <= timedelta(seconds=kept[1]):
        return kept[0]  # type: ignore[no-any-return]
    started = time.monotonic()
    counted = count_cases(office, wanted.period)
    keep_for = KEPT_FOR * (time.monotonic() - started)
    if keep_for > KEPT_FOR / 10:
        cache.set(key, (counted, keep_for), timeout=keep_for)
    return counted


def office_of(actor: Actor) -> str:
    """The office whose cases alone `actor` may see; empty for all."""
    roles = frozenset(actor.roles)
    oversight = roles & {"supervisor", "auditor"}
    narrow = roles & UTILITY_ROLES and not oversight and not at_headquarters(actor)
    return actor.organisation if narrow else ""


def count_cases(office: str, period: Period) -> Tallies:
    """Count now, at one instant of the database."""
    closed: dict[Closed, int] = {}
    days: dict[str, dict[Dated, dict[int, int]]] = {name: {} for name in DAYS}
    for track, district, bucket, late, breached, window, values, n in _closed(office, period):
        if values is None:
            closed[track, district, bucket, late, breached, window] = n
        else:
            name, value = values
            days[name].setdefault((track, district, bucket or 0), {})[value] = n
    return Tallies(
        clock.now(),
        period,
        closed,
        days,
        {row[:3]: row[3] for row in _open(office)},
        {row[:3]: row[3] for row in _weekly("opened_at", office, period)},
        {row[:3]: row[3] for row in _weekly("closed_at", office, period)},
    )


_CLOSED = """
SELECT grouping(late), grouping(whole_process_days), grouping(utility_days),
       grouping(government_days), grouping(calendar_days), grouping(steps),
       track, district, bucket, late, breached, at_window,
       whole_process_days, utility_days, government_days, calendar_days, steps, count(*)
FROM (
    SELECT *, channel = 'window' AS at_window,
           CASE WHEN %s THEN ((closed_at AT TIME ZONE 'Asia/Shanghai')::date - %s::date) / 7
           ELSE (extract(year FROM closed_at AT TIME ZONE 'Asia/Shanghai') * 12
                 + extract(month FROM closed_at AT TIME ZONE 'Asia/Shanghai'))::int END AS bucket
    FROM casework_case
    WHERE process = 'connection' AND outcome = 'energised' AND closed_at >= %s AND closed_at < %s
          AND (%s = '' OR office = %s)
) c
GROUP BY GROUPING SETS (
    (track, district, bucket, late, breached, at_window),
    (track, district, bucket, whole_process_days),
    (track, district, utility_days), (track, district, government_days),
    (track, district, calendar_days), (track, district, steps)
)
"""


def _closed(office: str, period: Period) -> Iterator[tuple[Any, ...]]:
    """(track, district, bucket, late, breached, window, None or (column, value), n)."""
    for row in _rows(_CLOSED, [period.by_week, period.start, *period.bounds, office, office]):
        absent, rest = row[:6], row[6:]
        where, flags, values, n = rest[:3], rest[3:6], rest[6:11], rest[11]
        if not absent[0]:
            yield (*where, *flags, None, n)
            continue
        column = absent[1:].index(0)
        if values[column] is not None:
            yield (*where, *flags, (DAYS[column], values[column]), n)


_OPEN = """
SELECT track, district, CASE WHEN due_on IS NULL THEN 0 WHEN due_on < %s THEN 1
       WHEN due_on <= %s THEN 2 ELSE 3 END AS state, count(*)
FROM casework_case
WHERE process = 'connection' AND outcome = '' AND (%s = '' OR office = %s) GROUP BY 1, 2, 3
"""


def _open(office: str) -> Iterator[tuple[Any, ...]]:
    today = local_date(clock.now())
    soon = default_calendar().add(today, SOON_WORKING_DAYS)
    return _rows(_OPEN, [today, soon, office, office])


_WEEKLY = """
SELECT track, district, ((({column} AT TIME ZONE 'Asia/Shanghai')::date - %s::date) / 7) AS week,
       count(*)
FROM casework_case
WHERE process = 'connection' AND {column} >= %s AND {column} < %s AND (%s = '' OR office = %s)
GROUP BY 1, 2, 3
"""


def _weekly(column: str, office: str, period: Period) -> Iterator[tuple[Any, ...]]:
    statement = _WEEKLY.format(column=column)
    return _rows(statement, [period.start, *period.bounds, office, office])


def _rows(statement: str, params: list[Any]) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return iter(cursor.fetchall())
