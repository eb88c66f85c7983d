"""Two routes that share no segment, to attachments of two different groups, of least total cost.

Groups are busbars or substations, by the customer's class. It is a least-cost flow of two units:
every segment may carry one, every group may take one, and a sink stands behind the groups. Two
augmentations along shortest residual paths are optimal; the potentials they leave prove it, see
`certificate`. The two halves of the segment on which the customer stands count as two segments.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.decomposition import pair_of
from tongdian.grid.paths.kernels import Ints, Longs, augment, lay_down, potentials
from tongdian.grid.paths.nearest import search
from tongdian.grid.paths.network import MOST_ROUTE_FEN, Origin, RouteNetwork
from tongdian.grid.paths.routes import Route, read_back


@dataclass(frozen=True)
class Certificate:
    """Potentials in fen: `value[i]` at `node[i]`, `sink` at every other node and at the sink; zero
    at the origin. `certificate.lower_bound` makes a bound of any such numbers, right or wrong."""

    node: Ints
    value: Longs
    sink: int


@dataclass(frozen=True)
class DisjointPair:
    """The cheaper route first. `cost_fen` of both; `certificate` when asked for."""

    routes: tuple[Route, Route]
    cost_fen: int
    certificate: Certificate | None


@dataclass(frozen=True)
class NoPair:
    """There is none, and why: `unreachable` (no attachment at all), `one_group` (nothing of another
    group can be reached), `bottleneck` (every way passes `edge`), or `too_dear` (none within the
    cost that was allowed). `route` is the best single one, where there is one."""

    reason: str
    edge: int | None
    route: Route | None


def disjoint_pair(
    network: RouteNetwork,
    origin: Origin,
    groups: npt.ArrayLike,
    *,
    feasible: npt.ArrayLike | None = None,
    max_cost_fen: int | None = None,
    certify: bool = False,
) -> DisjointPair | NoPair:
    """The cheapest pair of routes to attachments whose `groups` (attachments,) differ.

    `feasible` (attachments,) leaves out those that are False, and a group below 0 is unknown and
    left out too; `max_cost_fen` bounds both routes together; `certify` adds the potentials, at the
    price of one look at every node. Raises PathError.
    """
    column = network.groups(groups)
    mask = network.told_apart(column, feasible)
    bound = MOST_ROUTE_FEN if max_cost_fen is None else min(max_cost_fen, MOST_ROUTE_FEN)
    found, costs, epoch = search(network, origin, 1, mask, column, 0, bound)
    if not len(found):
        return NoPair("unreachable" if max_cost_fen is None else "too_dear", None, None)
    scratch = network.scratch
    used, cap = int(found[0]), int(costs[0])
    seeds, seed_costs = network.seeds(origin)
    place = int(network.attachments.rows["node"][used])
    seed = lay_down(scratch.labels, network.ends, place, scratch.succ, scratch.on_path, epoch)
    row, reduced = augment(
        network.tables, mask, column, seeds, seed_costs, seed if len(seeds) > 1 else -1,
        origin.edge, used, cap, scratch.labels, epoch, scratch.again, scratch.succ,
        scratch.on_path, scratch.buckets, network.shift, bound - 2 * cap,
    )  # fmt: skip
    if row < 0:
        single = read_back(network, origin, scratch, used, cap)
        if max_cost_fen is not None:
            return NoPair("too_dear", None, single)
        edge = _bottleneck(origin, single, scratch.again["stamp"][single.nodes] >= epoch)
        return NoPair("one_group" if edge is None else "bottleneck", edge, single)
    proof = _certificate(network, epoch, cap, reduced) if certify else None
    return DisjointPair(pair_of(network, origin, used, row), 2 * cap + reduced, proof)


def _bottleneck(origin: Origin, route: Route, inside: npt.NDArray[np.bool_]) -> int | None:
    """The segment of the only way out of what the second unit could reach, `inside` of the route's
    nodes; None when it reached them all: then the group is the only one."""
    if origin.edge >= 0 and not inside[0]:
        return origin.edge
    leaving = np.flatnonzero(inside[:-1] & ~inside[1:])
    return int(route.edges[leaving[0]]) if len(leaving) else None


def _certificate(network: RouteNetwork, epoch: int, cap: int, reduced: int) -> Certificate:
    node = np.empty(network.graph.nodes, dtype=np.int32)
    value = np.empty(network.graph.nodes, dtype=np.int64)
    scratch = network.scratch
    count = potentials(scratch.labels, scratch.again, epoch, cap, reduced, node, value)
    return Certificate(node[:count].copy(), value[:count].copy(), cap + reduced)
