"""Feeders of 10 kV: loads parted among them, and the ways they take along the streets."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.forest import (
    Forest,
    climbs,
    forest,
    on_main_line,
    preorder,
    sums_below,
)
from tongdian.city.network.plan import Plan
from tongdian.city.network.streets import StreetNet

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

LEAST_FEEDERS: Final = 2
# A feeder's share of its substation's load lies within these shares of the mean.
SHARES: Final = (0.45, 1.6)
# What those carry that grew beyond what they were made for, in the mean's.
HEAVY_SHARES: Final = (2.0, 2.7)


@dataclass(frozen=True)
class Feeders:
    """Feeders in the order of their numbers, and their ways: one row for each street node that a
    feeder passes, the feeder's outlet first, parents before children.

    By feeder: `substation`, `busbar` (0 or 1), `growth` its load of the one it was planned for,
    `first` its outlet's row. By row: `node` of the
    streets, `feeder`, `parent` (-1 at outlets), `edge` the segment to the parent. `tap` is the row
    at which each transformer hangs; `below_kw` what hangs on a row and below it; `is_main`
    whether a row is on the main line.
    """

    sites: Ints
    substation: Ints
    busbar: Ints
    growth: Floats
    first: Ints
    node: Ints
    feeder: Ints
    parent: Ints
    edge: Ints
    tap: Ints
    below_kw: Floats
    is_main: npt.NDArray[np.bool_]


def feeders(
    net: StreetNet, loads: Demand, sites: Ints, plan: Plan, source: np.random.Generator
) -> tuple[Demand, Feeders]:
    """The loads in the order of feeders, and the feeders. `sites` are substations' nodes."""
    tree = forest(net.graph, sites)
    place = preorder(tree)
    home = tree.owner[loads.node]
    loads = loads.taken(np.lexsort((place[loads.node], home)))
    home = tree.owner[loads.node]
    group, substation, growth = _parted(loads, home, tree, len(sites), plan, source)
    return loads, _ways(loads, group, tree, sites, substation, growth)


def _parted(
    loads: Demand, home: Ints, tree: Forest, sites: int, plan: Plan, source: np.random.Generator
) -> tuple[Ints, Ints, Floats]:
    """The feeder of each load, and substation and growth of each feeder: stretches of the walk
    through the trees, each with its share of the substation's load. Far loads weigh more."""
    effort = loads.p_kw * (1 + tree.distance_m[loads.node] / 1e3 / plan.moment_km)
    total = np.bincount(home, effort, sites)
    used = np.bincount(home, minlength=sites)
    wanted = np.maximum(np.ceil(total / (plan.feeder_mw * 1e3)), LEAST_FEEDERS)
    count = np.minimum(wanted, used).astype(np.int64)
    substation = np.repeat(np.arange(sites), count)
    share = np.clip(1 + plan.feeder_spread * source.normal(size=len(substation)), *SHARES)
    heavy = source.random(len(share)) < plan.heavy_share
    share[heavy] = source.uniform(*HEAVY_SHARES, int(heavy.sum()))
    quota = share / np.bincount(substation, share, sites)[substation] * total[substation]
    middle = np.cumsum(effort) - effort / 2
    group = np.searchsorted(np.cumsum(quota), middle).clip(max=len(quota) - 1)
    # A stretch never leaves its substation, and one without loads is no feeder.
    first = np.searchsorted(substation, np.arange(sites))
    group = np.clip(group, first[home], (first + count - 1)[home])
    kept, group = np.unique(group, return_inverse=True)
    growth = np.where(heavy, share, 1.0)[kept]
    return group.astype(np.int32), substation[kept].astype(np.int32), growth


def _ways(
    loads: Demand, group: Ints, tree: Forest, sites: Ints, substation: Ints, growth: Floats
) -> Feeders:
    """The ways of all feeders, numbered anew so that parents stand before children. Feeders of a
    substation take turns on its busbars."""
    tap = np.empty(len(loads), np.int32)
    empty = np.empty(0, np.int32)
    count = climbs(loads.node, group, tree.parent, 0, empty, empty, empty, tap)
    node, feeder, above = np.empty((3, count), np.int32)
    climbs(loads.node, group, tree.parent, count, node, feeder, above, tap)
    settled = np.empty(len(tree.parent), np.int32)
    settled[tree.order] = np.arange(len(tree.order), dtype=np.int32)
    order = np.lexsort((settled[node], feeder))
    new = np.empty(count, np.int32)
    new[order] = np.arange(count, dtype=np.int32)
    node, feeder, above, tap = node[order], feeder[order], above[order], new[tap]
    parent = np.where(above >= 0, new[above], -1).astype(np.int32)
    below = sums_below(parent, np.bincount(tap, loads.p_kw, count).astype(np.float64))
    first = np.searchsorted(feeder, np.arange(len(substation))).astype(np.int32)
    edge = np.where(parent >= 0, tree.edge[node], -1).astype(np.int32)
    rank = np.arange(len(substation)) - np.searchsorted(substation, substation)
    return Feeders(
        sites, substation, (rank % 2).astype(np.int32), growth, first, node, feeder, parent, edge,
        tap, below,
        on_main_line(parent, below),
    )  # fmt: skip
