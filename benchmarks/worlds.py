"""A radial network on generated streets, for benchmarks of quotes: simple, and of a city's size."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tongdian.grid import catalogue
from tongdian.grid.catalogue import row_of
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.streets import city_streets
from tongdian.grid.schemes import World
from tongdian.grid.schemes.costs import default_costs
from tongdian.grid.tables import Lines, Loads, Nodes, Sources, Tables

BUSBARS = 2
# kW of a node that takes any, on average; a feeder then takes some megawatts.
SHARE_TAKING = 0.02
FEEDER_KW = (800, 4500)
Ints = npt.NDArray[np.int64]


def streets_world(nodes: int, substations: int, seed: int = 7) -> World:
    """Every street node is a network node: the shortest-path tree from the nearest substation. What
    hangs on one street out of it is a feeder, every 30th node an attachment."""
    graph = city_streets(nodes, seed=seed)
    source = np.random.default_rng([seed, 29])
    sites = source.choice(graph.nodes, substations, replace=False)
    above, edge = _tree(graph, sites)
    root, feeder = _feeders(above, sites)
    tables = _tables(graph, sites, above, edge, root, feeder, source)
    chosen = np.flatnonzero((np.arange(graph.nodes) % 30 == 0) & (above >= 0))
    attachments = Attachments.build(graph.nodes, chosen, np.full(len(chosen), 3_000_000))
    routes = RouteNetwork(graph, Prices.of(graph, default_costs().model()), attachments)
    return World.of(tables, routes, chosen, check=False)


def _tree(graph: StreetGraph, sites: Ints) -> tuple[Ints, Ints]:
    """For each node the one above it, and the segment to it; -1 at the sites."""
    ends = graph.ends.astype(np.int64)
    both = np.vstack([ends, ends[:, ::-1]])
    metres = np.tile(graph.length_m, 2)
    matrix = csr_array((metres, (both[:, 0], both[:, 1])), (graph.nodes, graph.nodes))
    _, above, _ = dijkstra(
        matrix, indices=sites, return_predecessors=True, min_only=True
    )  # fmt: skip
    above = np.where(above < 0, -1, above).astype(np.int64)
    key = both[:, 0] * graph.nodes + both[:, 1]
    order = np.argsort(key)
    hung = np.flatnonzero(above >= 0)
    place = np.searchsorted(key[order], above[hung] * graph.nodes + hung)
    edge = np.full(graph.nodes, -1, np.int64)
    edge[hung] = order[place] % len(ends)
    return above, edge


def _feeders(above: Ints, sites: Ints) -> tuple[Ints, Ints]:
    """The site of each node, and the node at the head of its feeder, by doubling."""
    nodes = np.arange(len(above))
    is_site = above < 0
    is_head = ~is_site & is_site[np.maximum(above, 0)]
    up = np.where(is_site | is_head, nodes, above)
    while True:
        further = up[up]
        if (further == up).all():
            break
        up = further
    return np.where(is_site, nodes, above[up]), up


def _tables(
    graph: StreetGraph, sites: Ints, above: Ints, edge: Ints, root: Ints, feeder: Ints,
    source: np.random.Generator,
) -> Tables:  # fmt: skip
    conductors = catalogue.conductors()
    overhead, cable = row_of(conductors, "JKLYJ-10-240"), row_of(conductors, "YJV22-10-300")
    hung = np.flatnonzero(above >= 0)
    names = np.arange(graph.nodes).astype(np.str_)
    is_cable = source.random(graph.nodes)[feeder[hung]] < 0.5
    taking = np.flatnonzero((above >= 0) & (source.random(graph.nodes) < SHARE_TAKING))
    wanted = source.uniform(*FEEDER_KW, graph.nodes)
    shares = source.uniform(0.2, 2, len(taking))
    heads = feeder[taking]
    sums = np.bincount(heads, shares, graph.nodes)
    p = wanted[heads] * shares / sums[heads]
    return Tables.of(
        nodes=Nodes.of(
            id=names, kind=np.where(above < 0, 0, 1), nominal_kv=10.0, lon=graph.lon, lat=graph.lat
        ),
        lines=Lines.of(
            id=names[: len(hung)], start=above[hung], end=hung,
            conductor=np.where(is_cable, cable, overhead), laying=np.where(is_cable, 3, 0),
            length_m=graph.length_m[edge[hung]],
        ),
        sources=Sources.of(
            id=names[: len(sites)], node=sites, substation=names[: len(sites)], voltage_pu=1.03,
            capacity_mva=40.0,
        ),
        loads=Loads.of(id=names[: len(taking)], node=taking, p_kw=p, q_kvar=p * 0.33),
        conductors=conductors, transformer_types=catalogue.transformer_types(),
    )  # fmt: skip


def places(world: World, count: int) -> list[tuple[float, float]]:
    """Customers some ten metres off a street."""
    source, graph = np.random.default_rng(5), world.routes.graph
    nodes = source.integers(0, graph.nodes, count)
    lon = graph.lon[nodes] + source.uniform(-2e-4, 2e-4, count)
    lat = graph.lat[nodes] + source.uniform(-2e-4, 2e-4, count)
    return list(zip(lon.tolist(), lat.tolist(), strict=True))
