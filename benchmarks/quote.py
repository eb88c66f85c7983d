"""Quotes in a city of a million street nodes: five candidates with routes and power flow, and pairs
of disjoint routes. `TONGDIAN_WORLD` names a folder of a saved world to take instead."""

import os
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.support import latencies, line, percentile
from benchmarks.worlds import places, streets_world
from tongdian.grid.paths.warm import warm as warm_paths
from tongdian.grid.schemes import World, quote
from tongdian.grid.warming import warm

NODES = 1_000_000
SUBSTATIONS = 286
QUESTIONS = 600
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

    def dual(number: int) -> None:
        pair = quote(world, *at[number], max(loads[number], 400), is_dual=True, count=1)
        found[number] = len(pair.schemes)

    latencies(dual, 10)
    _said("quote, two disjoint supplies", latencies(dual, QUESTIONS // 2), "p99 50 ms")
    line("… with a feasible pair", f"{(found[: QUESTIONS // 2] > 0).mean():.0%}")


def _said(what: str, times: list[float], goal: str) -> None:
    p50, p99 = (percentile(times, share) * 1e3 for share in (0.5, 0.99))
    line(f"{what}: p50, p99", f"{p50:.2f}, {p99:.2f} ms", "", f"≤ {goal}")
