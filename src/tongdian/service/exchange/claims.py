"""What is due at which endpoint: claimed by lease, in order for each case.

A lease is a time on the row. Two senders never hold the same one; a sender that was killed simply
lets it lapse, and the delivery is made again: at least once, known by its id. A later event of a
case is not due before the earlier one was delivered, so that order holds whoever sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch, Q

from tongdian.service.exchange import cloudevents
from tongdian.service.exchange.following import case_events
from tongdian.service.exchange.models import Endpoint, Secret
from tongdian.service.exchange.signing import Key, sign

LEASE_SECONDS = 60.0
# A lease or a result that a failing disk forgets is a delivery made again: nobody waits for
# the disk.
UNHURRIED = "SET LOCAL synchronous_commit TO off"
CLAIM = """
UPDATE exchange_delivery SET leased_until = %(lease)s
WHERE id IN (
    SELECT due.id
    FROM unnest(%(endpoints)s::bigint[], %(rooms)s::int[]) AS wanted (endpoint_id, room)
    CROSS JOIN LATERAL (
        SELECT d.id FROM exchange_delivery d
        WHERE d.endpoint_id = wanted.endpoint_id AND d.state = 'pending'
          AND d.next_at <= %(now)s AND (d.leased_until IS NULL OR d.leased_until <= %(now)s)
          AND d.seq = (
              SELECT e.seq FROM exchange_delivery e
              WHERE e.endpoint_id = d.endpoint_id AND e.case_number = d.case_number
                AND e.state IN ('pending', 'gave_up')
              ORDER BY e.endpoint_id, e.case_number, e.seq LIMIT 1)
        ORDER BY d.next_at, d.id LIMIT wanted.room FOR UPDATE OF d SKIP LOCKED
    ) AS due
    LIMIT %(free)s)
RETURNING id, endpoint_id, index, attempts
"""


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint that is being sent to, with its keys in clear."""

    id: int
    url: str
    keys: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery that this sender holds, ready to be signed."""

    delivery: int
    target: Target
    message_id: str
    body: bytes
    attempts: int

    def headers(self, now: datetime) -> dict[str, str]:
        """The signature is of the time of the attempt."""
        content_type = {"Content-Type": cloudevents.CONTENT_TYPE}
        return content_type | sign(self.target.keys, self.message_id, now, self.body)


def lease() -> timedelta:
    """Longer than any attempt can take."""
    return timedelta(seconds=getattr(settings, "EXCHANGE_LEASE_SECONDS", LEASE_SECONDS))


def targets(now: datetime) -> dict[int, Target]:
    """The endpoints that may be sent to, by id."""
    valid = Secret.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now)).order_by("-id")
    active = Endpoint.objects.filter(state=Endpoint.State.ACTIVE).prefetch_related(
        Prefetch("secrets", queryset=valid, to_attr="valid")
    )
    return {
        endpoint.pk: Target(
            endpoint.pk,
            endpoint.url,
            tuple(Key(s.scheme, s.sealed) for s in endpoint.valid),
        )
        for endpoint in active
    }


def claim(
    now: datetime, of: Mapping[int, Target], rooms: Mapping[int, int], free: int
) -> list[Parcel]:
    """Take up to `free` that are due, of each endpoint at most as many as `rooms` says."""
    values: dict[str, Any] = {
        "now": now,
        "lease": now + lease(),
        "endpoints": list(rooms),
        "rooms": list(rooms.values()),
        "free": free,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(UNHURRIED)
        cursor.execute(CLAIM, values)
        rows = cursor.fetchall()
    if not rows:
        return []
    bodies = _bodies([index for _, _, index, _ in rows if index is not None])
    parcels = []
    for pk, endpoint, index, attempts in rows:
        body = bodies.get(index) or cloudevents.trial_event(pk, now)
        raw = cloudevents.to_bytes(body)
        parcels.append(Parcel(pk, of[endpoint], body["id"], raw, attempts))
    return parcels


def _bodies(indexes: list[int]) -> dict[int, dict[str, Any]]:
    from tongdian.service.casework.models import LogLeaf

    events = case_events(LogLeaf.objects.filter(index__in=indexes))
    return {event.index: cloudevents.cloud_event(event) for event in events}
