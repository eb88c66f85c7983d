"""Suspicious clocks: bursts of steps, backdated claims, heaping just under a limit.

A finding is a reason to look, never a verdict. It names the case, the events and the numbers.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext as _

from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.service.supervision.figures import Period
from tongdian.service.supervision.names import district_name
from tongdian.service.supervision.selectors import (
    BoardFilter,
    board_cases,
    histogram,
)

BURST_STEPS = 3
BURST_SPAN = timedelta(minutes=2)
BACKDATED = timedelta(hours=24)
HEAPING_MIN_CASES = 30
HEAPING_SHARE = 0.5
MOST = 400


@dataclass(frozen=True)
class Finding:
    """`kind` burst | backdated | heaping; `evidence` in words."""

    kind: str
    title: str
    case_number: str
    evidence: str


def findings(actor: Actor, wanted: BoardFilter) -> list[Finding]:
    """All findings among the cases that `actor` may see, the plainest first."""
    cases = board_cases(actor, wanted)
    visible = cases.filter(opened_at__gte=wanted.period.bounds[0] - timedelta(days=60))
    numbers, params = visible.values("id").query.sql_with_params()
    return [
        *_bursts(numbers, params),
        *_backdated(numbers, params),
        *_heaping(actor, wanted),
    ]


_BURSTS = """
SELECT c.number, e.first_seq, e.seq, extract(epoch FROM e.recorded_at - e.first_at) FROM (
    SELECT case_id, seq, recorded_at,
           lag(seq, {lag}) OVER w AS first_seq,
           lag(recorded_at, {lag}) OVER w AS first_at
    FROM casework_event
    WHERE actor->>'role' IN ('clerk', 'engineer', 'fieldworker', 'lead')
      AND kind NOT IN ('assigned', 'evidence_added')
      AND case_id IN ({cases})
    WINDOW w AS (PARTITION BY case_id ORDER BY seq)
) e JOIN casework_case c ON c.id = e.case_id
WHERE e.first_at IS NOT NULL AND e.recorded_at - e.first_at <= %s
ORDER BY e.recorded_at DESC LIMIT {most}
"""


def _bursts(cases: str, params: tuple[object, ...]) -> list[Finding]:
    """Several staff steps within two minutes: typed in afterwards?"""
    statement = _BURSTS.format(lag=BURST_STEPS - 1, cases=cases, most=MOST)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, BURST_SPAN])
        rows = cursor.fetchall()
    seen: dict[str, Finding] = {}
    for number, first, last, seconds in rows:
        evidence = _("第 %(first)s 至 %(last)s 个事件在 %(seconds)s 秒内连续记录") % {
            "first": first,
            "last": last,
            "seconds": round(seconds),
        }
        seen.setdefault(number, Finding("burst", _("短时间连续办理"), number, evidence))
    return list(seen.values())


_BACKDATED = """
SELECT c.number, e.seq, extract(epoch FROM e.recorded_at - e.occurred_at) / 3600
FROM casework_event e JOIN casework_case c ON c.id = e.case_id
WHERE e.recorded_at - e.occurred_at > %s AND e.seq > 1 AND e.case_id IN ({cases})
ORDER BY e.recorded_at DESC LIMIT {most}
"""


def _backdated(cases: str, params: tuple[object, ...]) -> list[Finding]:
    """A step said to have happened more than a day before it was recorded."""
    with connection.cursor() as cursor:
        cursor.execute(_BACKDATED.format(cases=cases, most=MOST), [BACKDATED, *params])
        rows = cursor.fetchall()
    return [
        Finding(
            "backdated",
            _("事后补录"),
            number,
            _("第 %(seq)s 个事件在所述时间 %(hours)s 小时之后才记录")
            % {"seq": seq, "hours": round(float(hours))},
        )
        for number, seq, hours in rows
    ]


def _heaping(actor: Actor, wanted: BoardFilter) -> list[Finding]:
    """More than half of a district's cases end on the very last day of the limit."""
    from tongdian.service.connection.labels import TRACKS, label

    found = []
    period: Period = wanted.period
    districts = (
        Case.objects.filter(closed_at__range=period.bounds)
        .values_list("district", flat=True)
        .distinct()
    )
    for track in [wanted.track] if wanted.track else TRACKS:
        for district in [wanted.district] if wanted.district else sorted(districts):
            counts = histogram(actor, BoardFilter(wanted.days, track, district), track)
            on_limit = counts.counts.get(counts.limit, 0)
            if counts.cases < HEAPING_MIN_CASES or on_limit < HEAPING_SHARE * counts.cases:
                continue
            evidence = _("%(n)s 件中有 %(on)s 件恰好用满 %(limit)s 个工作日") % {
                "n": counts.cases,
                "on": on_limit,
                "limit": counts.limit,
            }
            place = f"{district_name(district)} · {label(track)}"
            found.append(Finding("heaping", _("压线集中") + f" · {place}", "", evidence))
    return found
