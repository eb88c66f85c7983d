"""How many were there at the end of each period, told from what came and went since."""

from collections.abc import Sequence


def levels(now: int, came: Sequence[int], went: Sequence[int]) -> list[int]:
    """The level at the end of each period, the last one being `now`: L(t−1) = L(t) − came(t) +
    went(t). Raises ValueError when the two have different lengths."""
    found = []
    level = now
    for more, fewer in zip(reversed(came), reversed(went), strict=True):
        found.append(level)
        level += fewer - more
    return found[::-1]
