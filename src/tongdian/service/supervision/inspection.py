"""Looking through the log for suspicious patterns: each event once, when it has got its leaf."""

from django.db import connection, transaction

from tongdian.service.casework.models import LogLeaf
from tongdian.service.supervision.models import Inspection
from tongdian.service.supervision.patterns import PARAMETERS, STATEMENTS

PORTION = 50_000
INSERT = """
INSERT INTO supervision_finding (case_id, kind, first_seq, seq, recorded_at, numbers, other_id)
{select}
ON CONFLICT (case_id, kind, seq) DO NOTHING
"""


def inspect() -> int:
    """Look through all new leaves of the log. Returns the number of findings; safe to repeat and to
    run twice at once."""
    found = 0
    while (more := _inspect_portion()) is not None:
        found += more
    return found


def _inspect_portion() -> int | None:
    """One portion in one transaction; None when nothing is left, or another is at it."""
    with transaction.atomic():
        Inspection.objects.get_or_create(pk=1)
        row = Inspection.objects.select_for_update(skip_locked=True).filter(pk=1).first()
        size = _log_size()
        if row is None or row.leaves >= size:
            return None
        low, high = row.leaves, min(row.leaves + PORTION, size)
        found = 0
        events, cases = _read(low, high)
        with connection.cursor() as cursor:
            for select in STATEMENTS:
                statement = INSERT.format(select=select)
                cursor.execute(statement, {**PARAMETERS, "events": events, "cases": cases})
                found += cursor.rowcount
        row.leaves = high
        row.save(update_fields=["leaves"])
    return found


def _read(low: int, high: int) -> tuple[list[int], list[int]]:
    """The events with these leaves, and their cases of connections: each from its own table."""
    leaves = LogLeaf.objects.filter(index__gte=low, index__lt=high)
    events = list(leaves.values_list("event_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT case_id FROM casework_event WHERE id = ANY(%s)", [events])
        of_events = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id FROM casework_case WHERE id = ANY(%s) AND process = 'connection'",
            [of_events],
        )
        return events, [row[0] for row in cursor.fetchall()]


def _log_size() -> int:
    last = LogLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def inspected() -> int:
    """How many events have been looked through."""
    return Inspection.objects.filter(pk=1).values_list("leaves", flat=True).first() or 0
