"""A town drawn by hand: two substations, three feeders, fifteen street corners.

SA (busbars SA1, SA2) at the west end, SB (busbar SB1) at the east end of the first street.

SA1 – A1 – A2 . . tie . . C1 – SB1      A1: transformer T1, board L1, box L2
SA2 – B1 – B2                     C1 – C2
"""

from dataclasses import replace
from typing import Any

import numpy as np

from tongdian.grid import catalogue
from tongdian.grid.catalogue import row_of
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import CROSSING, DUCT, GREEN, MORATORIUM, OVERHEAD, StreetGraph
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import ON_POLES, Prices
from tongdian.grid.schemes import World
from tongdian.grid.schemes.costs import default_costs
from tongdian.grid.schemes.design import own_cost_fen
from tongdian.grid.schemes.sections import LINE_LAYING
from tongdian.grid.schemes.supply import Supply
from tongdian.grid.tables import (
    Lines,
    Loads,
    Nodes,
    Sources,
    Switches,
    Tables,
    Transformers,
)

LON, LAT = 106.70, 26.50
STEP_LON, STEP_LAT = 0.004, 0.0027
COLUMNS, ROWS = 5, 3
NODES = ["SA1", "SA2", "SB1", "A1", "A2", "B1", "B2", "C1", "C2", "L1", "L2"]
# Street corner (column, row) of each node.
CORNERS = {
    "SA1": (0, 0), "SA2": (0, 0), "SB1": (4, 0), "A1": (1, 1), "A2": (2, 1), "B1": (0, 2),
    "B2": (2, 2), "C1": (3, 1), "C2": (3, 2), "L1": (1, 1), "L2": (1, 1),
}  # fmt: skip
AT = {name: row for row, name in enumerate(NODES)}


def corner(column: int, row: int) -> int:
    """The row of a street corner."""
    return column + COLUMNS * row


def place(column: float, row: float) -> tuple[float, float]:
    """Longitude and latitude on the grid of streets."""
    return LON + STEP_LON * column, LAT + STEP_LAT * row


