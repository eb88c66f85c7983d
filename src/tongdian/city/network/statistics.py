"""How the network is loaded, in the figures by which planners know a city."""

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.build import CityNetwork
from tongdian.city.network.forest import sums_above
from tongdian.grid.limits import LOW_KV, VoltageRules
from tongdian.grid.network import Network, assemble

Floats = npt.NDArray[np.float64]

HEAVY: Final = 0.8
USUAL: Final = (0.3, 0.6)


@dataclass(frozen=True)
class Statistics:
    """Of one network at its peak. Loadings and shares are of 1; a feeder's loading is that of its
    most loaded line of 10 kV, `usual_feeders` the share from 0.3 to 0.6; voltages are of the
    nominal, `sound_nodes` the share of nodes within both limits of GB/T 12325; `capacity_ratio` is
    MVA of main transformers for a MW of load (容载比); radii are lengths of line from the busbar to
    transformers."""

    nodes: int
    substations: int
    feeders: int
    ties: int
    transformers: int
    load_mw: float
    loss_share: float
    transformer_median: float
    transformer_heavy: float
    transformer_overloaded: float
    feeder_median: float
    usual_feeders: float
    feeders_overloaded: int
    busbar_median: float
    busbar_most: float
    capacity_ratio: float
    radius_median_m: float
    radius_p95_m: float
    lowest_medium: float
    lowest_low: float
    sound_nodes: float

    def to_dict(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)


def statistics(city: CityNetwork, network: Network | None = None) -> Statistics:
    """The figures, by a power flow of all feeders. Raises GridError for a network that is not
    sound, or whose power flow has no solution."""
    network = network or assemble(city.tables)
    tables, radial, state = city.tables, network.radial, network.solve()
    loading = np.sqrt(state.current_squared_pu) / network.current_limit_pu
    lines = len(tables.lines)
    stepped = radial.branch >= lines
    feeders = feeder_loading(city, network, loading)
    voltage = state.voltages_pu * network.nominal_share
    medium = tables.nodes.nominal_kv > LOW_KV
    rules = VoltageRules()
    sound = np.abs(voltage - 1) <= rules.deviation
    busbars = loading[radial.starts[:-1]]
    metres = np.append(tables.lines.length_m, np.zeros(len(tables.transformers) + 1))
    radius = sums_above(radial.parent, metres[radial.branch])[stepped]
    return Statistics(
        nodes=len(tables.nodes), substations=len(np.unique(tables.sources.substation)),
        feeders=len(feeders), ties=len(network.open_lines), transformers=int(stepped.sum()),
        load_mw=float(tables.loads.p_kw.sum()) / 1e3,
        loss_share=state.loss_kw / float(tables.loads.p_kw.sum()),
        transformer_median=float(np.median(loading[stepped])),
        transformer_heavy=float((loading[stepped] > HEAVY).mean()),
        transformer_overloaded=float((loading[stepped] > 1).mean()),
        feeder_median=float(np.median(feeders)),
        usual_feeders=float(((feeders >= USUAL[0]) & (feeders <= USUAL[1])).mean()),
        feeders_overloaded=int((feeders > 1).sum()), busbar_median=float(np.median(busbars)),
        busbar_most=float(busbars.max()),
        capacity_ratio=float(tables.sources.capacity_mva.sum() / tables.loads.p_kw.sum() * 1e3),
        radius_median_m=float(np.median(radius)), radius_p95_m=float(np.quantile(radius, 0.95)),
        lowest_medium=float(voltage[medium].min()),
        lowest_low=float(voltage[~medium].min()), sound_nodes=float(sound.mean()),
    )  # fmt: skip


def feeder_loading(city: CityNetwork, network: Network, loading: Floats) -> Floats:
    """The most loaded line of 10 kV of each feeder, from `loading` by position."""
    radial, tables = network.radial, city.tables
    outlets = radial.position[city.wiring.outlet]
    order = np.argsort(outlets)
    # What hangs on one branch of a root is one stretch of positions.
    number = np.searchsorted(outlets[order], np.arange(radial.size), side="right") - 1
    line = (radial.branch >= 0) & (radial.branch < len(tables.lines))
    line &= tables.nodes.nominal_kv[radial.node] > LOW_KV
    most = np.zeros(len(outlets))
    np.maximum.at(most, order[number[line]], loading[line])
    return most
