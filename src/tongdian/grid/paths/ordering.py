"""Neighbours on the ground as neighbours in memory: a search then finds them in the cache."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

BITS: Final = 16


@dataclass(frozen=True)
class Ordering:
    """New tables from old: `node[i]` is the old row of new node i, `edge[j]` of new edge j, and
    `ends` (m, 2) the ends of the new edges in new node rows."""

    node: Rows
    edge: Rows
    ends: npt.NDArray[np.int32]


def spatial_ordering(lon: Floats, lat: Floats, ends: npt.NDArray[np.integer]) -> Ordering:
    """Nodes along a Z-order curve (Morton 1966), edges by their first node.

    `lon`, `lat` (n,) degrees, `ends` (m, 2) node rows. On a city of a million nodes that came in
    random order it makes a search several times quicker.
    """
    node = np.argsort(_morton(lon, lat), kind="stable")
    new_row = np.empty(len(node), dtype=np.int32)
    new_row[node] = np.arange(len(node), dtype=np.int32)
    renamed = np.sort(new_row[ends], axis=1) if len(ends) else np.empty((0, 2), dtype=np.int32)
    edge = np.lexsort((renamed[:, 1], renamed[:, 0]))
    return Ordering(node, edge, renamed[edge])


def _morton(lon: Floats, lat: Floats) -> Rows:
    code = np.zeros(len(lon), dtype=np.int64)
    for values, shift in ((lon, 0), (lat, 1)):
        low = values.min() if len(values) else 0.0
        span = (values.max() - low if len(values) else 0.0) or 1.0
        level = ((values - low) / span * ((1 << BITS) - 1)).astype(np.int64)
        for bit in range(BITS):
            code |= ((level >> bit) & 1) << (2 * bit + shift)
    return code
