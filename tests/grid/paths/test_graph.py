"""The street graph: its arcs, its lengths, its order in memory, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings

from grid.paths.worlds import World, worlds
from tongdian.grid.paths.graph import ALL_FLAGS, StreetGraph
from tongdian.grid.paths.ordering import spatial_ordering
from tongdian.grid.paths.refusals import PathError
from tongdian.works.projection import geodesic_m

LON, LAT = [106.70, 106.71, 106.72], [26.50, 26.50, 26.51]


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_arcs_are_the_segments_seen_from_both_ends(world: World) -> None:
    graph = world.network.graph
    seen = sorted(
        (node, int(graph.arc_head[arc]), int(graph.arc_edge[arc]))
        for node in range(graph.nodes)
        for arc in range(graph.start[node], graph.start[node + 1])
    )
    ends = graph.ends.tolist()
    wanted = [(a, b, edge) for edge, (a, b) in enumerate(ends)]
    assert seen == sorted([*wanted, *((b, a, edge) for a, b, edge in wanted)])
    for edge, (a, b) in enumerate(ends):
        assert graph.arc_edge[graph.edge_arcs[edge]].tolist() == [edge, edge]
        assert graph.arc_head[graph.edge_arcs[edge]].tolist() == [b, a]


def test_lengths_are_those_on_the_ellipsoid() -> None:
    graph = StreetGraph.build(LON, LAT, [(0, 1), (1, 2), (0, 2)])
    geodesic = [
        geodesic_m(np.array([LON[a], LON[b]]), np.array([LAT[a], LAT[b]])) for a, b in graph.ends
    ]
    assert graph.length_m == pytest.approx(geodesic, rel=1e-4)


def test_neighbours_on_the_ground_are_neighbours_in_memory() -> None:
    source = np.random.default_rng(2)
    lon, lat = source.uniform(106, 107, 2000), source.uniform(26, 27, 2000)
    ends = source.integers(0, 2000, (3000, 2))
    order = spatial_ordering(lon, lat, ends)
    assert sorted(order.node.tolist()) == list(range(2000))
    assert np.array_equal(
        np.sort(order.node[order.ends], axis=1), np.sort(ends[order.edge], axis=1)
    )
    apart = np.hypot(np.diff(lon), np.diff(lat)).mean()
    ordered = np.hypot(np.diff(lon[order.node]), np.diff(lat[order.node])).mean()
    assert ordered < apart / 10


@pytest.mark.parametrize(
    ("table", "code", "row"),
    [
        ({"lon": [106.7, float("nan"), 106.7]}, "not_a_number", 1),
        ({"lat": [106.7, 106.7, 26.5], "lon": [26.5, 26.5, 106.7]}, "out_of_range", 0),
        ({"lon": [106.7]}, "bad_shape", None),
        ({"lon": [], "lat": []}, "bad_shape", None),
        ({"ends": [(0, 1), (1, 3)]}, "unknown_node", 1),
        ({"ends": [(0, 1), (-1, 2)]}, "unknown_node", 1),
        ({"ends": [(0, 0)]}, "self_loop", 0),
        ({"length_m": [5.0, 0.0]}, "bad_length", 1),
        ({"length_m": [float("inf"), 1.0]}, "bad_length", 0),
        ({"length_m": [5.0]}, "bad_shape", None),
        ({"flags": [0, ALL_FLAGS + 1]}, "unknown_flag", 1),
        ({"flags": [0.5, 0]}, "unknown_flag", 0),
        ({"flags": [-1, 0]}, "unknown_flag", 0),
    ],
)
def test_bad_tables_are_refused_with_the_row(table: dict, code: str, row: int | None) -> None:
    with pytest.raises(PathError) as caught:
        StreetGraph.build(**{"lon": LON, "lat": LAT, "ends": [(0, 1), (1, 2)], **table})
    told = caught.value.to_dict()
    assert (told["code"], told["row"]) == (code, row)
    assert all(told[key] for key in ("zh", "en", "remedy_zh", "remedy_en", "field"))
