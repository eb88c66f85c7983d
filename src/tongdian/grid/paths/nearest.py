"""The k cheapest attachments from a place, with routes: Dijkstra's search, stopped when no better
one can come.

Labels are exact integers and ties fall by the lower segment, then the lower attachment, whatever
the order of the search: the answer depends on the tables alone.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.kernels import Longs, explore
from tongdian.grid.paths.network import MOST_ROUTE_FEN, Origin, RouteNetwork
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.routes import Route, read_back


def nearest(
    network: RouteNetwork,
    origin: Origin,
    *,
    count: int = 5,
    feasible: npt.ArrayLike | None = None,
    groups: npt.ArrayLike | None = None,
    per_group: int | None = None,
    max_cost_fen: int | None = None,
) -> list[Route]:
    """Up to `count` cheapest attachments with their routes, cheapest first; equal costs by row.

    `feasible` (attachments,) leaves out those that are False; with `groups` (attachments,) at most
    `per_group` of one group are given. Nothing dearer than `max_cost_fen` is looked at. The list is
    shorter where there are no more. Raises PathError.
    """
    if count < 1 or (per_group is not None and (per_group < 1 or groups is None)):
        raise PathError(
            "bad_count", "count",
            (f"count={count}、per_group={per_group} 无效",
             f"count={count}, per_group={per_group} is no number of candidates"),
            ("请用不小于 1 的整数；per_group 须与 groups 同用。",
             "Use 1 or more; per_group goes with groups."),
        )  # fmt: skip
    found, costs, _ = search(network, origin, count, feasible, groups, per_group or 0, max_cost_fen)
    return [
        read_back(network, origin, network.scratch, int(row), int(cost))
        for row, cost in zip(found, costs, strict=True)
    ]


def search(
    network: RouteNetwork,
    origin: Origin,
    count: int,
    feasible: npt.ArrayLike | None,
    groups: npt.ArrayLike | None,
    per_group: int,
    max_cost_fen: int | None,
) -> tuple[Longs, Longs, int]:
    """Rows and costs of the cheapest attachments, and the epoch of the labels that lead to them."""
    scratch = network.scratch
    epoch = scratch.next_epoch()
    column = network.groups(network.attachments.feeder if groups is None else groups)
    found, costs = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    most = MOST_ROUTE_FEN if max_cost_fen is None else min(max_cost_fen, MOST_ROUTE_FEN)
    number = explore(
        network.tables, network.feasible(feasible), column, *network.seeds(origin),
        scratch.labels, epoch, scratch.buckets, network.shift, most, per_group, found, costs,
    )  # fmt: skip
    return found[:number], costs[:number], epoch
