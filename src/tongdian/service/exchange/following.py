"""The runner of consumers: each event handled exactly once, in the order of the log.

A consumer's cursor is a row that is locked while it works, so that any number of workers may run.
A batch of events, what the handler writes for them, and the cursor are one transaction. When a
handler raises, the batch is undone and taken one event at a time; the one that fails is set aside
and tried again later, and so do later events of its case wait, while other cases go on.
"""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, InterfaceError, OperationalError, transaction
from django.db.models import F

from tongdian.service.casework import clock
from tongdian.service.casework.models import LogLeaf
from tongdian.service.casework.sequencer import latest_head, sequence_all
from tongdian.service.exchange.consumers import CaseEvent, Consumer, consumers
from tongdian.service.exchange.models import Follower, SetAside

BATCH = 500
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (5, 30, 300, 1800, 7200))
logger = logging.getLogger(__name__)


def install() -> None:
    """Give every new consumer its cursor, at the present end of the log: what was written before it
    came, it never sees. Idempotent."""
    wanted = {consumer.name for consumer in consumers()}
    missing = wanted - set(Follower.objects.values_list("name", flat=True))
    if not missing:
        return
    sequence_all()
    now = clock.now()
    rows = [Follower(name=name, cursor=end_of_log(), moved_at=now) for name in sorted(missing)]
    Follower.objects.bulk_create(rows, ignore_conflicts=True)


def end_of_log() -> int:
    """The index of the last leaf; -1 when there is none."""
    head = latest_head()
    return head.tree_size - 1 if head else -1


def follow_all() -> int:
    """Let every consumer work until it is at the end. Returns how many events were handled."""
    return sum(follow(consumer) for consumer in consumers())


def follow(consumer: Consumer) -> int:
    """Let one consumer work until it is at the end, or another worker is doing it. Returns how many
    events it has handled."""
    done = 0
    while True:
        moved, handled = _batch(consumer)
        done += handled
        if not moved:
            return done + _again(consumer)


def _batch(consumer: Consumer) -> tuple[bool, int]:
    """One batch. Whether there is more to look at, and how many events were handled."""
    try:
        with transaction.atomic():
            return _take(consumer, BATCH)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.info("%s: one event at a time: %s", consumer.name, error)
    handled = 0
    for _ in range(BATCH):
        moved, some = _single(consumer)
        handled += some
        if not moved:
            return False, handled
    return True, handled


def _single(consumer: Consumer) -> tuple[bool, int]:
    with transaction.atomic():
        return _take(consumer, 1, careful=True)


def _take(consumer: Consumer, size: int, careful: bool = False) -> tuple[bool, int]:
    """Inside a transaction: handle up to `size` events after the cursor, and move it."""
    follower = Follower.objects.select_for_update(skip_locked=True).filter(pk=consumer.name).first()
    if follower is None:
        return False, 0
    top = end_of_log()
    if follower.cursor >= top:
        return False, 0
    until = min(follower.cursor + size, top)
    events = events_between(follower.cursor, until, consumer.kinds)
    held_up = _held_up(follower, events)
    handled = 0
    if consumer.handle_all is not None and not held_up and not careful:
        consumer.handle_all(events)
        handled, events = len(events), []
    for event in events:
        if event.case in held_up:
            _set_aside(follower, event, None)
        elif careful:
            handled += _try(consumer, follower, event)
        else:
            consumer.handle(event)
            handled += 1
    Follower.objects.filter(pk=follower.pk).update(cursor=until, moved_at=clock.now())
    return True, handled


def _try(consumer: Consumer, follower: Follower, event: CaseEvent) -> bool:
    try:
        with transaction.atomic():
            consumer.handle(event)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("%s could not handle event %s", consumer.name, event.index)
        _set_aside(follower, event, error)
        return False
    return True


def _held_up(follower: Follower, events: Sequence[CaseEvent]) -> set[str]:
    """The cases of `events` that wait for an event set aside before."""
    waiting = SetAside.objects.filter(
        follower=follower, dead=False, case_number__in={event.case for event in events}
    )
    return set(waiting.values_list("case_number", flat=True))


