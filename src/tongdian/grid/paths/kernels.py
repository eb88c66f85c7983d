"""The two searches on flat arrays, and the ring of buckets in which nodes wait for them.

A bucket is 2 ** shift fen wide. Buckets are taken in order, and each first in, first out; a node
whose cost falls while its bucket is at hand is scanned again, so that costs are exact whatever the
width. No node is scanned again in a later bucket, for no step costs less than nothing. A bucket
narrower than the cheapest segment needs no second scan at all (Dial 1969; Denardo and Fox 1979); a
heap takes twice the time.

The second search finds the second unit of a least-cost flow on what the first route leaves over.
Costs are reduced by the first search's labels, capped at its own cost, so that none is below zero
(successive shortest paths with potentials: Edmonds and Karp 1972, Suurballe and Tarjan 1984). On
the first route segments may only be given back, at minus their cost; a group that the first route
uses may be entered by another of its attachments, which sends the first route's unit elsewhere.

An entry of a bucket is moved by hand: `free` heads the list of entries given back, `top` counts
those ever used. All of it is one file because of how compiled code is kept, see `compiled`.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled, inlined

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Labels = npt.NDArray[np.void]
Flags = npt.NDArray[np.bool_]

RING: Final = 1024
NONE: Final = -1
# A label's stamp less the query's epoch.
WAITING, SCANNED = 0, 1
EPOCH_STEP: Final = 2
FAR: Final = np.iinfo(np.int64).max
# `pred` of a node that was reached by giving back the first route's attachment: BACK - attachment
# through which its group was entered. Above it are the seeds, -1 and -2.
BACK = -3


class Buckets(NamedTuple):
    """`ring`, `tail` (RING,) the first and last entry of each bucket; `held` and `after` the node
    of each entry and the entry after it; -1 for none."""

    ring: Ints
    tail: Ints
    held: Ints
    after: Ints

    @classmethod
    def of(cls, entries: int) -> "Buckets":
        """Room for `entries`: two for each arc are enough, for its tail is scanned in one bucket
        only and can move its head into two at most."""
        return cls(
            np.empty(RING, dtype=np.int32), np.empty(RING, dtype=np.int32),
            np.empty(entries, dtype=np.int32), np.empty(entries, dtype=np.int32),
        )  # fmt: skip


class Tables(NamedTuple):
    """`start`, `arcs` of the priced graph, `first`, `rows` of the attachments."""

    start: Ints
    arcs: Labels
    first: Ints
    rows: Labels


@inlined
def append(ring: Ints, tail: Ints, after: Ints, own: int, bucket: int, entry: int) -> None:
    """Put an entry at the end of bucket `own`; the last of the ring, counted from `bucket`, keeps
    what is further and hands it on when its turn comes."""
    place = min(own, bucket + RING - 1) & (RING - 1)
    after[entry] = NONE
    if ring[place] < 0:
        ring[place] = entry
    else:
        after[tail[place]] = entry
    tail[place] = entry


@inlined
def enter(
    ring: Ints,
    tail: Ints,
    held: Ints,
    after: Ints,
    node: int,
    own: int,
    bucket: int,
    free: int,
    top: int,
) -> tuple[int, int]:
    """Put a node into bucket `own` by an unused entry; gives `free` and `top` after that."""
    entry = free
    if free >= 0:
        free = after[free]
    else:
        entry = top
        top += 1
    held[entry] = node
    append(ring, tail, after, own, bucket, entry)
    return free, top


@inlined
def is_lower(labels: Labels, node: int, cost: int, epoch: int) -> bool:
    """Whether a cost is below what a node's label says."""
    return bool(labels[node]["stamp"] < epoch or cost < labels[node]["dist"])


@inlined
def lower(labels: Labels, node: int, cost: int, pred: int, epoch: int, shift: int) -> bool:
    """Write a lower cost into a label; tells whether an entry has to be put for it."""
    waits = labels[node]["stamp"] == epoch and labels[node]["dist"] >> shift == cost >> shift
    labels[node]["dist"], labels[node]["pred"] = cost, pred
    labels[node]["stamp"] = epoch
    return not waits