def streets() -> StreetGraph:
    """First street: poles; second: ducts; third and the lanes across: trenches."""
    ends, flags = [], []
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            ends.append((corner(column, row), corner(column + 1, row)))
            flags.append((OVERHEAD, DUCT, GREEN if column == 2 else 0)[row])
    for row in range(ROWS - 1):
        for column in range(COLUMNS):
            ends.append((corner(column, row), corner(column, row + 1)))
            flags.append(CROSSING if row == 0 else MORATORIUM if column == 4 else 0)
    lon, lat = place(np.arange(15) % COLUMNS, np.arange(15) // COLUMNS)  # type: ignore[arg-type]
    return StreetGraph.build(lon, lat, ends, flags=flags)


def tables(**changed: Any) -> Tables:
    """The network."""
    conductors, types = catalogue.conductors(), catalogue.transformer_types()
    overhead, cable = row_of(conductors, "JKLYJ-10-240"), row_of(conductors, "YJV22-10-300")
    low = row_of(conductors, "JKLY-0.4-185")
    ends = [("SA1", "A1"), ("A1", "A2"), ("SA2", "B1"), ("B1", "B2"), ("SB1", "C1"), ("C1", "C2"),
            ("A2", "C1"), ("L1", "L2")]  # fmt: skip
    kinds = ["busbar"] * 3 + ["pole", "pole", "ring_main_unit", "ring_main_unit", "pole", "pole",
             "low_voltage_board", "branch_box"]  # fmt: skip
    spots = np.array([place(*CORNERS[name]) for name in NODES])
    given: dict[str, Any] = {
        "nodes": Nodes.of(
            id=NODES, kind=kinds, nominal_kv=[10] * 9 + [0.38] * 2, lon=spots[:, 0],
            lat=spots[:, 1],
        ),
        "lines": Lines.of(
            id=["a1", "a2", "b1", "b2", "c1", "c2", "tie", "low"],
            start=[AT[one] for one, _ in ends], end=[AT[other] for _, other in ends],
            conductor=[overhead, overhead, cable, cable, overhead, overhead, overhead, low],
            laying=["overhead"] * 2 + ["duct"] * 2 + ["overhead"] * 4,
            length_m=[2000, 1500, 1800, 1200, 2200, 800, 400, 60],
        ),
        "transformers": Transformers.of(
            id=["T1"], high=[AT["A1"]], low=[AT["L1"]], type=[row_of(types, "S13-400")],
        ),
        "switches": Switches.of(
            id=["k-tie", "k-a2"], line=[6, 1], node=[AT["A2"], AT["A1"]], kind="load_switch",
            is_closed=[False, True],
        ),
        "sources": Sources.of(
            id=["SA-I", "SA-II", "SB-I"], node=[AT["SA1"], AT["SA2"], AT["SB1"]],
            substation=["SA", "SA", "SB"], voltage_pu=1.03, capacity_mva=[20, 20, 12],
        ),
        "loads": Loads.of(
            id=["m1", "m2", "m3", "m4", "m5"],
            node=[AT[one] for one in ("A1", "A2", "B2", "C2", "L1")],
            p_kw=[1200, 1500, 2000, 1000, 150], q_kvar=[400, 500, 700, 300, 50],
            state=["energised", "energised", "accepted", "energised", "energised"],
        ),
        "conductors": conductors,
        "transformer_types": types,
    }  # fmt: skip
    return Tables.of(**{**given, **changed})


def town(network: Tables | None = None) -> World:
    """The world: every node of the network may be connected to, SA2's busbar and T1 apart."""
    network = network or tables()
    graph = streets()
    names = ["SA1", "SB1", "A1", "A2", "B1", "B2", "C1", "C2", "L1", "L2"]
    corners = [corner(*CORNERS[name]) for name in names]
    kinds = network.nodes.kind[[AT[name] for name in names]]
    own = own_cost_fen(kinds, default_costs())
    attachments = Attachments.build(len(graph.lon), corners, own)
    routes = RouteNetwork(graph, Prices.of(graph, default_costs().model()), attachments)
    return World.of(network, routes, [AT[name] for name in names])


def with_line(world: World, supply: Supply, kw: float, kvar: float) -> tuple[Tables, list[int]]:
    """The network's tables with a supply built and its load taken, and the rows of the new nodes:
    for a reference that knows nothing of schemes. Without capacitance, which schemes leave out."""
    old = world.network.tables
    foot = int(world.node[supply.route.attachment])
    rows, lines, transformers = [], [], []
    catalogued, types = catalogue.conductors(), catalogue.transformer_types()
    kv = float(old.nodes.nominal_kv[foot])
    kvs: list[float] = []
    for number, section in enumerate(supply.feeder.sections):
        above = rows[-1] if rows else foot
        rows.append(len(old.nodes) + number)
        if section.is_transformer:
            kv = 0.38
            transformers.append((above, rows[-1], row_of(types, section.name)))
        else:
            lines.append(
                (
                    above,
                    rows[-1],
                    row_of(catalogued, section.name),
                    section.length_m,
                    section.circuits,
                    LINE_LAYING[section.way] if kv > 1 or section.way == ON_POLES else 2,
                )
            )
        kvs.append(kv)
    new = len(rows)

    names = [f"new{i}" for i in range(new)]
    nodes = type(old.nodes).of(**{
        name: np.concatenate([array, {"id": np.array(names), "nominal_kv": np.array(kvs)}.get(
            name, np.repeat(array[:1], new))]) if new else array
        for name, _, array in old.nodes.items()
    })  # fmt: skip
    changed: dict[str, Any] = {"nodes": nodes}
    if lines:
        start, end, kind, metres, parallel, laying = (
            np.array(column) for column in zip(*lines, strict=True)
        )
        count = len(lines)
        added = {
            "id": np.array([f"new{i}" for i in range(count)]), "start": start, "end": end,
            "conductor": kind, "laying": laying, "length_m": metres,
            "parallel": parallel, "street": np.full(count, -1, np.int32),
        }  # fmt: skip
        changed["lines"] = Lines.of(**{
            name: np.concatenate([array, added[name]]) for name, _, array in old.lines.items()
        })  # fmt: skip
    if transformers:
        high, low, kind = (np.array(column) for column in zip(*transformers, strict=True))
        added = {"id": np.array(["newT"]), "high": high, "low": low, "type": kind,
                 "tap_percent": np.zeros(1), "is_public": np.ones(1, np.bool_)}  # fmt: skip
        changed["transformers"] = Transformers.of(**{
            name: np.concatenate([array, added[name]])
            for name, _, array in old.transformers.items()
        })  # fmt: skip
    taken = {
        "id": np.array(["customer"]), "node": np.array([rows[-1] if rows else foot]),
        "p_kw": np.array([kw]), "q_kvar": np.array([kvar]), "customers": np.ones(1, np.int32),
        "state": np.zeros(1, np.int8),
    }  # fmt: skip
    changed["loads"] = Loads.of(**{
        name: np.concatenate([array, taken[name]]) for name, _, array in old.loads.items()
    })  # fmt: skip
    bare = replace(old.conductors, c_nf_km=np.zeros(len(old.conductors)))
    return replace(old, conductors=bare, **changed), rows
