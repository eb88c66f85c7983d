"""The street and duct graph: straight segments between nodes, as flat arrays in CSR form.

A curved street is several segments. Two segments may join the same two nodes (both sides of a
boulevard); a segment from a node to itself is refused.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.storage import shown

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Flags = npt.NDArray[np.uint8]

# What is true of a segment; a segment's `flags` is their sum.
DUCT: Final = 1  # a duct or trench of the utility with a free way
OVERHEAD: Final = 2  # an overhead line is allowed
CROSSING: Final = 4  # the segment crosses a carriageway
MORATORIUM: Final = 8  # the road may not be dug yet (城市道路管理条例 33)
GREEN: Final = 16  # green land
BRIDGE: Final = 32  # on a bridge
ALL_FLAGS: Final = DUCT | OVERHEAD | CROSSING | MORATORIUM | GREEN | BRIDGE

MOST_NODES: Final = 1 << 26


@dataclass(frozen=True)
class StreetGraph:
    """n nodes, m segments. `lon`, `lat` (n,) degrees; `ends` (m, 2) node rows; `length_m` (m,);
    `flags` (m,). The arcs of node i are `start[i]` to `start[i + 1]`: `arc_head` the node at the
    other end, `arc_edge` the segment; `edge_arcs` (m, 2) says which two arcs a segment is.
    """

    lon: Floats
    lat: Floats
    ends: Ints
    length_m: Floats
    flags: Flags
    start: Ints
    arc_head: Ints
    arc_edge: Ints
    edge_arcs: Ints

    @classmethod
    def build(
        cls,
        lon: npt.ArrayLike,
        lat: npt.ArrayLike,
        ends: npt.ArrayLike,
        length_m: npt.ArrayLike | None = None,
        flags: npt.ArrayLike | None = None,
    ) -> "StreetGraph":
        """From node and segment tables; lengths are measured when not given.

        Raises PathError with the row: coordinates that are no numbers or out of range, ends that
        are no nodes, a segment from a node to itself, a length that is not above zero.
        """
        lons = np.ascontiguousarray(lon, dtype=np.float64)
        lats = np.ascontiguousarray(lat, dtype=np.float64)
        pairs = np.asarray(ends, dtype=np.int64).reshape(-1, 2)
        _refuse_bad_nodes(lons, lats)
        _refuse_bad_ends(pairs, len(lons))
        count = len(pairs)
        measured = between_m(lons, lats, pairs[:, 0], pairs[:, 1])
        metres = measured if length_m is None else np.array(length_m, dtype=np.float64)
        marks = np.zeros(count) if flags is None else np.asarray(flags)
        _refuse_bad_columns(metres, marks, count)
        tails = pairs.T.ravel()
        order = np.argsort(tails, kind="stable")
        place = np.empty(2 * count, dtype=np.int32)
        place[order] = np.arange(2 * count, dtype=np.int32)
        start = np.zeros(len(lons) + 1, dtype=np.int32)
        np.cumsum(np.bincount(tails, minlength=len(lons)), out=start[1:])
        heads = pairs[:, ::-1].T.ravel()[order].astype(np.int32)
        edges = np.tile(np.arange(count, dtype=np.int32), 2)[order]
        parts = (
            lons, lats, pairs.astype(np.int32), metres, marks.astype(np.uint8), start, heads, edges,
            np.ascontiguousarray(place.reshape(2, count).T),
        )  # fmt: skip
        return cls(*(shown(part) for part in parts))

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    @property
    def edges(self) -> int:
        """Number of segments."""
        return len(self.ends)


def metres_per_degree(lat: float | Floats) -> tuple[Floats, Floats]:
    """Metres of a degree of longitude and of latitude at a latitude, on the CGCS2000 ellipsoid."""
    angle = np.radians(lat)
    east = 111_412.84 * np.cos(angle) - 93.5 * np.cos(3 * angle) + 0.118 * np.cos(5 * angle)
    north = 111_132.92 - 559.82 * np.cos(2 * angle) + 1.175 * np.cos(4 * angle)
    return east, north


def between_m(
    lon: Floats, lat: Floats, a: npt.NDArray[np.integer], b: npt.NDArray[np.integer]
) -> Floats:
    """Straight distances in metres between node rows `a` and `b`; good to 1e-5 below 10 km."""
    east, north = metres_per_degree((lat[a] + lat[b]) / 2)
    distance: Floats = np.hypot((lon[a] - lon[b]) * east, (lat[a] - lat[b]) * north)
    return distance


def _first(wrong: npt.NDArray[np.bool_]) -> int | None:
    rows = np.flatnonzero(wrong)
    return int(rows[0]) if len(rows) else None


def _refuse_bad_nodes(lon: Floats, lat: Floats) -> None:
    if lon.ndim != 1 or lon.shape != lat.shape or not 0 < len(lon) <= MOST_NODES:
        raise PathError(
            "bad_shape", "nodes",
            (f"lon 与 lat 应为等长的一维数组，1 到 {MOST_NODES} 个节点",
             f"lon and lat must be columns of equal length, 1 to {MOST_NODES} nodes"),
            ("请检查节点表。", "Check the node table."),
        )  # fmt: skip
    row = _first(~(np.isfinite(lon) & np.isfinite(lat)))
    if row is not None:
        raise PathError(
            "not_a_number", "nodes", ("坐标不是有效数字", "a coordinate is not a number"),
            ("请删除或补全该节点。", "Remove the node or complete it."), row,
        )  # fmt: skip
    row = _first((np.abs(lon) > 180) | (np.abs(lat) > 85))
    if row is not None:
        raise PathError(
            "out_of_range", "nodes",
            (f"经度 {lon[row]}、纬度 {lat[row]} 超出范围",
             f"longitude {lon[row]}, latitude {lat[row]} is out of range"),
            ("请用 EPSG:4490，经度在前，单位为度。",
             "Use EPSG:4490, longitude first, degrees."), row,
        )  # fmt: skip


def _refuse_bad_ends(ends: npt.NDArray[np.int64], nodes: int) -> None:
    unknown = (ends < 0) | (ends >= nodes)
    row = _first(unknown[:, 0] | unknown[:, 1])
    if row is not None:
        raise PathError(
            "unknown_node", "segments",
            (f"端点 {ends[row].tolist()} 不在 0 到 {nodes - 1} 之间",
             f"the ends {ends[row].tolist()} are not within 0 to {nodes - 1}"),
            ("请改正端点。", "Correct the ends."), row,
        )  # fmt: skip
    row = _first(ends[:, 0] == ends[:, 1])
    if row is not None:
        raise PathError(
            "self_loop", "segments", ("起点与终点相同", "it ends where it starts"),
            ("请删除该路段，或在中间加节点。", "Remove it, or put a node between."), row,
        )  # fmt: skip


def _refuse_bad_columns(length_m: Floats, flags: npt.NDArray[np.generic], count: int) -> None:
    if length_m.shape != (count,) or flags.shape != (count,):
        raise PathError(
            "bad_shape", "segments",
            (f"length_m 与 flags 应各有 {count} 个值",
             f"length_m and flags must be {count} values"),
            ("请检查路段表。", "Check the segment table."),
        )  # fmt: skip
    row = _first(~(np.isfinite(length_m) & (length_m > 0)))
    if row is not None:
        raise PathError(
            "bad_length", "segments",
            (f"长度 {length_m[row]} 不是正数", f"the length {length_m[row]} is not above zero"),
            ("请改正长度，或合并两端重合的节点。", "Correct it, or merge the two nodes."), row,
        )  # fmt: skip
    marks = flags.astype(np.float64)
    row = _first(~((marks >= 0) & (marks <= ALL_FLAGS) & (marks == np.floor(marks))))
    if row is not None:
        raise PathError(
            "unknown_flag", "segments",
            (f"标志 {flags[row]} 不认识", f"the flags {flags[row]} are not known"),
            (f"请用 0 到 {ALL_FLAGS} 的标志之和。", f"Use a sum of flags, 0 to {ALL_FLAGS}."), row,
        )  # fmt: skip
