"""Pairs of routes that share no segment, in a city of a million street nodes: how long, and whether
each is proved to be the cheapest. Beside it what scipy needs for one shortest-path tree as far as
the dearer route, less than any pair needs; and, on a small town, networkx's network simplex."""

from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.nearest import MODEL, built_city, feasible_share, places
from benchmarks.support import latencies, line, percentile
from tongdian.grid.paths.certificate import faults
from tongdian.grid.paths.disjoint import DisjointPair, NoPair, disjoint_pair
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.snap import SegmentGrid
from tongdian.grid.paths.streets import city_streets
from tongdian.grid.paths.supplies import city_supply

QUESTIONS = 1_000
PROVED = 100
TREES = 20
TOWN_NODES = 2_000
TOWN_QUESTIONS = 5
# Substations and share of feeders that can take the load: a city's, and a scarce one.
CITIES = ((80, 0.4), (20, 0.1))


def main() -> None:
    for substations, share in CITIES:
        network = built_city(substations)
        origins = places(network, SegmentGrid.of(network.graph), QUESTIONS)
        feasible = feasible_share(network, share)
        line(f"{substations} substations, {share:.0%} of the feeders feasible", "")
        for name in ("busbar", "substation"):
            groups = getattr(network.attachments, name)
            _pairs(network, origins, groups, feasible, f"two routes to two {name}s")
        _trees(network, origins, network.attachments.substation, feasible)
    _against_simplex()


def _pairs(
    network: RouteNetwork,
    origins: list[Origin],
    groups: npt.NDArray[np.int32],
    feasible: npt.NDArray[np.bool_],
    what: str,
) -> None:
    answers: list[DisjointPair | NoPair] = []

    def ask(number: int) -> None:
        answers.append(disjoint_pair(network, origins[number], groups, feasible=feasible))

    latencies(ask, 20)
    answers.clear()
    times = latencies(ask, len(origins))
    p50, p99, worst = (percentile(times, share) * 1e3 for share in (0.5, 0.99, 1.0))
    pairs = sum(isinstance(answer, DisjointPair) for answer in answers)
    line(
        f"{what}, p50, p99, worst", f"{p50:.1f}, {p99:.1f}, {worst:.1f} ms",
        f"a pair exists for {pairs} of {len(answers)} places", "p99 ≤ 50 ms",
    )  # fmt: skip
    proved = 0
    for origin in origins[:PROVED]:
        pair = disjoint_pair(network, origin, groups, feasible=feasible, certify=True)
        if isinstance(pair, DisjointPair):
            proved += 1
            assert faults(network, origin, groups, pair, feasible) == []
    line("… proved by their potentials, all segments looked at", f"{proved} of {proved}")


def _trees(
    network: RouteNetwork,
    origins: list[Origin],
    groups: npt.NDArray[np.int32],
    feasible: npt.NDArray[np.bool_],
) -> None:
    """One tree of scipy's up to the cost of the dearer route."""
    graph, cost = network.graph, network.prices.cost_fen
    allowed = cost > 0
    both = np.vstack([graph.ends[allowed], graph.ends[allowed][:, ::-1]])
    prices = np.tile(cost[allowed], 2).astype(np.float64)
    matrix = csr_array((prices, (both[:, 0], both[:, 1])), (graph.nodes, graph.nodes))
    asked = []
    for origin in origins:
        node = int(network.seeds(origin)[0][0])
        pair = disjoint_pair(network, Origin.at(node), groups, feasible=feasible)
        if isinstance(pair, DisjointPair):
            asked.append((node, pair.routes[1].cost_fen))
    asked = asked[:TREES]

    def ours(number: int) -> None:
        disjoint_pair(network, Origin.at(asked[number][0]), groups, feasible=feasible)

    def tree(number: int) -> None:
        node, limit = asked[number]
        dijkstra(matrix, indices=node, limit=limit, return_predecessors=True)

    mine = sum(latencies(ours, len(asked))) / len(asked)
    theirs = sum(latencies(tree, len(asked))) / len(asked)
    line(
        "… the whole pair, mean", f"{mine * 1e3:.2f} ms",
        f"one tree of scipy.sparse.csgraph {theirs * 1e3:.1f} ms ({theirs / mine:.1f} ×)",
    )  # fmt: skip


def _against_simplex() -> None:
    graph = city_streets(TOWN_NODES, seed=7)
    network = RouteNetwork(graph, Prices.of(graph, MODEL), city_supply(graph, 4, seed=7))
    groups = network.attachments.busbar
    nodes = np.random.default_rng(4).integers(0, graph.nodes, 10 * TOWN_QUESTIONS).tolist()
    asked = [
        (node, pair.cost_fen)
        for node in nodes
        if isinstance(pair := disjoint_pair(network, Origin.at(node), groups), DisjointPair)
    ][:TOWN_QUESTIONS]
    flow: Any = nx.DiGraph()
    for (a, b), cost in zip(graph.ends.tolist(), network.prices.cost_fen.tolist(), strict=True):
        if cost > 0:
            flow.add_edge(a, b, weight=cost, capacity=1)
            flow.add_edge(b, a, weight=cost, capacity=1)
    for row in range(len(network.attachments)):
        node, cost = (int(network.attachments.rows[row][name]) for name in ("node", "cost"))
        group, door = ("group", int(groups[row])), ("door", row)
        flow.add_edge(node, door, weight=cost, capacity=1)
        flow.add_edge(door, group, weight=0, capacity=1)
        flow.add_edge(group, "sink", weight=0, capacity=1)
    flow.nodes["sink"]["demand"] = 2

    def simplex(number: int) -> None:
        node, cost = asked[number]
        flow.nodes[node]["demand"] = -2
        assert nx.network_simplex(flow)[0] == cost
        flow.nodes[node]["demand"] = 0

    def ours(number: int) -> None:
        disjoint_pair(network, Origin.at(asked[number][0]), groups)

    theirs = sum(latencies(simplex, len(asked))) / len(asked)
    mine = sum(latencies(ours, len(asked))) / len(asked)
    line(
        f"a pair in a town of {graph.nodes:,} nodes, mean", f"{mine * 1e3:.2f} ms",
        f"networkx network_simplex {theirs * 1e3:,.0f} ms ({theirs / mine:,.0f} ×)",
    )  # fmt: skip
