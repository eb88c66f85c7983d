"""What the simulation gives: the recorded steps of each case, as the service stores them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Step:
    """One recorded step. `at` is UTC; `occurred_at` is a claim, None when it is the moment of
    recording; `personal` is None when there is nothing personal."""

    at: datetime
    kind: str
    role: str
    organisation: str
    pseudonym: str
    occurred_at: datetime | None
    payload: dict[str, Any]
    personal: dict[str, Any] | None = None


@dataclass(slots=True)
class CaseHistory:
    """The steps of one case in strictly increasing order of `at`.

    `reference` counts applications in the order of filing.
    """

    reference: int
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over many histories. `last` counts the kind of the last step of each case."""

    cases: int
    steps: int
    track: Counter[str]
    channel: Counter[str]
    district: Counter[str]
    kind: Counter[str]
    last: Counter[str]

    def share(self, counts: Counter[str], *names: str) -> float:
        """Share of `names` in one of the counters."""
        return sum(counts[name] for name in names) / max(counts.total(), 1)


def summary(histories: Iterable[CaseHistory]) -> Summary:
    """Counts by track (as first filed), channel, district, and kinds of steps."""
    track: Counter[str] = Counter()
    channel: Counter[str] = Counter()
    district: Counter[str] = Counter()
    kind: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for history in histories:
        opening = history.steps[0].payload
        track[opening["track"]] += 1
        channel[opening["channel"]] += 1
        district[opening["district"]] += 1
        kind.update(step.kind for step in history.steps)
        last[history.steps[-1].kind] += 1
    return Summary(last.total(), kind.total(), track, channel, district, kind, last)
