"""Canonical JSON (RFC 8785) and canonical instants."""

from datetime import UTC, datetime
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value. Raises TypeError for what JSON cannot carry."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise TypeError(f"not canonical JSON: {error}") from None


def instant_text(instant: datetime) -> str:
    """`2026-11-24T06:56:52.123456Z`: UTC, always six digits. Raises ValueError when naive."""
    if instant.tzinfo is None:
        raise ValueError("instant needs a time zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
