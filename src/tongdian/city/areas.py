"""Areas on the map, and points laid at random within them. Degrees, EPSG:4490."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# Kilometres of a degree at the latitude of Guiyang, 26.6° N.
KM_PER_LON: Final = 99.5
KM_PER_LAT: Final = 110.8


class Area:
    """A polygon or several; an immutable shapely geometry behind."""

    def __init__(self, geometry: Any) -> None:
        shapely.prepare(geometry)
        self._geometry = geometry

    @classmethod
    def of(cls, geojson: Mapping[str, Any]) -> "Area":
        """From a GeoJSON geometry."""
        return cls(shapely.geometry.shape(geojson))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        west, south, east, north = self._geometry.bounds
        return west, south, east, north

    def within(self, lon: float, lat: float, radius_km: float) -> "Area":
        """The part no farther from a point than the radius, roughly."""
        disc = shapely.geometry.Point(lon, lat).buffer(radius_km / KM_PER_LAT)
        return Area(self._geometry.intersection(disc))

    def contains(self, lon: Floats, lat: Floats) -> Bools:
        """Which of the points lie inside."""
        return np.asarray(shapely.contains_xy(self._geometry, lon, lat))

    def scatter(self, count: int, source: np.random.Generator) -> tuple[Floats, Floats]:
        """So many points anywhere inside, with six decimals."""
        west, south, east, north = self.bounds
        lon, lat = np.empty(0), np.empty(0)
        while len(lon) < count:
            some_lon = source.uniform(west, east, 2 * count + 8).round(6)
            some_lat = source.uniform(south, north, 2 * count + 8).round(6)
            good = self.contains(some_lon, some_lat)
            lon, lat = np.append(lon, some_lon[good]), np.append(lat, some_lat[good])
        return lon[:count], lat[:count]

    def cluster(
        self,
        centre: tuple[float, float],
        radius_km: float,
        count: int,
        source: np.random.Generator,
    ) -> tuple[Floats, Floats]:
        """So many points inside, most of them within the radius of a centre that lies inside."""
        spread = radius_km / 1.5
        lon, lat = np.empty(0), np.empty(0)
        while len(lon) < count:
            some_lon = source.normal(centre[0], spread / KM_PER_LON, 2 * count + 8).round(6)
            some_lat = source.normal(centre[1], spread / KM_PER_LAT, 2 * count + 8).round(6)
            good = self.contains(some_lon, some_lat)
            lon, lat = np.append(lon, some_lon[good]), np.append(lat, some_lat[good])
        return lon[:count], lat[:count]
