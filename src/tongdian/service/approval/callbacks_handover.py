"""Handing items over to departments' own systems, over HTTP, until they are taken.

A follower of the log makes a row for each item and thing to tell. Rows are leased, posted outside
any transaction under an id that never changes, and tried again on the schedule of webhooks: a
department may get the same twice and knows it by `webhook-id`. Once an item is taken its case says
so (`item_requested`); from then on the department answers by pushing statuses.
"""

import json
import logging
from datetime import datetime
from functools import cache
from typing import Any, Final

import httpx
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongdian.service.approval.callbacks_models import HandOver
from tongdian.service.approval.callbacks_reading import number_of
from tongdian.service.approval.callbacks_systems import OwnSystem, is_configured, own_systems
from tongdian.service.approval.official import item_row
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework import clock
from tongdian.service.casework.errors import CaseworkError
from tongdian.service.casework.models import Case, Event, LogLeaf
from tongdian.service.casework.perform import perform
from tongdian.service.exchange.claims import lease
from tongdian.service.exchange.cloudevents import CONTENT_TYPE, instant, to_bytes
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.exchange.schedule import next_attempt, retry_after
from tongdian.service.exchange.signing import HMAC, Key, sign
from tongdian.service.identity.actors import SYSTEM

EVENT_TYPE: Final = "cn.tongdian.permit_item.handed_over.v1"
TOLD: Final = frozenset({"permits_filed", "items_resubmitted", "item_corrected", "item_withdrawn"})
REQUESTS: Final = frozenset({"permits_filed", "items_resubmitted"})
# What a system says of a packet that it will never take, however often it is sent.
HOPELESS: Final = (400, 404, 410, 413, 415, 422)
BATCH: Final = 20
SECONDS: Final = 10.0
MOST_BYTES: Final = 65_536
logger = logging.getLogger(__name__)


def note(event: CaseEvent) -> None:
    """Make the rows of an event: one for each of its items whose department has a system."""
    if not is_configured():
        return
    systems = own_systems()
    named = event.payload.get("items") or [event.payload.get("item")]
    now = clock.now()
    rows = [
        HandOver(
            index=event.index,
            case_number=event.case,
            item=item,
            kind=event.kind,
            department=AUTHORITIES[item],
            next_at=now,
            created_at=now,
        )
        for item in named
        if AUTHORITIES.get(str(item)) in systems
    ]
    HandOver.objects.bulk_create(rows, ignore_conflicts=True)


DEPARTMENTS = Consumer("departments", TOLD, note)


def hand_over_due() -> int:
    """Post what is due, an item's things in their order. Returns how many were tried."""
    waiting = HandOver.objects.filter(state=HandOver.State.PENDING, next_at__lte=clock.now())
    if not is_configured() or not waiting.exists():
        return 0
    systems = own_systems()
    tried = 0
    while batch := _claim():
        for row in batch:
            _post(row, systems.get(row.department))
        tried += len(batch)
    return tried


def retry_now(rows: "QuerySet[HandOver]") -> int:
    """Let those that were given up be tried again, from the first attempt."""
    given_up = rows.filter(state=HandOver.State.GAVE_UP)
    return given_up.update(state=HandOver.State.PENDING, attempts=0, next_at=clock.now())


def _claim() -> list[HandOver]:
    """Lease a batch: due, and with nothing of the same item before them."""
    now = clock.now()
    open_states = (HandOver.State.PENDING, HandOver.State.GAVE_UP)
    earlier = HandOver.objects.filter(
        case_number=OuterRef("case_number"),
        item=OuterRef("item"),
        pk__lt=OuterRef("pk"),
        state__in=open_states,
    )
    due = HandOver.objects.filter(
        ~Exists(earlier),
        Q(leased_until=None) | Q(leased_until__lte=now),
        state=HandOver.State.PENDING,
        next_at__lte=now,
    )
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True).order_by("next_at", "pk")[:BATCH])
        HandOver.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=now + lease())
    return rows


