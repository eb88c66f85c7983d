"""Capacity of single nodes by power flow of their feeders."""

from typing import Final

import numpy as np

from tongdian.grid.hosting.base import MOST_PU, Base, lowest_squared, swept
from tongdian.grid.limits import Limits
from tongdian.grid.radial import Radial

# What a voltage or a current share may move without being called worse: noise of the sweeps.
NOISE: Final = 1e-9


def feeder_of(radial: Radial, position: int) -> tuple[int, int, int]:
    """The tree of a position, and from where to where its feeder stands: what hangs on one branch
    of the root. The root is a feeder of its own."""
    tree = int(np.searchsorted(radial.starts, position, side="right")) - 1
    root, last = int(radial.starts[tree]), int(radial.starts[tree + 1])
    heads = root + 1 + np.flatnonzero(radial.parent[root + 1 : last] == root)
    edges = np.concatenate([[root], heads, [last]])
    place = int(np.searchsorted(edges, position, side="right"))
    return tree, int(edges[place - 1]), int(edges[place])


class Feeder:
    """A feeder with its root, `first` to `stop` of a tree. The other feeders of the root take what
    they take, since its voltage is held."""

    def __init__(self, base: Base, limits: Limits, tree: int, first: int, stop: int) -> None:
        radial, root = base.radial, int(base.radial.starts[tree])
        self.at = np.array([root, *range(max(first, root + 1), stop)], np.int32)
        self.is_solved = bool(base.is_solved[tree])
        self.parent = np.maximum(radial.parent[self.at] - first + 1, 0).astype(np.int32)
        self.parent[0] = -1
        self.r, self.x = radial.r_pu[self.at], radial.x_pu[self.at]
        self.source = radial.source_pu[tree : tree + 1]
        self.p, self.q = base.p[self.at], base.q[self.at]
        self.p[0], self.q[0] = base.fp[root], base.fq[root]
        self.lowest = lowest_squared(radial, limits, self.at, self.source[0])
        self.current = limits.current_pu[self.at] ** 2
        self.u, self.fp, self.fq = np.empty((3, len(self.at)))
        self.starts = np.array([0, len(self.at)], np.int32)
        self.base_u = base.u[self.at]
        self.base_square = (base.fp[self.at] ** 2 + base.fq[self.at] ** 2) / self.base_u
        if len(self.at) > 1:
            head = self.at[1]
            self.p[0] -= base.fp[head] + self.r[1] * self.base_square[1]
            self.q[0] -= base.fq[head] + self.x[1] * self.base_square[1]

    def excess(self, place: int, p_added: float, q_added: float) -> tuple[float, int, int]:
        """How far the worst limit is overstepped, as a share, with its kind and position, when so
        much is added at a place of the feeder."""
        p, q = self.p.copy(), self.q.copy()
        p[place] += p_added
        q[place] += q_added
        rounds = swept(self.parent, self.starts, self.r, self.x, self.source, p, q,
                       self.u, self.fp, self.fq)  # fmt: skip
        if rounds[0] < 0:
            return np.inf, 0, int(self.at[place])
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

    def search(
        self, position: int, tangent: float, fits: float, precision: float
    ) -> tuple[float, int, int]:
        """The most that fits at a position, at least `fits` if that is so, with what binds."""
        if not self.is_solved:
            return 0.0, 2, int(self.at[0])
        where = int(np.searchsorted(self.at, position))

        def excess(added: float) -> tuple[float, int, int]:
            return self.excess(where, added, added * tangent)

        begun, kind, place = excess(fits)
        if begun > 0:
            fits, (begun, kind, place) = 0.0, excess(0.0)
            if begun > 0:
                return 0.0, kind, place
        below, most = begun, min(max(2 * fits, 0.1), MOST_PU)
        above, kind, place = excess(most)
        while above <= 0 and most < MOST_PU:
            fits, below, most = most, above, min(2 * most, MOST_PU)
            above, kind, place = excess(most)
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
            found, its_kind, its_place = excess(middle)
            if found > 0:
                most, above, kind, place = middle, found, its_kind, its_place
                below = below / 2 if side == 1 else below
                side = 1
            else:
                fits, below = middle, found
                above = above / 2 if side == -1 else above
                side = -1
        return fits, kind, place
