"""Capacity of single nodes by power flow of their feeders."""

from typing import Final

import numpy as np

from tongdian.grid.hosting.base import MOST_PU, Base, lowest_squared, swept
from tongdian.grid.limits import Limits

# What a voltage or a current share may move without being called worse: noise of the sweeps.
NOISE: Final = 1e-9


class Feeder:
    """The feeder of one position: the root and what hangs on one of its branches. The other
    feeders take what they take, since the root's voltage is held."""

    def __init__(self, base: Base, limits: Limits, position: int, tangent: float) -> None:
        radial = base.radial
        self.tree = int(np.searchsorted(radial.starts, position, side="right")) - 1
        root, last = int(radial.starts[self.tree]), int(radial.starts[self.tree + 1])
        heads = root + 1 + np.flatnonzero(radial.parent[root + 1 : last] == root)
        edges = np.array([root, *heads.tolist(), last])
        place = int(np.searchsorted(edges, position, side="right")) - 1
        first, stop = int(edges[place]), int(edges[place + 1])
        self.at = np.array([root, *range(max(first, root + 1), stop)], np.int32)
        self.is_solved = bool(base.is_solved[self.tree])
        self.parent = np.maximum(radial.parent[self.at] - first + 1, 0).astype(np.int32)
        self.parent[0] = -1
        self.r, self.x = radial.r_pu[self.at], radial.x_pu[self.at]
        self.source = radial.source_pu[self.tree : self.tree + 1]
        self.p, self.q = base.p[self.at], base.q[self.at]
        if len(self.at) > 1:
            head = self.at[1]
            square = (base.fp[head] ** 2 + base.fq[head] ** 2) / base.u[head]
            self.p[0] = base.fp[root] - base.fp[head] - radial.r_pu[head] * square
            self.q[0] = base.fq[root] - base.fq[head] - radial.x_pu[head] * square
        else:
            self.p[0], self.q[0] = base.fp[root], base.fq[root]
        self.lowest = lowest_squared(radial, limits)[self.at]
        self.current = limits.current_pu[self.at] ** 2
        self.tangent, self.where = tangent, int(np.flatnonzero(self.at == position)[0])
        self.u, self.fp, self.fq = np.empty((3, len(self.at)))
        self.starts = np.array([0, len(self.at)], np.int32)
        self.base_u = base.u[self.at]
        self.base_square = (base.fp[self.at] ** 2 + base.fq[self.at] ** 2) / self.base_u

    def excess(self, added: float) -> tuple[float, int, int]:
        """How far the worst limit is overstepped, as a share, with its kind and position."""
        p, q = self.p.copy(), self.q.copy()
        p[self.where] += added
        q[self.where] += added * self.tangent
        rounds = swept(self.parent, self.starts, self.r, self.x, self.source, p, q,
                        self.u, self.fp, self.fq)  # fmt: skip
        if rounds[0] < 0:
            return np.inf, 0, int(self.at[self.where])
        low = (self.lowest - self.u) / self.u[0]
        low[0] = -1.0
        square = (self.fp**2 + self.fq**2) / self.u
        over = square / self.current - 1
        # What is broken in the base state counts only if it is made worse.
        low[(low > 0) & (self.u > self.base_u - NOISE)] = -NOISE
        over[(over > 0) & (square < self.base_square * (1 + NOISE))] = -NOISE
        one, other = int(low.argmax()), int(over.argmax())
        if low[one] >= over[other]:
            return float(low[one]), 0, int(self.at[one])
        return float(over[other]), 1, int(self.at[other])

    def search(self, fits: float, precision: float) -> tuple[float, int, int]:
        """The most that fits, at least `fits` if that is so, with what binds."""
        if not self.is_solved:
            return 0.0, 2, int(self.at[0])
        excess, kind, place = self.excess(fits)
        if excess > 0:
            fits, (excess, kind, place) = 0.0, self.excess(0.0)
            if excess > 0:
                return 0.0, kind, place
        below, most = excess, min(max(2 * fits, 0.1), MOST_PU)
        above, kind, place = self.excess(most)
        while above <= 0 and most < MOST_PU:
            fits, below, most = most, above, min(2 * most, MOST_PU)
            above, kind, place = self.excess(most)
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
            found, its_kind, its_place = self.excess(middle)
            if found > 0:
                most, above, kind, place = middle, found, its_kind, its_place
                below = below / 2 if side == 1 else below
                side = 1
            else:
                fits, below = middle, found
                above = above / 2 if side == -1 else above
                side = -1
        return fits, kind, place