def _post(row: HandOver, system: OwnSystem | None) -> None:
    if system is None:
        _give_up(row, "该部门不再有自有系统 / The department has no system of its own any more")
        return
    body = to_bytes(_packet(row))
    key = Key(HMAC, system.secret)
    headers = {"Content-Type": CONTENT_TYPE, **sign([key], _id(row), clock.now(), body)}
    try:
        with _client().stream("POST", system.url, content=body, headers=headers) as response:
            said = _start_of(response)
    except (httpx.HTTPError, OSError) as error:
        _failed(row, f"没有连上 / Not reached: {type(error).__name__}")
        return
    if response.is_success:
        _answered(row, said)
    elif response.status_code in HOPELESS:
        _give_up(row, f"部门系统拒收 / The system refuses it: {response.status_code}")
    else:
        after = response.headers.get("Retry-After")
        _failed(row, f"部门系统出错 / The system failed: {response.status_code}", after)


def _packet(row: HandOver) -> dict[str, Any]:
    """The item as the standard's table has it, what happened, and the papers by their digests."""
    case = Case.objects.get(number=row.case_number)
    leaf = LogLeaf.objects.select_related("event").get(index=row.index)
    event: Event = leaf.event
    return {
        "specversion": "1.0",
        "id": _id(row),
        "source": "urn:tongdian:permits",
        "type": EVENT_TYPE,
        "subject": number_of(row.case_number, row.item),
        "time": instant(event.recorded_at),
        "datacontenttype": "application/json",
        "data": {
            **item_row(case, row.item),
            "case": row.case_number,
            "item": row.item,
            "event": row.kind,
            "materials": event.payload.get("materials", []),
        },
    }


def _id(row: HandOver) -> str:
    return f"item-{row.index}-{row.item}"


def _start_of(response: httpx.Response) -> bytes:
    kept = bytearray()
    for part in response.iter_bytes():
        kept += part
        if len(kept) > MOST_BYTES:
            break
    return bytes(kept)


def _answered(row: HandOver, said: bytes) -> None:
    """Taken, if the system names the item as we do: else its statuses would find nothing."""
    number = number_of(row.case_number, row.item)
    try:
        named = json.loads(said)["spsxslbm"]
    except (ValueError, KeyError, TypeError):
        named = None
    if named != number:
        _failed(row, "应答没有以 spsxslbm 复述编码 / The answer does not repeat spsxslbm")
        return
    with transaction.atomic():
        taken = HandOver.objects.filter(pk=row.pk, state=HandOver.State.PENDING).update(
            state=HandOver.State.TAKEN,
            attempts=row.attempts + 1,
            done_at=clock.now(),
            next_at=None,
            leased_until=None,
            error="",
        )
        if taken and row.kind in REQUESTS:
            _record(row, number)


def _record(row: HandOver, number: str) -> None:
    """The case says that the item is with the department's system, unless it has gone on."""
    payload = {"item": row.item, "department": row.department, "request": number}
    try:
        with transaction.atomic():
            perform(row.case_number, "item_requested", actor=SYSTEM, payload=payload)
    except CaseworkError as error:
        logger.info("%s was taken after it had gone on: %s", number, error)


def _failed(row: HandOver, error: str, asked: str | None = None) -> None:
    now = clock.now()
    again = next_attempt(now, row.attempts + 1, retry_after(asked, now))
    if again is None:
        _give_up(row, error)
        return
    _update(row, error, next_at=again)


def _give_up(row: HandOver, error: str) -> None:
    logger.error("item %s of %s could not be handed over: %s", row.item, row.case_number, error)
    _update(row, error, state=HandOver.State.GAVE_UP, next_at=None)


def _update(row: HandOver, error: str, *, next_at: datetime | None, **more: Any) -> None:
    HandOver.objects.filter(pk=row.pk, state=HandOver.State.PENDING).update(
        attempts=row.attempts + 1, error=error[:300], next_at=next_at, leased_until=None, **more
    )


@cache
def _client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS, trust_env=False, follow_redirects=False)
