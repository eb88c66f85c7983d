"""The second unit of a least-cost flow: a search on what the first route leaves over.

Costs are reduced by the first search's labels, capped at its own cost D, so that none is below zero
(successive shortest paths with potentials: Edmonds and Karp 1972, Suurballe and Tarjan 1984). On
the first route segments may only be given back, at minus their cost; a group that the first route
uses may be entered by another of its attachments, which sends the first route's unit elsewhere.
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
from tongdian.grid.paths.compiled import compiled, inlined
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
    buckets: Buckets,
    shift: int,
    most: int,
) -> tuple[int, int]:
    """The row that the second unit ends at and its reduced cost; (-1, `most`) if there is none.

    `used` is the first route's attachment and `cap` its cost; `closed_seed` the seed it left by,
    -1 when both may be used; `closed_edge` the segment that the seeds are parts of, or -1.
    """
    ring, tail, held, after = buckets
    ring[:] = NONE
    best, bucket, idle, waiting, free, top = -1, 0, 0, 0, NONE, 0
    exit_node = rows[used]["node"]
    for seed in range(len(seeds)):
        node = seeds[seed]
        cost = seed_costs[seed] - _potential(labels, node, epoch, cap)
        if seed == closed_seed or cost > most:
            continue
        if lower(again, node, cost, -1 - seed, epoch, shift):
            entry, free, top = take(after, free, top)
            held[entry] = node
            append(ring, tail, after, cost >> shift, bucket, entry)
            waiting += 1
    while waiting > 0:
        entry = ring[bucket & (RING - 1)]
        if entry < 0:
            bucket, idle = bucket + 1, idle + 1
            if idle > RING:
                bucket, idle = leap(buckets, again, bucket, shift), 0
            if bucket << shift > most:
                break
            continue
        ring[bucket & (RING - 1)] = after[entry]
        node = held[entry]
        dist = again[node]["dist"]
        if again[node]["stamp"] == epoch + WAITING and dist >> shift > bucket:
            append(ring, tail, after, dist >> shift, bucket, entry)
            continue
        after[entry], free = free, entry
        waiting -= 1
        if again[node]["stamp"] != epoch + WAITING or dist >> shift < bucket or dist > most:
            continue
        again[node]["stamp"] = epoch + SCANNED
        idle = 0
        base = dist + _potential(labels, node, epoch, cap)
        row = first[node]
        while row >= 0:
            if row < len(feasible) and feasible[row]:
                cost = base + rows[row]["cost"] - cap
                if groups[row] != groups[used]:
                    if cost < most or (cost == most and (best < 0 or row < best)):
                        best, most = row, cost
                # Into the group by another door, and out where the first route came in.
                elif (
                    row != used
                    and cost <= most
                    and is_lower(again, exit_node, cost, epoch)
                    and lower(again, exit_node, cost, BACK - row, epoch, shift)
                ):
                    entry, free, top = take(after, free, top)
                    held[entry] = exit_node
                    append(ring, tail, after, cost >> shift, bucket, entry)
                    waiting += 1
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
            if (
                cost <= most
                and is_lower(again, head, cost, epoch)
                and lower(again, head, cost, edge, epoch, shift)
            ):
                entry, free, top = take(after, free, top)
                held[entry] = head
                append(ring, tail, after, cost >> shift, bucket, entry)
                waiting += 1
    return best, most


@inlined
def _potential(labels: Labels, node: int, epoch: int, cap: int) -> int:
    """The first search's label, at most `cap`."""
    return min(labels[node]["dist"], cap) if labels[node]["stamp"] >= epoch else cap


@compiled
def potentials(
    labels: Labels, again: Labels, epoch: int, cap: int, reduced: int, nodes: Ints, values: Longs
) -> int:
    """Write the nodes whose potential after both units is below the sink's, and it; their number.

    `nodes` and `values` have room for every node.
    """
    count = 0
    for node in range(len(labels)):
        if labels[node]["stamp"] < epoch and again[node]["stamp"] < epoch:
            continue
        value = _potential(labels, node, epoch, cap) + _potential(again, node, epoch, reduced)
        if value < cap + reduced:
            nodes[count], values[count] = node, value
            count += 1
    return count
