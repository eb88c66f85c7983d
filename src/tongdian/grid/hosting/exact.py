"""Capacity of single nodes by power flow of their feeders."""

from typing import Final

import numpy as np

from tongdian.grid.base import MOST_PU
from tongdian.grid.feeder import Feeder

# What a voltage or a current share may move without being called worse: noise of the sweeps.
NOISE: Final = 1e-9


def excess(feeder: Feeder, place: int, p_added: float, q_added: float) -> tuple[float, int, int]:
    """How far the worst limit is overstepped, as a share, with its kind and position, when so
    much is added at a place of the feeder."""
    p, q = feeder.p.copy(), feeder.q.copy()
    p[place] += p_added
    q[place] += q_added
    if not feeder.solve(p, q):
        return np.inf, 0, int(feeder.at[place])
    low = (feeder.lowest - feeder.u) / feeder.u[0]
    low[0] = -1.0
    square = (feeder.fp**2 + feeder.fq**2) / feeder.u
    over = square / feeder.current - 1
    # What is broken in the base state counts only if it is made worse.
    low[(low > 0) & (feeder.u > feeder.base_u - NOISE)] = -NOISE
    over[(over > 0) & (square < feeder.base_square * (1 + NOISE))] = -NOISE
    one, other = int(low.argmax()), int(over.argmax())
    if low[one] >= over[other]:
        return float(low[one]), 0, int(feeder.at[one])
    return float(over[other]), 1, int(feeder.at[other])


def search(
    feeder: Feeder, position: int, tangent: float, fits: float, precision: float
) -> tuple[float, int, int]:
    """The most that fits at a position, at least `fits` if that is so, with what binds."""
    if not feeder.is_solved:
        return 0.0, 2, int(feeder.at[0])
    where = feeder.place(position)

    def over(added: float) -> tuple[float, int, int]:
        return excess(feeder, where, added, added * tangent)

    begun, kind, place = over(fits)
    if begun > 0:
        fits, (begun, kind, place) = 0.0, over(0.0)
        if begun > 0:
            return 0.0, kind, place
    below, most = begun, min(max(2 * fits, 0.1), MOST_PU)
    above, kind, place = over(most)
    while above <= 0 and most < MOST_PU:
        fits, below, most = most, above, min(2 * most, MOST_PU)
        above, kind, place = over(most)
    if above <= 0:
        return most, kind, place
    side = 0
    while most - fits > precision * most and most > NOISE:
        # A secant with the Illinois rule; bisection where there is no state to learn from.
        middle = (fits + most) / 2
        if above < np.inf:
            middle = most - above * (most - fits) / (above - below)
            edge = precision * most / 4
            middle = min(max(middle, fits + edge), most - edge)
        found, its_kind, its_place = over(middle)
        if found > 0:
            most, above, kind, place = middle, found, its_kind, its_place
            below = below / 2 if side == 1 else below
            side = 1
        else:
            fits, below = middle, found
            above = above / 2 if side == -1 else above
            side = -1
    return fits, kind, place
