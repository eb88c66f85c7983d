"""The piece of the city that a route's map shows, in metres, and how to turn it to degrees."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

from tongdian.works.geometry import Route
from tongdian.works.projection import city_projection

NARROWEST_M: Final = 240.0
MARGIN: Final = 0.3
# Height to width of every map.
RATIO: Final = 0.75
DRAWING_M: Final = 700.0


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle on the city's metric projection, north up."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, lon: float, lat: float, width_m: float = DRAWING_M) -> "Window":
        """A window with a point (degrees) in its middle."""
        (x, y) = city_projection().forward(np.array([[lon, lat]]))[0]
        return cls._centred(float(x), float(y), width_m)

    @classmethod
    def of_route(cls, route: Route, narrowest_m: float = NARROWEST_M) -> "Window":
        """The whole route with some of what is around it."""
        points = np.concatenate([part.lonlat for part in route.parts])
        metres = city_projection().forward(points)
        (west, south), (east, north) = metres.min(axis=0), metres.max(axis=0)
        width = max(east - west, (north - south) / RATIO) * (1 + 2 * MARGIN)
        middle = (west + east) / 2, (south + north) / 2
        return cls._centred(float(middle[0]), float(middle[1]), max(float(width), narrowest_m))

    @classmethod
    def _centred(cls, x: float, y: float, width: float) -> "Window":
        height = width * RATIO
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def width(self) -> float:
        return self.east - self.west

    @property
    def height(self) -> float:
        return self.north - self.south

    @property
    def box(self) -> shapely.Polygon:
        """The rectangle in metres."""
        return shapely.box(self.west, self.south, self.east, self.north)

    def view_box_of(self, seen: "Window") -> str:
        """What is seen of the picture: metres from its upper left."""
        x, y = self.to_picture(seen.west, seen.north)
        return f"{x:.1f} {y:.1f} {seen.width:.1f} {seen.height:.1f}"

    def widened(self, width_m: float) -> "Window":
        """At least so wide around the same middle."""
        x, y = (self.west + self.east) / 2, (self.south + self.north) / 2
        return self._centred(x, y, max(width_m, self.width))

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """A point of the projection as it lies on the picture."""
        return x - self.west, self.north - y

    def affine(self) -> dict[str, float]:
        """Degrees from a place (x, y) on the picture: lon = lon0 + lonx·x + lony·y, lat alike.
        Exact in the middle; a decimetre off at the corners of a window of 2.4 km."""
        x, y = (self.west + self.east) / 2, (self.south + self.north) / 2
        near = self.width / 8
        places = np.array([[x, y], [x + near, y], [x - near, y], [x, y - near], [x, y + near]])
        middle, east, west, below, above = city_projection().inverse(places)
        along, down = (east - west) / (2 * near), (below - above) / (2 * near)
        corner = middle - along * self.width / 2 - down * self.height / 2
        return {
            "lon0": float(corner[0]), "lonx": float(along[0]), "lony": float(down[0]),
            "lat0": float(corner[1]), "latx": float(along[1]), "laty": float(down[1]),
        }  # fmt: skip
