"""The street graph: the city's own streets, all connected, within the city."""

import numpy as np
import shapely

from city.network.conftest import ON, streets
from tongdian.city.network.streets import StreetNet, street_net
from tongdian.city.places import RURAL, TOWN
from tongdian.city.roads import lay_roads
from tongdian.grid.paths.graph import DUCT, MORATORIUM, OVERHEAD, between_m
from tongdian.grid.paths.streets import parts
from tongdian.grid.tables import STREET_KINDS
from tongdian.works.outline import city_outline
from tongdian.works.projection import city_projection


def net(nodes: int = 5_000) -> StreetNet:
    return street_net(streets(), 7, nodes, ON)


def test_all_streets_hang_together() -> None:
    graph = net().graph
    assert (parts(graph.nodes, graph.ends) == 0).all()
    assert np.allclose(
        graph.length_m, between_m(graph.lon, graph.lat, *graph.ends.T.astype(np.int64)), rtol=1e-3
    )


def test_segments_of_a_street_lie_on_it() -> None:
    made, projection = net(), city_projection()
    own = np.flatnonzero(made.street >= 0)
    lines = [projection.to_metres(shapely.LineString(streets().polyline(int(street))))
             for street in made.street[own]]  # fmt: skip
    points = projection.forward(np.column_stack([made.graph.lon, made.graph.lat]))
    middle = shapely.points(points[made.graph.ends[own]].mean(axis=1))
    assert shapely.distance(middle, lines).max() < 1.0
    # The whole of it: what is cut at crossings adds up again, but for what is shared.
    roads = lay_roads(streets(), ON, np.random.default_rng([7, 3]))
    assert set(roads.street.tolist()) == set(made.street[own].tolist())
    assert np.isclose(made.graph.length_m[own].sum(), shapely.length(roads.lines).sum(), rtol=0.01)


def test_places_are_within_the_city() -> None:
    graph = net().graph
    inside = city_outline().contains(graph.lon, graph.lat)
    assert inside.mean() > 0.97
    own = np.unique(graph.ends[net().street >= 0])
    assert city_outline().is_near(graph.lon[own], graph.lat[own]).all()


def test_a_small_network_keeps_to_the_centre() -> None:
    small, whole = net(400).graph, net().graph
    assert small.nodes < whole.nodes / 4
    assert np.ptp(small.lon) < np.ptp(whole.lon) / 4


def test_what_is_true_of_segments_agrees_with_the_city() -> None:
    made = net()
    flags = made.graph.flags
    country = made.zone >= TOWN
    assert (flags[country] & OVERHEAD > 0).all()
    assert not (flags[country] & DUCT).any()
    town = flags[~country] & DUCT > 0
    assert 0.4 < town.mean() < 0.95
    young = flags & MORATORIUM > 0
    assert np.array_equal(young, made.no_digging_until >= np.datetime64(ON))
    assert 0 < young.mean() < 0.6
    assert set(made.kind.tolist()) <= set(STREET_KINDS)
    assert np.isclose(made.node_weight.sum(), 1)
    assert made.node_zone.max() == RURAL


def test_the_same_seed_gives_the_same_graph() -> None:
    one, other = street_net(streets(), 7, 800, ON), street_net(streets(), 7, 800, ON)
    assert np.array_equal(one.graph.ends, other.graph.ends)
    assert np.array_equal(one.graph.flags, other.graph.flags)
    assert np.array_equal(one.graph.lon, other.graph.lon)
