"""The installation's data keys: one file that is made on first use and never leaves the machine.

    {"index_key": base64, "keys": [{"id": 1772413200, "made": "2026-03-02T01:00:00+00:00",
                                    "key": base64}]}

The id of a key is the second when it was made, so that the keys of a ring that was lost and those
of one that was made in its place are never taken for each other. What is written is sealed with
the key of the highest id; older keys stay, to read what was sealed with them. The index key is
never changed: what it made is compared, not opened.
"""

import base64
import json
import os
import secrets
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class DataKey:
    """One AES-256 key. `id` (32 bits) stands before everything sealed with it."""

    id: int
    made: datetime
    key: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """All keys by id, and the one for blind indexes."""

    keys: dict[int, DataKey]
    index_key: bytes

    @property
    def newest(self) -> DataKey:
        return self.keys[max(self.keys)]

    def to_json(self) -> dict[str, Any]:
        return {
            "index_key": _text(self.index_key),
            "keys": [
                {"id": key.id, "made": key.made.isoformat(), "key": _text(key.key)}
                for key in sorted(self.keys.values(), key=lambda key: key.id)
            ],
        }


class KeyringUnreadable(Exception):
    """The key file is there but cannot be used. Nothing sealed can be read without it."""


def key_file() -> Path:
    return Path(settings.DATA_KEYS_FILE)


_lock = threading.Lock()
_known: tuple[Path, tuple[int, int], Keyring] | None = None


def keyring() -> Keyring:
    """The keys, remembered until the file changes; made on first use.

    Raises KeyringUnreadable.
    """
    global _known
    path = key_file()
    known = _known
    stamp = _stamp(path)
    if known is not None and stamp is not None and known[:2] == (path, stamp):
        return known[2]
    with _lock:
        if stamp is None:
            _create(path)
        ring = _read(path)
        found = _stamp(path)
        assert found is not None
        _known = (path, found, ring)
    return ring


def rotate() -> DataKey:
    """Add a key that is used from now on, by every process of this machine. Returns it.

    The file is replaced in one step; a reader sees the old keys or all.
    """
    ring = keyring()
    made = _new_key(after=ring.newest.id)
    path = key_file()
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(beside, Keyring({**ring.keys, made.id: made}, ring.index_key))
    os.replace(beside, path)
    return made


def _new_key(*, after: int) -> DataKey:
    now = datetime.now(UTC)
    return DataKey(max(int(now.timestamp()), after + 1), now, secrets.token_bytes(KEY_BYTES))


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes when the file is replaced; None without a file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _create(path: Path) -> None:
    """Two processes may both be the first: the file appears whole, and one of them makes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = _new_key(after=0)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    _write(beside, Keyring({1: first}, secrets.token_bytes(KEY_BYTES)))
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _write(path: Path, ring: Keyring) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(ring.to_json(), file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _read(path: Path) -> Keyring:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        keys = [
            DataKey(int(row["id"]), datetime.fromisoformat(row["made"]), _bytes(row["key"]))
            for row in data["keys"]
        ]
        ring = Keyring({key.id: key for key in keys}, _bytes(data["index_key"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KeyringUnreadable(f"{path.name}: {error}") from None
    if not keys or len(ring.keys) < len(keys) or min(ring.keys) < 1:
        raise KeyringUnreadable(f"{path.name}: no key, or two of the same id")
    return ring


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return key
