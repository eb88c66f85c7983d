"""Coordinates: EPSG:4490 as stored, metres around the city, and GCJ-02 for display only.

Lengths are geodesic on the CGCS2000 ellipsoid. The metric projection is for distances and strips of
metres only: a transverse Mercator on the city's meridian, whose scale is wrong by less than 5e-5
within 60 km of it.
"""

from functools import cache
from math import pi
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Floats = npt.NDArray[np.float64]

STORED_CRS: Final = "EPSG:4490"
# CGCS2000, GB/T 22021 and EPSG:1024.
SEMI_MAJOR_M: Final = 6_378_137.0
INVERSE_FLATTENING: Final = 298.257222101
ELLIPSOID: Final = pyproj.Geod(a=SEMI_MAJOR_M, rf=INVERSE_FLATTENING)
CITY_MERIDIAN: Final = 106.7
# Half a centimetre: a coordinate is kept with seven decimals.
DECIMALS: Final = 7

# The published GCJ-02 forward formula is on the Krassovsky 1940 ellipsoid.
GCJ_SEMI_MAJOR_M: Final = 6_378_245.0
GCJ_ECCENTRICITY_SQUARED: Final = 0.006_693_421_622_965_943_23
GCJ_BOUNDS: Final = (72.004, 0.8293, 137.8347, 55.8271)
INVERSE_ROUNDS: Final = 5


def geodesic_m(lon: Floats | list[float], lat: Floats | list[float]) -> float:
    """Length in metres of the line through the points, degrees."""
    return float(ELLIPSOID.line_length(lon, lat))


class MetricProjection:
    """Degrees to metres and back: a transverse Mercator on one meridian."""

    def __init__(self, meridian: float = CITY_MERIDIAN) -> None:
        metric = (
            f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0"
            f" +a={SEMI_MAJOR_M} +rf={INVERSE_FLATTENING} +units=m"
        )
        degrees = f"+proj=longlat +a={SEMI_MAJOR_M} +rf={INVERSE_FLATTENING}"
        self._transformer = pyproj.Transformer.from_crs(degrees, metric, always_xy=True)

    def forward(self, points: Floats) -> Floats:
        """Points of shape (n, 2), degrees, as metres."""
        x, y = self._transformer.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    def inverse(self, points: Floats) -> Floats:
        """Points of shape (n, 2), metres, as degrees."""
        x, y = self._transformer.transform(points[:, 0], points[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    def to_metres(self, geometries: Any) -> Any:
        """A shapely geometry, or an array of them, in degrees, as metres."""
        return shapely.transform(geometries, self.forward)

    def to_degrees(self, geometries: Any) -> Any:
        """A shapely geometry, or an array of them, in metres, as degrees."""
        return shapely.transform(geometries, self.inverse)


@cache
def city_projection() -> MetricProjection:
    """The metric projection of the city."""
    return MetricProjection()


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """A stored point as Chinese web maps draw it. For display only, never stored or measured."""
    points = to_gcj02_many(np.array([[lon, lat]]))
    return float(points[0, 0]), float(points[0, 1])


def from_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The stored point that is drawn at a GCJ-02 point, to better than a millimetre."""
    points = from_gcj02_many(np.array([[lon, lat]]))
    return float(points[0, 0]), float(points[0, 1])


def to_gcj02_many(points: Floats) -> Floats:
    """Points of shape (n, 2), degrees; those outside the formula's bounds are left as they are."""
    lon, lat = points[:, 0], points[:, 1]
    west, south, east, north = GCJ_BOUNDS
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return np.where(inside[:, None], points + _gcj_shift(lon, lat), points)


def from_gcj02_many(points: Floats) -> Floats:
    """The inverse of `to_gcj02_many`, by fixed point: the shift varies by 1e-4 of a step."""
    found = points
    for _ in range(INVERSE_ROUNDS):
        found = found - (to_gcj02_many(found) - points)
    return found


def _gcj_shift(lon: Floats, lat: Floats) -> Floats:
    """How far GCJ-02 moves a point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    both = (20.0 * np.sin(6.0 * x * pi) + 20.0 * np.sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20.0 * np.sin(y * pi) + 40.0 * np.sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * pi) + 320.0 * np.sin(y / 30.0 * pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20.0 * np.sin(x * pi) + 40.0 * np.sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * pi) + 300.0 * np.sin(x / 30.0 * pi)) * 2.0 / 3.0
    latitude = np.radians(lat)
    magic = 1.0 - GCJ_ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = GCJ_SEMI_MAJOR_M * (1.0 - GCJ_ECCENTRICITY_SQUARED) / (magic * np.sqrt(magic))
    parallel = GCJ_SEMI_MAJOR_M / np.sqrt(magic) * np.cos(latitude)
    return np.column_stack([np.degrees(east / parallel), np.degrees(north / meridian)])
