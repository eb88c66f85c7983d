"""What became of attempts: delivered, tried again later, given up, or the endpoint gone."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from tongdian.service.exchange.claims import UNHURRIED, Parcel
from tongdian.service.exchange.models import Delivery, Endpoint
from tongdian.service.exchange.notices import endpoint_stopped
from tongdian.service.exchange.posting import Answer
from tongdian.service.exchange.schedule import next_attempt, retry_after

GONE = 410
DONE = """
UPDATE exchange_delivery SET state = 'delivered', attempts = attempts + 1, done_at = %s,
    status = %s, milliseconds = %s, response = %s, error = '', leased_until = NULL, next_at = NULL
WHERE id = %s AND state = 'pending'
"""
HOURS = """
INSERT INTO exchange_endpointhour (endpoint_id, hour, delivered, failed) VALUES (%s, %s, %s, %s)
ON CONFLICT (endpoint_id, hour) DO UPDATE SET
    delivered = exchange_endpointhour.delivered + EXCLUDED.delivered,
    failed = exchange_endpointhour.failed + EXCLUDED.failed
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A parcel and what came back for it."""

    parcel: Parcel
    answer: Answer


def record(attempts: Sequence[Attempt], now: datetime) -> None:
    """Write down a batch of attempts in one transaction."""
    good = [attempt for attempt in attempts if attempt.answer.delivered]
    bad = [attempt for attempt in attempts if not attempt.answer.delivered]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(UNHURRIED)
        _delivered(good, now)
        for attempt in sorted(bad, key=lambda a: a.parcel.target.id):
            _failed(attempt, now)
        _count(good, bad, now)


def _delivered(good: Sequence[Attempt], now: datetime) -> None:
    rows = [
        (now, a.answer.status, a.answer.milliseconds, a.answer.text, a.parcel.delivery)
        for a in sorted(good, key=lambda a: a.parcel.delivery)
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(DONE, rows)


def _failed(attempt: Attempt, now: datetime) -> None:
    answer, parcel = attempt.answer, attempt.parcel
    row = Delivery.objects.select_for_update().get(pk=parcel.delivery)
    if row.state != Delivery.State.PENDING:
        return
    row.attempts += 1
    row.leased_until = None
    row.status, row.milliseconds = answer.status, answer.milliseconds
    row.response, row.error = answer.text, answer.error[:300]
    again = next_attempt(now, row.attempts, retry_after(answer.retry_after, now))
    row.next_at = again
    if again is None:
        row.state, row.done_at = Delivery.State.GAVE_UP, now
    row.save()
    if answer.status == GONE:
        _stop(parcel.target.id, Endpoint.State.DISABLED, "410 Gone", now)
    elif again is None:
        words = answer.error or str(answer.status)
        _stop(parcel.target.id, Endpoint.State.FAILING, words, now)
    else:
        _hold_back(row, again)


def _hold_back(row: Delivery, until: datetime) -> None:
    """Later events of the case cannot be due before this one: they need not be looked at."""
    if row.case_number:
        Delivery.objects.filter(
            endpoint_id=row.endpoint_id,
            case_number=row.case_number,
            seq__gt=row.seq,
            state=Delivery.State.PENDING,
            next_at__lt=until,
        ).update(next_at=until)


def _stop(endpoint_id: int, state: str, reason: str, now: datetime) -> None:
    """Send nothing more to an endpoint, and tell its owner."""
    endpoint = Endpoint.objects.select_for_update().select_related("organisation").get(
        pk=endpoint_id
    )  # fmt: skip
    if endpoint.state == state:
        return
    endpoint.state, endpoint.reason = state, reason[:200]
    endpoint.save(update_fields=["state", "reason"])
    if state == Endpoint.State.DISABLED:
        drop_pending(endpoint, now)
    endpoint_stopped(endpoint)


def drop_pending(endpoint: Endpoint, now: datetime) -> int:
    """What waits will not be sent any more; it can be caught up by cursor. Returns how many."""
    waiting = Delivery.objects.filter(
        endpoint=endpoint, state__in=[Delivery.State.PENDING, Delivery.State.GAVE_UP]
    )
    return waiting.update(
        state=Delivery.State.DROPPED, done_at=now, next_at=None, leased_until=None
    )


def _count(good: Sequence[Attempt], bad: Sequence[Attempt], now: datetime) -> None:
    delivered = Counter(attempt.parcel.target.id for attempt in good)
    failed = Counter(attempt.parcel.target.id for attempt in bad)
    hour = now.replace(minute=0, second=0, microsecond=0)
    both = sorted(delivered.keys() | failed.keys())
    with connection.cursor() as cursor:
        cursor.executemany(HOURS, [(pk, hour, delivered[pk], failed[pk]) for pk in both])
    for pk in both:
        row = Endpoint.objects.filter(pk=pk)
        if failed[pk] and not delivered[pk]:
            row.update(failures=F("failures") + failed[pk], last_failure_at=now)
        elif failed[pk]:
            row.update(failures=failed[pk], last_success_at=now, last_failure_at=now)
        else:
            row.update(failures=0, last_success_at=now)
