"""Voltage along feeders of 10 kV as planners reckon it; loads kept to what a feeder can bear."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.equipment import MEDIUM_KV, Built, medium_lines
from tongdian.city.network.feeders import Feeders
from tongdian.city.network.forest import sums_above
from tongdian.city.network.plan import POWER_FACTOR, Plan
from tongdian.city.network.streets import StreetNet
from tongdian.grid import catalogue

Floats = npt.NDArray[np.float64]

# From this fall on a feeder is built of the largest sections.
STRENGTHENED_FROM: Final = 0.04
TANGENT: Final = float(np.tan(np.arccos(POWER_FACTOR)))


def planned(
    net: StreetNet, loads: Demand, lines: Feeders, plan: Plan, source: np.random.Generator
) -> tuple[Demand, Feeders, Built]:
    """Loads, feeders and their lines: strengthened where voltage falls far; where even that is not
    enough, the loads of the feeder are smaller, as they are in the country."""
    built = medium_lines(net, lines)
    weak = falls(net, lines, built) > STRENGTHENED_FROM
    built = medium_lines(net, lines, strengthened=weak[lines.feeder])
    fall = falls(net, lines, built)
    most = source.uniform(*plan.drop_most, len(fall))
    most[source.random(len(fall)) < plan.weak_share] = plan.weak_drop
    share = np.minimum(most / np.maximum(fall, most), 1.0)
    loads = replace(loads, p_kw=loads.p_kw * share[lines.feeder[lines.tap]])
    return loads, replace(lines, below_kw=lines.below_kw * share[lines.feeder]), built


def falls(net: StreetNet, lines: Feeders, built: Built) -> Floats:
    """The largest fall of voltage of each feeder, of the nominal: the sum of (P r + Q x) l / U² on
    the way, losses left out."""
    table = catalogue.conductors()
    ohm_km = table.r_ohm_km[built.conductor] + TANGENT * table.x_ohm_km[built.conductor]
    km = np.append(net.graph.length_m, 0.0)[lines.edge] / 1e3
    own = lines.below_kw / 1e3 * ohm_km * km / MEDIUM_KV**2
    total = np.zeros(len(lines.first))
    np.maximum.at(total, lines.feeder, sums_above(lines.parent, own))
    return total
