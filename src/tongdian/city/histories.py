"""What the simulation gives: the recorded steps of each case, as the service stores them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Step:
    """One recorded step. `occurred_at` is a claim, None when it is the moment of recording."""

    at: datetime
    kind: str
    role: str
    organisation: str
    pseudonym: str
    payload: dict[str, Any]
    personal: dict[str, Any] | None = None
    occurred_at: datetime | None = None


@dataclass(slots=True)
class CaseHistory:
    """The steps of one case in strictly increasing order of `at`."""

    reference: int
    steps: list[Step] = field(default_factory=list)


def summary(histories: Iterable[CaseHistory]) -> dict[str, Counter[str]]:
    """Counts by track, last kind and channel."""
    tracks: Counter[str] = Counter()
    last: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    for history in histories:
        opening = history.steps[0].payload
        tracks[opening["track"]] += 1
        channels[opening["channel"]] += 1
        last[history.steps[-1].kind] += 1
    return {"track": tracks, "last": last, "channel": channels}
