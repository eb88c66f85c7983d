"""Radial networks in the order in which they are swept.

Every tree hangs on one root, the source. Positions number the nodes tree after tree: the root, then
feeder after feeder (what hangs on one branch of the root), each in breadth, so that a parent stands
before its children.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.compiled import kernel

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

LOOP, JOINED, ISLAND = 1, 2, 3
KINDS: Final = {LOOP: "loop", JOINED: "sources_joined", ISLAND: "island"}


class NotRadialError(ValueError):
    """A network that is no forest over its roots.

    `kind` is loop, sources_joined or island; `branches` close the loop or join the sources, in
    order along it; `nodes` are those of the island. Both are indices as given to `Radial.build`.
    """

    def __init__(self, kind: str, nodes: Integers, branches: Integers) -> None:
        super().__init__(f"{kind}: nodes {nodes[:5].tolist()}, branches {branches[:5].tolist()}")
        self.kind, self.nodes, self.branches = kind, nodes, branches


@dataclass(frozen=True)
class Radial:
    """Trees over positions. Arrays have one value for each of n positions, read-only by custom.

    `parent` is the parent's position, -1 at roots; `r_pu`, `x_pu` are the impedance of the branch
    from the parent, `g_pu`, `b_pu` the shunt admittance to earth at the node, all on `base_mva`
    and the node's base voltage; `source_pu` is the voltage held at each root. `node` and `branch`
    are the indices as given (branch -1 at roots); tree t stands at positions
    `starts[t]` to `starts[t + 1] - 1`.
    """

    parent: Integers
    node: Integers
    branch: Integers
    starts: Integers
    r_pu: Floats
    x_pu: Floats
    g_pu: Floats
    b_pu: Floats
    source_pu: Floats
    base_mva: float = 1.0

    @classmethod
    def build(
        cls,
        *,
        nodes: int,
        start: npt.ArrayLike,
        end: npt.ArrayLike,
        r_pu: npt.ArrayLike,
        x_pu: npt.ArrayLike,
        roots: npt.ArrayLike,
        g_pu: npt.ArrayLike | None = None,
        b_pu: npt.ArrayLike | None = None,
        source_pu: npt.ArrayLike = 1.0,
        closed: npt.ArrayLike | None = None,
        base_mva: float = 1.0,
    ) -> "Radial":
        """From branches `start[b]`—`end[b]` with impedance per unit; those not `closed` are ties.

        `g_pu` and `b_pu` are shunt admittances of the nodes. Raises NotRadialError.
        """
        start_, end_ = _integers(start), _integers(end)
        shut = np.ones(len(start_), bool) if closed is None else np.asarray(closed, bool)
        roots_ = _integers(roots)
        used = np.flatnonzero(shut).astype(np.int32)
        order = trace(nodes, start_[used], end_[used], roots_, used)
        return cls.hang(
            order, r_pu=r_pu, x_pu=x_pu, g_pu=g_pu, b_pu=b_pu, source_pu=source_pu,
            base_mva=base_mva,
        )  # fmt: skip

    @classmethod
    def hang(
        cls,
        order: "Order",
        *,
        r_pu: npt.ArrayLike,
        x_pu: npt.ArrayLike,
        g_pu: npt.ArrayLike | None = None,
        b_pu: npt.ArrayLike | None = None,
        source_pu: npt.ArrayLike = 1.0,
        base_mva: float = 1.0,
    ) -> "Radial":
        """From an order that was traced; impedances by branch, admittances by node as given."""
        series = np.zeros((2, len(order.node)))
        behind = order.branch >= 0
        at = order.branch[behind]
        series[0, behind] = np.asarray(r_pu, float)[at]
        series[1, behind] = np.asarray(x_pu, float)[at]
        shunts = [
            np.zeros(len(order.node)) if one is None else np.asarray(one, float)[order.node]
            for one in (g_pu, b_pu)
        ]
        trees = len(order.starts) - 1
        held = np.ascontiguousarray(np.broadcast_to(np.asarray(source_pu, float), (trees,)))
        return cls(
            order.parent, order.node, order.branch, order.starts,
            series[0], series[1], shunts[0], shunts[1], held, base_mva,
        )  # fmt: skip

    @property
    def size(self) -> int:
        """Nodes."""
        return len(self.parent)

    @property
    def trees(self) -> int:
        """Sources."""
        return len(self.starts) - 1

    @cached_property
    def is_shunted(self) -> bool:
        """Whether any node has an admittance to earth."""
        return bool(self.g_pu.any() or self.b_pu.any())

    @cached_property
    def position(self) -> Integers:
        """The position of each node as given."""
        return _inverse(self.node)


@dataclass(frozen=True)
class Order:
    """Positions of the nodes; see Radial."""

    parent: Integers
    node: Integers
    branch: Integers
    starts: Integers


def trace(
    nodes: int, start: Integers, end: Integers, roots: Integers, names: Integers | None = None
) -> Order:
    """The order in which branches hang on `roots`. `names` are what errors and the order call the
    branches, their indices if None. Raises NotRadialError."""
    names = np.arange(len(start), dtype=np.int32) if names is None else names
    offsets, neighbour, through = adjacency(nodes, start, end)
    parent = np.full(nodes, -1, np.int32)
    node = np.empty(nodes, np.int32)
    branch = np.full(nodes, -1, np.int32)
    starts = np.zeros(len(roots) + 1, np.int32)
    position = np.full(nodes, -1, np.int32)
    queue = np.empty((2 * len(start) + 1, 3), np.int32)
    kind, culprit = _trace(
        roots, offsets, neighbour, through, parent, node, branch, starts, position, queue,
        steps=nodes + 2 * len(start),
    )  # fmt: skip
    if kind == ISLAND:
        lost = np.flatnonzero(position < 0).astype(np.int32)
        raise NotRadialError(KINDS[ISLAND], lost, names[:0])
    if kind:
        ring = _ring(culprit, start, end, position, parent, branch)
        raise NotRadialError(KINDS[kind], node[:0], names[ring])
    hung = branch >= 0
    branch[hung] = names[branch[hung]]
    return Order(parent, node, branch, starts)


def adjacency(nodes: int, start: Integers, end: Integers) -> tuple[Integers, Integers, Integers]:
    """Compressed rows: of node i, neighbours `neighbour[offsets[i]:offsets[i + 1]]` and the
    branches to them, in the order of the branches."""
    ends = np.concatenate([start, end])
    sort = np.argsort(ends, kind="stable")
    count = len(start)
    offsets = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(ends, minlength=nodes), out=offsets[1:])
    neighbour = np.concatenate([end, start])[sort].astype(np.int32)
    return offsets, neighbour, (sort % max(count, 1)).astype(np.int32)


@kernel
def _trace(
    roots: Integers,
    offsets: Integers,
    neighbour: Integers,
    through: Integers,
    parent: Integers,
    node: Integers,
    branch: Integers,
    starts: Integers,
    position: Integers,
    queue: npt.NDArray[np.int32],
) -> Any:
    """Fills the order. Returns what is wrong, 0 if nothing, and by which branch, or below 0 at
    which position p, as -1 - p."""
    placed = 0
    for tree in range(len(roots)):
        starts[tree] = placed
        root = roots[tree]
        if position[root] >= 0:
            return 2, -1 - position[root]
        position[root], node[placed] = placed, root
        top = placed
        placed += 1
        for first in range(offsets[root], offsets[root + 1]):
            # One feeder after the other, each in breadth: neighbours in memory do not wait for
            # each other's sums, and a feeder is one stretch of memory.
            queue[0, 0], queue[0, 1], queue[0, 2] = neighbour[first], top, through[first]
            taken, length = 0, 1
            while taken < length:
                here, above, by = queue[taken, 0], queue[taken, 1], queue[taken, 2]
                taken += 1
                if position[here] >= 0:
                    return (2 if position[here] < starts[tree] else 1), by
                position[here] = placed
                parent[placed], node[placed], branch[placed] = above, here, by
                for k in range(offsets[here], offsets[here + 1]):
                    if through[k] != by:
                        # A node that stands already closes a ring; seen when it is taken.
                        queue[length, 0] = neighbour[k]
                        queue[length, 1] = placed
                        queue[length, 2] = through[k]
                        length += 1
                placed += 1
    starts[len(roots)] = placed
    return (3 if placed < len(node) else 0), -1


def _ring(
    culprit: int, start: Integers, end: Integers, position: Integers,
    parent: Integers, branch: Integers,
) -> Integers:  # fmt: skip
    """Branches from one end of the culprit up to where both ways meet, and down to the other."""
    up: list[int] = []
    down: list[int] = []
    if culprit >= 0:
        down.append(culprit)
        one, other = int(position[start[culprit]]), int(position[end[culprit]])
    else:
        one, other = -1 - culprit, -1
    while one != other and max(one, other) >= 0:
        if one > other:
            if branch[one] >= 0:
                up.append(int(branch[one]))
            one = int(parent[one])
        else:
            if branch[other] >= 0:
                down.append(int(branch[other]))
            other = int(parent[other])
    return np.array(up[::-1] + down, np.int32)


def _integers(values: npt.ArrayLike) -> Integers:
    return np.atleast_1d(np.asarray(values)).astype(np.int32)


def _inverse(order: Integers) -> Integers:
    inverse = np.empty_like(order)
    inverse[order] = np.arange(len(order), dtype=order.dtype)
    return inverse
