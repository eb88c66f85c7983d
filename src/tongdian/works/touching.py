"""What a route touches: for every part and chamber the objects, with metres, areas, distances."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.works.geometry import EXISTING_DUCT, ON_BRIDGE, OVERHEAD, PULLED, Route
from tongdian.works.kinds import BRIDGE, FOREST, ROAD
from tongdian.works.projection import city_projection
from tongdian.works.reach import Reach

if TYPE_CHECKING:
    from tongdian.works.objects import CityObjects

CHAMBER: Final = "chamber"
# A touch of less is the rounding of outlines.
NOISE_M2: Final = 0.01
# A line inside a road for more than so many of its widths goes along it, not across.
ACROSS_WIDTHS: Final = 1.5
# Laying that leaves the roots and branches of a street tree alone.
GENTLE: Final = frozenset({EXISTING_DUCT, PULLED, ON_BRIDGE})
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Touch:
    """One part meets one object.

    `part` counts from 0 and is None for a chamber, whose `laying` is "chamber". `how`: crossing or
    along (roads and bridges), inside (green land, forest), near (trees). `length_m` is the line's
    length on the object, `area_m2` the worked strip's area on it; of a tree `distance_m` is that of
    the line and `protection_m` what is protected.
    """

    part: int | None
    laying: str
    row: int
    id: str
    kind: str
    grade: str
    zh: str
    en: str
    how: str
    length_m: float = 0.0
    area_m2: float = 0.0
    distance_m: float = 0.0
    protection_m: float = 0.0
    built_on: date | None = None
    built_as: str = ""
    overhauled_on: date | None = None


@dataclass(frozen=True)
class Touched:
    """All touches of a route, by part (chambers last) and row; `digest` is the route's."""

    digest: str
    touches: tuple[Touch, ...]

    def of(self, *kinds: str) -> tuple[Touch, ...]:
        """The touches of some kinds of object."""
        return tuple(touch for touch in self.touches if touch.kind in kinds)


@dataclass(frozen=True)
class _Works:
    """Parts, then chambers, in metres: lines (points for chambers), strips, corridors."""

    layings: list[str]
    parts: int
    lines: npt.NDArray[np.object_]
    strips: npt.NDArray[np.object_]
    corridors: npt.NDArray[np.object_]

    @classmethod
    def of(cls, route: Route, reach: Reach) -> "_Works":
        shapes = [part.line for part in route.parts]
        shapes += [shapely.Point(chamber) for chamber in route.chambers]
        lines = city_projection().to_metres(np.array(shapes, dtype=object))
        layings = [part.laying for part in route.parts] + [CHAMBER] * len(route.chambers)
        count = len(route.parts)
        strips = np.empty(len(shapes), dtype=object)
        strips[:count] = shapely.buffer(lines[:count], reach.strip_m, quad_segs=2, cap_style="flat")
        strips[count:] = shapely.buffer(lines[count:], reach.strip_m, cap_style="square")
        corridors = strips.copy()
        aerial = np.array([laying == OVERHEAD for laying in layings])
        corridors[aerial] = shapely.buffer(
            lines[aerial], reach.corridor_m, quad_segs=2, cap_style="flat"
        )
        return cls(layings, count, lines, strips, corridors)

    def part(self, index: int) -> int | None:
        return index if index < self.parts else None


def touched_by(objects: "CityObjects", route: Route, reach: Reach) -> Touched:
    """Which of the objects a route touches."""
    works = _Works.of(route, reach)
    found = [*_areas(objects, works), *_trees(objects, works, reach)]
    found.sort(key=lambda touch: (touch.part is None, touch.part or 0, touch.row))
    return Touched(route.digest, tuple(found))


def _areas(objects: "CityObjects", works: _Works) -> Iterator[Touch]:
    index = objects.index
    part, hit = index.areas.query(works.corridors, predicate="intersects")
    if not len(part):
        return
    rows = index.area_rows[hit]
    footprints = index.footprints[hit]
    aerial = objects.kinds[rows] == FOREST
    zones = np.where(aerial, works.corridors[part], works.strips[part])
    areas = shapely.area(shapely.intersection(zones, footprints))
    lengths = shapely.length(shapely.intersection(works.lines[part], footprints))
    for k in np.flatnonzero(areas > NOISE_M2).tolist():
        row, own = int(rows[k]), int(part[k])
        kind = str(objects.kinds[row])
        yield Touch(
            **_common(objects, works, own, row),
            how=_how(kind, float(lengths[k]), float(objects.width_m[row])),
            length_m=float(lengths[k]),
            area_m2=float(areas[k]),
            built_on=objects.built(row),
            built_as=str(objects.built_as[row]),
            overhauled_on=objects.overhauled(row),
        )


def _how(kind: str, length_m: float, width_m: float) -> str:
    if kind not in (ROAD, BRIDGE):
        return "inside"
    return "along" if length_m > ACROSS_WIDTHS * width_m else "crossing"


def _trees(objects: "CityObjects", works: _Works, reach: Reach) -> Iterator[Touch]:
    index = objects.index
    farthest = max(
        reach.ancient_m + index.widest_crown_m,
        reach.big_m + index.widest_crown_m,
        reach.street_m,
        reach.corridor_m,
    )
    part, hit = index.trees.query(works.lines, predicate="dwithin", distance=farthest)
    if not len(part):
        return
    rows = index.tree_rows[hit]
    distances = shapely.distance(works.lines[part], index.stems[hit])
    for own, row, metres in zip(part.tolist(), rows.tolist(), distances.tolist(), strict=True):
        grade, protection = _protection(objects, row, works.layings[own], reach)
        if metres <= protection:
            common = _common(objects, works, own, row, grade)
            yield Touch(**common, how="near", distance_m=metres, protection_m=protection)


def _protection(objects: "CityObjects", row: int, laying: str, reach: Reach) -> tuple[str, float]:
    """The grade a tree counts as, and from how near it is touched; -1 for never."""
    grade, crown = str(objects.grades[row]), float(objects.crown_m[row])
    if grade == "ancient" or int(objects.age_years[row]) >= reach.ancient_years:
        return "ancient", crown + reach.ancient_m
    if grade == "big":
        return grade, crown + reach.big_m
    if laying in GENTLE:
        return grade, -1.0
    return grade, reach.corridor_m if laying == OVERHEAD else reach.street_m


def _common(
    objects: "CityObjects", works: _Works, own: int, row: int, grade: str = ""
) -> dict[str, Any]:
    zh, en = objects.label(row, grade)
    return {
        "part": works.part(own), "laying": works.layings[own], "row": row,
        "id": str(objects.ids[row]), "kind": str(objects.kinds[row]),
        "grade": grade or str(objects.grades[row]), "zh": zh, "en": en,
    }  # fmt: skip
