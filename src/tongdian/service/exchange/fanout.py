"""The follower that makes deliveries: one row for each event and each endpoint that wants it."""

from datetime import datetime

from tongdian.service.casework import clock
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.exchange.models import Delivery, Endpoint
from tongdian.service.exchange.scope import cases_of


def deliver(event: CaseEvent) -> None:
    """Queue an event for all endpoints that want it and may see the case."""
    state = Endpoint.State.DISABLED
    wanted = [
        endpoint
        for endpoint in Endpoint.objects.exclude(state=state).select_related("organisation")
        if wants(endpoint, event)
    ]
    seen: dict[int, bool] = {}
    for endpoint in wanted:
        key = endpoint.organisation_id
        if key not in seen:
            seen[key] = cases_of(endpoint.organisation).filter(number=event.case).exists()
    now = clock.now()
    Delivery.objects.bulk_create(
        [
            delivery_of(endpoint, event, now)
            for endpoint in wanted
            if seen[endpoint.organisation_id]
        ],
        ignore_conflicts=True,
    )


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


WEBHOOKS = Consumer("webhooks", None, deliver)
