"""Forests, orders and ways against networkx and plain definitions, on random graphs."""

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.city.network.connectors import connectors
from tongdian.city.network.forest import (
    Forest,
    climbs,
    forest,
    on_main_line,
    preorder,
    sums_above,
    sums_below,
)
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.streets import parts

seeds = st.integers(0, 2**32 - 1)


def graph_of(seed: int, nodes: int = 40) -> StreetGraph:
    source = np.random.default_rng(seed)
    ends = source.integers(0, nodes, (70, 2))
    ends = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    lengths = source.integers(1, 50, len(ends)).astype(float)
    lon, lat = 106 + source.random(nodes), 26 + source.random(nodes)
    return StreetGraph.build(lon, lat, ends, lengths)


def grown(seed: int) -> tuple[StreetGraph, Forest]:
    graph = graph_of(seed)
    return graph, forest(graph, np.array([3, 11, 29], np.int32))


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_distances_are_the_shortest_and_parents_lie_on_the_way(seed: int) -> None:
    graph, tree = grown(seed)
    peer = nx.Graph()
    peer.add_nodes_from(range(graph.nodes))
    for (a, b), metres in zip(graph.ends.tolist(), graph.length_m.tolist(), strict=True):
        peer.add_edge(a, b, weight=metres)
    wanted = nx.multi_source_dijkstra_path_length(peer, {3, 11, 29})
    assert set(np.flatnonzero(np.isfinite(tree.distance_m)).tolist()) == set(wanted)
    for node, metres in wanted.items():
        assert tree.distance_m[node] == metres
        above, edge = tree.parent[node], tree.edge[node]
        if metres:
            assert {node, int(above)} == set(graph.ends[edge].tolist())
            assert tree.distance_m[above] + graph.length_m[edge] == metres
            assert tree.owner[above] == tree.owner[node]
        else:
            assert above == edge == -1
            assert [3, 11, 29][tree.owner[node]] == node
    assert (np.diff(tree.distance_m[tree.order]) >= 0).all()


@settings(max_examples=20, deadline=None)
@given(seeds, st.integers(0, 80))
def test_no_farther_than_told(seed: int, reach: int) -> None:
    graph, whole = grown(seed)
    near = forest(graph, np.array([3, 11, 29], np.int32), reach_m=float(reach))
    within = whole.distance_m <= reach
    assert np.array_equal(near.distance_m[within], whole.distance_m[within])
    assert not np.isfinite(near.distance_m[~within]).any()
    assert sorted(near.order.tolist()) == np.flatnonzero(within).tolist()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_a_tree_and_what_hangs_below_a_node_are_one_stretch_of_the_walk(seed: int) -> None:
    _, tree = grown(seed)
    place = preorder(tree)
    assert sorted(place[tree.order].tolist()) == list(range(len(tree.order)))
    below: dict[int, set[int]] = {int(node): {int(node)} for node in tree.order}
    for node in tree.order[::-1].tolist():
        if tree.parent[node] >= 0:
            below[int(tree.parent[node])] |= below[node]
    for node, mine in below.items():
        assert {int(place[other]) for other in mine} == set(
            range(int(place[node]), int(place[node]) + len(mine))
        )


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_ways_are_each_groups_own(seed: int) -> None:
    _, tree = grown(seed)
    source = np.random.default_rng(seed)
    node = source.choice(tree.order, 15).astype(np.int32)
    group = np.sort(source.integers(0, 4, 15)).astype(np.int32)
    leaf, none = np.empty(15, np.int32), np.empty(0, np.int32)
    count = climbs(node, group, tree.parent, 0, none, none, none, leaf)
    at, of, above = np.empty((3, count), np.int32)
    assert climbs(node, group, tree.parent, count, at, of, above, leaf) == count
    wanted: set[tuple[int, int]] = set()
    for place, mine in zip(node.tolist(), group.tolist(), strict=True):
        while place >= 0:
            wanted.add((mine, place))
            place = int(tree.parent[place])
    assert len(wanted) == count
    assert set(zip(of.tolist(), at.tolist(), strict=True)) == wanted
    assert np.array_equal(at[leaf], node)
    assert np.array_equal(of[leaf], group)
    for row in range(count):
        if above[row] < 0:
            assert tree.parent[at[row]] < 0
        else:
            assert of[above[row]] == of[row]
            assert at[above[row]] == tree.parent[at[row]]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 99), min_size=1, max_size=30), seeds)
def test_sums_along_a_tree(picks: list[int], seed: int) -> None:
    parent = np.array([pick % row if row else -1 for row, pick in enumerate(picks)], np.int32)
    values = np.random.default_rng(seed).integers(1, 9, len(parent)).astype(float)
    ways = [[row] for row in range(len(parent))]
    for row, way in enumerate(ways):
        while parent[way[-1]] >= 0:
            way.append(int(parent[way[-1]]))
        assert sums_above(parent, values)[row] == values[way].sum()
    below = sums_below(parent, values)
    for row in range(len(parent)):
        assert below[row] == sum(values[k] for k, way in enumerate(ways) if row in way)
    main = np.flatnonzero(on_main_line(parent, below))
    for above, row in pairwise(main.tolist()):
        children = np.flatnonzero(parent == above)
        assert parent[row] == above
        assert below[row] == below[children].max()
    assert not (parent == main[-1]).any()


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_connectors_join_all_with_the_least_length(seed: int) -> None:
    source = np.random.default_rng(seed)
    # Too far apart for second ways.
    points = np.unique(source.integers(0, 60, (30, 2)), axis=0) * 5_000.0
    points += source.integers(0, 4_000, points.shape)
    ends = source.integers(0, len(points), (8, 2))
    added = connectors(points, ends, source)
    joined = np.concatenate([ends, added]).astype(np.int32)
    assert (parts(len(points), joined) == 0).all()
    peer = nx.Graph()
    for a in range(len(points)):
        for b in range(a):
            peer.add_edge(a, b, weight=float(np.hypot(*(points[a] - points[b]))))
    for a, b in ends.tolist():
        if a != b:
            peer[a][b]["weight"] = 0.0
    least = nx.minimum_spanning_tree(peer).size("weight")
    apart = np.hypot(*(points[added[:, 0]] - points[added[:, 1]]).T)
    assert np.isclose(apart.sum(), least)
