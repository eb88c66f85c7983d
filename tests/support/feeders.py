"""Feeders drawn at random, and what power-grid-model says of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from power_grid_model import (
    CalculationMethod,
    ComponentType,
    DatasetType,
    LoadGenType,
    PowerGridModel,
    initialize_array,
)

from tongdian.grid import Radial

BASE_MVA, BASE_KV = 10.0, 10.0
OHM = BASE_KV**2 / BASE_MVA
HERTZ = 50.0
# So stiff that it is an ideal source.
STIFF_VA = 1e25


@dataclass(frozen=True)
class Feeder:
    """Nodes hang on `above` (earlier nodes; the first is the source); branch i leads to node i + 1.

    Impedance per unit; `b_pu` is the capacitance of each branch, half at each end; loads kW, kvar.
    """

    above: npt.NDArray[np.int64]
    r_pu: npt.NDArray[np.float64]
    x_pu: npt.NDArray[np.float64]
    b_pu: npt.NDArray[np.float64]
    p_kw: npt.NDArray[np.float64]
    q_kvar: npt.NDArray[np.float64]

    @property
    def size(self) -> int:
        return len(self.above)

    @property
    def network(self) -> Radial:
        half = np.zeros(self.size)
        np.add.at(half, self.above[1:], self.b_pu / 2)
        half[1:] += self.b_pu / 2
        return Radial.build(
            nodes=self.size, start=self.above[1:], end=np.arange(1, self.size), r_pu=self.r_pu,
            x_pu=self.x_pu, b_pu=half, roots=[0], base_mva=BASE_MVA,
        )  # fmt: skip

    def scaled(self, factor: float) -> "Feeder":
        return replace(self, p_kw=self.p_kw * factor, q_kvar=self.q_kvar * factor)


def random_feeder(
    nodes: int, seed: int, *, load_kw: float = 4000, generation: float = 0, capacitance: float = 0,
    lateral: float = 0.25, km: float = 8,
) -> Feeder:  # fmt: skip
    """A trunk with laterals of JKLYJ-240 overhead line, `km` long in all but laterals."""
    source = np.random.default_rng(seed)
    above = [0, 0]
    for node in range(2, nodes):
        away = source.random() < lateral
        above.append(int(source.integers(max(0, node - 50), node)) if away else node - 1)
    length = source.uniform(0.2, 1.8, nodes - 1) * km / nodes
    p = source.uniform(0, 2, nodes) * load_kw / nodes
    p *= np.where(source.random(nodes) < generation, -1, 1)
    p[0] = 0
    return Feeder(
        np.array(above[:nodes]), 0.125 * length / OHM, 0.308 * length / OHM,
        capacitance * length, p, p * source.uniform(0, 0.6, nodes),
    )  # fmt: skip


def model(feeder: Feeder) -> PowerGridModel:
    """The feeder in power-grid-model."""
    n = feeder.size
    node = _array(ComponentType.node, n, id=np.arange(n), u_rated=BASE_KV * 1e3)
    line = _array(
        ComponentType.line, n - 1, id=n + np.arange(n - 1), from_node=feeder.above[1:],
        to_node=np.arange(1, n), from_status=1, to_status=1, r1=feeder.r_pu * OHM,
        x1=feeder.x_pu * OHM, c1=feeder.b_pu / OHM / (2 * np.pi * HERTZ), tan1=0, i_n=1e3,
    )  # fmt: skip
    load = _array(
        ComponentType.sym_load, n, id=2 * n + np.arange(n), node=np.arange(n), status=1,
        type=LoadGenType.const_power, p_specified=feeder.p_kw * 1e3,
        q_specified=feeder.q_kvar * 1e3,
    )  # fmt: skip
    source = _array(ComponentType.source, 1, id=4 * n, node=0, status=1, u_ref=1, sk=STIFF_VA)
    tables = {
        ComponentType.node: node, ComponentType.line: line, ComponentType.sym_load: load,
        ComponentType.source: source,
    }  # fmt: skip
    return PowerGridModel(tables, system_frequency=HERTZ)


def _array(component: ComponentType, count: int, **columns: Any) -> Any:
    values = initialize_array(DatasetType.input, component, count)
    for name, column in columns.items():
        values[name] = column
    return values


@dataclass(frozen=True)
class Reference:
    """Voltages and angles of the nodes, losses."""

    voltages_pu: npt.NDArray[np.float64]
    angles_rad: npt.NDArray[np.float64]
    loss_kw: float


def reference(feeder: Feeder) -> Reference:
    """What power-grid-model answers, by Newton and Raphson."""
    out = model(feeder).calculate_power_flow(
        calculation_method=CalculationMethod.newton_raphson, error_tolerance=1e-11,
        max_iterations=50,
    )  # fmt: skip
    node, line = out[ComponentType.node], out[ComponentType.line]
    return Reference(
        node["u_pu"], node["u_angle"], float((line["p_from"] + line["p_to"]).sum()) / 1e3
    )
