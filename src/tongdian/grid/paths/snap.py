"""From a place on the map to the nearest segment: a grid of cells over the segments."""

from dataclasses import dataclass
from math import cos, isfinite, radians
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.graph import Floats, Ints, StreetGraph, metres_per_degree
from tongdian.grid.paths.network import Origin
from tongdian.grid.paths.prices import Fen, Prices
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.storage import shown

CELL_M: Final = 150.0
# A foot this close to a crossing is the crossing: both ways out of it are then open.
AT_NODE_M: Final = 0.5
MOST_ASIDE_M: Final = 500.0
MOST_CELLS: Final = 1 << 25


@dataclass(frozen=True)
class SegmentGrid:
    """`frame` (6,): west and south edge, degrees of a cell east and north, columns, rows.
    The segments of cell c are `cell_edge[cell_start[c] : cell_start[c + 1]]`."""

    frame: Floats
    cell_start: Ints
    cell_edge: Ints

    @classmethod
    def of(cls, graph: StreetGraph, cell_m: float = CELL_M) -> "SegmentGrid":
        """A grid over the graph's extent; cells are larger where there would be too many."""
        west, south = float(graph.lon.min()), float(graph.lat.min())
        east, north = float(graph.lon.max()), float(graph.lat.max())
        per_east, per_north = metres_per_degree((south + north) / 2)
        area = (east - west) * float(per_east) * (north - south) * float(per_north)
        side = max(cell_m, (area / MOST_CELLS) ** 0.5)
        step_x, step_y = side / float(per_east), side / float(per_north)
        columns, rows = int((east - west) / step_x) + 1, int((north - south) / step_y) + 1
        frame = np.array([west, south, step_x, step_y, columns, rows], dtype=np.float64)
        counts = np.zeros(columns * rows + 1, dtype=np.int64)
        spread(graph.lon, graph.lat, graph.ends, frame, counts, np.empty(0, dtype=np.int32))
        start = np.zeros(columns * rows + 1, dtype=np.int64)
        np.cumsum(counts[:-1], out=start[1:])
        edges = np.empty(int(start[-1]), dtype=np.int32)
        spread(graph.lon, graph.lat, graph.ends, frame, start.copy(), edges)
        return cls(frame, start.astype(np.int32), edges)


def snap(
    grid: SegmentGrid,
    graph: StreetGraph,
    prices: Prices,
    lon: float,
    lat: float,
    max_aside_m: float = MOST_ASIDE_M,
) -> Origin:
    """The nearest place on a segment where laying is allowed, no further than `max_aside_m`.

    Equally near segments fall by the lower row. Raises PathError: coordinates that are no numbers,
    that are swapped, or a place outside the city or far from any street.
    """
    _refuse_bad_place(grid, lon, lat, max_aside_m)
    per_east, per_north = (float(value) for value in metres_per_degree(lat))
    edge, share, aside_m = closest(
        shown(graph.lon), shown(graph.lat), shown(graph.ends), shown(prices.cost_fen),
        shown(grid.frame), shown(grid.cell_start), shown(grid.cell_edge),
        lon, lat, per_east, per_north, max_aside_m,
    )  # fmt: skip
    if edge < 0:
        raise PathError(
            "no_street", "lon, lat",
            (f"({lon}, {lat}) 周围 {max_aside_m:g} 米内没有可敷设的道路",
             f"no street where laying is allowed within {max_aside_m:g} m of ({lon}, {lat})"),
            ("请在道路旁取点，或补充路网。",
             "Take a place beside a street, or complete the streets."),
        )  # fmt: skip
    a, b = graph.ends[edge].tolist()
    foot = [float(c[a] + share * (c[b] - c[a])) for c in (graph.lon, graph.lat)]
    length = float(np.hypot(
        (graph.lon[b] - graph.lon[a]) * per_east, (graph.lat[b] - graph.lat[a]) * per_north
    ))  # fmt: skip
    near = min(share, 1 - share) * length <= AT_NODE_M
    if near:
        node = a if share < 0.5 else b
        return Origin(node, -1, 0.0, float(graph.lon[node]), float(graph.lat[node]), aside_m)
    return Origin(-1, edge, share, foot[0], foot[1], aside_m)


