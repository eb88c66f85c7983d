"""Round numbers for axes and classes."""

import math
from collections.abc import Sequence

SAME = 1e-9  # what differs by less than this part is one value on a map


def nice_step(top: float, most: int) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides 0 … `top` into at most `most` parts."""
    raw = top / most
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-12))


def number_text(value: float) -> str:
    """`3`, `2.1`, `12,300`: one decimal below 100 when there is one."""
    if abs(value) >= 100 or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:.1f}"


def classes(values: Sequence[float], most: int = 5) -> list[float]:
    """Upper bounds of at most `most` classes of equal, round width that cover `values`."""
    if not values:
        return []
    low, high = min(values), max(values)
    if high - low <= SAME * max(1.0, abs(high)):
        return [high]
    step = nice_step(high - low, most - 1) if most > 1 else high - low
    bound = math.floor(low / step) * step + step
    bounds = []
    while True:
        bounds.append(round(bound, 10))
        if bound >= high:
            return bounds
        bound += step
