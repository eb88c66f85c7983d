"""A small network that is drawn by hand, and what power-grid-model says of any assembled one."""

from typing import Any

import numpy as np
import numpy.typing as npt
from power_grid_model import (
    BranchSide,
    CalculationMethod,
    ComponentType,
    DatasetType,
    LoadGenType,
    PowerGridModel,
    WindingType,
    initialize_array,
)

from tongdian.grid import catalogue
from tongdian.grid.catalogue import row_of
from tongdian.grid.network import HERTZ, Network
from tongdian.grid.tables import Lines, Loads, Nodes, Sources, Switches, Tables, Transformers

LON, LAT = 106.7135, 26.5783


def small(**changed: Any) -> Tables:
    """Two feeders of one substation that meet at an open tie; two transformers with a customer.

        S1 – A1 – A2 (T1: L1) – – tie – – B2 (T2: L2 – L3) – B1 – S1
    """  # fmt: skip
    conductors, types = catalogue.conductors(), catalogue.transformer_types()
    names = ["S1", "A1", "A2", "B1", "B2", "L1", "L2", "L3"]
    at = {name: row for row, name in enumerate(names)}
    overhead, cable = row_of(conductors, "JKLYJ-10-240"), row_of(conductors, "YJV22-10-300")
    low = row_of(conductors, "JKLY-0.4-185")
    ends = [("S1", "A1"), ("A1", "A2"), ("S1", "B1"), ("B1", "B2"), ("A2", "B2"), ("L2", "L3")]
    tables: dict[str, Any] = {
        "nodes": Nodes.of(
            id=names, kind=["busbar"] + ["ring_main_unit"] * 4 + ["low_voltage_board"] * 3,
            nominal_kv=[10] * 5 + [0.38] * 3, lon=LON + 0.002 * np.arange(8), lat=LAT,
        ),
        "lines": Lines.of(
            id=["a1", "a2", "b1", "b2", "tie", "low"], start=[at[one] for one, _ in ends],
            end=[at[other] for _, other in ends],
            conductor=[overhead, overhead, cable, cable, cable, low],
            laying=["overhead", "overhead", "duct", "duct", "duct", "overhead"],
            length_m=[2500, 1800, 1200, 900, 300, 120], parallel=[1, 1, 1, 2, 1, 1],
        ),
        "transformers": Transformers.of(
            id=["T1", "T2"], high=[at["A2"], at["B2"]], low=[at["L1"], at["L2"]],
            type=[row_of(types, "S13-400"), row_of(types, "SH15-630")], tap_percent=[0, -2.5],
        ),
        "switches": Switches.of(
            id=["k1", "k2"], line=[4, 1], node=[at["A2"], at["A1"]], kind="load_switch",
            is_closed=[False, True],
        ),
        "sources": Sources.of(
            id=["busbar"], node=[at["S1"]], substation=["S1"], voltage_pu=1.02, capacity_mva=31.5
        ),
        "loads": Loads.of(
            id=["m1", "m2", "m3", "m4"], node=[at["A1"], at["L1"], at["L3"], at["B1"]],
            p_kw=[1800, 210, 90, 2500], q_kvar=[600, 80, 30, 900],
            state=["energised", "energised", "energised", "quoted"],
        ),
        "conductors": conductors,
        "transformer_types": types,
    }  # fmt: skip
    return Tables.of(**{**tables, **changed})


def reference_kv(network: Network) -> npt.NDArray[np.float64]:
    """Voltage of each node in kV from power-grid-model, given ohms, kVA and taps."""
    tables, nodes = network.tables, len(network.tables.nodes)
    closed = np.ones(len(tables.lines), bool)
    closed[network.open_lines] = False
    conductor = tables.lines.conductor
    km = tables.lines.length_m / 1e3
    parallel = tables.lines.parallel
    types, transformers = tables.transformer_types, tables.transformers
    count = len(tables.lines)
    numbers = {
        "node": np.arange(nodes), "line": nodes + np.arange(count),
        "transformer": nodes + count + np.arange(len(transformers)),
        "sym_load": 10_000_000 + np.arange(nodes),
        "source": 20_000_000 + np.arange(len(tables.sources)),
    }  # fmt: skip
    kind = transformers.type
    size = types.high_kv[kind] * 1e3 * 0.001
    columns: dict[str, dict[str, Any]] = {
        "node": {"u_rated": tables.nodes.nominal_kv * 1e3},
        "line": {
            "from_node": tables.lines.start, "to_node": tables.lines.end, "from_status": closed,
            "to_status": closed, "r1": tables.conductors.r_ohm_km[conductor] * km / parallel,
            "x1": tables.conductors.x_ohm_km[conductor] * km / parallel,
            "c1": tables.conductors.c_nf_km[conductor] * 1e-9 * km * parallel, "tan1": 0,
        },
        "transformer": {
            "from_node": transformers.high, "to_node": transformers.low, "from_status": 1,
            "to_status": 1, "u1": types.high_kv[kind] * 1e3, "u2": types.low_kv[kind] * 1e3,
            "sn": types.rated_kva[kind] * 1e3, "uk": types.short_circuit_percent[kind] / 100,
            "pk": types.load_loss_kw[kind] * 1e3, "i0": types.no_load_percent[kind] / 100,
            "p0": types.no_load_loss_kw[kind] * 1e3, "winding_from": WindingType.delta,
            "winding_to": WindingType.wye_n, "clock": 11, "tap_side": BranchSide.from_side,
            "tap_pos": np.round(transformers.tap_percent * 10), "tap_min": -100, "tap_max": 100,
            "tap_nom": 0, "tap_size": size,
        },
        "sym_load": {
            "node": np.arange(nodes), "status": 1, "type": LoadGenType.const_power,
            "p_specified": network.p_kw * 1e3, "q_specified": network.q_kvar * 1e3,
        },
        "source": {
            "node": tables.sources.node, "status": 1, "u_ref": tables.sources.voltage_pu,
            "sk": 1e25,
        },
    }  # fmt: skip
    given = {}
    for component, values in columns.items():
        array = initialize_array(DatasetType.input, component, len(numbers[component]))  # type: ignore[call-overload]
        array["id"] = numbers[component]
        for name, value in values.items():
            array[name] = value
        given[ComponentType[component]] = array
    out = PowerGridModel(given, system_frequency=HERTZ).calculate_power_flow(
        calculation_method=CalculationMethod.newton_raphson, error_tolerance=1e-12,
        max_iterations=50,
    )  # fmt: skip
    return np.asarray(out[ComponentType.node]["u"]) / 1e3
