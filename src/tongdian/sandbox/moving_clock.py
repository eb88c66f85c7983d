"""The sandbox's clock: the machine's, moved by as much as somebody says."""

import threading
from datetime import UTC, datetime, timedelta

FURTHEST = timedelta(days=3660)


class MovingClock:
    """What the played systems state as their time: in answers, permits and events."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()

    @property
    def offset(self) -> timedelta:
        with self._lock:
            return self._offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move(self, by: timedelta) -> datetime:
        """Move on (or back) from where it is. Raises ValueError beyond ten years."""
        with self._lock:
            self._set(self._offset + by)
        return self.now()

    def set_to(self, instant: datetime) -> datetime:
        """Go on from this instant. Raises ValueError beyond ten years."""
        with self._lock:
            self._set(instant - datetime.now(UTC))
        return self.now()

    def reset(self) -> datetime:
        with self._lock:
            self._offset = timedelta()
        return self.now()

    def _set(self, offset: timedelta) -> None:
        if abs(offset) > FURTHEST:
            raise ValueError("more than ten years away")
        self._offset = offset


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