def _set_aside(follower: Follower, event: CaseEvent, error: Exception | None) -> None:
    now = clock.now()
    SetAside.objects.create(
        follower=follower,
        index=event.index,
        case_number=event.case,
        kind=event.kind,
        attempts=1 if error else 0,
        next_at=_next(now, 1) if error else now,
        error=words_of(error) if error else "",
        since=now,
    )


def _again(consumer: Consumer) -> int:
    """Try what was set aside and is due, the first of each case. Returns how many succeeded."""
    done = 0
    tried: set[int] = set()
    while (row := _due(consumer, tried)) is not None:
        tried.add(row)
        done += _retry(consumer, row)
    return done


def _due(consumer: Consumer, tried: set[int]) -> int | None:
    """The oldest one that is due and the first of its case."""
    waiting = SetAside.objects.filter(follower_id=consumer.name, dead=False)
    seen: set[str] = set()
    for pk, case, next_at in waiting.order_by("index").values_list("pk", "case_number", "next_at"):
        first = case not in seen
        seen.add(case)
        if first and pk not in tried and next_at <= clock.now():
            return pk
    return None


def _retry(consumer: Consumer, pk: int) -> bool:
    with transaction.atomic():
        rows = SetAside.objects.select_for_update(skip_locked=True)
        row = rows.filter(pk=pk, dead=False).first()
        if row is None:
            return False
        event = events_between(row.index - 1, row.index, None)[0]
        try:
            with transaction.atomic():
                consumer.handle(event)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            row.attempts += 1
            row.error = words_of(error)
            row.dead = row.attempts > len(RETRY_AFTER)
            if not row.dead:
                row.next_at = _next(clock.now(), row.attempts)
            row.save()
            logger.warning("%s, event %s, attempt %s: %s", row.follower_id, row.index,
                           row.attempts, error)  # fmt: skip
            return False
        row.delete()
        return True


def retry_now(pk: int) -> None:
    """Let one that was set aside be tried again at once, from the first attempt."""
    SetAside.objects.filter(pk=pk).update(dead=False, attempts=0, next_at=clock.now())


def _next(now: datetime, attempts: int) -> datetime:
    return now + RETRY_AFTER[attempts - 1] * random.uniform(1.0, 1.1)


def words_of(error: Exception) -> str:
    """An error for the console: its kind and text, but never a value from the database."""
    return type(error).__name__ if isinstance(error, Error) else f"{type(error).__name__}: {error}"


def events_between(
    after: int,
    until: int,
    kinds: frozenset[str] | None,
    *,
    limit: int | None = None,
    **where: Any,
) -> list[CaseEvent]:
    """The events with `after` < index ≤ `until`, of `kinds` (None: all), in the order of the log.
    `where` limits them further, as a filter of leaves; at most `limit` are read."""
    leaves = LogLeaf.objects.filter(index__gt=after, index__lte=until, **where)
    if kinds is not None:
        leaves = leaves.filter(event__kind__in=kinds)
    return case_events(leaves.order_by("index"), limit)


def case_events(leaves: Any, limit: int | None = None) -> list[CaseEvent]:
    """The first `limit` leaves of a queryset as events."""
    rows = leaves.annotate(
        number=F("event__case__number"), process=F("event__case__process")
    ).values_list(
        "index", "event_id", "number", "process", "event__seq", "event__kind",
        "event__recorded_at", "event__occurred_at", "event__actor", "event__payload",
    )  # fmt: skip
    return [_case_event(row) for row in rows[:limit]]


def _case_event(row: Any) -> CaseEvent:
    index, event_id, number, process, seq, kind, recorded_at, occurred_at, actor, payload = row
    return CaseEvent(
        index=index,
        event_id=event_id,
        case=number,
        process=process,
        seq=seq,
        kind=kind,
        recorded_at=recorded_at,
        occurred_at=occurred_at,
        role=actor.get("role", ""),
        organisation=actor.get("organisation", ""),
        payload=payload,
    )
