"""Messages from other systems: what they are, and who handles them.

An app registers a handler for an event type in its `ready()`. The handler runs inside the
transaction that records the message, once for each message and in the order of `sequence` for each
subject. It may return a small JSON object, which is part of the answer. It refuses by raising a
CaseworkError, or `Refused`; then nothing it wrote remains, and the message counts as handled. What
has to be on record of a refusal is written by `refused`, which is told once nothing else remains.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongdian.service.casework.errors import FieldError


@dataclass(frozen=True, slots=True)
class InboundEvent:
    """A verified message. `organisation` is the code of the source's organisation; `data` is as it
    was sent and not yet checked; `sequence` is None when the sender gave no order."""

    source: str
    organisation: str
    id: str
    type: str
    subject: str
    sequence: int | None
    time: datetime
    data: Mapping[str, Any]


@dataclass
class Refused(Exception):
    """A handler refuses a message: 422 with the fields that are wrong, else 409 with the rule."""

    rule_zh: str
    rule_en: str
    errors: tuple[FieldError, ...] = ()

    def __str__(self) -> str:
        return self.rule_en


Handler = Callable[[InboundEvent], Mapping[str, Any] | None]
# Of the message and the answer that its sender gets, as a problem document.
OnRefusal = Callable[[InboundEvent, Mapping[str, Any]], None]
_handlers: dict[str, Handler] = {}
_on_refusal: dict[str, OnRefusal] = {}


def register(event_type: str, handler: Handler, *, refused: OnRefusal | None = None) -> None:
    """Called once for each event type, by the app that handles it."""
    _handlers[event_type] = handler
    if refused is not None:
        _on_refusal[event_type] = refused


def handler_of(event_type: str) -> Handler | None:
    return _handlers.get(event_type)


def on_refusal(event_type: str) -> OnRefusal | None:
    return _on_refusal.get(event_type)


def event_types() -> tuple[str, ...]:
    """Every type that somebody handles."""
    return tuple(sorted(_handlers))
