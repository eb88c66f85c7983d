"""Ties between feeders, open in normal operation: rings in town, a way round in the country."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.feeders import Feeders
from tongdian.city.network.forest import forest
from tongdian.city.network.plan import Plan
from tongdian.city.network.streets import StreetNet

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

# Between two feeders of one street node: across the street.
LEAST_M: Final = 15.0
# What another substation is worth against another busbar, in share of a feeder's length.
OTHER_SUBSTATION: Final = 0.35
# Nobody ties feeders before their first loads.
LEAST_DEPTH: Final = 0.15
# A tie that is so long is worth nothing.
LONG_M: Final = 4_000.0


@dataclass(frozen=True)
class Ties:
    """`start` and `end` are rows of `Feeders`, `edge` a segment on the way, `length_m`."""

    start: Ints
    end: Ints
    edge: Ints
    length_m: Floats


def ties(net: StreetNet, lines: Feeders, plan: Plan) -> Ties:
    """One tie at most between two feeders of different busbars, a few for each feeder, as far out
    as they come near each other."""
    start, end, edge, length = _candidates(net, lines, plan)
    one, other = lines.feeder[start], lines.feeder[end]
    apart = lines.substation[one] != lines.substation[other]
    other_busbar = apart | (lines.busbar[one] != lines.busbar[other])
    depth = _depth(net, lines)
    worth = np.minimum(depth[start], depth[end]) + OTHER_SUBSTATION * apart - length / LONG_M
    far_out = (np.minimum(depth[start], depth[end]) > LEAST_DEPTH) & (edge >= 0)
    keep = np.flatnonzero((one != other) & other_busbar & far_out & (length <= plan.tie_reach_m))
    keep = keep[np.lexsort((edge[keep], -worth[keep]))]
    chosen = _chosen(one[keep], other[keep], len(lines.first), plan.most_ties)
    rows = keep[chosen]
    return Ties(
        start[rows], end[rows], edge[rows].astype(np.int32), np.maximum(length[rows], LEAST_M)
    )


def _candidates(
    net: StreetNet, lines: Feeders, plan: Plan
) -> tuple[Ints, Ints, npt.NDArray[np.int64], Floats]:
    """Pairs of rows that could be joined: across each segment, from what is nearest to either end,
    and at each node that several feeders pass."""
    passed, first = np.unique(lines.node, return_index=True)
    last = len(lines.node) - 1 - np.unique(lines.node[::-1], return_index=True)[1]
    near = forest(net.graph, passed.astype(np.int32), reach_m=plan.tie_reach_m / 2)
    a, b = net.graph.ends.T
    met = np.flatnonzero((near.owner[a] >= 0) & (near.owner[b] >= 0))
    ends = near.owner[a[met]], near.owner[b[met]]
    metres = near.distance_m[a[met]] + net.graph.length_m[met] + near.distance_m[b[met]]
    shared = np.flatnonzero(first != last)
    start = np.concatenate([last[ends[0]], first[ends[0]], last[shared]])
    end = np.concatenate([first[ends[1]], last[ends[1]], first[shared]])
    edge = np.concatenate([met, met, lines.edge[last[shared]]])
    length = np.concatenate([metres, metres, np.zeros(len(shared))])
    return start.astype(np.int32), end.astype(np.int32), edge, length


def _depth(net: StreetNet, lines: Feeders) -> Floats:
    """How much of its feeder's load a row has between it and the substation: 0 at the outlet."""
    total = lines.below_kw[lines.first][lines.feeder]
    return np.asarray(1 - lines.below_kw / total)


def _chosen(one: Ints, other: Ints, feeders: int, most: int) -> list[int]:
    """Places of candidates, best first, that leave each feeder a few and each pair one."""
    count, pairs, chosen = [0] * feeders, set(), []
    for place, (a, b) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        pair = (a, b) if a < b else (b, a)
        if count[a] < most and count[b] < most and pair not in pairs:
            pairs.add(pair)
            count[a] += 1
            count[b] += 1
            chosen.append(place)
    return chosen
