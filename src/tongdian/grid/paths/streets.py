"""Streets that look like a city's, of any size: for tests and benchmarks, deterministic by seed.

A grid of lanes with arterials and secondary streets, bent and jittered, denser in the middle; lanes
missing here and there, a few diagonals, hills without streets, two rivers with few bridges; ducts
along most arterials, overhead lines allowed in the outskirts.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.graph import (
    BRIDGE,
    CROSSING,
    DUCT,
    GREEN,
    MORATORIUM,
    OVERHEAD,
    StreetGraph,
    metres_per_degree,
)
from tongdian.grid.paths.ordering import spatial_ordering

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

CENTRE: Final = (106.7135, 26.5783)
SPACING_M: Final = 80.0
# Lines of the grid between two arterials and between two secondary streets, at random in between.
ARTERIAL_EVERY: Final = (8, 14)
SECONDARY_EVERY: Final = (3, 6)
BRIDGES_EVERY: Final = 3
# A small town has no bridge to spare for every bank.
LEAST_SIDE_FOR_RIVERS: Final = 50
LOST: Final = {"lane": 0.25, "secondary": 0.03, "diagonal": 0.96}
LANE, SECONDARY, ARTERIAL = 0, 1, 2


@dataclass(frozen=True)
class _Lines:
    """Rank of each column and row of the grid."""

    columns: Ints
    rows: Ints


def city_streets(nodes: int, seed: int = 1, spacing_m: float = SPACING_M) -> StreetGraph:
    """A connected street graph of about `nodes` nodes, in spatial order.

    `spacing_m` is the distance of two lanes in the middle of the city.
    """
    source = np.random.default_rng([seed, 17])
    side = max(3, ceil((nodes * 1.025) ** 0.5))
    lines = _Lines(_ranks(side, source), _ranks(side, source))
    column, row = (part.ravel() for part in np.meshgrid(np.arange(side), np.arange(side)))
    x, y = _bent(column, row, side, spacing_m, source)
    ends, rank, line = _segments(column, row, side, lines)
    keep, bridge = _kept(ends, rank, column, row, side, lines, source)
    ends, rank, line, bridge = ends[keep], rank[keep], line[keep], bridge[keep]
    flags = _flags(ends, rank, line, bridge, x, y, side * spacing_m, lines, column, row, source)
    return _largest_part(x, y, ends, flags)


def _ranks(side: int, source: np.random.Generator) -> Ints:
    """Which lines are arterials, secondary streets or lanes."""
    ranks = np.full(side, LANE, dtype=np.int64)
    for rank, (least, most) in ((SECONDARY, SECONDARY_EVERY), (ARTERIAL, ARTERIAL_EVERY)):
        places = source.integers(0, least, 1) + np.append(
            0, np.cumsum(source.integers(least, most + 1, side // least + 1))
        )
        ranks[places[places < side]] = rank
    return ranks


def _bent(
    column: Ints, row: Ints, side: int, spacing_m: float, source: np.random.Generator
) -> tuple[Floats, Floats]:
    """Metres east and north of the centre: jittered, swaying, wider towards the outskirts."""
    u, v = column - side / 2, row - side / 2
    wider = spacing_m * (1 + 1.2 * (u * u + v * v) / (side * side))
    jitter = source.normal(0, 0.12, (2, len(u)))
    wave, phase = source.uniform(25, 60, 4), source.uniform(0, 2 * np.pi, 4)
    sway = [2.5 * np.sin(v / wave[0] + phase[0]), 2.5 * np.sin(u / wave[1] + phase[1])]
    sway[0] += 1.5 * np.sin((u + v) / wave[2] + phase[2])
    sway[1] += 1.5 * np.sin((u - v) / wave[3] + phase[3])
    return wider * (u + jitter[0] + sway[0]), wider * (v + jitter[1] + sway[1])


def _segments(column: Ints, row: Ints, side: int, lines: _Lines) -> tuple[Ints, Ints, Ints]:
    """All segments of the grid with the rank and the number of their line (-1 on diagonals)."""
    here = column + row * side
    east, north = column < side - 1, row < side - 1
    both = east & north
    ends = np.concatenate([
        np.column_stack([here[east], here[east] + 1]),
        np.column_stack([here[north], here[north] + side]),
        np.column_stack([here[both], here[both] + side + 1]),
    ])  # fmt: skip
    rank = np.concatenate([
        lines.rows[row[east]], lines.columns[column[north]], np.full(both.sum(), -1),
    ])  # fmt: skip
    line = np.concatenate([row[east], side + column[north], np.full(both.sum(), -1)])
    return ends, rank, line


def _kept(
    ends: Ints, rank: Ints, column: Ints, row: Ints, side: int, lines: _Lines,
    source: np.random.Generator,
) -> tuple[Flags, Flags]:  # fmt: skip
    """Which segments there are, and which of them are bridges."""
    lost = np.select(
        [rank == LANE, rank == SECONDARY, rank == -1],
        [LOST["lane"], LOST["secondary"], LOST["diagonal"]], 0.0,
    )  # fmt: skip
    keep = source.random(len(ends)) >= lost
    hilly = _in_discs(column, row, side, max(1, side // 30), (3.0, 0.02 * side + 4), source)
    keep &= (rank == ARTERIAL) | ~hilly[ends].any(axis=1)
    bridge = np.zeros(len(ends), dtype=np.bool_)
    if side < LEAST_SIDE_FOR_RIVERS:
        return keep, bridge
    for along, across, ranks in ((column, row, lines.columns), (row, column, lines.rows)):
        bank = across > _river(side, source)[along]
        wet = bank[ends[:, 0]] != bank[ends[:, 1]]
        arterials = np.flatnonzero(ranks == ARTERIAL)
        bridged = np.isin(np.arange(side), arterials[::BRIDGES_EVERY])
        straight = along[ends[:, 0]] == along[ends[:, 1]]
        over = wet & straight & bridged[along[ends[:, 0]]]
        keep &= ~wet | over
        bridge |= over
    return keep, bridge


def _river(side: int, source: np.random.Generator) -> Floats:
    """Where a river runs across the grid, for each line along it."""
    along = np.arange(side)
    turns, phase = source.uniform(0.5, 1.5, 2), source.uniform(0, 2 * np.pi, 2)
    middle = side * source.uniform(0.35, 0.65)
    swing = 0.08 * np.sin(2 * np.pi * turns[0] * along / side + phase[0])
    swing += 0.02 * np.sin(2 * np.pi * 5 * turns[1] * along / side + phase[1])
    return np.asarray(middle + side * swing)


def _in_discs(
    column: Ints, row: Ints, side: int, count: int, radius: tuple[float, float],
    source: np.random.Generator,
) -> Flags:  # fmt: skip
    """Nodes of the grid within one of some discs."""
    inside = np.zeros(len(column), dtype=np.bool_)
    places = source.uniform(0, side, (count, 2))
    for (x, y), reach in zip(places, source.uniform(*radius, count), strict=True):
        inside |= (column - x) ** 2 + (row - y) ** 2 < reach * reach
    return inside


def _flags(
    ends: Ints, rank: Ints, line: Ints, bridge: Flags, x: Floats, y: Floats, extent_m: float,
    lines: _Lines, column: Ints, row: Ints, source: np.random.Generator,
) -> npt.NDArray[np.uint8]:  # fmt: skip
    """What is true of each segment."""
    side = len(lines.columns)
    with_duct = source.random(2 * side + 1)
    ducted = ((rank == ARTERIAL) & (with_duct[line] < 0.8)) | (
        (rank == SECONDARY) & (with_duct[line] < 0.25)
    )
    middle = np.hypot(x[ends].mean(axis=1), y[ends].mean(axis=1))
    overhead = (rank != ARTERIAL) & (middle > 0.25 * extent_m)
    on_arterial = (lines.columns[column] == ARTERIAL) | (lines.rows[row] == ARTERIAL)
    touches = on_arterial[ends[:, 0]] != on_arterial[ends[:, 1]]
    crossing = touches & (source.random(len(ends)) < 0.5)
    # A road is rebuilt a stretch at a time: twelve lines of the grid.
    stretch = source.random((2 * side + 1, side // 12 + 1))
    along = np.where(line >= side, row[ends[:, 0]], column[ends[:, 0]]) // 12
    young = (rank >= SECONDARY) & (stretch[line, along] < 0.08)
    parks = _in_discs(column, row, side, max(1, side // 20), (2.0, 6.0), source)
    green = (rank < ARTERIAL) & parks[ends].any(axis=1)
    flags = np.zeros(len(ends), dtype=np.uint8)
    for flag, here in (
        (DUCT, ducted), (OVERHEAD, overhead), (CROSSING, crossing), (MORATORIUM, young),
        (GREEN, green), (BRIDGE, bridge),
    ):  # fmt: skip
        flags[here] |= flag
    return flags


def _largest_part(x: Floats, y: Floats, ends: Ints, flags: npt.NDArray[np.uint8]) -> StreetGraph:
    """The largest connected part, in spatial order and in degrees."""
    part = parts(len(x), ends.astype(np.int32))
    node = np.flatnonzero(part == np.bincount(part).argmax())
    new_row = np.full(len(x), -1)
    new_row[node] = np.arange(len(node))
    kept = np.flatnonzero(new_row[ends[:, 0]] >= 0)
    per_east, per_north = metres_per_degree(CENTRE[1])
    lon = (CENTRE[0] + x[node] / per_east).round(7)
    lat = (CENTRE[1] + y[node] / per_north).round(7)
    order = spatial_ordering(lon, lat, new_row[ends[kept]])
    return StreetGraph.build(
        lon[order.node], lat[order.node], order.ends, flags=flags[kept][order.edge]
    )


@compiled
def parts(nodes: int, ends: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    """For each node the lowest node of its connected part (union-find, halved paths)."""
    parent = np.arange(nodes).astype(np.int32)
    for edge in range(len(ends)):
        a, b = ends[edge, 0], ends[edge, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a < b:
            parent[b] = a
        else:
            parent[a] = b
    for node in range(nodes):
        root = parent[node]
        while parent[root] != root:
            root = parent[root]
        parent[node] = root
    return parent
