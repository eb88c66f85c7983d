"""One feeder cut out of a base state, to ask what becomes of it when load is added.

Its root's voltage is held, so that the other feeders of the root take what they take: the answer is
that of the whole network, in the time that a feeder needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tongdian.grid.base import Base, lowest_squared, swept
from tongdian.grid.limits import Limits
from tongdian.grid.powerflow import MOST_ROUNDS, NotConvergedError
from tongdian.grid.radial import Floats, Integers, Radial


def feeder_of(radial: Radial, position: int) -> tuple[int, int, int]:
    """The tree of a position, and from where to where its feeder stands: what hangs on one branch
    of the root. The root is a feeder of its own."""
    tree = int(np.searchsorted(radial.starts, position, side="right")) - 1
    root, last = int(radial.starts[tree]), int(radial.starts[tree + 1])
    heads = root + 1 + np.flatnonzero(radial.parent[root + 1 : last] == root)
    edges = np.concatenate([[root], heads, [last]])
    place = int(np.searchsorted(edges, position, side="right"))
    return tree, int(edges[place - 1]), int(edges[place])


@dataclass(frozen=True)
class FeederState:
    """A state of a feeder; arrays by place, the root first.

    `positions` are those of the network; `loading` is the current of the branch from above as a
    share of its limit (of the root: what the source gives), 0 where there is none; `spare_pu` how
    far the voltage is above its lowest, below 0 where it is broken.
    """

    positions: Integers
    voltage_pu: Floats
    spare_pu: Floats
    loading: Floats
    flow_kw: Floats
    flow_kvar: Floats
    loss_kw: float


class Feeder:
    """A feeder with its root, places `first` to `stop` of a tree."""

    def __init__(self, base: Base, limits: Limits, tree: int, first: int, stop: int) -> None:
        self.base = base
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

    @classmethod
    def of(cls, base: Base, limits: Limits, position: int) -> "Feeder":
        """The feeder of a position."""
        return cls(base, limits, *feeder_of(base.radial, position))

    def place(self, position: int) -> int:
        """Where a position of the network stands in the feeder. Raises ValueError if not there."""
        found = int(np.searchsorted(self.at, position))
        if found == len(self.at) or self.at[found] != position:
            raise ValueError(f"position {position} is not on this feeder")
        return found

    def solve(self, p: Floats, q: Floats) -> bool:
        """Solves loads by place, per unit, into u, fp and fq; whether there is a solution."""
        rounds = swept(self.parent, self.starts, self.r, self.x, self.source, p, q,
                       self.u, self.fp, self.fq)  # fmt: skip
        return bool(rounds[0] > 0)

    def state(self, added: Mapping[int, tuple[float, float]] | None = None) -> FeederState:
        """What becomes of the feeder when `added` kW and kvar are taken at positions of it. Raises
        NotConvergedError, whose node is one as given to the network."""
        p, q, unit = self.p.copy(), self.q.copy(), self.base.radial.base_mva * 1e3
        for position, (p_kw, q_kvar) in (added or {}).items():
            p[self.place(position)] += p_kw / unit
            q[self.place(position)] += q_kvar / unit
        if not self.solve(p, q):
            worst = int(self.u.argmin())
            node = int(self.base.radial.node[self.at[worst]])
            raise NotConvergedError(node, MOST_ROUNDS, not self.u[worst] > 0)
        square = (self.fp**2 + self.fq**2) / self.u
        voltage = np.sqrt(self.u)
        return FeederState(
            self.at, voltage, voltage - np.sqrt(self.lowest), np.sqrt(square / self.current),
            self.fp * unit, self.fq * unit, float(self.r @ square) * unit,
        )  # fmt: skip
