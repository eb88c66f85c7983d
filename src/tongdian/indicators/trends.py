"""Is it getting better? Said only when the numbers say so."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

CLEAR_Z = 1.96


@dataclass(frozen=True, slots=True)
class Trend:
    """`slope` is the median change from one period to the next (Theil and Sen); `z` is the test
    statistic of Mann and Kendall, `n` the periods that have a value."""

    slope: float
    z: float
    n: int

    @property
    def direction(self) -> int:
        """1 rising, −1 falling, 0 when it may as well be chance (two-sided, 5 %)."""
        if abs(self.z) < CLEAR_Z:
            return 0
        return 1 if self.z > 0 else -1


def trend(values: Sequence[float | None]) -> Trend:
    """The trend of equally spaced periods; periods without a value are left out."""
    known = [(i, value) for i, value in enumerate(values) if value is not None]
    return Trend(theil_sen(known), mann_kendall([value for _, value in known]), len(known))


def theil_sen(points: Sequence[tuple[float, float]]) -> float:
    """The median of the slopes of all pairs of points (Sen, JASA 63, 1968); 0 below two points."""
    slopes = [
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
    ]
    return median(slopes) if slopes else 0.0


def mann_kendall(values: Sequence[float]) -> float:
    """z = (S ∓ 1) ÷ √V, S the number of pairs that rise less those that fall, and
    V = (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) ÷ 18 over groups of t equal values (Mann, Econometrica 13,
    1945; Kendall 1975). 0 when there is nothing to compare."""
    n = len(values)
    s = sum(
        (later > earlier) - (later < earlier)
        for index, earlier in enumerate(values)
        for later in values[index + 1 :]
    )
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if not s or variance <= 0:
        return 0.0
    return (s - (1 if s > 0 else -1)) / sqrt(variance)
