"""Events: salted digests of personal data, digests of payloads, and the hash that chains them."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    body = {"open": dict(payload), "sealed": sealed.hex() if sealed else None}
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
    """Every mismatch in a case's events, in order. Empty when all holds."""
    problems: list[Problem] = []
    previous, expected = GENESIS, 1
    for event in events:
        header = event.header
        if header.seq != expected:
            problems.append(
                Problem(
                    header.seq,
                    "seq",
                    f"应为第 {expected} 条事件，实为第 {header.seq} 条",
                    f"event {expected} was due here, not {header.seq}",
                )
            )
        if header.previous_hash != previous:
            problems.append(_problem(header.seq, "previous_hash", "与上一条事件的哈希不符"))
        problems += _own_problems(event)
        previous, expected = event.hash, header.seq + 1
    return problems


def _own_problems(event: EventRecord) -> list[Problem]:
    """Mismatches within one event."""
    found = []
    seq = event.header.seq
    if event.personal is not None:
        if event.salt is None or event.sealed != sealed_digest(event.salt, event.personal):
            found.append(_problem(seq, "personal", "与封存摘要不符"))
    if event.header.payload_digest != payload_digest(event.payload, event.sealed):
        found.append(_problem(seq, "payload", "与摘要不符"))
    if event.hash != event_hash(event.header):
        found.append(_problem(seq, "header", "与事件哈希不符"))
    return found


def _problem(seq: int, part: str, zh: str) -> Problem:
    return Problem(
        seq, part, f"第 {seq} 条事件的 {part} {zh}", f"{part} of event {seq} was changed"
    )
