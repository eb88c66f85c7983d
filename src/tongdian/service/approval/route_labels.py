"""Names of roads on a route's map, with the year they were built or overhauled."""

from collections.abc import Iterator
from typing import Any, Final

import shapely
from django.utils.html import escape
from django.utils.translation import gettext as _

from tongdian.service.approval.route_window import Window
from tongdian.service.look import svg
from tongdian.service.look.lanes import INK
from tongdian.works.kinds import ROAD
from tongdian.works.objects import CityObjects
from tongdian.works.projection import city_projection

# Class, and how many pixels wide the picture is where it is shown.
ROOMS: Final = (("narrow", 340.0), ("wide", 680.0))
PIXELS: Final = 13.0
SHORTEST_M: Final = 40.0


def labels(window: Window, objects: CityObjects, seen_m: float) -> Iterator[str]:
    """Two groups, one for phones and one for desks, of which the style sheet shows one. Sizes are
    right when `seen_m` metres fill the picture across."""
    places = list(_places(window, objects))
    for room, pixels in ROOMS:
        size = PIXELS * seen_m / pixels
        texts = "".join(_texts(window, places, size))
        yield (
            f'<g class="{room}" data-labels="{pixels:.0f}" font-size="{size:.2f}" fill="{INK}" '
            f'text-anchor="middle" paint-order="stroke" stroke="#fff" stroke-opacity="0.85" '
            f'stroke-width="{size / 4:.2f}" stroke-linejoin="round" pointer-events="none">'
            f"{texts}</g>"
        )


def _places(window: Window, objects: CityObjects) -> Iterator[tuple[float, float, str]]:
    """Where a name stands: on the longest stretch of its road inside the window."""
    index = objects.index
    inner = window.box.buffer(-window.width / 12)
    found = []
    for hit in index.areas.query(window.box, predicate="intersects").tolist():
        row = int(index.area_rows[hit])
        if str(objects.kinds[row]) != ROAD or not str(objects.names[row]):
            continue
        line = _longest(
            shapely.intersection(city_projection().to_metres(objects.geometry[row]), inner)
        )
        if line is not None and line.length >= SHORTEST_M:
            found.append((line.length, line.interpolate(0.5, normalized=True), row))
    for _length, place, row in sorted(found, key=lambda item: -item[0]):
        x, y = window.to_picture(place.x, place.y)
        yield x, y, _named(objects, row)


def _named(objects: CityObjects, row: int) -> str:
    name, built, overhauled = str(objects.names[row]), objects.built(row), objects.overhauled(row)
    if overhauled:
        return _("%(road)s %(year)s 大修") % {"road": name, "year": overhauled.year}
    return f"{name} {built.year}" if built else name


def _longest(shape: Any) -> Any:
    lines = [piece for piece in shapely.get_parts(shape) if piece.geom_type == "LineString"]
    return max(lines, key=lambda line: line.length, default=None)


def _texts(window: Window, places: list[tuple[float, float, str]], size: float) -> Iterator[str]:
    """Those that find room, the longest roads first; no two over each other."""
    taken: list[tuple[float, float, float, float]] = []
    for x, y, words in places:
        half = svg.text_width(words, 1) * size / 2
        x = min(max(x, half), window.width - half)
        box = (x - half, y - size, x + half, y + size * 0.4)
        if any(_overlap(box, other) for other in taken):
            continue
        taken.append(box)
        yield f'<text x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _overlap(
    one: tuple[float, float, float, float], other: tuple[float, float, float, float]
) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
