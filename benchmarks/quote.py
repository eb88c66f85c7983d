"""Quotes in a city of a million network nodes: five candidates with routes and power flow, and
pairs of disjoint routes. The peer does a part of it: scipy.sparse.csgraph finds the routes, told
how far to look, and power-grid-model solves the candidates' feeders, whose models were built ahead.
`TONGDIAN_WORLD` names a folder of a saved world to take instead."""

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from power_grid_model import (
    CalculationMethod,
    ComponentType,
    DatasetType,
    LoadGenType,
    PowerGridModel,
    initialize_array,
)
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.support import latencies, line, percentile
from benchmarks.worlds import places, streets_world
from tongdian.grid.paths.warm import warm as warm_paths
from tongdian.grid.schemes import World
from tongdian.grid.schemes.quote import quote
from tongdian.grid.schemes.supply import Supply
from tongdian.grid.warming import warm

NODES = 1_000_000
SUBSTATIONS = 286
QUESTIONS = 600
PEER_QUESTIONS = 40
LOADS_KW = (30, 160, 400, 800, 1500, 3000)


def main() -> None:
    warm()
    warm_paths()
    given = os.environ.get("TONGDIAN_WORLD", "")
    if given:
        _measure(Path(given))
        return
    with tempfile.TemporaryDirectory(prefix="tongdian-bench-") as name:
        streets_world(NODES, SUBSTATIONS).save(Path(name))
        _measure(Path(name))


def _measure(folder: Path) -> None:
    started = time.perf_counter()
    world = World.open(folder)
    opened = time.perf_counter() - started
    nodes, streets = len(world.network.tables.nodes), world.routes.graph.nodes
    line(
        f"{nodes:,} network nodes, {streets:,} street nodes: open", f"{opened:.2f} s", "", "≤ 2 s"
    )  # fmt: skip
    started = time.perf_counter()
    world.warm()
    line("… and the hosting bound of all nodes", f"{time.perf_counter() - started:.2f} s")
    at = places(world, QUESTIONS)
    source = np.random.default_rng(11)
    loads = source.choice(LOADS_KW, QUESTIONS).tolist()
    found = np.zeros(QUESTIONS, np.int64)

    def single(number: int) -> None:
        found[number] = len(quote(world, *at[number], loads[number]).schemes)

    latencies(single, 30)
    _said("quote, one supply, five candidates", latencies(single, QUESTIONS), "5, 20 ms")
    line("… feasible candidates, mean", f"{found.mean():.1f}")
    _against_peers(world, at[:PEER_QUESTIONS], loads)

    def dual(number: int) -> None:
        pair = quote(world, *at[number], max(loads[number], 400), is_dual=True, count=1)
        found[number] = len(pair.schemes)

    latencies(dual, 10)
    _said("quote, two disjoint supplies", latencies(dual, QUESTIONS // 2), "p99 50 ms")
    line("… with a feasible pair", f"{(found[: QUESTIONS // 2] > 0).mean():.0%}")


def _against_peers(world: World, at: list[tuple[float, float]], loads: list[int]) -> None:
    graph, prices = world.routes.graph, world.routes.prices
    allowed = prices.cost_fen > 0
    ends, cost = graph.ends[allowed], prices.cost_fen[allowed].astype(float)
    both = np.vstack([ends, ends[:, ::-1]])
    matrix = csr_array((np.tile(cost, 2), (both[:, 0], both[:, 1])), (graph.nodes, graph.nodes))
    ours, theirs = 0.0, 0.0
    for place, kw in zip(at, loads, strict=False):
        started = time.perf_counter()
        answer = quote(world, *place, kw)
        ours += time.perf_counter() - started
        supplies = [one.supplies[0] for one in answer.schemes]
        models = [_model(supply) for supply in supplies]
        far = max((supply.route.cost_fen for supply in supplies), default=0)
        origin = answer.origin
        node = origin.node if origin.edge < 0 else int(graph.ends[origin.edge, 0])
        started = time.perf_counter()
        dijkstra(matrix, indices=node, limit=far, return_predecessors=True)
        for model in models:
            model.calculate_power_flow(calculation_method=CalculationMethod.newton_raphson)
        theirs += time.perf_counter() - started
    line(
        f"… {len(at)} questions, mean", f"{ours / len(at) * 1e3:.2f} ms",
        f"scipy and power-grid-model {theirs / len(at) * 1e3:.1f} ms ({theirs / ours:.0f} ×)",
        "≥ 1 ×",
    )  # fmt: skip


def _model(supply: Supply) -> PowerGridModel:
    """The feeder with the new line, in volts and ohms."""
    feeder, mva = supply.feeder, supply.feeder.base.radial.base_mva
    count, ohm = len(feeder.at), 100 / mva
    p, q = feeder.p * mva * 1e6, feeder.q * mva * 1e6
    p[feeder.place(feeder.end)] += supply.p_pu * mva * 1e6
    q[feeder.place(feeder.end)] += supply.q_pu * mva * 1e6
    p[0] = q[0] = 0
    columns = {
        "node": {"id": np.arange(count), "u_rated": 10e3},
        "line": {
            "id": count + np.arange(count - 1), "from_node": feeder.parent[1:],
            "to_node": np.arange(1, count), "from_status": 1, "to_status": 1,
            "r1": feeder.r[1:] * ohm, "x1": feeder.x[1:] * ohm, "c1": 0, "tan1": 0,
        },
        "sym_load": {
            "id": 2 * count + np.arange(count), "node": np.arange(count), "status": 1,
            "type": LoadGenType.const_power, "p_specified": p, "q_specified": q,
        },
        "source": {"id": [3 * count], "node": [0], "status": 1, "u_ref": float(feeder.source[0])},
    }  # fmt: skip
    given = {}
    for component, values in columns.items():
        array = initialize_array(DatasetType.input, component, len(np.atleast_1d(values["id"])))
        for name, value in values.items():
            array[name] = value
        given[ComponentType[component]] = array
    return PowerGridModel(given, system_frequency=50)


def _said(what: str, times: list[float], goal: str) -> None:
    p50, p99 = (percentile(times, share) * 1e3 for share in (0.5, 0.99))
    line(f"{what}: p50, p99", f"{p50:.2f}, {p99:.2f} ms", "", f"≤ {goal}")
