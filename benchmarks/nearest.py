"""Routes to the five cheapest attachments in a city of a million street nodes, against networkx and
scipy.sparse.csgraph. Neither stops when it has found five: both are told how far they have to look,
which our search finds out by itself; once, networkx is not told."""

import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.support import best_of, latencies, line, middle, percentile
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import CostModel, Prices
from tongdian.grid.paths.snap import SegmentGrid, snap
from tongdian.grid.paths.storage import load, save
from tongdian.grid.paths.streets import CENTRE, city_streets
from tongdian.grid.paths.supplies import city_supply
from tongdian.grid.paths.warm import warm

NODES = 1_000_000
SUBSTATIONS = 80
CANDIDATES = 5
QUESTIONS = 2_000
PEER_QUESTIONS = 30
ROUNDS = 5
# Feeders that can take the load at all.
FEASIBLE_SHARE = 0.4
# Invented prices: what is measured does not depend on them.
MODEL = CostModel(
    duct_per_m=Decimal(1200), overhead_per_m=Decimal(240), trench_per_m=Decimal(2400),
    crossing=Decimal(30000), moratorium_per_m=Decimal(4000), green_per_m=Decimal(500),
    bridge_per_m=Decimal(1000),
)  # fmt: skip

Flags = npt.NDArray[np.bool_]


def built_city(substations: int = SUBSTATIONS) -> RouteNetwork:
    graph = city_streets(NODES, seed=7)
    return RouteNetwork(graph, Prices.of(graph, MODEL), city_supply(graph, substations, seed=7))


def feasible_share(network: RouteNetwork, share: float) -> Flags:
    """Attachments of a share of the feeders, drawn by lot."""
    feeder = network.attachments.feeder
    return (np.random.default_rng(3).random(int(feeder.max()) + 2) < share)[feeder]


def places(network: RouteNetwork, grid: SegmentGrid, count: int) -> list[Origin]:
    """Customers some ten metres off a street."""
    source = np.random.default_rng(5)
    graph = network.graph
    nodes = source.integers(0, graph.nodes, count)
    lon = graph.lon[nodes] + source.uniform(-4e-4, 4e-4, count)
    lat = graph.lat[nodes] + source.uniform(-4e-4, 4e-4, count)
    return [
        snap(grid, graph, network.prices, float(x), float(y)) for x, y in zip(lon, lat, strict=True)
    ]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="tongdian-bench-") as folder:
        _measure(Path(folder))


def _measure(folder: Path) -> None:
    made = built_city()
    made.save(folder)
    save(SegmentGrid.of(made.graph), folder / "grid")
    warm()
    started = time.perf_counter()
    network = RouteNetwork.open(folder)
    grid = load(SegmentGrid, folder / "grid")
    nearest(network, snap(grid, network.graph, network.prices, *CENTRE))
    opened = time.perf_counter() - started
    del made
    what = f"{network.graph.nodes:,} nodes, {network.graph.edges:,} segments"
    line(f"{what}: open, and a first answer", f"{opened * 1e3:.0f} ms", "", "≤ 2 s")
    origins = places(network, grid, QUESTIONS)
    feasible = feasible_share(network, FEASIBLE_SHARE)
    at = [(float(o.lon), float(o.lat)) for o in origins]
    times = latencies(lambda i: snap(grid, network.graph, network.prices, *at[i]), QUESTIONS)
    line("place to nearest segment, p50", f"{middle(times) * 1e6:.0f} µs")
    _against_peers(network, feasible)

    def ask(number: int) -> None:
        nearest(network, origins[number], count=CANDIDATES, feasible=feasible)

    latencies(ask, 50)
    times = latencies(ask, QUESTIONS)
    p50, p99 = (percentile(times, share) * 1e3 for share in (0.5, 0.99))
    line(
        f"five routes, {len(network.attachments):,} attachments, p50, p99",
        f"{p50:.2f}, {p99:.2f} ms", "", "1.4, 4.4 ms",
    )  # fmt: skip


def _against_peers(network: RouteNetwork, feasible: Flags) -> None:
    """The same questions from nodes, for the peers know no places on segments."""
    graph, cost = network.graph, network.prices.cost_fen
    allowed = cost > 0
    ends, price = graph.ends[allowed], cost[allowed]
    both = np.vstack([ends, ends[:, ::-1]])
    matrix = csr_array(
        (np.tile(price, 2).astype(np.float64), (both[:, 0], both[:, 1])),
        (graph.nodes, graph.nodes),
    )
    loose: Any = nx.Graph()
    loose.add_weighted_edges_from(zip(*ends.T.tolist(), price.tolist(), strict=True))
    source = np.random.default_rng(9)
    nodes = [n for n in source.integers(0, graph.nodes, 4 * PEER_QUESTIONS).tolist() if n in loose]
    nodes = nodes[:PEER_QUESTIONS]
    rows = network.attachments.rows[: len(network.attachments)]
    rows = rows[feasible[: len(rows)]]
    at_node: dict[int, list[int]] = {}
    for row in rows:
        at_node.setdefault(int(row["node"]), []).append(int(row["cost"]))

    def ours(number: int) -> list[int]:
        routes = nearest(network, Origin.at(nodes[number]), count=CANDIDATES, feasible=feasible)
        return [route.cost_fen for route in routes]

    wanted = [ours(number) for number in range(len(nodes))]

    def of_networkx(number: int) -> list[int]:
        reach, _ = nx.single_source_dijkstra(loose, nodes[number], cutoff=wanted[number][-1])
        near = (reach[n] + own for n in reach if n in at_node for own in at_node[n])
        return sorted(near)[:CANDIDATES]

    def of_scipy(number: int) -> list[int]:
        reach, _ = dijkstra(
            matrix, indices=nodes[number], limit=wanted[number][-1], return_predecessors=True
        )
        return np.sort(reach[rows["node"]] + rows["cost"])[:CANDIDATES].astype(int).tolist()

    for peer in (of_networkx, of_scipy):
        assert all(peer(number) == wanted[number] for number in range(5))
    mine = _mean(ours, len(nodes))
    for name, peer, goal in (
        ("networkx single_source_dijkstra", of_networkx, "≥ 100 ×"),
        ("scipy.sparse.csgraph.dijkstra", of_scipy, "≥ 1 ×"),
    ):
        theirs = _mean(peer, len(nodes))
        line(
            f"… {len(nodes)} questions from nodes, mean", f"{mine * 1e3:.3f} ms",
            f"{name} {theirs * 1e3:.1f} ms ({theirs / mine:.0f} ×)", goal,
        )  # fmt: skip
    untold = best_of(lambda: nx.single_source_dijkstra_path_length(loose, nodes[0]), 1)
    line("", "", f"networkx not told how far {untold * 1e3:,.0f} ms ({untold / mine:,.0f} ×)")


def _mean(run: Callable[[int], object], count: int) -> float:
    """Seconds a call, of the quickest of some rounds for each: the machine may be busy."""
    rounds = [latencies(run, count) for _ in range(ROUNDS)]
    return sum(min(times) for times in zip(*rounds, strict=True)) / count
