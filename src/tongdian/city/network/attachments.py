"""Where a customer may be connected in the city: at poles, ring-main units, boards and busbars."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.feeders import Feeders
from tongdian.city.network.low_voltage import LowVoltage
from tongdian.city.network.places import BOARD, BOX, BUSBAR, JOINT, POLE, RING_MAIN_UNIT, Layout
from tongdian.city.network.plan import AttachmentCosts
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph

Ints = npt.NDArray[np.int32]

SPARE_SHARE: Final = 0.02
NO_FEEDER: Final = -1


@dataclass(frozen=True)
class Wiring:
    """From routes to the network: `attachment_node` (attachments with room for more) rows of nodes,
    -1 where free; `node_feeder` the feeder of each node, -1 at busbars; by feeder its `outlet`, a
    row of nodes, and its `source`, a row of sources, in normal operation."""

    attachment_node: Ints
    node_feeder: Ints
    outlet: Ints
    source: Ints


def attachments(
    graph: StreetGraph, at: Layout, lines: Feeders, loads: Demand, low: LowVoltage,
    kinds: npt.NDArray[np.int8], costs: AttachmentCosts,
) -> tuple[Attachments, Wiring]:  # fmt: skip
    """The attachments of 10 kV, then those of 0.38 kV, with room for two per cent more. `busbar` is
    a row of sources, `substation` its number from 0."""
    public = np.flatnonzero(loads.is_public)
    feeder_at = lines.feeder[lines.tap]
    busbar = 2 * lines.substation + lines.busbar
    bars = np.arange(at.medium)
    node = np.concatenate([
        bars, np.arange(at.medium, at.high), at.board + public, np.arange(at.low, at.point)
    ]).astype(np.int32)  # fmt: skip
    street = np.concatenate([
        np.repeat(lines.sites, 2), lines.node, loads.node[public], low.node
    ])  # fmt: skip
    feeder = np.concatenate([
        np.full(len(bars), NO_FEEDER), lines.feeder, feeder_at[public], feeder_at[low.transformer]
    ])  # fmt: skip
    fed = np.where(feeder >= 0, busbar[feeder], np.append(bars, np.zeros(len(node) - len(bars))))
    spare = int(np.ceil(len(node) * SPARE_SHARE))
    table = Attachments.build(
        graph.nodes, street, 100 * _yuan(kinds[node], node >= at.board, costs), feeder=feeder,
        busbar=fed, substation=fed // 2, spare=spare,
    )  # fmt: skip
    known = np.concatenate([node, np.full(spare, -1, np.int32)])
    of_nodes = np.concatenate([
        np.full(len(bars), NO_FEEDER), lines.feeder, feeder_at, feeder_at,
        feeder_at[low.transformer], feeder_at[low.point_transformer],
    ]).astype(np.int32)  # fmt: skip
    outlet = (at.medium + lines.first).astype(np.int32)
    return table, Wiring(known, of_nodes, outlet, busbar.astype(np.int32))


def _yuan(kinds: Any, is_low: npt.NDArray[np.bool_], costs: AttachmentCosts) -> Any:
    branch = is_low & np.isin(kinds, (POLE, BOX))
    return np.select(
        [branch, kinds == BOARD, kinds == POLE, kinds == RING_MAIN_UNIT, kinds == JOINT,
         kinds == BUSBAR],
        [costs.low_voltage_branch, costs.low_voltage_board, costs.pole, costs.ring_main_unit,
         costs.joint, costs.busbar],
    )  # fmt: skip
