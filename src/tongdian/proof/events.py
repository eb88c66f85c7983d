"""Events: salted digests of personal data, digests of payloads, and the hash that chains them."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tongdian.proof.canonical import canonical, instant_text

GENESIS = bytes(32)
FORMAT = "tongdian-event-1"


def new_salt() -> bytes:
    """16 random bytes."""
    return secrets.token_bytes(16)


def sealed_digest(salt: bytes, personal: Mapping[str, Any]) -> bytes:
    """SHA-256(salt ‖ canonical(personal)): commits to personal data that may be destroyed."""
    return hashlib.sha256(salt + canonical(dict(personal))).digest()


def payload_digest(payload: Mapping[str, Any], sealed: bytes | None) -> bytes:
    """SHA-256 over the open payload and the sealed digest, hex or null."""
    body = {"open": dict(payload), "sealed": sealed.hex() if sealed is not None else None}
    return hashlib.sha256(canonical(body)).digest()


@dataclass(frozen=True, slots=True)
class EventHeader:
    """All that the event hash covers."""

    case: str
    seq: int
    kind: str
    recorded_at: datetime
    occurred_at: datetime
    actor: Mapping[str, str]
    payload_digest: bytes
    previous_hash: bytes

    def to_dict(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "case": self.case,
            "seq": self.seq,
            "kind": self.kind,
            "recorded_at": instant_text(self.recorded_at),
            "occurred_at": instant_text(self.occurred_at),
            "actor": dict(self.actor),
            "payload_digest": self.payload_digest.hex(),
            "previous_hash": self.previous_hash.hex(),
        }


def event_hash(header: EventHeader) -> bytes:
    """SHA-256(canonical(header))."""
    return hashlib.sha256(canonical(header.to_dict())).digest()


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A stored event as it is checked: header, hash, and what the digests commit to.

    `personal` and `salt` are None when there never were any, when they were erased, or when the
    reader may not see them; `sealed` stays in each case.
    """

    header: EventHeader
    hash: bytes
    payload: Mapping[str, Any]
    personal: Mapping[str, Any] | None = None
    salt: bytes | None = None
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not match: the event's number in its case, the part, and words."""

    seq: int
    part: str
    zh: str
    en: str


def verify_chain(events: Iterable[EventRecord]) -> list[Problem]:
    """Every mismatch in a fully exported case, in order; empty when all holds.

    The events have to be those of one case, in order from the first. What was cut off at the end
    leaves no trace in a chain: the Merkle log answers for that.
    """
    problems: list[Problem] = []
    previous, rows = GENESIS, list(events)
    for number, event in enumerate(rows, start=1):
        follower = rows[number].header if number < len(rows) else None
        fitting = replace(
            event.header, case=rows[0].header.case, seq=number, previous_hash=previous
        )
        problems += _content_problems(event, number)
        problems += _place_problems(event, fitting, follower)
        previous = _chained_hash(event, follower)
    return problems


def _place_problems(
    event: EventRecord, fitting: EventHeader, follower: EventHeader | None
) -> Iterator[Problem]:
    """Mismatches between header, hash and the place in the chain, which demands `fitting`."""
    header, number = event.header, fitting.seq
    changed = [
        name
        for name in ("case", "seq", "previous_hash")
        if getattr(header, name) != getattr(fitting, name)
    ]
    if event.hash == event_hash(header):
        words = _OUT_OF_PLACE
    elif changed and event.hash == event_hash(fitting):
        words = _CHANGED
    elif _chained_hash(event, follower) != event.hash:
        changed, words = ["hash"], _CHANGED
    elif event.hash == event_hash(replace(header, payload_digest=_digest(event) or b"")):
        return
    else:
        changed = ["header"]
        words = ("与事件哈希不符，已被改动", "does not match the event's hash")
    for name in changed:
        yield _problem(number, name, *words)


def _chained_hash(event: EventRecord, follower: EventHeader | None) -> bytes:
    """The hash the chain goes on from: what the next event vouches for, where it does."""
    computed = event_hash(event.header)
    return computed if follower and follower.previous_hash == computed else event.hash


def _content_problems(event: EventRecord, number: int) -> Iterator[Problem]:
    """Mismatches between what an event says and the digests in its header."""
    header, digest = event.header, _digest(event)
    if event.personal is not None and _sealed(event) != event.sealed:
        yield _problem(number, "personal", "与封存摘要不符", "does not match its sealed digest")
    if header.payload_digest == digest:
        return
    if event.hash == event_hash(replace(header, payload_digest=digest or b"")):
        yield _problem(number, "payload_digest", *_CHANGED)
    else:
        yield _problem(number, "payload", "与摘要不符，已被改动", "does not match its digest")


def _digest(event: EventRecord) -> bytes | None:
    """The payload digest as it follows from the content; None when that is no canonical JSON."""
    try:
        return payload_digest(event.payload, event.sealed)
    except TypeError:
        return None


def _sealed(event: EventRecord) -> bytes | None:
    """The sealed digest as it follows from personal data and salt."""
    if event.salt is None or event.personal is None:
        return None
    try:
        return sealed_digest(event.salt, event.personal)
    except TypeError:
        return None


_CHANGED = ("已被改动", "was changed")
_OUT_OF_PLACE = (
    "与所在位置不符：有事件被删除、插入、调换或改写",
    "does not fit its place: an event was removed, inserted, swapped or rewritten",
)


def _problem(seq: int, part: str, zh: str, en: str) -> Problem:
    return Problem(seq, part, f"第 {seq} 条事件的 {part} {zh}", f"{part} of event {seq} {en}")
