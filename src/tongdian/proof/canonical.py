"""Canonical JSON (RFC 8785) and canonical instants: the bytes that every hash here is taken of."""

import json
from datetime import UTC, datetime
from typing import Any

import rfc8785

MAX_INTEGER = 2**53 - 1
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False
).encode


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value.

    Raises TypeError, with the path of the offending part, for what canonical JSON cannot carry:
    NaN and infinities, integers beyond 2^53 - 1, keys that are not text, half surrogate pairs and
    Python types without a JSON counterpart.
    """
    try:
        if _is_plain(value):
            return _encode(value).encode("utf-8")
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        path, reason = _offender(value, "$") or ("$", str(error))
        raise TypeError(f"{path} is not canonical JSON: {reason}") from None
    except RecursionError:
        raise TypeError("$ is not canonical JSON: nested too deeply") from None


def _is_plain(value: Any) -> bool:
    """Whether the standard encoder already gives the canonical form.

    It does for text, whole numbers and literals under ASCII keys: floats are written differently,
    and other keys are ordered by code point instead of by UTF-16 code unit.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        for key, part in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(part) is not str and not _is_plain(part):
                return False
        return True
    if kind is list:
        return all(map(_is_plain, value))
    return kind is int and -MAX_INTEGER <= value <= MAX_INTEGER


def _offender(value: Any, path: str) -> tuple[str, str] | None:
    """Path and reason of the first part that canonical JSON cannot carry."""
    if isinstance(value, dict):
        for key, part in value.items():
            if not isinstance(key, str):
                return path, f"the key {key!r} is not text"
            inner = _offender(key, f"{path} key {key!r}") or _offender(part, f"{path}.{key}")
            if inner:
                return inner
        return None
    if isinstance(value, list | tuple):
        parts = (_offender(part, f"{path}[{index}]") for index, part in enumerate(value))
        return next((found for found in parts if found), None)
    try:
        rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        return path, str(error)
    return None


def instant_text(instant: datetime) -> str:
    """`2026-11-24T06:56:52.123456Z`: UTC, always six digits. Raises ValueError when naive."""
    if instant.utcoffset() is None:
        raise ValueError("instant needs a time zone")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
