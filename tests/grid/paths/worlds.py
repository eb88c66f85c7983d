"""Small street graphs with every awkwardness, for hypothesis; and what brute force says of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import FORBIDDEN, Prices

ORIGIN, SINK = "origin", "sink"


@dataclass(frozen=True)
class World:
    """A network, a question, and the tables they were made of."""

    network: RouteNetwork
    origin: Origin
    groups: list[int]
    feasible: list[bool]
    edges: list[tuple[int, int, int]]
    attachments: list[tuple[int, int]]

    def halves(self) -> list[tuple[int, int]]:
        """Where routes may begin: node and cost, worked out again."""
        if self.origin.edge < 0:
            return [(self.origin.node, 0)]
        a, b, cost = self.edges[self.origin.edge]
        before = int(cost * self.origin.share)
        return [(a, before), (b, cost - before)]

    def open_edges(self) -> Iterator[tuple[int, int, int, int]]:
        """Segment, ends and cost of what routes may use whole."""
        for edge, (a, b, cost) in enumerate(self.edges):
            if cost != FORBIDDEN and edge != self.origin.edge:
                yield edge, a, b, cost

    def usable(self) -> list[int]:
        """Feasible attachments whose group is known."""
        return [row for row, well in enumerate(self.feasible) if well and self.groups[row] >= 0]


@st.composite
def worlds(draw: Any, most_nodes: int = 8, most_edges: int = 14) -> World:
    """Parallel and forbidden segments, ties, several attachments at a node, unknown groups, an
    origin at a node or on a segment."""
    nodes = draw(st.integers(2, most_nodes))
    node = st.integers(0, nodes - 1)
    ends = st.tuples(node, node).filter(lambda pair: pair[0] != pair[1])
    # Ties, ordinary costs, and some that lie far beyond a turn of the ring of buckets.
    cost = st.one_of(
        st.integers(1, 6), st.integers(1, 400), st.integers(1000, 10**9), st.just(FORBIDDEN)
    )
    edges = draw(st.lists(st.tuples(ends, cost), min_size=1, max_size=most_edges))
    own = st.one_of(st.integers(0, 9), st.integers(0, 9000))
    rows = draw(st.lists(st.tuples(node, own), min_size=1, max_size=7))
    groups = draw(st.lists(st.integers(-1, 3), min_size=len(rows), max_size=len(rows)))
    feasible = draw(st.lists(st.booleans(), min_size=len(rows), max_size=len(rows)))
    allowed = [number for number, (_, price) in enumerate(edges) if price != FORBIDDEN]
    origin = Origin.at(draw(node))
    if allowed and draw(st.booleans()):
        share = draw(st.floats(0.01, 0.99))
        origin = Origin(-1, draw(st.sampled_from(allowed)), share, 106.7, 26.5)
    flat = [(a, b, price) for (a, b), price in edges]
    graph = StreetGraph.build(
        106.7 + 0.01 * np.arange(nodes),
        26.5 + 0.001 * (np.arange(nodes) % 3),
        [e[:2] for e in flat],
    )
    network = RouteNetwork(
        graph,
        Prices.given(graph, [e[2] for e in flat]),
        Attachments.build(
            nodes, [row[0] for row in rows], [row[1] for row in rows], feeder=groups, spare=2
        ),
    )
    return World(network, origin, [*groups, -1, -1], [*feasible, True, True], flat, rows)


def without_edge(world: World, edge: int) -> World:
    """The same with one segment forbidden."""
    edges = list(world.edges)
    edges[edge] = (*edges[edge][:2], FORBIDDEN)
    prices = Prices.given(world.network.graph, [each[2] for each in edges])
    network = RouteNetwork(world.network.graph, prices, world.network.attachments)
    return replace(world, network=network, edges=edges)


def distances(world: World) -> dict[int, int]:
    """Least cost from the origin to each node, by networkx."""
    graph: Any = nx.MultiGraph()
    graph.add_node(ORIGIN)
    for node, cost in world.halves():
        graph.add_edge(ORIGIN, node, weight=cost)
    for _, a, b, cost in world.open_edges():
        graph.add_edge(a, b, weight=cost)
    found: dict[int, int] = nx.single_source_dijkstra_path_length(graph, ORIGIN)
    return found


def flow_cost(world: World) -> int | None:
    """The least cost of a pair as a flow of two units, by networkx's network simplex."""
    graph: Any = nx.MultiDiGraph()
    graph.add_node(ORIGIN, demand=-2)
    graph.add_node(SINK, demand=2)
    at_node = world.origin.edge < 0
    for node, cost in world.halves():
        graph.add_edge(ORIGIN, node, weight=cost, capacity=2 if at_node else 1)
    for _, a, b, cost in world.open_edges():
        graph.add_edge(a, b, weight=cost, capacity=1)
        graph.add_edge(b, a, weight=cost, capacity=1)
    for row in world.usable():
        node, cost = world.attachments[row] if row < len(world.attachments) else (None, 0)
        graph.add_edge(node, ("group", world.groups[row]), weight=cost, capacity=1)
    for group in {world.groups[row] for row in world.usable()}:
        graph.add_edge(("group", group), SINK, weight=0, capacity=1)
    try:
        return int(nx.network_simplex(graph)[0])
    except nx.NetworkXUnfeasible:
        return None


def enumerated_cost(world: World) -> int | None:
    """The least cost of a pair by looking at every two walks; no flow in it."""
    walks: list[tuple[int, int, frozenset[Any]]] = []

    def go(node: int, cost: int, used: frozenset[Any], seen: frozenset[int]) -> None:
        for row in world.usable():
            if world.attachments[row][0] == node:
                walks.append((cost + world.attachments[row][1], world.groups[row], used))
        for edge, a, b, price in world.open_edges():
            if node in (a, b) and (head := a + b - node) not in seen:
                go(head, cost + price, used | {edge}, seen | {head})

    for half, (node, cost) in enumerate(world.halves()):
        first = frozenset() if world.origin.edge < 0 else frozenset({("half", half)})
        go(node, cost, first, frozenset({node}))
    pairs = (
        one[0] + two[0]
        for one, two in combinations(walks, 2)
        if one[1] != two[1] and not one[2] & two[2]
    )
    return min(pairs, default=None)
