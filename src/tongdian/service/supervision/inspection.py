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
        with connection.cursor() as cursor:
            for select in STATEMENTS:
                statement = INSERT.format(select=select)
                cursor.execute(statement, {**PARAMETERS, "low": low, "high": high})
                found += cursor.rowcount
        row.leaves = high
        row.save(update_fields=["leaves"])
    return found


def _log_size() -> int:
    last = LogLeaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def inspected() -> int:
    """How many events have been looked through."""
    return Inspection.objects.filter(pk=1).values_list("leaves", flat=True).first() or 0
