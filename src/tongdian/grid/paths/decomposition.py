"""Two units of flow, as the labels of two searches hold them, taken apart into two routes."""

from collections import defaultdict

import numpy as np

from tongdian.grid.paths.kernels import BACK
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.routes import Route, lead_of, read_back

# Tail, head and segment of a step.
Step = tuple[int, int, int]


def pair_of(network: RouteNetwork, origin: Origin, used: int, row: int) -> tuple[Route, Route]:
    """The two routes, cheaper first, after a first unit to row `used` and a second to `row`.

    What one unit gave back of the other is in neither. A least-cost flow has no circles, so that
    any way of following its steps gives routes that pass no node twice.
    """
    scratch = network.scratch
    first = read_back(network, origin, scratch, used, 0)
    steps: dict[int, Step] = {}
    nodes = first.nodes.tolist()
    for tail, head, edge in zip(nodes, nodes[1:], first.edges.tolist(), strict=False):
        steps[edge] = (tail, head, edge)
    ends = {used}
    seed = _give_back(network, row, steps, ends)
    leads = [first.lead, lead_of(origin, seed)]
    begins = [nodes[0], _seed_node(network, origin, seed)]
    onward: dict[int, list[Step]] = defaultdict(list)
    for step in sorted(steps.values(), key=lambda step: step[2], reverse=True):
        onward[step[0]].append(step)
    leaving: dict[int, list[int]] = defaultdict(list)
    for attachment in sorted(ends, reverse=True):
        leaving[int(network.attachments.rows["node"][attachment])].append(attachment)
    routes = [
        _follow(network, origin, begin, lead, onward, leaving)
        for begin, lead in zip(begins, leads, strict=True)
    ]
    one, two = sorted(routes, key=lambda route: (route.cost_fen, route.attachment))
    return one, two


def _give_back(network: RouteNetwork, row: int, steps: dict[int, Step], ends: set[int]) -> int:
    """Lay the second unit over the first one's `steps` and `ends`, in place; gives its seed."""
    again, graph, rows = network.scratch.again, network.graph, network.attachments.rows
    ends.add(row)
    node = int(rows["node"][row])
    while True:
        pred = int(again["pred"][node])
        if pred <= BACK:
            door = BACK - pred
            ends -= ends - {row}
            ends.add(door)
            node = int(rows["node"][door])
        elif pred < 0:
            return -1 - pred
        else:
            tail = int(graph.ends[pred, 0] + graph.ends[pred, 1]) - node
            if pred in steps:
                del steps[pred]
            else:
                steps[pred] = (tail, node, pred)
            node = tail


def _seed_node(network: RouteNetwork, origin: Origin, seed: int) -> int:
    return int(network.seeds(origin)[0][seed])


def _follow(
    network: RouteNetwork,
    origin: Origin,
    node: int,
    lead: tuple[float, float] | None,
    onward: dict[int, list[Step]],
    leaving: dict[int, list[int]],
) -> Route:
    """One route along steps that are still free, which it takes; it ends at the first attachment
    on its way that is still free."""
    seed_costs = network.seeds(origin)[1]
    cost = 0 if lead is None else int(seed_costs[0 if lead[0] == 0.0 else 1])
    nodes, edges = [node], []
    while not leaving[node]:
        _, node, edge = onward[node].pop()
        nodes.append(node)
        edges.append(edge)
        cost += int(network.prices.cost_fen[edge])
    attachment = leaving[node].pop()
    cost += int(network.attachments.rows["cost"][attachment])
    return Route(
        attachment, cost, origin,
        np.array(nodes, dtype=np.int32), np.array(edges, dtype=np.int32), lead,
    )  # fmt: skip
