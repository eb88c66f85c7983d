"""Lines of 0.38 kV: from each public transformer along the streets, with service points."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.forest import forest, sums_below
from tongdian.city.network.plan import LOW_VOLTAGE_RADIUS_M
from tongdian.city.network.streets import StreetNet
from tongdian.city.places import URBAN, ZONES

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

BOARD: Final = -1
# How the loads of the service points of a transformer differ: shape of a gamma distribution.
LOAD_SHAPE: Final = 1.6
# How far a service point is from its pole, box or board.
SERVICE_M: Final = (8.0, 28.0)


@dataclass(frozen=True)
class LowVoltage:
    """Poles and branch boxes, transformer by transformer, parents before children, and service
    points.

    By pole or box: `node` of the streets, `edge` the segment to the one before, `transformer`,
    `parent` (-1: the board), `below_kw` what hangs on it and below. By service point: its
    `transformer`, its `pole` (-1: at the board), `p_kw`, and `aside_m` east and north of it.
    """

    node: Ints
    edge: Ints
    transformer: Ints
    parent: Ints
    below_kw: Floats
    point_transformer: Ints
    point_pole: Ints
    point_kw: Floats
    aside_m: Floats


def low_voltage(
    net: StreetNet, loads: Demand, nodes: int, source: np.random.Generator
) -> LowVoltage:
    """The lines of all public transformers, about `nodes` nodes of them, and at least one service
    point for each transformer."""
    public = np.flatnonzero(loads.is_public).astype(np.int32)
    built = (net.street >= 0) | (net.zone <= URBAN)
    length = np.where(built, net.graph.length_m, np.inf)
    radius = np.array([LOW_VOLTAGE_RADIUS_M[place] for place in range(len(ZONES))])
    tree = forest(net.graph, loads.node[public], length, float(radius.max()))
    reach = radius[net.node_zone[loads.node[public]]]
    node = tree.order[tree.distance_m[tree.order] > 0]
    node = node[tree.distance_m[node] <= reach[tree.owner[node]]]
    node = node[np.argsort(tree.owner[node], kind="stable")]
    transformer = public[tree.owner[node]]
    row = np.full(net.graph.nodes, BOARD, np.int32)
    row[node] = np.arange(len(node), dtype=np.int32)
    parent = row[tree.parent[node]]
    count = _points(net, loads, public, node, nodes - len(node), source)
    place = np.repeat(np.concatenate([np.full(len(public), BOARD), np.arange(len(node))]), count)
    home = np.repeat(np.concatenate([public, transformer]), count)
    share = source.gamma(LOAD_SHAPE, 1.0, len(home))
    p_kw = share / np.bincount(home, share, len(loads))[home] * loads.p_kw[home]
    at_pole = place >= 0
    below = sums_below(
        parent, np.bincount(place[at_pole], p_kw[at_pole], len(node)).astype(np.float64)
    )
    turn = source.uniform(0, 2 * np.pi, len(home))
    aside = source.uniform(*SERVICE_M, len(home)) * np.array([np.cos(turn), np.sin(turn)])
    return LowVoltage(
        node, tree.edge[node], transformer, parent, below, home.astype(np.int32),
        place.astype(np.int32), p_kw, np.ascontiguousarray(aside.T),
    )  # fmt: skip


def _points(
    net: StreetNet, loads: Demand, public: Ints, node: Ints, wanted: int,
    source: np.random.Generator,
) -> npt.NDArray[np.int64]:  # fmt: skip
    """How many service points hang on each board, one at least, and on each pole: more where more
    customers are."""
    least = np.concatenate([np.ones(len(public), np.int64), np.zeros(len(node), np.int64)])
    weight = net.node_weight[np.concatenate([loads.node[public], node])]
    spare = max(wanted - len(public), 0)
    return np.asarray(least + source.multinomial(spare, weight / weight.sum()))
