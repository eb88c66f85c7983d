"""Power flow of radial feeders against power-grid-model, one state and many, and pandapower."""

from typing import Any

import numpy as np
from power_grid_model import (
    CalculationMethod,
    ComponentType,
    DatasetType,
    LoadGenType,
    PowerGridModel,
    initialize_array,
)

from benchmarks.feeders import BASE_KV, Feeder, feeder
from benchmarks.support import best_of, line
from tongdian.grid import solve, solve_many

SIZES = ((1_000, 400), (10_000, 40))
TOLERANCE = 1e-8
METHODS = (
    ("Newton, its default", CalculationMethod.newton_raphson),
    ("iterative current, its quickest", CalculationMethod.iterative_current),
)


def main() -> None:
    for nodes, scenarios in SIZES:
        one = feeder(nodes)
        model, network = theirs(one), one.network
        state = solve(network, one.p_kw, one.q_kvar)
        ours = best_of(lambda f=one, n=network: solve(n, f.p_kw, f.q_kvar), 50)
        line(f"{nodes:,} nodes, one state", f"{ours * 1e3:.3f} ms", goal="≥ 10 ×")
        for name, method in METHODS:
            voltages = run(model, method)[ComponentType.node]["u_pu"]
            apart = float(np.abs(voltages - state.voltages_pu).max())
            seconds = best_of(lambda m=model, k=method: run(m, k), 10)
            beside(f"power-grid-model, {name}", seconds, ours, apart)
        against_pandapower(one, ours, state.voltages_pu)
        many(one, model, scenarios)


def many(one: Feeder, model: PowerGridModel, scenarios: int) -> None:
    """A batch of scenarios, one thread each."""
    factor = np.random.default_rng(3).uniform(0.3, 1.5, (scenarios, one.size))
    p, q = one.p_kw * factor, one.q_kvar * factor
    network = one.network
    answer = solve_many(network, p, q)
    ours = best_of(lambda: solve_many(network, p, q), 5) / scenarios
    line(f"{one.size:,} nodes, each of {scenarios} states", f"{ours * 1e3:.3f} ms", goal="≥ 10 ×")
    update = initialize_array(DatasetType.update, ComponentType.sym_load, (scenarios, one.size))
    update["id"] = 2 * one.size + np.arange(one.size)
    update["p_specified"], update["q_specified"] = p * 1e3, q * 1e3
    data = {ComponentType.sym_load: update}
    for name, method in METHODS:
        voltages = run(model, method, data)[ComponentType.node]["u_pu"]
        apart = float(np.abs(voltages - answer.voltages_pu).max())
        seconds = best_of(lambda k=method: run(model, k, data), 2) / scenarios
        beside(f"power-grid-model, {name}", seconds, ours, apart)


def beside(name: str, seconds: float, ours: float, apart: float) -> None:
    line(
        "", "", f"{name}: {seconds * 1e3:.3f} ms ({seconds / ours:,.0f} ×; {apart:.0e} p.u. apart)"
    )


def run(model: PowerGridModel, method: CalculationMethod, data: Any = None) -> Any:
    """Their answer, with nothing written out that is not compared."""
    more = {} if data is None else {"update_data": data, "threading": -1}
    return model.calculate_power_flow(
        calculation_method=method, error_tolerance=TOLERANCE, max_iterations=30,
        output_component_types=[ComponentType.node], **more,
    )  # fmt: skip


def theirs(one: Feeder) -> PowerGridModel:
    """The feeder in power-grid-model."""
    n = one.size
    node = initialize_array(DatasetType.input, ComponentType.node, n)
    node["id"], node["u_rated"] = np.arange(n), BASE_KV * 1e3
    lines = initialize_array(DatasetType.input, ComponentType.line, n - 1)
    lines["id"], lines["from_node"] = n + np.arange(n - 1), one.above
    lines["to_node"], lines["from_status"], lines["to_status"] = np.arange(1, n), 1, 1
    lines["r1"], lines["x1"] = 0.125 * one.length_km, 0.308 * one.length_km
    lines["c1"], lines["tan1"], lines["i_n"] = 0, 0, 550
    load = initialize_array(DatasetType.input, ComponentType.sym_load, n)
    load["id"], load["node"], load["status"] = 2 * n + np.arange(n), np.arange(n), 1
    load["type"] = LoadGenType.const_power
    load["p_specified"], load["q_specified"] = one.p_kw * 1e3, one.q_kvar * 1e3
    source = initialize_array(DatasetType.input, ComponentType.source, 1)
    source["id"], source["node"], source["status"] = 4 * n, 0, 1
    source["u_ref"], source["sk"] = 1.0, 1e25
    return PowerGridModel(
        {
            ComponentType.node: node, ComponentType.line: lines, ComponentType.sym_load: load,
            ComponentType.source: source,
        },
        system_frequency=50.0,
    )  # fmt: skip


def against_pandapower(one: Feeder, ours: float, voltages: Any) -> None:
    import pandapower as pp

    net = pp.create_empty_network()
    pp.create_buses(net, one.size, vn_kv=BASE_KV)
    pp.create_lines_from_parameters(
        net, one.above, np.arange(1, one.size), length_km=one.length_km, r_ohm_per_km=0.125,
        x_ohm_per_km=0.308, c_nf_per_km=0, max_i_ka=0.55,
    )  # fmt: skip
    pp.create_loads(net, np.arange(one.size), p_mw=one.p_kw / 1e3, q_mvar=one.q_kvar / 1e3)
    pp.create_ext_grid(net, 0)

    def newton() -> None:
        pp.runpp(net, tolerance_mva=1e-8, calculate_voltage_angles=False)

    newton()
    apart = float(np.abs(net.res_bus.vm_pu.to_numpy() - voltages).max())
    seconds = best_of(newton, 3)
    beside("pandapower, Newton (goal ≥ 300 ×)", seconds, ours, apart)
