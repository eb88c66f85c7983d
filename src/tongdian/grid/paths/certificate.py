"""Proof that a pair of routes is the cheapest, by what anyone can add up: no search in here.

Weak duality of the least-cost flow of two units: whatever numbers stand at the nodes, no pair is
cheaper than twice the rise from origin to sink, less what segments rise above their cost, less what
groups rise to the sink. A pair that costs just that is optimal.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.disjoint import Certificate, DisjointPair
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import Fen
from tongdian.grid.paths.routes import Route


def faults(
    network: RouteNetwork,
    origin: Origin,
    groups: npt.ArrayLike,
    pair: DisjointPair,
    feasible: npt.ArrayLike | None = None,
) -> list[str]:
    """What is wrong with a pair and its certificate; an empty list is a proof of optimality.

    Looks at every segment once. The pair must carry a certificate.
    """
    column = network.groups(groups)
    mask = network.told_apart(column, feasible)
    wrong = [
        fault for route in pair.routes for fault in _route_faults(network, origin, route, mask)
    ]
    one, two = pair.routes
    shared = np.intersect1d(one.edges, two.edges)
    if len(shared):
        wrong.append(f"both routes use segment {int(shared[0])}")
    if origin.edge >= 0 and one.lead == two.lead:
        wrong.append("both routes leave by the same half of their first segment")
    if column[one.attachment] == column[two.attachment]:
        wrong.append(f"both attachments are of group {int(column[one.attachment])}")
    if one.cost_fen + two.cost_fen != pair.cost_fen:
        wrong.append(f"the routes cost {one.cost_fen + two.cost_fen}, not {pair.cost_fen} fen")
    if pair.certificate is None:
        return [*wrong, "there is no certificate"]
    bound = lower_bound(network, origin, column, pair.certificate, mask)
    if bound != pair.cost_fen:
        wrong.append(f"the certificate proves {bound} fen, the pair costs {pair.cost_fen}")
    return wrong


def lower_bound(
    network: RouteNetwork,
    origin: Origin,
    groups: npt.ArrayLike,
    certificate: Certificate,
    feasible: npt.ArrayLike | None = None,
) -> int:
    """Fen that no pair can be cheaper than, whatever the certificate says. O(segments)."""
    column = network.groups(groups)
    mask = network.told_apart(column, feasible)
    value = np.full(network.graph.nodes, certificate.sink, dtype=np.int64)
    value[certificate.node] = certificate.value
    cost = network.prices.cost_fen
    open_ = cost >= 0
    seeds, seed_costs = network.seeds(origin)
    if origin.edge >= 0:
        open_[origin.edge] = False
        at_origin, steps = 0, _over(value[seeds], seed_costs)
    else:
        at_origin, steps = int(value[seeds[0]]), 0
    ends = network.graph.ends[open_]
    steps += _over(value[ends[:, 0]] - value[ends[:, 1]], cost[open_])
    return (
        2 * (certificate.sink - at_origin)
        - steps
        - _groups(network, column, mask, value, certificate.sink)
    )


def _over(rise: Fen, cost: Fen) -> int:
    """How much rises exceed costs, in all."""
    return int(np.maximum(np.abs(rise) - cost, 0).sum())


def _groups(
    network: RouteNetwork,
    column: npt.NDArray[np.int32],
    mask: npt.NDArray[np.bool_],
    value: Fen,
    sink: int,
) -> int:
    """The rise from groups to the sink, each group as high as its attachments let it be."""
    row = np.flatnonzero(mask[: len(network.attachments)])
    if not len(row):
        return 0
    rows = network.attachments.rows[row]
    reach = value[rows["node"]] + rows["cost"]
    names, number = np.unique(column[row], return_inverse=True)
    height = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(height, number, reach)
    return int(np.maximum(sink - height, 0).sum())


def _route_faults(
    network: RouteNetwork, origin: Origin, route: Route, mask: npt.NDArray[np.bool_]
) -> list[str]:
    """What is wrong with one route: gaps, forbidden segments, another cost than it says."""
    seeds, seed_costs = network.seeds(origin)
    wrong = []
    if origin.edge < 0:
        lead = 0 if route.lead is None and route.nodes[0] == origin.node else None
    else:
        halves = {(0.0, origin.share): 0, (origin.share, 1.0): 1}
        half = halves.get(route.lead) if route.lead is not None else None
        right = half is not None and route.nodes[0] == seeds[half]
        lead = int(seed_costs[half]) if half is not None and right else None
    if lead is None:
        wrong.append("a route does not begin at the origin")
    steps = np.sort(np.column_stack([route.nodes[:-1], route.nodes[1:]]), axis=1)
    if not np.array_equal(steps, np.sort(network.graph.ends[route.edges], axis=1)):
        wrong.append("a route has a gap")
    if origin.edge >= 0 and (route.edges == origin.edge).any():
        wrong.append("a route passes the origin again")
    if len(np.unique(route.edges)) != len(route.edges):
        wrong.append("a route uses a segment twice")
    costs = network.prices.cost_fen[route.edges]
    if (costs < 0).any():
        wrong.append("a route uses a forbidden segment")
    row = network.attachments.rows[route.attachment]
    if route.attachment >= len(mask) or not mask[route.attachment]:
        wrong.append(f"attachment {route.attachment} is not feasible")
    if int(row["node"]) != int(route.nodes[-1]):
        wrong.append("a route does not end at its attachment")
    if int(costs.sum()) + int(row["cost"]) + (lead or 0) != route.cost_fen:
        wrong.append("a route costs something else than it says")
    return wrong
