"""Followers of the sequenced event log: who wants to know what has happened to cases.

An app registers a `Consumer` in its `ready()`. The worker then calls `handle` for every event of
`kinds`, in the order of the log, inside the transaction that also moves the consumer's cursor: what
the handler writes to the database happens exactly once. `handle` must do nothing else than write to
the database, since everything else happens again after a crash.

A new consumer starts at the present end of the log. One that raises is tried again later; the
events of that case wait behind it, those of other cases do not (see `following`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class CaseEvent:
    """One sequenced event. `index` is its place in the log, `payload` holds nothing personal."""

    index: int
    event_id: int
    case: str
    process: str
    seq: int
    kind: str
    recorded_at: datetime
    occurred_at: datetime
    role: str
    organisation: str
    payload: Mapping[str, Any]

    @cached_property
    def personal(self) -> Mapping[str, Any]:
        """The personal part, read when first asked for; empty if there is none or it was erased."""
        from tongdian.service.casework.models import Event

        return Event.objects.only("personal").get(pk=self.event_id).personal or {}


@dataclass(frozen=True, slots=True)
class Consumer:
    """A follower: a stable name, the event kinds it wants (None: all), and what it does.
    `handle_all` may do the same for many at once, where that is quicker."""

    name: str
    kinds: frozenset[str] | None
    handle: Callable[[CaseEvent], None]
    handle_all: Callable[[Sequence[CaseEvent]], None] | None = None


_consumers: dict[str, Consumer] = {}


def register(consumer: Consumer) -> None:
    """Called once by each app when it is ready. The same name again replaces the earlier one."""
    _consumers[consumer.name] = consumer


def consumers() -> tuple[Consumer, ...]:
    """All that are registered, in the order of the installed apps."""
    return tuple(_consumers.values())
