"""What a power flow answers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tongdian.compiled import kernel
from tongdian.grid.radial import Floats, Integers, Radial


@dataclass(frozen=True)
class Solution:
    """One solved state. Arrays are by position, as in the network; `voltages_pu` is by node.

    `voltage_squared_pu` is |V|² of each node; `flow_kw`, `flow_kvar` leave the branch into the
    node (at a root: what the source delivers); `rounds` is how many sweeps each tree took.
    """

    network: Radial
    voltage_squared_pu: Floats
    flow_kw: Floats
    flow_kvar: Floats
    rounds: Integers

    @cached_property
    def voltages_pu(self) -> Floats:
        """|V| of each node, in the order in which nodes were given."""
        return np.sqrt(self.voltage_squared_pu)[self.network.position]

    @property
    def min_voltage_pu(self) -> float:
        """The lowest voltage."""
        return float(np.sqrt(self.voltage_squared_pu.min()))

    @property
    def min_voltage_node(self) -> int:
        """The node where it is lowest, as given; the first of the order when several are."""
        return int(self.voltages_pu.argmin())

    @cached_property
    def current_squared_pu(self) -> Floats:
        """|I|² of the branch into each node, by position; of roots the source's."""
        base = self.network.base_mva * 1e3
        apparent = (self.flow_kw / base) ** 2 + (self.flow_kvar / base) ** 2
        return np.asarray(apparent / self.voltage_squared_pu)

    @property
    def loss_kw(self) -> float:
        """Active losses of all branches."""
        return float(self.network.r_pu @ self.current_squared_pu) * self.network.base_mva * 1e3

    @property
    def loss_kvar(self) -> float:
        """Reactive losses of all branches."""
        return float(self.network.x_pu @ self.current_squared_pu) * self.network.base_mva * 1e3

    @cached_property
    def angles_rad(self) -> Floats:
        """The angle of V against its source's, by node as given."""
        net, base = self.network, self.network.base_mva * 1e3
        p, q = self.flow_kw / base, self.flow_kvar / base
        # V above times conj(V) = |V|² + z conj(S), with S what leaves the branch.
        lag = np.arctan2(
            net.x_pu * p - net.r_pu * q, self.voltage_squared_pu + net.r_pu * p + net.x_pu * q
        )
        _fall(net.parent, lag, steps=net.size)
        return np.asarray(-lag[net.position])


@dataclass(frozen=True)
class Solutions:
    """Many solved states of one network: one row for each scenario.

    `voltages_pu` is by node as given; `converged` says of each scenario whether it has a
    solution: rows without one hold NaN.
    """

    voltages_pu: Floats
    loss_kw: Floats
    converged: npt.NDArray[np.bool_]
    rounds: Integers


@kernel
def _fall(parent: Integers, values: Floats) -> None:
    """Adds to each value its parent's, root first."""
    for i in range(len(parent)):
        if parent[i] >= 0:
            values[i] += values[parent[i]]
