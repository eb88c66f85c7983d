"""Where the city is: a generous outline, for refusing what plainly lies elsewhere."""

import json
import threading
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely
import shapely.geometry

OUTLINES: Final = Path(__file__).parents[1] / "city" / "data" / "guiyang-districts.geojson"
# The outlines are a sketch that may be some hundred metres off: be no stricter than they are true.
TOLERANCE_DEGREES: Final = 0.01
NEAR_DEGREES: Final = 0.5


class Outline:
    """An area that things have to lie in. `is_near` is its bounding box and half a degree around.

    Each thread asks a copy of its own: a prepared geometry of GEOS builds itself on first use, and
    two threads at it bring the process down.
    """

    def __init__(self, geometry: Any) -> None:
        self._wkb = shapely.to_wkb(geometry)
        self._bounds = geometry.bounds
        self._copies = threading.local()

    @property
    def _mine(self) -> Any:
        """This thread's copy, prepared."""
        if not hasattr(self._copies, "geometry"):
            self._copies.geometry = shapely.from_wkb(self._wkb)
            shapely.prepare(self._copies.geometry)
        return self._copies.geometry

    def covers(self, geometries: Any) -> npt.NDArray[np.bool_]:
        """Which geometries (degrees) lie wholly inside."""
        return np.asarray(shapely.covers(self._mine, geometries))

    def contains(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which points lie inside."""
        return np.asarray(shapely.intersects_xy(self._mine, lon, lat))

    def is_near(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which points lie in the city or not far from it."""
        west, south, east, north = self._bounds
        x, y = np.asarray(lon), np.asarray(lat)
        across = (x >= west - NEAR_DEGREES) & (x <= east + NEAR_DEGREES)
        return np.asarray(across & (y >= south - NEAR_DEGREES) & (y <= north + NEAR_DEGREES))


@cache
def city_outline() -> Outline:
    """The outline of Guiyang."""
    features = json.loads(OUTLINES.read_text("utf-8"))["features"]
    districts = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    return Outline(shapely.union_all(districts).buffer(TOLERANCE_DEGREES))
