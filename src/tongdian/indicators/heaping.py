"""Heaping: do suspiciously many cases of one place end on the very last day of the limit?

Clocks that run by themselves spread; clocks that are watched end where it is just still allowed.
Some heaping is human. It is a reason to look when a place has much more of it than all others that
do the same work under the same limit.
"""

from dataclasses import dataclass
from math import sqrt

from tongdian.indicators.quantiles import Counts, total

MOST_Z = 4.0
LEAST_RATIO = 1.5
LEAST_CASES = 30


@dataclass(frozen=True, slots=True)
class Heaping:
    """Cases on the last day at one place and elsewhere, and how far apart the two shares are.

    `z` is (p − q) ÷ √(r (1 − r) (1/n + 1/m)), p and q the two shares, r the share of both
    together: the test of two proportions.
    """

    on_limit: int
    cases: int
    on_limit_elsewhere: int
    cases_elsewhere: int
    z: float

    @property
    def share(self) -> float:
        return self.on_limit / self.cases if self.cases else 0.0

    @property
    def share_elsewhere(self) -> float:
        return self.on_limit_elsewhere / self.cases_elsewhere if self.cases_elsewhere else 0.0

    @property
    def suspicious(self) -> bool:
        """Enough cases on both sides, far beyond chance (z ≥ 4, one in 30,000, since some hundred
        places and tracks are looked at), and large enough to matter."""
        return (
            min(self.cases, self.cases_elsewhere) >= LEAST_CASES
            and self.z >= MOST_Z
            and self.share >= LEAST_RATIO * self.share_elsewhere
        )


def heaping(here: Counts, elsewhere: Counts, limit: int) -> Heaping:
    """The days used here and elsewhere, `{days: cases}`, held against the limit in days."""
    n, m = total(here), total(elsewhere)
    x, y = here.get(limit, 0), elsewhere.get(limit, 0)
    return Heaping(x, n, y, m, two_proportions(x, n, y, m))


def two_proportions(x: int, n: int, y: int, m: int) -> float:
    """z of x among n against y among m, pooled; 0 when one side is empty or nothing differs."""
    if not n or not m or x + y in (0, n + m):
        return 0.0
    pooled = (x + y) / (n + m)
    return (x / n - y / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
