"""Where the city is: a generous outline, for refusing what plainly lies elsewhere."""

import json
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
    """An area that things have to lie in; `near` is its bounding box and half a degree around."""

    def __init__(self, geometry: Any) -> None:
        shapely.prepare(geometry)
        self._geometry = geometry
        west, south, east, north = geometry.bounds
        self._near = shapely.box(
            west - NEAR_DEGREES, south - NEAR_DEGREES, east + NEAR_DEGREES, north + NEAR_DEGREES
        )

    def covers(self, geometries: Any) -> npt.NDArray[np.bool_]:
        """Which geometries (degrees) lie wholly inside."""
        return np.asarray(shapely.covers(self._geometry, geometries))

    def contains(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which points lie inside."""
        return np.asarray(shapely.intersects_xy(self._geometry, lon, lat))

    def is_near(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> npt.NDArray[np.bool_]:
        """Which points lie in the city or not far from it."""
        return np.asarray(shapely.intersects_xy(self._near, lon, lat))


@cache
def city_outline() -> Outline:
    """The outline of Guiyang."""
    features = json.loads(OUTLINES.read_text("utf-8"))["features"]
    districts = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    return Outline(shapely.union_all(districts).buffer(TOLERANCE_DEGREES))
