"""A small log with two cases of fictitious people, and what it hands out."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from tongdian.proof.events import (
    GENESIS,
    EventHeader,
    EventRecord,
    event_hash,
    payload_digest,
    sealed_digest,
)
from tongdian.proof.heads import SigningKey, TreeHead, sign_head
from tongdian.proof.merkle import leaf_hash
from tongdian.proof.receipts import LogProof, export_case, make_receipt
from tongdian.proof.tiles import MemoryTiles, append, consistency_path, inclusion_path

START = datetime(2026, 11, 24, 6, 56, 52, 123456, tzinfo=UTC)
CASE = "GY2611240000017K"
OTHER = "GY2611240000018H"
STEPS: list[tuple[str, str, dict[str, Any], dict[str, Any] | None]] = [
    (
        "application_submitted",
        "applicant",
        {"track": "resident", "load_kw": "8.000", "supplies": 1, "point": [106.713478, 26.5]},
        {"name": "示例·张三", "phone": "19900000001", "address": "示例路 1 号\n2 单元"},
    ),
    ("application_accepted", "clerk", {"complete": True, "documents": ["identity"]}, None),
    ("survey_done", "fieldworker", {"length_m": 12.75, "note": None}, {"remark": "表箱在二楼"}),
    (
        "energised",
        "fieldworker",
        {"meter": "示例表-0001", "checks": {"phase": "ok", "seals": 3}},
        None,
    ),
]


def history(case: str, erase: int | None = None) -> list[EventRecord]:
    """The events of a case; the personal data of event `erase` has been destroyed."""
    previous, records = GENESIS, []
    for seq, (kind, role, payload, personal) in enumerate(STEPS, start=1):
        salt = bytes([seq]) * 16 if personal else None
        sealed = sealed_digest(salt, personal) if salt and personal else None
        at = START + timedelta(hours=seq)
        header = EventHeader(
            case=case,
            seq=seq,
            kind=kind,
            recorded_at=at,
            occurred_at=at - timedelta(minutes=5),
            actor={"role": role, "organisation": "示例供电所", "pseudonym": f"{seq:032x}"},
            payload_digest=payload_digest(payload, sealed),
            previous_hash=previous,
        )
        previous = event_hash(header)
        shown = (None, None) if seq == erase else (personal, salt)
        records.append(EventRecord(header, previous, payload, *shown, sealed))
    return records


class SampleLog:
    """Filler leaves, the events of two cases, more filler; heads at each size."""

    def __init__(self, key: SigningKey, before: int = 300, fork: bytes = b"") -> None:
        self.key, self.tiles, self.size = key, MemoryTiles(), 0
        self.roots: dict[int, bytes] = {}
        self.places: dict[tuple[str, int], int] = {}
        self.add([b"filler" + fork + index.to_bytes(4, "big") for index in range(before)])
        for case in (CASE, OTHER):
            for record in history(case):
                self.places[case, record.header.seq] = self.size
                self.add([record.hash])

    def add(self, hashes: list[bytes]) -> None:
        done = append(self.tiles, self.size, [leaf_hash(part) for part in hashes])
        self.tiles.update(done.tiles)
        self.size = done.size
        self.roots[done.size] = done.root

    def head(self, size: int | None = None) -> TreeHead:
        size = size or self.size
        return sign_head(
            self.key,
            log_id="tongdian-sample",
            tree_size=size,
            root_hash=self.roots[size],
            timestamp=START + timedelta(seconds=size),
        )

    def receipt(
        self, seq: int, case: str = CASE, size: int | None = None, erase: int | None = None
    ) -> dict[str, Any]:
        head, index = self.head(size), self.places[case, seq]
        return plain(
            make_receipt(
                history(case, erase)[seq - 1],
                leaf_index=index,
                path=inclusion_path(self.tiles, index, head.tree_size),
                head=head,
                public_key=self.key.public_bytes,
            )
        )

    def export(self, case: str = CASE, with_log: bool = True) -> dict[str, Any]:
        head, records = self.head(), history(case)
        indices = [self.places[case, record.header.seq] for record in records]
        proof = LogProof(
            head,
            self.key.public_bytes,
            [(index, inclusion_path(self.tiles, index, head.tree_size)) for index in indices],
        )
        return plain(export_case(case, records, log=proof if with_log else None))

    def published_head(self, size: int | None = None) -> dict[str, Any]:
        return plain({**self.head(size).to_dict(), "public_key": self.key.public_bytes.hex()})

    def proof(self, first: int, second: int) -> dict[str, Any]:
        path = [part.hex() for part in consistency_path(self.tiles, first, second)]
        return {"first": first, "second": second, "path": path}


def plain(value: dict[str, Any]) -> dict[str, Any]:
    """What a reader of the file gets."""
    read: dict[str, Any] = json.loads(json.dumps(value))
    return read


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of every value that is no object or list with parts."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in items:
            yield from leaves(part, (*path, key))
    else:
        yield path


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with the part at `path` replaced."""
    copied = copy.deepcopy(document)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return copied


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def path_text(path: tuple[Any, ...]) -> str:
    """`events[0].header.seq`, as the verifier names parts."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.lstrip(".")
