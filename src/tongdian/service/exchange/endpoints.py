"""What can be done with an endpoint: added, paused, resumed, disabled, its secrets rotated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.exchange.addresses import AddressRefused, check_and_resolve
from tongdian.service.exchange.cloudevents import TEST_KIND
from tongdian.service.exchange.fanout import delivery_of, wants
from tongdian.service.exchange.following import events_between
from tongdian.service.exchange.models import Delivery, Endpoint, Secret
from tongdian.service.exchange.results import drop_pending
from tongdian.service.exchange.scope import cases_of
from tongdian.service.exchange.signing import Key, new_pair, new_secret
from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.errors import NotPermitted
from tongdian.service.identity.models import Organisation

OLD_SECRET_LIVES = timedelta(hours=24)
REPLAY_AT_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Shown:
    """Secrets as they are shown once: the shared one, and the public key to verify with."""

    secret: str
    public_key: str


def require_manager(actor: Actor, organisation: Organisation) -> None:
    """An administrator manages every endpoint; a company's own people those of their company.
    Raises NotPermitted."""
    if not may_manage(actor, organisation):
        raise NotPermitted(
            "只有系统管理员和本单位的人员可以管理推送地址。",
            "Only an administrator and the organisation's own people manage its endpoints.",
        )


def may_manage(actor: Actor, organisation: Organisation) -> bool:
    own = actor.user_id is not None and actor.organisation == organisation.code
    return actor.has("administrator", "system") or (
        own and organisation.kind == Organisation.Kind.COMPANY
    )


def create_endpoint(
    *,
    organisation: Organisation,
    name: str,
    url: str,
    actor: Actor,
    kinds: Iterable[str] = (),
    match: Mapping[str, str] | None = None,
    contact: str = "",
) -> tuple[Endpoint, Shown]:
    """A new endpoint and its secrets. Raises NotPermitted; InvalidInput for an address that is not
    called."""
    require_manager(actor, organisation)
    _check_address(url)
    now = clock.now()
    with transaction.atomic():
        endpoint = Endpoint.objects.create(
            organisation=organisation,
            name=name,
            url=url,
            kinds=sorted(set(kinds)),
            match=dict(match or {}),
            contact=contact,
            created_at=now,
            created_by=actor.pseudonym[:32],
        )
        shown = _new_secrets(endpoint, now)
        _note("endpoint_created", endpoint, actor)
    return endpoint, shown


def _check_address(url: str) -> None:
    try:
        check_and_resolve(url)
    except AddressRefused as error:
        raise InvalidInput(
            [
                FieldError(
                    "url", error.rule_zh, error.rule_en,
                    "请填写公网可访问的 https 地址", "Give an https address on the public internet",
                )
            ]
        ) from None  # fmt: skip


def _new_secrets(endpoint: Endpoint, now: datetime) -> Shown:
    secret = new_secret()
    private, public = new_pair()
    Secret.objects.create(endpoint=endpoint, scheme=secret.scheme, sealed=secret.text,
                          created_at=now)  # fmt: skip
    Secret.objects.create(endpoint=endpoint, scheme=private.scheme, sealed=private.text,
                          public_key=public.text, created_at=now)  # fmt: skip
    return Shown(secret.text, public.text)


def rotate_secrets(endpoint: Endpoint, *, actor: Actor) -> Shown:
    """New secrets at once; the present ones go on signing beside them for 24 hours, older ones
    end."""
    require_manager(actor, endpoint.organisation)
    now = clock.now()
    with transaction.atomic():
        Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        endpoint.secrets.filter(ends_at__isnull=False).delete()
        endpoint.secrets.update(ends_at=now + OLD_SECRET_LIVES)
        shown = _new_secrets(endpoint, now)
        _note("endpoint_secret_rotated", endpoint, actor)
    return shown


def keys_of(endpoint: Endpoint, now: datetime) -> list[Key]:
    """The keys that sign now, the newest first."""
    valid = endpoint.secrets.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))
    return [Key(secret.scheme, secret.sealed) for secret in valid.order_by("-id")]


def pause(endpoint: Endpoint, *, actor: Actor) -> None:
    """Send nothing for now; what happens meanwhile waits."""
    _switch(endpoint, Endpoint.State.PAUSED, actor)


def disable(endpoint: Endpoint, *, actor: Actor) -> None:
    """Send nothing any more; what waits is dropped, and can be caught up by cursor."""
    with transaction.atomic():
        _switch(endpoint, Endpoint.State.DISABLED, actor)
        drop_pending(endpoint, clock.now())


def resume(endpoint: Endpoint, *, actor: Actor) -> int:
    """Send again, at once and from the first attempt, all that waits or was given up. Returns how
    many. Raises InvalidInput when the address is not called any more."""
    _check_address(endpoint.url)
    with transaction.atomic():
        _switch(endpoint, Endpoint.State.ACTIVE, actor)
        waiting = endpoint.deliveries.filter(
            state__in=[Delivery.State.PENDING, Delivery.State.GAVE_UP]
        )
        return _again(waiting)


def _switch(endpoint: Endpoint, state: str, actor: Actor) -> None:
    require_manager(actor, endpoint.organisation)
    with transaction.atomic():
        held = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
        held.state, held.reason, held.failures = state, "", 0
        held.save(update_fields=["state", "reason", "failures"])
        endpoint.state = state
        _note("endpoint_switched", endpoint, actor, state=state)


def _again(deliveries: QuerySet[Delivery]) -> int:
    now = clock.now()
    return int(
        deliveries.update(
            state=Delivery.State.PENDING, attempts=0, next_at=now, leased_until=None, done_at=None
        )
    )


def replay(delivery: Delivery, *, actor: Actor) -> None:
    """Deliver one again, under its old id."""
    require_manager(actor, delivery.endpoint.organisation)
    with transaction.atomic():
        _again(Delivery.objects.filter(pk=delivery.pk))
        _note("delivery_replayed", delivery.endpoint, actor, index=delivery.index)


def replay_range(endpoint: Endpoint, first: int, last: int, *, actor: Actor) -> int:
    """Deliver again, or for the first time, all that the endpoint wants of `first` ≤ index ≤
    `last`. Returns how many. Raises InvalidInput for an empty or too long range."""
    require_manager(actor, endpoint.organisation)
    if not 0 <= first <= last or last - first >= REPLAY_AT_MOST:
        raise InvalidInput(
            [
                FieldError(
                    "last", f"一次最多重放 {REPLAY_AT_MOST} 条", "At most 10,000 at a time",
                    "起点不大于终点，必要时分几次", "First ≤ last; in several goes if need be",
                )
            ]
        )  # fmt: skip
    events = [
        event
        for event in events_between(
            first - 1, last, None, event__case__in=cases_of(endpoint.organisation)
        )
        if wants(endpoint, event)
    ]
    now = clock.now()
    with transaction.atomic():
        Delivery.objects.bulk_create(
            [delivery_of(endpoint, event, now) for event in events], ignore_conflicts=True
        )
        count = _again(endpoint.deliveries.filter(index__in=[event.index for event in events]))
        _note("range_replayed", endpoint, actor, first=first, last=last, count=count)
    return count


def send_test(endpoint: Endpoint, *, actor: Actor) -> Delivery:
    """Queue a message that says it is a test. Sent while the endpoint is active."""
    require_manager(actor, endpoint.organisation)
    now = clock.now()
    with transaction.atomic():
        _note("endpoint_tested", endpoint, actor)
        return Delivery.objects.create(
            endpoint=endpoint, kind=TEST_KIND, next_at=now, created_at=now
        )


def _note(kind: str, endpoint: Endpoint, actor: Actor, **details: Any) -> None:
    audit.record(kind, actor=actor, subject=f"endpoint:{endpoint.pk}", **details)
