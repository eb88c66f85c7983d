"""Roads and bridges of the synthetic city: its streets with class, width and history."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
from shapely import ops

from tongdian.city.areas import Floats
from tongdian.city.places import RURAL
from tongdian.city.streets import Streets
from tongdian.works.kinds import BRIDGE, BUILT_AS, ROAD
from tongdian.works.projection import city_projection

Row = dict[str, Any]

URBAN_GRADES: Final = ("expressway", "arterial", "secondary", "branch")
URBAN_SHARES: Final = (0.02, 0.13, 0.30, 0.55)
WIDTH_M: Final = {
    "expressway": 50.0, "arterial": 40.0, "secondary": 24.0, "branch": 12.0, "village": 5.0,
}  # fmt: skip
YEAR: Final = 365
YOUNG_SHARE: Final = 0.15
BUILT_AS_SHARES: Final = (0.7, 0.15, 0.15)
OVERHAULED_SHARE: Final = 0.25
BRIDGE_SHARE: Final = 0.25
BRIDGE_GRADES: Final = frozenset({"expressway", "arterial", "secondary"})
BRIDGE_M: Final = (40.0, 140.0)


@dataclass(frozen=True)
class Roads:
    """One road for each street that is long enough; `lines` in metres, `rows` as CityObjects.

    `street` indexes the city's streets.
    """

    street: npt.NDArray[np.intp]
    lines: npt.NDArray[np.object_]
    grades: list[str]
    widths: Floats
    rows: list[Row]


def street_line(streets: Streets, street: int) -> Any:
    """A street's centre line in metres; None for one that is a single point."""
    points = city_projection().forward(np.array(streets.polyline(street)))
    moved = np.append(True, (np.abs(np.diff(points, axis=0)) > 1).any(axis=1))
    return shapely.LineString(points[moved]) if moved.sum() > 1 else None


def lay_roads(streets: Streets, until: date, source: np.random.Generator) -> Roads:
    """A road for each street, as it stands on a day: some still within their moratorium."""
    every = np.empty(len(streets), dtype=object)
    every[:] = [street_line(streets, index) for index in range(len(streets))]
    street = np.flatnonzero([line is not None and line.is_simple for line in every])
    count = len(street)
    drawn = source.choice(URBAN_GRADES, count, p=URBAN_SHARES)
    grades = np.where(streets.zone[street] == RURAL, "village", drawn).tolist()
    widths = np.array([WIDTH_M[grade] for grade in grades]) * source.uniform(0.9, 1.15, count)
    widths = (2 * widths).round() / 2
    rows = []
    for order, index in enumerate(street.tolist()):
        built, how, overhauled = _history(until, source)
        rows.append(
            {
                "ids": f"R{index + 1:05d}", "kinds": ROAD, "grades": grades[order],
                "names": str(streets.name[index]), "width_m": float(widths[order]),
                "built_on": built, "built_as": how, "overhauled_on": overhauled,
                "geometry": every[index],
            }
        )  # fmt: skip
    return Roads(street, every[street], grades, widths, rows)


def _history(until: date, source: np.random.Generator) -> tuple[date, str, date | None]:
    """Delivered when and as what, and the last overhaul."""
    young = source.random() < YOUNG_SHARE
    age = int(source.integers(30, 5 * YEAR) if young else source.integers(5 * YEAR, 30 * YEAR))
    how = str(source.choice(BUILT_AS, p=BUILT_AS_SHARES))
    overhauled = None
    if not young and source.random() < OVERHAULED_SHARE:
        overhauled = until - timedelta(days=int(source.integers(20, min(age, 9 * YEAR))))
    return until - timedelta(days=age), how, overhauled


def lay_bridges(roads: Roads, source: np.random.Generator) -> list[Row]:
    """A bridge on some of the larger roads, somewhere in its middle."""
    rows: list[Row] = []
    for order, line in enumerate(roads.lines):
        if roads.grades[order] not in BRIDGE_GRADES or source.random() >= BRIDGE_SHARE:
            continue
        metres = float(source.uniform(*BRIDGE_M))
        start = float(source.uniform(0.3, 0.6)) * line.length
        road = roads.rows[order]
        rows.append(
            {
                "ids": f"B{len(rows) + 1:05d}", "kinds": BRIDGE, "grades": "bridge",
                "names": f"{road['names']}桥", "width_m": float(roads.widths[order]),
                "on_road": road["ids"],
                "geometry": ops.substring(line, start, start + metres),
            }
        )  # fmt: skip
    return rows
