"""Hosting capacity of a city of 1,000,000 nodes: the bound at once, and how near it is to what the
power flow says node by node; opening the city from disk."""

import shutil
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.feeders import city
from benchmarks.support import best_of, latencies, line, percentile
from tongdian.grid.hosting import Base, base_state, conservative, exact
from tongdian.grid.limits import limits_of
from tongdian.grid.network import assemble
from tongdian.grid.store import open_tables, save_tables

FEEDERS, SIZE = 1_000, 1_000
ASKED = 400


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tongdian-bench-")) / "city"
    try:
        save_tables(city(FEEDERS, SIZE), folder)
        assemble(open_tables(folder), check=False)
        opened = best_of(lambda: open_tables(folder), 3)
        whole = best_of(lambda: assemble(open_tables(folder), check=False), 3)
        line(f"opening {FEEDERS * SIZE:,} nodes from disk", f"{opened:.3f} s", goal="≤ 2 s")
        line("… and assembling its operating state", f"{whole:.3f} s")
        network = assemble(open_tables(folder), check=False)
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)
    limits = limits_of(network)

    def state() -> Base:
        return base_state(network.radial, network.p_kw, network.q_kvar)

    base = state()
    conservative(base, limits)
    line("power flow of the city", f"{best_of(state, 3):.3f} s")
    seconds = best_of(lambda: conservative(state(), limits), 3)
    line("conservative hosting map, power flow included", f"{seconds:.3f} s", goal="≤ 1 s")
    bound = conservative(base, limits).capacity_kw
    nodes = np.random.default_rng(5).integers(0, network.radial.size, ASKED)
    found = np.empty(ASKED)

    def ask(k: int) -> None:
        found[k] = exact(
            base, limits, nodes[k : k + 1], start_kw=bound[nodes[k : k + 1]]
        ).capacity_kw[0]

    times = latencies(ask, ASKED)
    line("exact answer of a node on its feeder, p50", f"{percentile(times, 0.5) * 1e3:.2f} ms")
    gap = 1 - bound[nodes] / found
    over = int((gap < -1e-6).sum())
    line("bound below exact, at the median", f"{np.median(gap):.1%}", f"{ASKED} nodes", "≤ 5 %")
    line("… p90, most", f"{np.quantile(gap, 0.9):.1%}, {gap.max():.1%}")
    line("bounds above the exact answer", str(over), goal="0")
