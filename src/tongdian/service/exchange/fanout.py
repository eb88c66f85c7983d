"""The follower that makes deliveries: one row for each event and each endpoint that wants it."""

from collections.abc import Sequence
from datetime import datetime

from tongdian.service.casework import clock
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.exchange.models import Delivery, Endpoint
from tongdian.service.exchange.scope import cases_of


def deliver(event: CaseEvent) -> None:
    """Queue an event for all endpoints that want it and may see the case."""
    deliver_all([event])


def deliver_all(events: Sequence[CaseEvent]) -> None:
    """Queue each event for all endpoints that want it and may see its case."""
    if not events:
        return
    disabled = Endpoint.State.DISABLED
    rows: list[Delivery] = []
    seen: dict[int, set[str]] = {}
    now = clock.now()
    for endpoint in Endpoint.objects.exclude(state=disabled).select_related("organisation"):
        wanted = [event for event in events if wants(endpoint, event)]
        home = endpoint.organisation_id
        if wanted and home not in seen:
            numbers = {event.case for event in events}
            cases = cases_of(endpoint.organisation).filter(number__in=numbers)
            seen[home] = set(cases.values_list("number", flat=True))
        rows += [delivery_of(endpoint, e, now) for e in wanted if e.case in seen[home]]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)


def delivery_of(endpoint: Endpoint, event: CaseEvent, now: datetime) -> Delivery:
    """The row that brings `event` to `endpoint`."""
    return Delivery(
        endpoint=endpoint,
        index=event.index,
        event_id=event.event_id,
        case_number=event.case,
        seq=event.seq,
        kind=event.kind,
        next_at=now,
        created_at=now,
    )


def wants(endpoint: Endpoint, event: CaseEvent) -> bool:
    """Whether the kind is asked for and the payload holds what it has to. A list in the payload
    matches when the value is one of its items."""
    if endpoint.kinds and event.kind not in endpoint.kinds:
        return False
    return all(_holds(event.payload.get(name), value) for name, value in endpoint.match.items())


def _holds(found: object, wanted: object) -> bool:
    return wanted in found if isinstance(found, list) else found == wanted


WEBHOOKS = Consumer("webhooks", None, deliver, deliver_all)
