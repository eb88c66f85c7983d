"""Quantiles and means of counted values."""

from collections.abc import Iterable, Mapping

Counts = Mapping[int, int]


def total(counts: Counts) -> int:
    """How many there are in all."""
    return sum(counts.values())


def merged(parts: Iterable[Counts]) -> dict[int, int]:
    """The counts of several groups together, in the order of the values."""
    whole: dict[int, int] = {}
    for part in parts:
        for value, count in part.items():
            whole[value] = whole.get(value, 0) + count
    return dict(sorted(whole.items()))


def mean(counts: Counts) -> float | None:
    """Σ value · count ÷ Σ count; None when there is nothing."""
    n = total(counts)
    return sum(value * count for value, count in counts.items()) / n if n else None


def quantile(counts: Counts, fraction: float) -> float | None:
    """The value below which `fraction` of all lie, interpolated; None when there is nothing.

    With the n values in order, x₀ … xₙ₋₁, and h = (n − 1) · fraction, it is
    x⌊h⌋ + (h − ⌊h⌋) · (x⌊h⌋₊₁ − x⌊h⌋): definition 7 of Hyndman and Fan (The American Statistician
    50, 1996), the one of `numpy.quantile`, of spreadsheets' PERCENTILE.INC and of SQL's
    percentile_cont. Raises ValueError for a fraction outside 0 to 1.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"a fraction lies between 0 and 1, not {fraction}")
    n = total(counts)
    if not n:
        return None
    position = (n - 1) * fraction
    lower = int(position)
    low = _at(counts, lower)
    high = _at(counts, min(lower + 1, n - 1))
    return low + (position - lower) * (high - low)


def _at(counts: Counts, index: int) -> int:
    """The value at a place in the order."""
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        if index < passed:
            return value
    raise IndexError(index)