def _refuse_bad_place(grid: SegmentGrid, lon: float, lat: float, max_aside_m: float) -> None:
    if not (isfinite(lon) and isfinite(lat)):
        raise PathError(
            "not_a_number", "lon, lat",
            (f"坐标 ({lon}, {lat}) 不是有效数字", f"({lon}, {lat}) is no place"),
            ("请给出以度为单位的经度和纬度。", "Give longitude and latitude in degrees."),
        )  # fmt: skip
    west, south, step_x, step_y, columns, rows = grid.frame.tolist()
    margin_y = max_aside_m / 110_000
    margin_x = margin_y / max(cos(radians(south)), 0.01)
    east, north = west + columns * step_x, south + rows * step_y

    def inside(x: float, y: float) -> bool:
        across = west - margin_x <= x <= east + margin_x
        return bool(across and south - margin_y <= y <= north + margin_y)

    if inside(lon, lat):
        return
    if inside(lat, lon):
        raise PathError(
            "swapped", "lon, lat",
            (f"({lon}, {lat}) 的经纬度写反了", f"({lon}, {lat}) is swapped"),
            (f"请写成 ({lat}, {lon})：经度在前。", f"Write ({lat}, {lon}): longitude first."),
        )  # fmt: skip
    raise PathError(
        "outside_city", "lon, lat",
        (f"({lon}, {lat}) 不在路网范围内："
         f"经度 {west:.4f} 至 {east:.4f}，纬度 {south:.4f} 至 {north:.4f}",
         f"({lon}, {lat}) is outside the streets' extent: longitude {west:.4f} to {east:.4f},"
         f" latitude {south:.4f} to {north:.4f}"),
        ("请在本市范围内取点。", "Take a place within the city."),
    )  # fmt: skip


@compiled
def _cell(value: float, low: float, step: float, count: float) -> int:
    return max(0, min(int(count) - 1, int(np.floor((value - low) / step))))


@compiled
def spread(
    lon: Floats, lat: Floats, ends: Ints, frame: Floats, place: npt.NDArray[np.int64], into: Ints
) -> None:
    """Count the segments of each cell in `place`, or, with room in `into`, put them there."""
    west, south, step_x, step_y, columns, rows = frame
    for edge in range(len(ends)):
        a, b = ends[edge]
        left = _cell(min(lon[a], lon[b]), west, step_x, columns)
        right = _cell(max(lon[a], lon[b]), west, step_x, columns)
        low = _cell(min(lat[a], lat[b]), south, step_y, rows)
        high = _cell(max(lat[a], lat[b]), south, step_y, rows)
        for row in range(low, high + 1):
            for column in range(left, right + 1):
                cell = row * int(columns) + column
                if len(into) > 0:
                    into[place[cell]] = edge
                place[cell] += 1


@compiled
def closest(
    lon: Floats,
    lat: Floats,
    ends: Ints,
    cost: Fen,
    frame: Floats,
    cell_start: Ints,
    cell_edge: Ints,
    x: float,
    y: float,
    per_east: float,
    per_north: float,
    most_m: float,
) -> tuple[int, float, float]:
    """Segment, share along it and metres to it, of the nearest that has a cost; -1 if none."""
    west, south, step_x, step_y, columns, rows = frame
    middle = int(np.floor((x - west) / step_x))
    centre = int(np.floor((y - south) / step_y))
    cell_m = min(step_x * per_east, step_y * per_north)
    best, best_share, best_m = -1, 0.0, most_m
    ring = 0
    # A segment whose cells begin `ring` cells away is at least ring - 1 whole cells away.
    while (ring - 1) * cell_m <= best_m:
        for row in range(max(0, centre - ring), min(int(rows) - 1, centre + ring) + 1):
            edge_row = abs(row - centre) == ring
            for column in range(max(0, middle - ring), min(int(columns) - 1, middle + ring) + 1):
                if not edge_row and abs(column - middle) != ring:
                    continue
                cell = row * int(columns) + column
                for slot in range(cell_start[cell], cell_start[cell + 1]):
                    edge = cell_edge[slot]
                    if cost[edge] < 0:
                        continue
                    a, b = ends[edge]
                    ax, ay = (lon[a] - x) * per_east, (lat[a] - y) * per_north
                    dx, dy = (lon[b] - lon[a]) * per_east, (lat[b] - lat[a]) * per_north
                    square = dx * dx + dy * dy
                    share = 0.0
                    if square > 0:
                        share = min(1.0, max(0.0, -(ax * dx + ay * dy) / square))
                    metres = np.hypot(ax + share * dx, ay + share * dy)
                    if metres < best_m or (metres == best_m and (best < 0 or edge < best)):
                        best, best_share, best_m = edge, share, metres
        ring += 1
    return best, best_share, best_m
