"""A 4-ary heap of packed keys: distance above, node below, so one comparison orders both.

Ties of distance fall by the lower node, on every machine alike. Entries are never moved up again:
a search pushes a second one and passes over the stale first.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled

Keys = npt.NDArray[np.int64]


@compiled
def push(heap: Keys, size: int, key: int) -> int:
    """Put `key` into the heap of `size` entries; gives the new size."""
    place = size
    while place > 0:
        parent = (place - 1) >> 2
        if heap[parent] <= key:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = key
    return size + 1


@compiled
def drop_least(heap: Keys, size: int) -> int:
    """Take `heap[0]`, the least, out of the heap of `size` entries; gives the new size."""
    size -= 1
    key = heap[size]
    place = 0
    while True:
        child = 4 * place + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if heap[other] < heap[least]:
                least = other
        if heap[least] >= key:
            break
        heap[place] = heap[least]
        place = least
    heap[place] = key
    return size
