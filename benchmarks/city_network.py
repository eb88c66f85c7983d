"""The synthetic city's network of 1,000,000 nodes: building it, its size on disk, opening it, how
it is loaded, its hosting map, and how near the map's bound is to the power flow's answer."""

import resource
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.support import best_of, line
from tongdian.city.network.build import CityNetwork, generate_network
from tongdian.city.network.statistics import statistics
from tongdian.city.network.storage import open_network, save_network
from tongdian.grid.hosting import base_state, conservative, exact
from tongdian.grid.limits import limits_of
from tongdian.grid.network import Network, assemble

NODES, SEED, ON = 1_000_000, 7, date(2026, 11, 25)
ASKED = 400


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tongdian-bench-")) / "city"
    try:
        generate_network(2_000, SEED, ON)
        started = time.perf_counter()
        made = generate_network(NODES, SEED, ON)
        built = time.perf_counter() - started
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        line(f"building {len(made.tables.nodes):,} nodes", f"{built:.1f} s", "", "≤ 90 s")
        line("… most memory of the process", f"{most:.2f} GB", "", "≤ 4 GiB")
        save_network(made, folder)
        del made
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        line("size on disk", f"{size / 1e6:,.0f} MB")
        opened = best_of(lambda: open_network(folder), 3)
        whole = best_of(lambda: assemble(open_network(folder).tables, check=False), 3)
        line("opening the folder", f"{opened:.3f} s", "", "≤ 2 s")
        line("… and assembling its operating state", f"{whole:.3f} s", "", "≤ 2 s")
        city = open_network(folder)
        network = assemble(city.tables)
        _loading(city, network)
        _hosting(network)
    finally:
        shutil.rmtree(folder.parent, ignore_errors=True)


def _loading(city: CityNetwork, network: Network) -> None:
    seen = statistics(city, network)
    line(
        "substations, feeders, ties", f"{seen.substations}, {seen.feeders:,}, {seen.ties:,}",
        f"{seen.transformers:,} transformers, {seen.load_mw:,.0f} MW, losses {seen.loss_share:.1%}",
    )  # fmt: skip
    line(
        "loading of transformers, median", f"{seen.transformer_median:.0%}",
        f"above 80 %: {seen.transformer_heavy:.1%}, above 100 %: {seen.transformer_overloaded:.1%}",
    )  # fmt: skip
    line(
        "loading of feeders, median", f"{seen.feeder_median:.0%}",
        f"from 30 to 60 %: {seen.usual_feeders:.0%}, overloaded: {seen.feeders_overloaded}",
    )  # fmt: skip
    line(
        "nodes within 7 % of the nominal voltage", f"{seen.sound_nodes:.2%}",
        f"lowest at 10 kV {seen.lowest_medium:.3f}, at 0.38 kV {seen.lowest_low:.3f}",
    )  # fmt: skip


def _hosting(network: Network) -> None:
    limits = limits_of(network)

    def state() -> object:
        return conservative(base_state(network.radial, network.p_kw, network.q_kvar), limits)

    state()
    line("conservative hosting map, power flow included", f"{best_of(state, 3):.3f} s", "", "≤ 1 s")
    base = base_state(network.radial, network.p_kw, network.q_kvar)
    bound = conservative(base, limits).capacity_kw
    nominal = network.tables.nodes.nominal_kv
    for kv in (10.0, 0.38):
        nodes = np.random.default_rng(5).choice(np.flatnonzero(nominal == kv), ASKED, False)
        found = exact(base, limits, nodes, start_kw=bound[nodes]).capacity_kw
        room = found > 1
        gap = 1 - bound[nodes][room] / found[room]
        line(
            f"bound below exact at {kv:g} kV, at the median", f"{np.median(gap):.2%}",
            f"p90 {np.quantile(gap, 0.9):.1%}, most {gap.max():.1%}", "≤ 5 %",
        )  # fmt: skip
        line("… bounds above exact", str(int((bound[nodes] > found + 1e-6).sum())), "", "0")
        line(f"… of {ASKED} nodes have room", f"{room.mean():.0%}")
        spread = np.quantile(found, [0.1, 0.5, 0.9])
        line("… capacity, p10, p50, p90", ", ".join(f"{kw:,.0f}" for kw in spread) + " kW")


if __name__ == "__main__":
    main()
