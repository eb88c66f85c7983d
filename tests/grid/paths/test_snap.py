"""From a place to the nearest segment, against looking at every segment."""

from math import nan

import numpy as np
import pytest

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph, metres_per_degree
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import FORBIDDEN, Prices
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.snap import AT_NODE_M, SegmentGrid, snap


def every_distance(town: RouteNetwork, lon: float, lat: float) -> np.ndarray:
    """Metres from a place to each segment where laying is allowed."""
    graph = town.graph
    east, north = metres_per_degree(lat)
    a = np.column_stack([(graph.lon - lon) * east, (graph.lat - lat) * north])[graph.ends]
    step = a[:, 1] - a[:, 0]
    share = np.clip(-(a[:, 0] * step).sum(1) / (step * step).sum(1), 0, 1)
    metres = np.hypot(*(a[:, 0] + share[:, None] * step).T)
    return np.where(town.prices.cost_fen > 0, metres, np.inf)


@pytest.mark.parametrize("cell_m", [60.0, 150.0, 1000.0])
def test_the_nearest_segment_is_found(town: RouteNetwork, cell_m: float) -> None:
    graph = town.graph
    grid = SegmentGrid.of(graph, cell_m)
    source = np.random.default_rng(6)
    found = 0
    for _ in range(150):
        lon = source.uniform(graph.lon.min() - 0.003, graph.lon.max() + 0.003)
        lat = source.uniform(graph.lat.min() - 0.003, graph.lat.max() + 0.003)
        metres = every_distance(town, lon, lat)
        if metres.min() > 500:
            with pytest.raises(PathError):
                snap(grid, graph, town.prices, lon, lat)
            continue
        found += 1
        origin = snap(grid, graph, town.prices, lon, lat)
        assert origin.aside_m == pytest.approx(metres.min(), abs=1e-6)
        if origin.edge >= 0:
            assert metres[origin.edge] == pytest.approx(metres.min(), abs=1e-6)
        east, north = metres_per_degree(lat)
        foot = np.hypot((origin.lon - lon) * east, (origin.lat - lat) * north)
        assert foot == pytest.approx(origin.aside_m, abs=AT_NODE_M)
    assert found > 50


def test_a_foot_at_a_crossing_is_the_crossing_and_forbidden_streets_are_passed_over() -> None:
    lon, lat = [106.70, 106.71, 106.72], [26.5, 26.5, 26.5]
    graph = StreetGraph.build(lon, lat, [(0, 1), (1, 2)])
    prices = Prices.given(graph, [100, 300])
    grid = SegmentGrid.of(graph)
    at = snap(grid, graph, prices, 106.71, 26.5002)
    assert (at.node, at.edge) == (1, -1)
    assert at.aside_m == pytest.approx(22.2, abs=0.1)
    along = snap(grid, graph, prices, 106.7025, 26.5)
    assert (along.edge, along.share) == (0, pytest.approx(0.25))
    network = RouteNetwork(graph, prices, Attachments.build(3, [0, 2], [0, 0]))
    near, far = nearest(network, along)
    assert (near.cost_fen, far.cost_fen) == (25, 375)
    assert near.length_m(network) == pytest.approx(graph.length_m[0] / 4)
    assert far.length_m(network) == pytest.approx(graph.length_m[0] * 0.75 + graph.length_m[1])
    assert far.lonlat(network).tolist() == [
        [pytest.approx(106.7025), 26.5], [106.71, 26.5], [106.72, 26.5]
    ]  # fmt: skip
    prices.change(graph, 0, FORBIDDEN)
    aside = snap(grid, graph, prices, 106.7075, 26.5)
    assert aside.node == 1
    with pytest.raises(PathError, match="nothing may be laid"):
        nearest(network, along)


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ((nan, 26.58), "not_a_number"),
        ((106.71, float("inf")), "not_a_number"),
        ((26.5783, 106.7135), "swapped"),
        ((116.4, 39.9), "outside_city"),
        ((0.0, 0.0), "outside_city"),
    ],
)
def test_places_outside_the_city_are_refused(
    town: RouteNetwork, place: tuple[float, float], code: str
) -> None:
    with pytest.raises(PathError) as caught:
        snap(SegmentGrid.of(town.graph), town.graph, town.prices, *place)
    assert caught.value.code == code
    assert caught.value.remedy_zh


def test_a_place_in_the_hills_is_far_from_any_street() -> None:
    graph = StreetGraph.build([106.70, 106.80], [26.5, 26.6], [(0, 1)])
    with pytest.raises(PathError) as caught:
        snap(SegmentGrid.of(graph), graph, Prices.given(graph, [1]), 106.79, 26.51)
    assert caught.value.code == "no_street"
