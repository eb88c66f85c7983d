"""A route of external works: parts laid in one way each, with its length and its digest."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any, Final

import numpy as np
import rfc8785
import shapely

from tongdian.works.outline import Outline, city_outline
from tongdian.works.projection import DECIMALS, STORED_CRS, Floats, geodesic_m
from tongdian.works.soundness import refuse_unsound

Point = tuple[float, float]
TRENCH, EXISTING_DUCT, OVERHEAD, ON_BRIDGE, PULLED = (
    "trench", "existing_duct", "overhead", "bridge", "pulled",
)  # fmt: skip
LAYINGS: Final = (TRENCH, EXISTING_DUCT, OVERHEAD, ON_BRIDGE, PULLED)
LAYING_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    TRENCH: ("开挖直埋", "open trench"),
    EXISTING_DUCT: ("利用已有管沟", "existing duct"),
    OVERHEAD: ("架空", "overhead"),
    ON_BRIDGE: ("沿桥敷设", "on a bridge"),
    PULLED: ("非开挖（顶管、拉管）", "pulled or jacked, no digging"),
}
DECIMETRE: Final = Decimal("0.1")


@dataclass(frozen=True)
class Part:
    """A line laid in one way. `points` are (lon, lat) in degrees with seven decimals."""

    points: tuple[Point, ...]
    laying: str

    @cached_property
    def lonlat(self) -> Floats:
        """The points as an array of shape (n, 2)."""
        return np.array(self.points, dtype=np.float64)

    @cached_property
    def length_m(self) -> float:
        """Geodesic length in metres."""
        return geodesic_m(self.lonlat[:, 0], self.lonlat[:, 1])

    @cached_property
    def line(self) -> Any:
        """The shapely line, degrees."""
        return shapely.LineString(self.lonlat)


@dataclass(frozen=True)
class Route:
    """One or more parts, and the chambers (电力井室) on the way.

    Build it with `Route.of`, which refuses what is no route. `with_chamber` is true when chambers
    are drawn or when somebody says there will be one.
    """

    parts: tuple[Part, ...]
    chambers: tuple[Point, ...] = ()
    with_chamber: bool = field(default=False)

    @classmethod
    def of(
        cls,
        parts: Sequence[tuple[Sequence[Any], str]],
        chambers: Sequence[Any] = (),
        *,
        with_chamber: bool = False,
        outline: Outline | None = None,
    ) -> "Route":
        """A sound route from lines of (lon, lat) with their laying, rounded to seven decimals.

        Raises RouteError: see `works.soundness` for the rules.
        """
        refuse_unsound(parts, chambers, LAYINGS, outline or city_outline())
        return cls(
            tuple(Part(tuple(map(_rounded, points)), laying) for points, laying in parts),
            tuple(sorted(set(map(_rounded, chambers)))),
            bool(chambers) or with_chamber,
        )

    @cached_property
    def length_m(self) -> float:
        """Geodesic length of all parts together, metres."""
        return sum(part.length_m for part in self.parts)

    @property
    def measured_m(self) -> Decimal:
        """The length as it is shown and compared with limits: decimetres, half up."""
        return Decimal(self.length_m).quantize(DECIMETRE, ROUND_HALF_UP)

    @property
    def vertices(self) -> int:
        return sum(len(part.points) for part in self.parts)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = np.concatenate([part.lonlat for part in self.parts])
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return float(west), float(south), float(east), float(north)

    def reversed(self) -> "Route":
        """The same way walked from the other end."""
        parts = tuple(Part(part.points[::-1], part.laying) for part in self.parts[::-1])
        return Route(parts, self.chambers, self.with_chamber)

    def to_geojson(self) -> dict[str, Any]:
        """The canonical form: a FeatureCollection of lines, then chambers. EPSG:4490."""
        lines = [
            _feature("LineString", [list(point) for point in part.points], {"laying": part.laying})
            for part in self.parts
        ]
        wells = [_feature("Point", list(point), {"kind": "chamber"}) for point in self.chambers]
        return {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": STORED_CRS}},
            "with_chamber": self.with_chamber,
            "features": [*lines, *wells],
        }

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of the canonical JSON (RFC 8785) of the canonical form."""
        return hashlib.sha256(rfc8785.dumps(self.to_geojson())).hexdigest()


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _rounded(point: Point) -> Point:
    return round(float(point[0]), DECIMALS), round(float(point[1]), DECIMALS)
