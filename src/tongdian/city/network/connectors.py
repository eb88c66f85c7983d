"""Roads that join what lies apart: streets that do not meet, villages and towns."""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.streets import parts

Floats = npt.NDArray[np.float64]
Pairs = npt.NDArray[np.int64]

# A second way between parts that are this near, for some of them.
SECOND_WAY_M: Final = 600.0
SECOND_SHARE: Final = 0.3


def connectors(points: Floats, ends: Pairs, source: np.random.Generator) -> Pairs:
    """Pairs of points (k, 2) to join so that all hang together: the least length that does, along
    the triangulation of Delaunay, and some short ones more.

    `points` (n, 2) are whole metres, each once; `ends` (m, 2) what is joined already.
    """
    part = parts(len(points), ends.astype(np.int32))
    edges = _triangulation(points)
    edges = edges[part[edges[:, 0]] != part[edges[:, 1]]]
    length = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T)
    order = np.argsort(length, kind="stable")
    edges, length = edges[order], length[order]
    chosen = _spanning(part.copy(), edges.astype(np.int32))
    chosen |= (length < SECOND_WAY_M) & (source.random(len(edges)) < SECOND_SHARE)
    return np.asarray(edges[chosen])


def _triangulation(points: Floats) -> Pairs:
    """Pairs of rows of points."""
    lines = shapely.delaunay_triangles(shapely.multipoints(points), only_edges=True)
    found = _keys(shapely.get_coordinates(shapely.get_parts(lines)))
    keys = _keys(points)
    order = np.argsort(keys)
    rows = order[np.searchsorted(keys[order], found)]
    # In an order of our own: that of the library may change.
    return np.asarray(np.unique(np.sort(rows.reshape(-1, 2), axis=1), axis=0))


def _keys(points: Floats) -> npt.NDArray[np.int64]:
    whole = np.rint(points).astype(np.int64)
    return np.asarray((whole[:, 0] << 32) + whole[:, 1])


@compiled
def _spanning(parent: npt.NDArray[np.int32], ends: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which of the edges, shortest first, join parts that were apart (Kruskal 1956)."""
    chosen = np.zeros(len(ends), np.bool_)
    for edge in range(len(ends)):
        a, b = ends[edge, 0], ends[edge, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a != b:
            parent[max(a, b)] = min(a, b)
            chosen[edge] = True
    return chosen