@inlined
def improves(labels: Labels, node: int, cost: int, pred: int, epoch: int, shift: int) -> bool:
    """Write a cost into a label if it is lower; tells whether an entry has to be put for it."""
    return is_lower(labels, node, cost, epoch) and lower(labels, node, cost, pred, epoch, shift)


@compiled
def leap(
    ring: Ints, tail: Ints, held: Ints, after: Ints, labels: Labels, bucket: int, shift: int
) -> int:
    """The next bucket that holds anything, after a whole turn of the ring with nothing to scan;
    every entry is put anew from there."""
    chain, nearest = NONE, FAR
    for place in range(RING):
        while ring[place] >= 0:
            entry = ring[place]
            ring[place] = after[entry]
            after[entry] = chain
            chain = entry
            own = labels[held[entry]]["dist"] >> shift
            if own >= bucket:
                nearest = min(nearest, own)
    if nearest == FAR:  # stale ones alone: they are dropped when met
        nearest = bucket
    while chain >= 0:
        entry, chain = chain, after[chain]
        own = max(nearest, labels[held[entry]]["dist"] >> shift)
        append(ring, tail, after, own, nearest, entry)
    return nearest


@compiled
def explore(
    tables: Tables,
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
    start, arcs, first, rows = tables
    ring, tail, held, after = buckets
    ring[:] = NONE
    number, bucket, idle, waiting, free, top = 0, 0, 0, 0, NONE, 0
    for seed in range(len(seeds)):
        node, cost = seeds[seed], seed_costs[seed]
        if cost <= most and lower(labels, node, cost, -1 - seed, epoch, shift):
            free, top = enter(ring, tail, held, after, node, cost >> shift, bucket, free, top)
            waiting += 1
    while waiting > 0 and bucket << shift <= most:
        entry = ring[bucket & (RING - 1)]
        if entry < 0:
            bucket, idle = bucket + 1, idle + 1
            if idle > RING:
                bucket, idle = leap(ring, tail, held, after, labels, bucket, shift), 0
            continue
        ring[bucket & (RING - 1)] = after[entry]
        node = held[entry]
        dist = labels[node]["dist"]
        if labels[node]["stamp"] == epoch + WAITING and dist >> shift > bucket:
            append(ring, tail, after, dist >> shift, bucket, entry)
            continue
        after[entry], free, waiting, idle = free, entry, waiting - 1, 0
        if labels[node]["stamp"] != epoch + WAITING or dist >> shift < bucket or dist > most:
            continue
        labels[node]["stamp"] = epoch + SCANNED
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
                    free, top = enter(
                        ring, tail, held, after, head, cost >> shift, bucket, free, top
                    )
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
    tables: Tables,
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
    start, arcs, first, rows = tables
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
            free, top = enter(ring, tail, held, after, node, cost >> shift, bucket, free, top)
            waiting += 1
    while waiting > 0 and bucket << shift <= most:
        entry = ring[bucket & (RING - 1)]
        if entry < 0:
            bucket, idle = bucket + 1, idle + 1
            if idle > RING:
                bucket, idle = leap(ring, tail, held, after, again, bucket, shift), 0
            continue
        ring[bucket & (RING - 1)] = after[entry]
        node = held[entry]
        dist = again[node]["dist"]
        if again[node]["stamp"] == epoch + WAITING and dist >> shift > bucket:
            append(ring, tail, after, dist >> shift, bucket, entry)
            continue
        after[entry], free, waiting, idle = free, entry, waiting - 1, 0
        if again[node]["stamp"] != epoch + WAITING or dist >> shift < bucket or dist > most:
            continue
        again[node]["stamp"] = epoch + SCANNED
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
                    and improves(again, exit_node, cost, BACK - row, epoch, shift)
                ):
                    free, top = enter(
                        ring, tail, held, after, exit_node, cost >> shift, bucket, free, top
                    )
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
            if cost <= most and improves(again, head, cost, edge, epoch, shift):
                free, top = enter(ring, tail, held, after, head, cost >> shift, bucket, free, top)
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
