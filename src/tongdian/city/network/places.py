"""The nodes of the network: where each stands, what it is, and what people call it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network import names
from tongdian.city.network.demand import Demand
from tongdian.city.network.equipment import IN_AIR, LOW_KV, MEDIUM_KV, Built
from tongdian.city.network.feeders import Feeders
from tongdian.city.network.low_voltage import LowVoltage
from tongdian.city.network.names import joined
from tongdian.city.network.streets import StreetNet
from tongdian.grid.paths.graph import metres_per_degree
from tongdian.grid.tables import NODE_KINDS, Nodes

Ints = npt.NDArray[np.int32]

(BUSBAR, POLE, RING_MAIN_UNIT, JOINT, TRANSFORMER, BOARD, BOX, SERVICE_POINT) = (
    NODE_KINDS.index(word)
    for word in ("busbar", "pole", "ring_main_unit", "joint", "transformer", "low_voltage_board",
                 "branch_box", "service_point")
)  # fmt: skip
DECIMALS: Final = 7
# How far a transformer stands from its pole or ring-main unit.
TRANSFORMER_M: Final = 9.0
SUFFIXES: Final = {POLE: names.POLE, RING_MAIN_UNIT: names.BOX, JOINT: names.WELL}


@dataclass(frozen=True)
class Layout:
    """First rows in the table of nodes of: rows of feeders, transformers' high sides, their boards,
    poles and boxes of 0.38 kV, service points. Busbars come first."""

    medium: int
    high: int
    board: int
    low: int
    point: int

    @classmethod
    def of(cls, lines: Feeders, loads: Demand, low: LowVoltage) -> "Layout":
        """The layout of these parts."""
        medium = 2 * len(lines.sites)
        high = medium + len(lines.node)
        board = high + len(loads)
        poles = board + len(loads)
        return cls(medium, high, board, poles, poles + len(low.node))


def medium_kinds(lines: Feeders, built: Built) -> npt.NDArray[np.int8]:
    """Pole, ring-main unit or joint, by row of the feeders."""
    rows = len(lines.node)
    hung = lines.parent >= 0
    on_poles = built.laying == IN_AIR
    below = np.bincount(lines.parent[hung & on_poles], minlength=rows) > 0
    ways = np.bincount(lines.parent[hung], minlength=rows)
    taps = np.bincount(lines.tap, minlength=rows)
    return np.select(
        [on_poles | below, (taps > 0) | (ways > 1)], [POLE, RING_MAIN_UNIT], JOINT
    ).astype(np.int8)  # fmt: skip


def nodes_table(
    net: StreetNet, lines: Feeders, built: Built, loads: Demand, low: LowVoltage, low_built: Built,
    source: np.random.Generator,
) -> Nodes:  # fmt: skip
    """All nodes in the order of Layout."""
    kind = medium_kinds(lines, built)
    low_kind = np.where(low_built.laying == IN_AIR, POLE, BOX)
    parts: list[tuple[Any, Any, Any, float]] = [
        (BUSBAR, np.repeat(lines.sites, 2), 0.0, MEDIUM_KV),
        (kind, lines.node, 0.0, MEDIUM_KV),
        (TRANSFORMER, loads.node, TRANSFORMER_M, MEDIUM_KV),
        (BOARD, loads.node, 1.5 * TRANSFORMER_M, LOW_KV),
        (low_kind, low.node, 0.0, LOW_KV),
    ]
    spot = np.where(
        low.point_pole >= 0, low.node[low.point_pole], loads.node[low.point_transformer]
    )
    turn = source.uniform(0, 2 * np.pi, len(loads))
    way = np.column_stack([np.cos(turn), np.sin(turn)])
    asides = [np.zeros((len(one), 2)) for _, one, _, _ in parts]
    asides[2], asides[3] = parts[2][2] * way, parts[3][2] * way
    parts.append((SERVICE_POINT, spot, 0.0, LOW_KV))
    junction = np.concatenate([one for _, one, _, _ in parts]).astype(np.int32)
    aside = np.concatenate([*asides, low.aside_m])
    east, north = metres_per_degree(float(net.graph.lat.mean()))
    return Nodes.of(
        id=_ids(lines, kind, loads, low, low_kind),
        kind=np.concatenate([np.broadcast_to(what, len(one)) for what, one, _, _ in parts]),
        nominal_kv=np.repeat([kv for *_, kv in parts], [len(one) for _, one, _, _ in parts]),
        lon=(net.graph.lon[junction] + aside[:, 0] / float(east)).round(DECIMALS),
        lat=(net.graph.lat[junction] + aside[:, 1] / float(north)).round(DECIMALS),
        junction=junction,
    )  # fmt: skip


def transformer_names(lines: Feeders, loads: Demand) -> names.Texts:
    """示07线/12号公变, or 专变 where it is the customer's own."""
    feeder = lines.feeder[lines.tap]
    return joined(
        names.feeder_names(len(lines.first))[feeder], "/", names.numbered(feeder),
        np.where(loads.is_public, "号公变", "号专变"),
    )  # fmt: skip


def _ids(
    lines: Feeders, kind: npt.NDArray[np.int8], loads: Demand, low: LowVoltage, low_kind: Any
) -> names.Texts:
    words = np.array([SUFFIXES.get(code, "") for code in range(len(NODE_KINDS))])
    medium = joined(
        names.feeder_names(len(lines.first))[lines.feeder], "/", names.numbered(lines.feeder), "号",
        words[kind],
    )  # fmt: skip
    transformer = transformer_names(lines, loads)
    pole = joined(
        transformer[low.transformer], "/低压", names.numbered(low.transformer),
        np.where(low_kind == POLE, "号杆", "号分支箱"),
    )  # fmt: skip
    at_pole = low.point_pole >= 0
    group = np.where(at_pole, low.point_pole + len(loads), low.point_transformer)
    above = np.where(
        at_pole, np.append(pole, "")[low.point_pole], transformer[low.point_transformer]
    )
    return np.concatenate([
        names.busbar_names(names.substation_names(len(lines.sites))), medium,
        joined(transformer, "/高压侧"), joined(transformer, "/低压柜"), pole,
        joined(above, "/", names.numbered(group), "号表箱"),
    ])  # fmt: skip
