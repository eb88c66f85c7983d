"""The ring of buckets, where steps are longer than a whole turn of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.kernels import RING
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import Prices


def star(cost: list[int]) -> RouteNetwork:
    """Spokes from node 0, each with an attachment at its end, and a tail of cheap segments that
    makes buckets one fen wide."""
    count = len(cost)
    nodes = 2 * count + 4
    ends = [(0, end + 1) for end in range(count)]
    ends += [(count + 1 + i, count + 2 + i) for i in range(count + 2)]
    graph = StreetGraph.build(
        106 + 0.001 * np.arange(nodes), 26 + 0.001 * (np.arange(nodes) % 7), ends
    )
    prices = Prices.given(graph, [*cost, *[1] * (count + 2)])
    return RouteNetwork(graph, prices, Attachments.build(nodes, range(1, count + 1), [0] * count))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.integers(1, 3 * RING),
            st.sampled_from([RING - 1, RING, RING + 1, 2 * RING, 2 * RING + 1, 10**9, 10**9 + 1]),
            st.integers(10**6, 10**12),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_far_nodes_come_in_order_and_none_is_lost(cost: list[int]) -> None:
    network = star(cost)
    assert network.shift == 0
    routes = nearest(network, Origin.at(0), count=20)
    assert [route.cost_fen for route in routes] == sorted(cost)


@pytest.mark.parametrize("cheap", [1, 5])
def test_a_bucket_full_of_tiny_segments_is_scanned_until_its_costs_are_least(cheap: int) -> None:
    """Segments far below the width of a bucket: each node is first reached, and its attachment
    found, by the way that is dearest."""
    source = np.random.default_rng(12)
    nodes = 60
    ends = [(a, b) for a in range(nodes) for b in range(min(nodes, a + 6) - 1, a, -1)]
    cost = [cheap * (b - a) ** 2 for a, b in ends] + [10**6] * (2 * len(ends))
    far = source.integers(0, nodes, (2 * len(ends), 2))
    far[far[:, 0] == far[:, 1]] = (0, 1)
    graph = StreetGraph.build(
        106 + 0.001 * np.arange(nodes), 26 + 0.001 * (np.arange(nodes) % 7), [*ends, *far.tolist()]
    )
    network = RouteNetwork(
        graph, Prices.given(graph, cost), Attachments.build(nodes, range(nodes), [0] * nodes)
    )
    assert 1 << network.shift > cheap * nodes
    routes = nearest(network, Origin.at(0), count=nodes)
    assert [route.cost_fen for route in routes] == [cheap * step for step in range(nodes)]
    one_each = nearest(network, Origin.at(0), count=5, groups=np.arange(nodes) // 7, per_group=1)
    assert [route.cost_fen for route in one_each] == [7 * cheap * step for step in range(5)]
