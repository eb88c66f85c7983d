"""Green belts, parks, forest and trees of the synthetic city, laid along its roads."""

from typing import Any, Final

import numpy as np
import shapely

from tongdian.city.areas import Floats
from tongdian.city.roads import Roads, Row
from tongdian.works.kinds import FOREST, GREEN, TREE

BELT_SHARE: Final = 0.6
BELT_M: Final = (3.0, 9.0)
PARK_SHARE: Final = 0.08
PROTECTIVE_SHARE: Final = 0.03
PARK_RADIUS_M: Final = (40.0, 150.0)
FOREST_SHARE: Final = 0.8
FOREST_RADIUS_M: Final = (60.0, 300.0)
CORNERS: Final = 12
# Trees of record a road: share of roads with one, years, radius of the crown, metres from the road.
RECORDED: Final = {
    "ancient": (0.25, (100, 800), (4.0, 12.0), (2.0, 35.0)),
    "big": (0.6, (40, 99), (3.0, 7.0), (1.0, 20.0)),
}
STREET_AGE: Final = (5, 40)
STREET_CROWN_M: Final = (1.0, 4.0)
KERB_M: Final = 1.5


def lay_green(roads: Roads, source: np.random.Generator) -> list[Row]:
    """Belts and parks in town, forest about the villages."""
    rows: list[Row] = []
    for line, grade, width, road in zip(
        roads.lines, roads.grades, roads.widths.tolist(), roads.rows, strict=True
    ):
        name = road["names"]
        if grade == "village":
            if source.random() < FOREST_SHARE:
                shape = _blob(line, FOREST_RADIUS_M, 20.0, source)
                rows.append(_area("W", FOREST, "forest", f"{name}林地", shape, rows))
            continue
        if source.random() < BELT_SHARE:
            shape = _belt(line, width, source)
            rows.append(_area("G", GREEN, "green_belt", f"{name}绿带", shape, rows))
        if source.random() < PARK_SHARE:
            shape = _blob(line, PARK_RADIUS_M, 10.0 + width, source)
            rows.append(_area("G", GREEN, "park", f"{name}公园", shape, rows))
        if source.random() < PROTECTIVE_SHARE:
            shape = _blob(line, PARK_RADIUS_M, 5.0 + width, source)
            rows.append(_area("G", GREEN, "protective", f"{name}防护绿地", shape, rows))
    return rows


def _area(letter: str, kind: str, grade: str, name: str, shape: Any, rows: list[Row]) -> Row:
    identifier = f"{letter}{len(rows) + 1:05d}"
    return {"ids": identifier, "kinds": kind, "grades": grade, "names": name, "geometry": shape}


def _belt(line: Any, width_m: float, source: np.random.Generator) -> Any:
    """A strip beside the longest straight of a road, on one side."""
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    longest = int(np.argmax((steps**2).sum(axis=1)))
    start, step = points[longest], steps[longest]
    across = np.array([-step[1], step[0]]) / np.hypot(*step) * source.choice([-1, 1])
    inner = width_m / 2 + 0.5
    outer = inner + source.uniform(*BELT_M)
    near, far = start + 0.05 * step, start + 0.95 * step
    corners = [near + inner * across, far + inner * across, far + outer * across]
    return shapely.Polygon([*corners, near + outer * across])


def _blob(
    line: Any, radius_m: tuple[float, float], gap_m: float, source: np.random.Generator
) -> Any:
    """An irregular piece of land beside a road."""
    radius = float(source.uniform(*radius_m))
    place, across = _beside(line, source)
    centre = place + across * (gap_m / 2 + radius * source.uniform(0.9, 1.6))
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    reach = radius * source.uniform(0.65, 1.15, CORNERS)
    return shapely.Polygon(
        centre + np.column_stack([np.cos(angle), np.sin(angle)]) * reach[:, None]
    )


def _beside(line: Any, source: np.random.Generator) -> tuple[Floats, Floats]:
    """A point on a road, and the unit vector across it to a side."""
    at = float(source.uniform(0.05, 0.9))
    here = shapely.get_coordinates(line.interpolate(at, normalized=True))[0]
    there = shapely.get_coordinates(line.interpolate(at + 0.02, normalized=True))[0]
    step = there - here
    across: Floats = np.array([-step[1], step[0]]) / np.hypot(*step) * source.choice([-1, 1])
    return here, across


def lay_recorded_trees(roads: Roads, source: np.random.Generator) -> list[Row]:
    """Ancient and big trees: few, with age and crown."""
    rows: list[Row] = []
    for line, width, road in zip(roads.lines, roads.widths.tolist(), roads.rows, strict=True):
        for grade, (share, years, crown, distance) in RECORDED.items():
            if source.random() >= share:
                continue
            place, across = _beside(line, source)
            at = place + across * (width / 2 + source.uniform(*distance))
            rows.append(
                {
                    "ids": f"T{len(rows) + 1:06d}", "kinds": TREE, "grades": grade,
                    "names": f"{road['names']}旁" if grade == "ancient" else "",
                    "age_years": int(source.integers(*years, endpoint=True)),
                    "crown_m": round(float(source.uniform(*crown)), 1),
                    "geometry": shapely.Point(at),
                }
            )  # fmt: skip
    return rows


def lay_street_trees(roads: Roads, count: int, source: np.random.Generator) -> list[Row]:
    """So many trees at the kerbs of the roads in town, more on longer ones."""
    town = np.flatnonzero([grade != "village" for grade in roads.grades])
    if count <= 0 or not len(town):
        return []
    lines = roads.lines[town]
    lengths = shapely.length(lines)
    pick = source.choice(len(town), count, p=lengths / lengths.sum())
    at = source.uniform(0.0, 0.97, count)
    here, there = (
        shapely.get_coordinates(shapely.line_interpolate_point(lines[pick], part, normalized=True))
        for part in (at, at + 0.02)
    )
    step = there - here
    side = source.choice([-1.0, 1.0], count) / np.hypot(step[:, 0], step[:, 1])
    away = (roads.widths[town][pick] / 2 + KERB_M) * side
    points = here + np.column_stack([-step[:, 1], step[:, 0]]) * away[:, None]
    ages = source.integers(*STREET_AGE, count).tolist()
    crowns = source.uniform(*STREET_CROWN_M, count).round(1).tolist()
    return [
        {
            "ids": f"S{number + 1:06d}", "kinds": TREE, "grades": "street",
            "age_years": age, "crown_m": crown, "geometry": shape,
        }
        for number, (age, crown, shape) in enumerate(
            zip(ages, crowns, shapely.points(points), strict=True)
        )
    ]  # fmt: skip
