"""Nodes waiting to be scanned, in a ring of buckets by cost (Dial 1969; Denardo and Fox 1979).

A bucket is 2 ** shift fen wide. Buckets are taken in order, and each first in, first out; a node
whose cost falls while its bucket is at hand is scanned again, so that costs are exact whatever the
width. No node is scanned again in a later bucket, for no step costs less than nothing. A bucket
narrower than the cheapest segment needs no second scan at all; a heap takes twice the time.

An entry is moved by hand between the functions below: `free` heads the list of entries given back,
`top` counts those ever used.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled, inlined

Ints = npt.NDArray[np.int32]
Labels = npt.NDArray[np.void]

RING: Final = 1024
NONE: Final = -1
# A label's stamp less the query's epoch.
WAITING, SCANNED = 0, 1
EPOCH_STEP: Final = 2
FAR: Final = np.iinfo(np.int64).max


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


@inlined
def take(after: Ints, free: int, top: int) -> tuple[int, int, int]:
    """An unused entry, and `free` and `top` after that."""
    if free >= 0:
        return free, after[free], top
    return top, free, top + 1


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


@compiled
def leap(buckets: Buckets, labels: Labels, bucket: int, shift: int) -> int:
    """The next bucket that holds anything, after a whole turn of the ring with nothing to scan;
    every entry is put anew from there."""
    ring, tail, held, after = buckets
    chain, nearest = NONE, FAR
    for place in range(RING):
        while ring[place] >= 0:
            entry = ring[place]
            ring[place] = after[entry]
            after[entry] = chain
            chain = entry
            own = labels[held[entry]]["dist"] >> shift
            if own > bucket:
                nearest = min(nearest, own)
    if nearest == FAR:  # stale ones alone: they are dropped when met
        nearest = bucket
    while chain >= 0:
        entry, chain = chain, after[chain]
        own = max(nearest, labels[held[entry]]["dist"] >> shift)
        append(ring, tail, after, own, nearest, entry)
    return nearest
