"""Taking a message in: verified, once, in the order of its subject, in one transaction.

The row of the subject is locked first; it knows the next `sequence` and how many wait. An early
message is parked until the gap closes, and then handled together with the one that closed it, each
in a savepoint of its own.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from tongdian.service.casework import clock
from tongdian.service.casework.errors import CaseworkError
from tongdian.service.exchange.inbound import InboundEvent, Refused, handler_of, on_refusal
from tongdian.service.exchange.models import Inbound, Source, Subject
from tongdian.service.exchange.problems import Problem, of_refusal
from tongdian.service.exchange.reading import Told, read_event
from tongdian.service.exchange.signing import BadSignature
from tongdian.service.exchange.sources import verified_source

MOST_WAITING = 1_000
ATTEMPTS = 10
LOCK = """
INSERT INTO exchange_subject (source_id, subject, expected, waiting) VALUES (%s, %s, 1, 0)
ON CONFLICT (source_id, subject) DO UPDATE SET subject = EXCLUDED.subject
RETURNING id, expected, waiting
"""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the sender is answered."""

    status: int
    body: Mapping[str, Any]


@dataclass
class Place:
    """A locked subject: its row, the next sequence, and how many wait."""

    id: int
    expected: int
    waiting: int


def receive(source_id: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Take a message. `headers` are lower case. Raises Problem for what is not recorded; what a
    handler refuses is recorded and replied."""
    try:
        source = verified_source(source_id, headers, body)
    except BadSignature as error:
        raise Problem("bad-signature", f"{error.rule_zh}。 {error.rule_en}.") from None
    told = read_event(body, headers["webhook-id"])
    _require_type(source, told)
    digest = hashlib.sha256(body).digest()
    try:
        with transaction.atomic():
            return _take(source, told, digest)
    except IntegrityError:
        # The same id or sequence came at the same moment, and was first: it is there now.
        with transaction.atomic():
            return _take(source, told, digest)


def _require_type(source: Source, told: Told) -> None:
    if told.type not in source.kinds or handler_of(told.type) is None:
        raise Problem(
            "unknown-type",
            f"来源 {source.pk} 不能发送 {told.type}。 Not a type that this source may send.",
            types=[kind for kind in source.kinds if handler_of(kind)],
        )


def _take(source: Source, told: Told, digest: bytes) -> Reply:
    place = _lock(source.pk, told.subject)
    known = Inbound.objects.filter(source=source, message_id=told.id).first()
    if known is not None:
        return _answer_again(known, digest)
    row = Inbound(
        source=source,
        message_id=told.id,
        digest=digest,
        type=told.type,
        subject=told.subject,
        sequence=told.sequence,
        time=told.time,
        received_at=clock.now(),
    )
    if told.sequence is None or told.sequence == place.expected:
        _handle(row, _event(source, told))
        row.save(force_insert=True)
        if told.sequence is not None:
            place.expected += 1
            _close_gap(source, told.subject, place)
        return Reply(row.status, row.answer)
    if told.sequence < place.expected:
        raise Problem("sequence-used", f"下一个是 {place.expected}。 Next is {place.expected}.",
                      expected=place.expected)  # fmt: skip
    return _park(row, told, place)


def _lock(source_id: str, subject: str) -> Place:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [source_id, subject])
        return Place(*cursor.fetchone())


def _answer_again(known: Inbound, digest: bytes) -> Reply:
    if bytes(known.digest) != digest:
        raise Problem(
            "message-id-reused",
            "这个编号的消息已收到，内容不同。 A message of this id came with another body.",
            received_at=known.received_at.isoformat(),
        )
    return Reply(known.status, known.answer)


def _park(row: Inbound, told: Told, place: Place) -> Reply:
    taken = Inbound.objects.filter(
        source=row.source, subject=row.subject, sequence=row.sequence
    ).exists()
    if taken:
        raise Problem("sequence-used", "这个序号的消息已在等候。 One of this sequence waits.",
                      expected=place.expected)  # fmt: skip
    if place.waiting >= MOST_WAITING:
        raise Problem("too-many-waiting", f"先补上 {place.expected}。 Send {place.expected} first.",
                      expected=place.expected)  # fmt: skip
    row.state, row.status = Inbound.State.PARKED, 202
    row.sealed = told.data
    row.answer = {"id": row.message_id, "state": row.state, "waiting_for": place.expected}
    row.save(force_insert=True)
    Subject.objects.filter(pk=place.id).update(waiting=F("waiting") + 1)
    return Reply(row.status, row.answer)


def _handle(row: Inbound, event: InboundEvent) -> None:
    """Run the handler in a savepoint, and let the row say what came of it."""
    handler = handler_of(event.type)
    row.handled_at = clock.now()
    row.sealed = None
    try:
        if handler is None:
            raise Refused("没有处理程序", "Nobody handles this type")
        with transaction.atomic():
            result = handler(event)
    except (CaseworkError, Refused) as refusal:
        problem = of_refusal(refusal)
        row.state, row.status, row.answer = Inbound.State.REFUSED, problem.status, problem.body
        note = on_refusal(event.type)
        if note is not None:
            note(event, problem.body)
        return
    row.state, row.status = Inbound.State.HANDLED, 200
    row.answer = {"id": row.message_id, "state": row.state, "result": dict(result or {})}


def _close_gap(source: Source, subject: str, place: Place) -> None:
    """Handle those that waited for `place.expected`, in order, and keep how far it has got."""
    while place.waiting > 0:
        row = Inbound.objects.filter(
            source=source, subject=subject, sequence=place.expected, state=Inbound.State.PARKED
        ).first()
        if row is None or not _handle_parked(source, row):
            break
        place.waiting -= 1
        place.expected += 1
    Subject.objects.filter(pk=place.id).update(expected=place.expected, waiting=place.waiting)


def _handle_parked(source: Source, row: Inbound) -> bool:
    """Whether it is out of the way. A handler with a bug holds up its subject for some attempts, so
    that it can be mended; then the message is set aside, visibly."""
    told = Told(row.message_id, row.type, row.subject, row.sequence, row.time, row.sealed or {})
    kept = row.sealed
    try:
        _handle(row, _event(source, told))
    except Exception as error:
        logger.exception("message %s of %s could not be handled", row.message_id, source.pk)
        row.attempts += 1
        row.error = type(error).__name__[:300]
        row.handled_at, row.sealed = None, kept
        if row.attempts >= ATTEMPTS:
            row.state, row.status = Inbound.State.FAILED, 500
            row.handled_at, row.sealed = clock.now(), None
    row.save()
    return row.state != Inbound.State.PARKED


def _event(source: Source, told: Told) -> InboundEvent:
    return InboundEvent(
        source=source.pk,
        organisation=source.organisation.code,
        id=told.id,
        type=told.type,
        subject=told.subject,
        sequence=told.sequence,
        time=told.time,
        data=told.data,
    )


def go_on_with_parked() -> int:
    """Handle parked messages that are next but were held up by a handler that failed. Returns how
    many subjects moved."""
    moved = 0
    stuck = Subject.objects.filter(waiting__gt=0).values_list("source_id", "subject", "expected")
    for source_id, subject, expected in stuck:
        ready = Inbound.objects.filter(
            source_id=source_id, subject=subject, sequence=expected, state=Inbound.State.PARKED
        )
        if ready.exists():
            with transaction.atomic():
                place = _lock(source_id, subject)
                source = Source.objects.select_related("organisation").get(pk=source_id)
                before = place.expected
                _close_gap(source, subject, place)
                moved += place.expected > before
    return moved
