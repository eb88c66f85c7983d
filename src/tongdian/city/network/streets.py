"""The street graph of the city: its own streets, cut where they cross, joined by further roads."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.city.network.connectors import connectors
from tongdian.city.network.flags import flags_of
from tongdian.city.places import CENTRAL_URBAN, RURAL, TOWN, URBAN
from tongdian.city.roads import Roads, lay_roads
from tongdian.city.streets import Streets
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.ordering import spatial_ordering
from tongdian.works.projection import DECIMALS, city_projection

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# The city's roads are those of `objects.demo_objects`.
ROADS_STREAM: Final = 3
CENTRE: Final = (106.7135, 26.5783)
# Distance of two nodes of the graph: a pole or a manhole in town, several poles in the country and
# more on the roads between villages.
SPACING_M: Final = (25.0, 80.0)
WIDER: Final = {CENTRAL_URBAN: 1.0, URBAN: 1.0, TOWN: 1.5, RURAL: 2.0}
WIDER_BETWEEN: Final = 4.0
# About so far apart are villages; to know how many streets a network of some size can serve.
BETWEEN_M: Final = 1_500.0
NO_STREET: Final = -1
KINDS: Final = {
    "expressway": "expressway", "arterial": "main", "secondary": "secondary", "branch": "branch",
    "village": "lane",
}  # fmt: skip


@dataclass(frozen=True)
class StreetNet:
    """The graph; by segment the row of the city's street (-1 between streets), its zone and its
    class (a word of `grid.tables.STREET_KINDS`), and the last day of a digging moratorium; by node
    its zone and its share of all customers."""

    graph: StreetGraph
    street: Ints
    zone: npt.NDArray[np.int8]
    kind: npt.NDArray[np.str_]
    no_digging_until: npt.NDArray[np.datetime64]
    node_zone: npt.NDArray[np.int8]
    node_weight: Floats


def street_net(streets: Streets, seed: int, nodes: int, on: date) -> StreetNet:
    """A connected graph of about `nodes` nodes on the streets nearest to the centre, as they stand
    on a day; all of them if that many nodes allow it."""
    source = np.random.default_rng([seed, 41])
    roads = lay_roads(streets, on, np.random.default_rng([seed, ROADS_STREAM]))
    served = _served(roads, streets, nodes)
    points, ends, road = _noded(roads, served)
    joins = connectors(points, ends, source)
    ends = np.concatenate([ends, joins])
    road = np.concatenate([road, np.full(len(joins), NO_STREET)])
    zone = _zones(ends, road, roads, streets, len(points))
    points, ends, piece = _subdivided(points, ends, zone, road, nodes)
    road, zone = road[piece], zone[piece]
    degrees = city_projection().inverse(points).round(DECIMALS)
    order = spatial_ordering(degrees[:, 0], degrees[:, 1], ends)
    points, road, zone = points[order.node], road[order.edge], zone[order.edge]
    marks = flags_of(points, order.ends, road, zone, roads, on, source)
    graph = StreetGraph.build(
        degrees[order.node, 0], degrees[order.node, 1], order.ends, flags=marks.flags
    )
    grades = np.array([KINDS[grade] for grade in roads.grades])
    between = np.where(zone <= URBAN, "lane", "branch")
    street = np.where(road >= 0, roads.street[road], NO_STREET)
    return StreetNet(
        graph, street, zone.astype(np.int8), np.where(road >= 0, grades[road], between),
        marks.no_digging_until,
        *_of_nodes(graph, street, zone, streets.weight),
    )  # fmt: skip


def _served(roads: Roads, streets: Streets, nodes: int) -> Ints:
    """Rows of roads, nearest to the centre first, as many as so many nodes can follow."""
    centre = city_projection().forward(np.array([CENTRE]))[0]
    middle = shapely.get_coordinates(
        shapely.line_interpolate_point(roads.lines, 0.5, normalized=True)
    )
    order = np.argsort(np.hypot(*(middle - centre).T), kind="stable")
    zone = streets.zone[roads.street]
    wider = np.array([WIDER[place] for place in range(len(WIDER))])[zone]
    length = np.array(shapely.length(roads.lines)) / wider
    length += np.where(zone == RURAL, BETWEEN_M / WIDER_BETWEEN, 0)
    enough = np.searchsorted(np.cumsum(length[order]), nodes * SPACING_M[1]) + 1
    return np.asarray(order[: int(enough)])


def _noded(roads: Roads, served: Ints) -> tuple[Floats, Ints, Ints]:
    """Points in whole metres, pairs of them, and the road each pair is of."""
    lines = roads.lines[served]
    pieces = shapely.get_parts(shapely.node(shapely.multilinestrings(lines)))
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    found = shapely.STRtree(lines).query_nearest(middle, all_matches=False)[1]
    at, piece = shapely.get_coordinates(pieces, return_index=True)
    points, row = np.unique(np.rint(at), axis=0, return_inverse=True)
    inner = piece[1:] == piece[:-1]
    ends = np.sort(np.column_stack([row.ravel()[:-1], row.ravel()[1:]])[inner], axis=1)
    road = served[found[piece[1:][inner]]]
    keep = ends[:, 0] != ends[:, 1]
    ends, first = np.unique(ends[keep], axis=0, return_index=True)
    return points, ends, road[keep][first]


def _zones(ends: Ints, road: Ints, roads: Roads, streets: Streets, points: int) -> Ints:
    """The zone of each pair: of its street, or, between streets, the least urban of its ends."""
    of_road = np.append(streets.zone[roads.street], RURAL)
    zone = of_road[road].astype(np.int64)
    at = np.full(points, RURAL)
    own = road >= 0
    for end in (0, 1):
        np.minimum.at(at, ends[own, end], zone[own])
    return np.where(own, zone, at[ends].max(axis=1))


def _subdivided(
    points: Floats, ends: Ints, zone: Ints, road: Ints, nodes: int
) -> tuple[Floats, Ints, Ints]:
    """Long pairs cut into equal ones; which pair each was. Points get more than whole metres."""
    length = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    wider = np.array([WIDER[place] for place in range(len(WIDER))])[zone]
    wider = np.where((road < 0) & (zone > URBAN), WIDER_BETWEEN, wider)
    room = max(nodes - len(points), 1)
    spacing = float(np.clip((length / wider).sum() / room, *SPACING_M))
    count = np.maximum(np.rint(length / (wider * spacing)).astype(np.int64), 1)
    piece = np.repeat(np.arange(len(ends)), count)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
    first_new = len(points) + np.cumsum(count - 1) - (count - 1)
    starts = np.where(step == 0, ends[piece, 0], first_new[piece] + step - 1)
    stops = np.where(step == count[piece] - 1, ends[piece, 1], first_new[piece] + step)
    inner = step > 0
    share = (step[inner] / count[piece[inner]])[:, None]
    a, b = points[ends[piece[inner], 0]], points[ends[piece[inner], 1]]
    return np.concatenate([points, a + share * (b - a)]), np.column_stack([starts, stops]), piece


def _of_nodes(graph: StreetGraph, street: Ints, zone: Ints, weight: Floats) -> tuple[Any, Any]:
    """Zone of each node, the most urban of its streets', and its share of the customers."""
    at = np.full(graph.nodes, RURAL, np.int8)
    for end in (0, 1):
        np.minimum.at(at, graph.ends[:, end], zone.astype(np.int8))
    own = street >= 0
    length = np.bincount(street[own], graph.length_m[own], minlength=len(weight))
    part = np.zeros(graph.edges)
    part[own] = weight[street[own]] * graph.length_m[own] / length[street[own]] / 2
    share = np.bincount(graph.ends.ravel(), np.repeat(part, 2), graph.nodes)
    return at, share / share.sum()
