"""The city that tests and benchmarks walk through."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tongdian.grid.paths.graph import BRIDGE, DUCT, OVERHEAD, StreetGraph
from tongdian.grid.paths.streets import city_streets
from tongdian.grid.paths.supplies import city_supply


def parts(graph: StreetGraph, keep: np.ndarray) -> tuple[int, np.ndarray]:
    ends = graph.ends[keep]
    matrix = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (graph.nodes, graph.nodes))
    return connected_components(matrix, directed=False)


@pytest.mark.parametrize("nodes", [100, 3000, 20_000])
def test_a_city_is_connected_and_about_as_large_as_asked(nodes: int) -> None:
    graph = city_streets(nodes, seed=2)
    assert 0.8 * nodes < graph.nodes < 1.25 * nodes
    assert parts(graph, np.ones(graph.edges, dtype=bool))[0] == 1
    assert len(np.unique(graph.ends, axis=0)) == graph.edges


def test_the_same_seed_is_the_same_city() -> None:
    one, two, other = city_streets(2000, 9), city_streets(2000, 9), city_streets(2000, 10)
    assert one.lon.tolist() == two.lon.tolist()
    assert one.ends.tolist() == two.ends.tolist()
    assert one.flags.tolist() == two.flags.tolist()
    assert one.lon.tolist() != other.lon.tolist()


def test_the_rivers_are_crossed_by_few_bridges_alone() -> None:
    graph = city_streets(20_000, seed=2)
    bridges = (graph.flags & BRIDGE) != 0
    assert 4 <= bridges.sum() < 0.01 * graph.edges
    number, part = parts(graph, ~bridges)
    banks = np.sort(np.bincount(part, minlength=number))[-4:]
    assert (banks > 0.05 * graph.nodes).all()


def test_ducts_and_overhead_lines_are_where_a_city_has_them() -> None:
    graph = city_streets(20_000, seed=2)
    duct, overhead = (graph.flags & DUCT) != 0, (graph.flags & OVERHEAD) != 0
    assert 0.03 < duct.mean() < 0.4
    assert 0.3 < overhead.mean() < 0.95
    assert 2 < np.diff(graph.start).mean() < 4


def test_attachments_hang_on_the_nearest_substation_by_sector() -> None:
    graph = city_streets(3000, seed=2)
    supply = city_supply(graph, 4, seed=2, share=0.1)
    used = slice(len(supply))
    assert set(supply.substation[used].tolist()) == {0, 1, 2, 3}
    assert (supply.busbar[used] // 2 == supply.substation[used]).all()
    assert (supply.feeder[used] // 16 == supply.substation[used]).all()
    assert (supply.feeder[used] % 2 == supply.busbar[used] % 2).all()
