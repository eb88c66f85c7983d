"""Suspicious patterns of a case's events: what each is, and how it is found.

Each statement looks at `events` (ids) and at their `cases` (ids): arrays that were read one table
at a time. A join with the log would be planned by statistics, and those of a table that has just
been filled say that it is empty: then it took minutes for what takes milliseconds. Each gives
case, kind, first_seq, seq, recorded_at, numbers, other.
"""

from datetime import timedelta
from typing import Any, Final

BURST, BACKDATED, EARLY, COPIED, HEAPING = "burst", "backdated", "early", "copied", "heaping"
KINDS: Final = (EARLY, BACKDATED, BURST, COPIED, HEAPING)
BURST_STEPS: Final = 3
BURST_SPAN: Final = timedelta(minutes=2)
BACKDATED_BY: Final = timedelta(hours=24)

_NEW = """
new AS MATERIALIZED (
    SELECT * FROM casework_event WHERE id = ANY(%(events)s) AND case_id = ANY(%(cases)s)
)
"""

# Steps of staff that only follow one another when they were done before and typed in at once.
# The whole case is looked at, since a burst may cross the edge of what is new; a case has one.
BURSTS = f"""
WITH steps AS (
    SELECT case_id, seq, recorded_at,
           lag(seq, {BURST_STEPS - 1}) OVER w AS first_seq,
           lag(recorded_at, {BURST_STEPS - 1}) OVER w AS first_at
    FROM casework_event
    WHERE actor->>'role' IN ('clerk', 'engineer', 'fieldworker', 'lead')
          AND kind NOT IN ('assigned', 'evidence_added', 'clock_paused', 'clock_resumed')
          AND case_id = ANY(%(cases)s)
    WINDOW w AS (PARTITION BY case_id ORDER BY seq)
)
SELECT case_id, '{BURST}', min(first_seq), max(seq), max(recorded_at), jsonb_build_object(
           'seconds', round(extract(epoch FROM max(recorded_at) - min(first_at))),
           'steps', max(seq) - min(first_seq) + 1), NULL::bigint
FROM steps
WHERE recorded_at - first_at <= %(span)s
      AND case_id NOT IN (SELECT case_id FROM supervision_finding WHERE kind = '{BURST}')
GROUP BY case_id
"""

# Said to have happened more than a day before it was recorded. Opening a case from a paper form is
# no claim of that kind: the clock runs from when the paper was handed in.
BACKDATINGS = f"""
WITH {_NEW}
SELECT case_id, '{BACKDATED}', seq, seq, recorded_at, jsonb_build_object(
           'kind', kind, 'hours', round(extract(epoch FROM recorded_at - occurred_at) / 3600)),
       NULL::bigint
FROM new WHERE recorded_at - occurred_at > %(backdated)s AND seq > 1
"""

# Said to have been energised before anybody had accepted the application: work outside the system.
EARLY_POWER = f"""
WITH {_NEW}
SELECT e.case_id, '{EARLY}', a.seq, e.seq, e.recorded_at, jsonb_build_object(
           'hours', round(extract(epoch FROM a.recorded_at - e.occurred_at) / 3600, 1)),
       NULL::bigint
FROM new e JOIN LATERAL (
    SELECT seq, recorded_at FROM casework_event
    WHERE case_id = e.case_id AND kind IN ('application_accepted', 'acceptance_deemed')
    ORDER BY seq LIMIT 1
) a ON e.occurred_at < a.recorded_at
WHERE e.kind = 'energised'
"""

# The same file, contract number or meter number that an earlier event of another case carries.
# A file that an applicant hands in for several of its own cases is no finding.
_PAPER = "coalesce({0}.payload->>'digest', {0}.payload->>'contract_number', "
_PAPER += "{0}.payload->>'meter_number')"
_PAPER_KINDS = "('evidence_added', 'contract_recorded', 'meter_installed')"
COPIES = f"""
WITH {_NEW}
SELECT e.case_id, '{COPIED}', e.seq, e.seq, e.recorded_at, jsonb_build_object(
           'kind', e.kind, 'paper', {_PAPER.format("e")}, 'other_seq', o.seq), o.case_id
FROM new e JOIN LATERAL (
    SELECT o.case_id, o.seq FROM casework_event o
    WHERE o.kind IN {_PAPER_KINDS} AND o.kind = e.kind AND o.case_id <> e.case_id
          AND {_PAPER.format("o")} = {_PAPER.format("e")} AND o.id < e.id
    ORDER BY o.id LIMIT 1
) o ON true
WHERE e.kind IN {_PAPER_KINDS} AND e.actor->>'role' <> 'applicant'
"""

STATEMENTS: Final = (BURSTS, BACKDATINGS, EARLY_POWER, COPIES)
PARAMETERS: Final[dict[str, Any]] = {"span": BURST_SPAN, "backdated": BACKDATED_BY}
