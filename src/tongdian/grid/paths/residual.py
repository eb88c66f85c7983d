"""The second unit of a least-cost flow: a search on what the first route leaves over.

Costs are reduced by the first search's labels, capped at its own cost D, so that none is below zero
(successive shortest paths with potentials: Edmonds and Karp 1972, Suurballe and Tarjan 1984). On
the first route segments may only be given back, at minus their cost; a group that the first route
uses may be entered by another of its attachments, which sends the first route's unit elsewhere.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.heap import drop_least, push
from tongdian.grid.paths.scratch import Ints, Labels, Longs

Flags = npt.NDArray[np.bool_]

# `pred` of a node that was reached by giving back the first route's attachment: BACK - attachment
# through which its group was entered. Above it are the seeds, -1 and -2.
BACK = -3


@compiled
def lay_down(labels: Labels, ends: Ints, node: int, succ: Ints, on_path: Ints, epoch: int) -> int:
    """Mark the route that `labels` hold to `node`; gives the number of its seed."""
    after = -1
    while True:
        on_path[node], succ[node] = epoch, after
        edge = labels[node]["pred"]
        if edge < 0:
            return -1 - int(edge)
        after = edge
        node = ends[edge, 0] + ends[edge, 1] - node


@compiled
def augment(
    start: Ints,
    arcs: Labels,
    first: Ints,
    rows: Labels,
    feasible: Flags,
    groups: Ints,
    seeds: Longs,
    seed_costs: Longs,
    closed_seed: int,
    closed_edge: int,
    used: int,
    cap: int,
    labels: Labels,
    epoch: int,
    again: Labels,
    succ: Ints,
    on_path: Ints,
    heap: Longs,
    bits: int,
    most: int,
) -> tuple[int, int]:
    """The row that the second unit ends at and its reduced cost; (-1, `most`) if there is none.

    `used` is the first route's attachment and `cap` its cost; `closed_seed` the seed it left by,
    -1 when both may be used; `closed_edge` the segment that the seeds are parts of, or -1.
    """
    mask = (1 << bits) - 1
    size = 0
    best = -1
    exit_node = rows[used]["node"]
    for seed in range(len(seeds)):
        if seed == closed_seed:
            continue
        node = seeds[seed]
        cost = seed_costs[seed] - _potential(labels, node, epoch, cap)
        if cost <= most:
            again[node]["dist"], again[node]["stamp"], again[node]["pred"] = cost, epoch, -1 - seed
            size = push(heap, size, (cost << bits) | node)
    while size > 0:
        key = heap[0]
        dist = key >> bits
        if dist > most:
            break
        size = drop_least(heap, size)
        node = key & mask
        if dist > again[node]["dist"]:
            continue
        base = dist + _potential(labels, node, epoch, cap)
        row = first[node]
        while row >= 0:
            if row < len(feasible) and feasible[row]:
                cost = base + rows[row]["cost"] - cap
                if groups[row] != groups[used]:
                    if cost < most or (cost == most and (best < 0 or row < best)):
                        best, most = row, cost
                elif row != used and cost <= most and _lower(again, exit_node, epoch, cost):
                    # Into the group by another door, and out where the first route came in.
                    again[exit_node]["dist"], again[exit_node]["stamp"] = cost, epoch
                    again[exit_node]["pred"] = BACK - row
                    size = push(heap, size, (cost << bits) | exit_node)
            row = rows[row]["next"]
        taken, came = -1, -1
        if on_path[node] == epoch:
            taken, came = succ[node], labels[node]["pred"]
        for arc in range(start[node], start[node + 1]):
            step, edge = arcs[arc]["cost"], arcs[arc]["edge"]
            if step < 0 or edge in (closed_edge, taken):
                continue
            if edge == came:
                step = -step
            head = arcs[arc]["head"]
            cost = base + step - _potential(labels, head, epoch, cap)
            if cost > most:
                continue
            if _lower(again, head, epoch, cost):
                again[head]["dist"], again[head]["stamp"] = cost, epoch
                again[head]["pred"] = edge
                size = push(heap, size, (cost << bits) | head)
    return best, most


@compiled
def _lower(labels: Labels, node: int, epoch: int, cost: int) -> bool:
    """Whether a cost is below what a node's label says."""
    return bool(labels[node]["stamp"] != epoch or cost < labels[node]["dist"])


@compiled
def _potential(labels: Labels, node: int, epoch: int, cap: int) -> int:
    """The first search's label, at most `cap`."""
    if labels[node]["stamp"] != epoch:
        return cap
    return min(int(labels[node]["dist"]), cap)


@compiled
def potentials(
    labels: Labels, again: Labels, epoch: int, cap: int, reduced: int, nodes: Ints, values: Longs
) -> int:
    """Write the nodes whose potential after both units is below the sink's, and it; their number.

    `nodes` and `values` have room for every node.
    """
    count = 0
    for node in range(len(labels)):
        if labels[node]["stamp"] != epoch and again[node]["stamp"] != epoch:
            continue
        value = _potential(labels, node, epoch, cap) + _potential(again, node, epoch, reduced)
        if value < cap + reduced:
            nodes[count], values[count] = node, value
            count += 1
    return count
