"""The k cheapest attachments from a place, with routes: Dijkstra's search, stopped when no better
one can come.

Labels are exact integers and ties fall by the lower segment, then the lower attachment, whatever
the order of the search: the answer depends on the tables alone.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.buckets import (
    NONE,
    RING,
    SCANNED,
    WAITING,
    Buckets,
    append,
    is_lower,
    leap,
    lower,
    take,
)
from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.network import MOST_ROUTE_FEN, Origin, RouteNetwork
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.routes import Route, read_back
from tongdian.grid.paths.scratch import Ints, Labels, Longs

Flags = npt.NDArray[np.bool_]


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
        *network.tables, network.feasible(feasible), column, *network.seeds(origin),
        scratch.labels, epoch, scratch.buckets, network.shift, most, per_group, found, costs,
    )  # fmt: skip
    return found[:number], costs[:number], epoch


@compiled
def explore(
    start: Ints,
    arcs: Labels,
    first: Ints,
    rows: Labels,
    feasible: Flags,
    groups: Ints,
    seeds: Longs,
    seed_costs: Longs,
    labels: Labels,
    epoch: int,
    buckets: Buckets,
    shift: int,
    most: int,
    per_group: int,
    found: Longs,
    costs: Longs,
) -> int:
    """Fill `found` and `costs` with the cheapest rows in order; gives their number.

    A node's label holds its least cost and, as `pred`, the lowest segment on a least-cost way to
    it; -1 and -2 for the first and second seed. Labels up to the last cost found are final.
    """
    ring, tail, held, after = buckets
    ring[:] = NONE
    number, bucket, idle, waiting, free, top = 0, 0, 0, 0, NONE, 0
    for seed in range(len(seeds)):
        node, cost = seeds[seed], seed_costs[seed]
        if cost <= most and lower(labels, node, cost, -1 - seed, epoch, shift):
            entry, free, top = take(after, free, top)
            held[entry] = node
            append(ring, tail, after, cost >> shift, bucket, entry)
            waiting += 1
    while waiting > 0:
        entry = ring[bucket & (RING - 1)]
        if entry < 0:
            bucket, idle = bucket + 1, idle + 1
            if idle > RING:
                bucket, idle = leap(buckets, labels, bucket, shift), 0
            if bucket << shift > most:
                break
            continue
        ring[bucket & (RING - 1)] = after[entry]
        node = held[entry]
        dist = labels[node]["dist"]
        if labels[node]["stamp"] == epoch + WAITING and dist >> shift > bucket:
            append(ring, tail, after, dist >> shift, bucket, entry)
            continue
        after[entry], free = free, entry
        waiting -= 1
        if labels[node]["stamp"] != epoch + WAITING or dist >> shift < bucket or dist > most:
            continue
        labels[node]["stamp"] = epoch + SCANNED
        idle = 0
        row = first[node]
        while row >= 0:
            if row < len(feasible) and feasible[row]:
                cost = dist + rows[row]["cost"]
                if cost <= most:
                    number = _admit(found, costs, number, row, cost, groups, per_group)
                    if number == len(found):
                        most = min(most, costs[number - 1])
            row = rows[row]["next"]
        for arc in range(start[node], start[node + 1]):
            step = arcs[arc]["cost"]
            cost = dist + step
            if step < 0 or cost > most:
                continue
            head, edge = arcs[arc]["head"], arcs[arc]["edge"]
            if is_lower(labels, head, cost, epoch):
                if lower(labels, head, cost, edge, epoch, shift):
                    entry, free, top = take(after, free, top)
                    held[entry] = head
                    append(ring, tail, after, cost >> shift, bucket, entry)
                    waiting += 1
            elif cost == labels[head]["dist"] and edge < labels[head]["pred"]:
                labels[head]["pred"] = edge
    return number


@compiled
def _admit(
    found: Longs, costs: Longs, number: int, row: int, cost: int, groups: Ints, per_group: int
) -> int:
    """Put a row in its place among those found, and drop what has to leave; gives the number.

    A row may come again at a lower cost, when its node is scanned again.
    """
    last = number
    if per_group > 0:
        same, worst = 0, -1
        for place in range(number):
            if groups[found[place]] == groups[row]:
                same, worst = same + 1, place
        if same == per_group:
            last = worst
    for place in range(number):
        if found[place] == row:
            last = place
    if last == len(found):
        last -= 1
    if last < number and (cost, row) >= (costs[last], found[last]):
        return number
    place = last
    while place > 0 and (cost, row) < (costs[place - 1], found[place - 1]):
        costs[place], found[place] = costs[place - 1], found[place - 1]
        place -= 1
    costs[place], found[place] = cost, row
    return max(number, last + 1)
