"""Which coordinates a drawing has: degrees, or CGCS2000 3-degree Gauss-Krüger metres.

Degrees and metres cannot be taken for each other. Metres with a zone number (35, 36) say their
meridian; without one, the meridian is the one that puts the drawing into the city: in Guiyang those
of 105° and 108° lie 300 km apart.
"""

from functools import cache
from math import isfinite
from typing import Final

import numpy as np
import pyproj

from tongdian.works.outline import Outline
from tongdian.works.projection import STORED_CRS, Floats
from tongdian.works.refusals import RouteError

Point = tuple[float, float]
# $INSUNITS: metres of one drawing unit. Nothing said (0) is taken as metres.
METRES_OF_UNIT: Final = {0: 1.0, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0}
WITHOUT_ZONE: Final = {105: "EPSG:4544", 108: "EPSG:4545"}
WITH_ZONE: Final = {35: "EPSG:4523", 36: "EPSG:4524"}
ZONE_METRES: Final = 1_000_000
EASTINGS: Final = (100_000, 900_000)
NORTHINGS: Final = (1_900_000, 6_000_000)
CHINA_DEGREES: Final = (73.0, 136.0, 3.0, 54.0)


def to_degrees(points: list[Point], unit: int, outline: Outline) -> list[Point]:
    """The points of a drawing as EPSG:4490 degrees. Raises RouteError."""
    if not all(isfinite(value) for point in points for value in point):
        raise RouteError(
            "not_a_number",
            "entities",
            ("图中有不是数的坐标", "a coordinate of the drawing is no finite number"),
            ("请检查图形并重新导出。", "Check the drawing and export it again."),
        )
    plane = np.array(points, dtype=np.float64)
    if _all_degrees(plane):
        return _pairs(plane)
    metres = plane * METRES_OF_UNIT.get(unit, 1.0)
    if _in(metres[:, 0], NORTHINGS) and (_in(metres[:, 1], EASTINGS) or _zone(metres[:, 1])):
        raise RouteError(
            "swapped_order",
            "entities",
            ("图中 X 是北坐标，Y 是东坐标", "the drawing has the northing as X"),
            ("请交换 X 和 Y 后导出：X 为东（横）坐标，Y 为北（纵）坐标。",
             "Exchange X and Y: X is the easting, Y the northing."),
        )  # fmt: skip
    zone = _zone(metres[:, 0])
    if zone and _in(metres[:, 1], NORTHINGS):
        return _pairs(_inverse(WITH_ZONE[zone], metres))
    if _in(metres[:, 0], EASTINGS) and _in(metres[:, 1], NORTHINGS):
        tries = [_inverse(code, metres) for code in WITHOUT_ZONE.values()]
        fitting = [t for t in tries if outline.is_near(t[:, 0], t[:, 1]).all()]
        # Where neither fits, any of them says truly that this is not the city.
        return _pairs(fitting[0] if fitting else tries[0])
    raise _neither(plane, unit)


def _all_degrees(plane: Floats) -> bool:
    """Every point is a place of China in degrees, in either order."""
    west, east, south, north = CHINA_DEGREES
    return any(
        _in(plane[:, x], (west, east)) and _in(plane[:, y], (south, north))
        for x, y in ((0, 1), (1, 0))
    )


def _in(values: Floats, bounds: tuple[float, float]) -> bool:
    return bool(((values >= bounds[0]) & (values <= bounds[1])).all())


def _zone(eastings: Floats) -> int | None:
    """The zone number that all eastings begin with."""
    zones = set((eastings // ZONE_METRES).astype(np.int64).tolist())
    return zones.pop() if len(zones) == 1 and zones <= set(WITH_ZONE) else None


@cache
def _transformer(code: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(code, STORED_CRS, always_xy=True)


def _inverse(code: str, metres: Floats) -> Floats:
    lon, lat = _transformer(code).transform(metres[:, 0], metres[:, 1])
    return np.column_stack([lon, lat])


def _pairs(plane: Floats) -> list[Point]:
    return [(float(x), float(y)) for x, y in plane]


def _neither(plane: Floats, unit: int) -> RouteError:
    west, south = plane.min(axis=0)
    east, north = plane.max(axis=0)
    extent = f"X {west:.2f}–{east:.2f}，Y {south:.2f}–{north:.2f}，$INSUNITS={unit}"
    return RouteError(
        "unknown_coordinates",
        "entities",
        (f"看不出图的坐标系：{extent}", f"the coordinates fit no known system: {extent}"),
        ("请用 CGCS2000 三度带高斯-克吕格坐标（米，中央经线 105° 或 108°）或经纬度（度）绘图。",
         "Draw in CGCS2000 3-degree Gauss-Krüger metres (meridian 105° or 108°) or in degrees."),
    )  # fmt: skip
