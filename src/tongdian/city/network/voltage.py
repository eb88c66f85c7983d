"""Voltage along feeders of 10 kV as planners reckon it; loads kept to what a feeder can bear."""

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.equipment import MEDIUM_KV, Built, fall_of_lines, medium_lines
from tongdian.city.network.feeders import Feeders
from tongdian.city.network.forest import sums_above
from tongdian.city.network.plan import Plan
from tongdian.city.network.streets import StreetNet

Floats = npt.NDArray[np.float64]

# From this fall on a feeder is built of the largest sections.
STRENGTHENED_FROM: Final = 0.04


def planned(
    net: StreetNet, loads: Demand, lines: Feeders, plan: Plan, source: np.random.Generator
) -> tuple[Demand, Feeders, Built, Floats]:
    """Loads, feeders, their lines and the fall of voltage by row.

    Lines are strengthened where voltage falls far; where even that is not enough, the loads of the
    feeder are made smaller, as they are in the country.
    """
    built = medium_lines(net, lines)
    weak = _most(lines, falls(net, lines, built)) > STRENGTHENED_FROM
    built = medium_lines(net, lines, strengthened=weak[lines.feeder])
    by_row = falls(net, lines, built)
    fall = _most(lines, by_row)
    most = source.uniform(*plan.drop_most, len(fall))
    most[source.random(len(fall)) < plan.weak_share] = plan.weak_drop
    share = np.minimum(most / np.maximum(fall, most), 1.0)
    loads = replace(loads, p_kw=loads.p_kw * share[lines.feeder[lines.tap]])
    by_feeder = share[lines.feeder]
    lines = replace(lines, below_kw=lines.below_kw * by_feeder)
    return loads, lines, built, by_row * by_feeder


def falls(net: StreetNet, lines: Feeders, built: Built) -> Floats:
    """How far voltage falls from the busbar to each row, of the nominal, losses left out."""
    length_m = np.append(net.graph.length_m, 0.0)[lines.edge]
    own = fall_of_lines(built, lines.below_kw, length_m, MEDIUM_KV)
    return np.asarray(sums_above(lines.parent, own))


def _most(lines: Feeders, by_row: Floats) -> Floats:
    """The largest of each feeder."""
    most = np.zeros(len(lines.first))
    np.maximum.at(most, lines.feeder, by_row)
    return most
