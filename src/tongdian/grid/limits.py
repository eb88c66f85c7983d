"""What voltages and currents a network must keep: rules as parameters, limits by position."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tongdian.grid.network import Network
from tongdian.grid.radial import Floats

HIGH_KV: Final = 35.0
LOW_KV: Final = 1.0


@dataclass(frozen=True)
class VoltageRules:
    """How far below its nominal voltage a node may fall.

    Defaults: 7 % for three phases up to 20 kV, 10 % from 35 kV on, where it is the sum of both
    deviations (GB/T 12325). `planned_drop` is what planning allows from the source to a node above
    1 kV, such as 0.05; none if it is to be left out.
    """

    deviation: float = 0.07
    deviation_high: float = 0.10
    planned_drop: float | None = None


@dataclass(frozen=True)
class Limits:
    """By position: the lowest voltage, and the most current of the branch from above, per unit."""

    lowest_pu: Floats
    current_pu: Floats


def limits_of(network: Network, rules: VoltageRules | None = None) -> Limits:
    """The limits of an operating state."""
    rules = rules or VoltageRules()
    radial, nominal = network.radial, network.tables.nodes.nominal_kv
    share = 1 - np.where(nominal >= HIGH_KV, rules.deviation_high, rules.deviation)
    lowest = (share / network.nominal_share)[radial.node]
    if rules.planned_drop is not None:
        held = np.repeat(radial.source_pu, np.diff(radial.starts)) * (1 - rules.planned_drop)
        medium = (nominal > LOW_KV)[radial.node]
        lowest = np.where(medium, np.maximum(lowest, held), lowest)
    return Limits(np.ascontiguousarray(lowest), network.current_limit_pu)
