"""The picture of a route: what lies around it and what it touches. SVG in metres, north up.

Our own objects alone, drawn on the server, so that the same picture stands on the officer's page,
on the tracking page, in print, and under the pointer of whoever draws.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

import shapely
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.law.plan import Plan
from tongdian.service.approval.route_labels import labels
from tongdian.service.approval.route_window import Window
from tongdian.service.approval.route_words import pick
from tongdian.service.look import svg
from tongdian.service.look.lanes import INK, LANE_COLOURS
from tongdian.works.geometry import Route
from tongdian.works.kinds import BRIDGE, FOREST, GREEN, ROAD
from tongdian.works.moratoria import NO_CITY_ROAD, last_day
from tongdian.works.objects import CityObjects
from tongdian.works.projection import city_projection
from tongdian.works.touching import Touched

LAND: Final = "#f7f8fa"
FILLS: Final = {FOREST: "#bcd6bf", GREEN: "#dcedd3", ROAD: "#ffffff", BRIDGE: "#d8d2c6"}
EDGES: Final = {FOREST: "#8fb394", GREEN: "#b4d1a6", ROAD: "#b9c2ce", BRIDGE: "#6b6252"}
# What lies on top of what.
ORDER: Final = (FOREST, GREEN, ROAD, BRIDGE)
BANNED: Final = "#b3261e"
TREE: Final = "#2f6b3a"
LINE: Final = LANE_COLOURS["utility"]
TOUCHED: Final = "#b5651d"
MOST_OBJECTS: Final = 600
STILL: Final = 'vector-effect="non-scaling-stroke"'


def route_svg(
    window: Window,
    objects: CityObjects,
    *,
    alt: str,
    plan: Plan,
    on: date,
    route: Route | None = None,
    touched: Touched | None = None,
    prefix: str = "map",
    view: Window | None = None,
    mark: tuple[float, float, str] | None = None,
    role: str = "img",
) -> SafeString:
    """The map of a window, of which `view` is seen at first (all of it when left out).

    `prefix` keeps the hatches of two maps on a page apart; `mark` is a place (degrees) to point at.
    With the role `group` what lies on it can be reached, as when one draws.
    """
    seen = view or window
    rows = {touch.row for touch in touched.touches} if touched else set()
    body = [
        f"<defs>{_hatch(prefix)}</defs>",
        f'<rect width="{window.width:.1f}" height="{window.height:.1f}" fill="{LAND}"/>',
        *_areas(window, objects, rows, plan, on, prefix),
        *_trees(window, objects, rows, seen.width),
        *(_route(window, route, seen.width) if route else []),
        *(_mark(window, mark, seen.width) if mark else []),
        *labels(window, objects, seen.width),
    ]
    return mark_safe(
        f'<svg viewBox="{window.view_box_of(seen)}" role="{role}" aria-label="{escape(alt)}" '
        f'class="route-picture" font-family="{svg.FONT}">{"".join(body)}</svg>'
    )


def banned_until(objects: CityObjects, row: int, plan: Plan, on: date) -> date | None:
    """The last day of the moratorium of a road, None when it may be dug on the day."""
    if str(objects.kinds[row]) != ROAD or str(objects.grades[row]) in NO_CITY_ROAD:
        return None
    ends = [
        last_day(since, plan.value(rule, on))
        for since, rule in (
            (objects.built(row), "moratorium.new_years"),
            (objects.overhauled(row), "moratorium.overhaul_years"),
        )
        if since is not None and since <= on
    ]
    end = max(ends, default=None)
    return end if end is not None and on <= end else None


def _areas(
    window: Window, objects: CityObjects, touched: set[int], plan: Plan, on: date, prefix: str
) -> Iterator[str]:
    index = objects.index
    hits = index.areas.query(window.box, predicate="intersects")[:MOST_OBJECTS].tolist()
    rows = [(int(index.area_rows[hit]), hit) for hit in hits]
    rows.sort(key=lambda pair: (ORDER.index(str(objects.kinds[pair[0]])), pair[0]))
    for row, hit in rows:
        shape = shapely.intersection(index.footprints[hit], window.box.buffer(5))
        path = "".join(_path(window, ring) for ring in _rings(shape))
        if path:
            yield from _area(objects, row, path, row in touched, plan, on, prefix)


def _area(
    objects: CityObjects, row: int, path: str, touched: bool, plan: Plan, on: date, prefix: str
) -> Iterator[str]:
    kind = str(objects.kinds[row])
    edge, width = (TOUCHED, 2.5) if touched else (EDGES[kind], 1)
    title = escape(_told(objects, row, plan, on))
    yield (
        f'<path d="{path}" fill="{FILLS[kind]}" stroke="{edge}" stroke-width="{width}" {STILL}>'
        f"<title>{title}</title></path>"
    )
    if banned_until(objects, row, plan, on):
        yield f'<path d="{path}" fill="url(#{prefix}-ban)" pointer-events="none"/>'


def _told(objects: CityObjects, row: int, plan: Plan, on: date) -> str:
    zh, en = objects.label(row)
    words = [pick(zh, en)]
    built, overhauled = objects.built(row), objects.overhauled(row)
    if built:
        words.append(_("%(year)s 年建成") % {"year": built.year})
    if overhauled:
        words.append(_("%(year)s 年大修") % {"year": overhauled.year})
    until = banned_until(objects, row, plan, on)
    if until:
        words.append(_("禁挖至 %(day)s") % {"day": until.isoformat()})
    return " · ".join(words)


def _trees(window: Window, objects: CityObjects, touched: set[int], width: float) -> Iterator[str]:
    index = objects.index
    hits = index.trees.query(window.box, predicate="intersects")[:MOST_OBJECTS].tolist()
    for hit in hits:
        row, stem = int(index.tree_rows[hit]), index.stems[hit]
        x, y = window.to_picture(stem.x, stem.y)
        grade, crown = str(objects.grades[row]), float(objects.crown_m[row])
        radius = max(crown, width / 120) if grade != "street" else width / 260
        fill = "#9cc29f" if grade == "street" else "#5f9867"
        edge = TOUCHED if row in touched else TREE
        zh, en = objects.label(row)
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" stroke="{edge}" '
            f'stroke-width="{2.5 if row in touched else 1}" {STILL}>'
            f"<title>{escape(pick(zh, en))}</title></circle>"
        )
        if grade == "ancient":
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius / 3:.1f}" fill="#fff"/>'


def _route(window: Window, route: Route, width: float) -> Iterator[str]:
    """The line on white, its ends, and the chambers on the way."""
    lines = [_points(window, part.line) for part in route.parts]
    for colour, pixels in (("#ffffff", 8), (LINE, 4)):
        for line in lines:
            yield (
                f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="{pixels}" '
                f'stroke-linejoin="round" stroke-linecap="round" {STILL}/>'
            )
    size = width / 90
    ends = (route.parts[0].points[0], route.parts[-1].points[-1])
    for (x, y), fill in zip(_metres(window, ends), ("#ffffff", LINE), strict=True):
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" fill="{fill}" stroke="{LINE}" '
            f'stroke-width="3" {STILL}/>'
        )
    for x, y in _metres(window, route.chambers):
        yield (
            f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:.1f}" '
            f'height="{2 * size:.1f}" fill="{INK}" stroke="#fff" stroke-width="1.5" {STILL}/>'
        )


def _mark(window: Window, mark: tuple[float, float, str], width: float) -> Iterator[str]:
    """A needle whose point is the place."""
    lon, lat, words = mark
    ((x, y),) = _metres(window, [(lon, lat)])
    scale = width / 700
    yield (
        f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.3f})" pointer-events="none">'
        f"<title>{escape(words)}</title>"
        f'<path d="M0 0c-6-10-11-13-11-20a11 11 0 0 1 22 0c0 7-5 10-11 20z" fill="{INK}"/>'
        '<circle cy="-20" r="4" fill="#fff"/></g>'
    )


def legend(
    objects: CityObjects, window: Window, plan: Plan, on: date, *, route: bool
) -> SafeString:
    """Only what the map shows, six entries at the most."""
    index = objects.index
    rows = [int(index.area_rows[hit]) for hit in index.areas.query(window.box, "intersects")]
    kinds = {str(objects.kinds[row]) for row in rows}
    banned = any(banned_until(objects, row, plan, on) for row in rows)
    grades = {
        str(objects.grades[int(index.tree_rows[hit])])
        for hit in index.trees.query(window.box, "intersects")
    }
    entries = [
        (route, svg.stroke_sample(LINE), _("外线路径")),
        (banned, _ban_sample(), _("禁挖期内的道路")),
        (GREEN in kinds, svg.swatch(FILLS[GREEN]), _("城市绿地")),
        (FOREST in kinds, svg.swatch(FILLS[FOREST]), _("林地")),
        (BRIDGE in kinds, svg.swatch(FILLS[BRIDGE]), _("桥梁")),
        (bool(grades), _tree_sample(), _("树木（带白心的是古树名木）")),
    ]
    return mark_safe(svg.legend((s, words) for shown, s, words in entries if shown))


def _ban_sample() -> str:
    lines = "".join(f"M{x} 12l6-12" for x in range(0, 24, 5))
    return (
        '<rect x="0.5" y="0.5" width="23" height="11" fill="#fff" stroke="#b9c2ce"/>'
        f'<path d="{lines}" stroke="{BANNED}" stroke-width="1"/>'
    )


def _tree_sample() -> str:
    return (
        f'<circle cx="7" cy="6" r="5" fill="#9cc29f" stroke="{TREE}"/>'
        f'<circle cx="18" cy="6" r="5.5" fill="#5f9867" stroke="{TREE}"/>'
        '<circle cx="18" cy="6" r="2" fill="#fff"/>'
    )


def _hatch(prefix: str) -> str:
    return (
        f'<pattern id="{prefix}-ban" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1.4" height="7" fill="{BANNED}" '
        'fill-opacity="0.6"/></pattern>'
    )


def _rings(shape: Any) -> Iterator[Any]:
    for piece in shapely.get_parts(shape):
        if piece.geom_type == "Polygon":
            yield from (piece.exterior, *piece.interiors)


def _path(window: Window, ring: Any) -> str:
    points = [window.to_picture(x, y) for x, y in shapely.get_coordinates(ring).tolist()]
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in points[:-1]) + "z"


def _points(window: Window, line: Any) -> str:
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in _metres(window, line.coords))


def _metres(window: Window, points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    given = list(points)
    if not given:
        return []
    line = city_projection().to_metres(shapely.MultiPoint(given))
    return [window.to_picture(x, y) for x, y in shapely.get_coordinates(line).tolist()]
