"""Maps of Guiyang drawn on the server, and picking a point that works without JavaScript."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look import svg
from tongdian.service.look.chart_frame import note_of, value_text
from tongdian.service.look.districts import District, districts
from tongdian.service.look.lanes import INK, MIST, MUTED
from tongdian.service.look.scales import classes, number_text

WEST, EAST, SOUTH, NORTH = 106.09, 107.31, 26.14, 27.40
WIDTH = 320
# One degree of longitude is shorter than one of latitude by the cosine of the middle latitude.
SQUEEZE = math.cos(math.radians((SOUTH + NORTH) / 2))
HEIGHT = round(WIDTH * (NORTH - SOUTH) / ((EAST - WEST) * SQUEEZE))
SHADES = ("#e3efef", "#b4d6d6", "#79b6b6", "#3b9090", "#0b6e6e")
NO_DATA = "#ffffff"


@dataclass(frozen=True, slots=True)
class Point:
    """Degrees, as picked on the sketch."""

    longitude: float
    latitude: float


def to_xy(longitude: float, latitude: float) -> tuple[float, float]:
    """Pixels on the map, WIDTH × HEIGHT, from the upper left."""
    x = (longitude - WEST) / (EAST - WEST) * WIDTH
    y = (NORTH - latitude) / (NORTH - SOUTH) * HEIGHT
    return x, y


def to_point(x: float, y: float) -> Point:
    """The inverse of `to_xy`, rounded to 5 decimals (about a metre)."""
    longitude = WEST + x / WIDTH * (EAST - WEST)
    latitude = NORTH - y / HEIGHT * (NORTH - SOUTH)
    return Point(round(longitude, 5), round(latitude, 5))


def read_pick(data: Mapping[str, Any], name: str = "map") -> Point | None:
    """The point that a form without JavaScript sent as `<name>.x` and `<name>.y`.

    None when the picker was not used, or was pressed from the keyboard (a browser then sends 0, 0).
    """
    try:
        x, y = int(data[f"{name}.x"]), int(data[f"{name}.y"])
    except (KeyError, TypeError, ValueError):
        return None
    if (x, y) == (0, 0) or not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
        return None
    return to_point(x, y)


def outline(district: District) -> str:
    """The path of a district in map pixels."""
    parts = []
    for ring in district.rings:
        points = " ".join("{:.1f} {:.1f}".format(*to_xy(x, y)) for x, y in ring)
        parts.append(f"M{points}z")
    return "".join(parts)


def _map_svg(body: str, alt: str, *, links: bool = False) -> str:
    role = "group" if links else "img"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="{role}" aria-label="{escape(alt)}" '
        f'font-family="{svg.FONT}">{body}</svg>'
    )


def _label(district: District, words: str = "", fill: str = INK) -> str:
    """Name, and value under it. A small district's stands outside, at the end of a thin line."""
    x, y = to_xy(*district.label_at)
    parts = ""
    if district.leader_from:
        x1, y1 = to_xy(*district.leader_from)
        parts = f'<path d="M{x1:.1f} {y1:.1f}L{x - 20:.1f} {y:.1f}" stroke="{MUTED}"/>'
        parts += f'<circle cx="{x1:.1f}" cy="{y1:.1f}" r="1.5" fill="{INK}"/>'
        fill = MUTED if fill == MUTED else INK
    top = y if words else y + 4
    parts += _map_text(x, top, district.name, fill, 10)
    return parts + (_map_text(x, y + 12, words, fill, 10, bold=True) if words else "")


def _map_text(x: float, y: float, words: str, fill: str, size: int, *, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="middle" '
        f'pointer-events="none"{weight}>{escape(words)}</text>'
    )


def choropleth(
    values: Mapping[str, float | None],
    *,
    title: str,
    unit: str = "",
    as_of: date | datetime | None = None,
    n: int | None = None,
    url_for: Callable[[str], str] | None = None,
) -> SafeString:
    """Districts (key: GB/T 2260 code) shaded by value, each with its number."""
    known = [value for value in values.values() if value is not None]
    bounds = classes(known, len(SHADES))
    body = labels = ""
    for code, district in districts().items():
        value = values.get(code)
        level = _level(value, bounds)
        fill = NO_DATA if level is None else SHADES[level]
        ink = "#ffffff" if level is not None and level >= 4 else INK
        words = value_text(value)
        shape = (
            f'<path d="{outline(district)}" fill="{fill}" stroke="{MUTED}" stroke-width="0.8">'
            f"<title>{escape(district.name)} {escape(words)} {escape(unit)}</title></path>"
        )
        labels += _label(district, words, ink)
        url = url_for(code) if url_for else ""
        body += svg.link(shape, url, f"{district.name} {words} {unit}".strip())
    rows = [
        [
            districts()[code].name,
            "—" if values.get(code) is None else number_text(values[code] or 0),
        ]
        for code in districts()
    ]
    picture = _map_svg(body + labels, title, links=url_for is not None)
    table = svg.Table([_("区（市、县）"), unit or _("数值")], rows, frozenset({1}))
    return mark_safe(
        '<div class="map">'
        + svg.figure(
            picture,
            title=title,
            note=note_of(n, unit, as_of, _("区划为示意")),
            table=table,
            key=svg.legend(_classes_legend(bounds, len(known) < len(districts()))),
        )
        + "</div>"
    )


def _level(value: float | None, bounds: list[float]) -> int | None:
    if value is None:
        return None
    return next(i for i, bound in enumerate(bounds) if value <= bound)


def _classes_legend(bounds: list[float], some_missing: bool) -> list[tuple[str, str]]:
    texts = [number_text(bound) for bound in bounds]
    names = [f"≤ {texts[0]}"] if texts else []
    names += [f"{low} – {high}" for low, high in pairwise(texts)]
    entries = [(svg.swatch(SHADES[i]), name) for i, name in enumerate(names)]
    return entries + ([(svg.swatch(NO_DATA), _("无数据"))] if some_missing else [])


def link_map(url_for: Callable[[str], str], *, title: str) -> SafeString:
    """The districts as links."""
    shapes = "".join(
        svg.link(
            f'<path d="{outline(district)}" fill="{MIST}" stroke="{MUTED}" stroke-width="0.8"/>',
            url_for(code),
            district.name,
        )
        for code, district in districts().items()
    )
    body = shapes + "".join(_label(district) for district in districts().values())
    return mark_safe(f'<div class="map">{_map_svg(body, title, links=True)}</div>')


def base_map() -> str:
    """The picture behind the picker, as a file of its own (`static/icons/guiyang.svg`)."""
    shapes = "".join(
        f'<path d="{outline(d)}" fill="{MIST}" stroke="#9aa5b5" stroke-width="0.8"/>'
        for d in districts().values()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}"><rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        f"{shapes}</svg>"
    )


def render_picker(
    longitude: float | None = None,
    latitude: float | None = None,
    *,
    name: str = "map",
    longitude_field: str = "longitude",
    latitude_field: str = "latitude",
    label: str = "",
) -> SafeString:
    """A map in a form: a press picks the point.

    Without JavaScript the form is submitted with `<name>.x` and `<name>.y`: `read_pick`. With it,
    the fields named `longitude_field` and `latitude_field` are filled and nothing is sent. Put it
    after the form's main button, which Enter presses, or treat a pick of None as that button.
    """
    labels = "".join(_label(district, fill=MUTED) for district in districts().values())
    pin = _pin(longitude, latitude)
    return format_html(
        '<div class="map-picker" data-map-box><input type="image" name="{}" src="{}" alt="{}" '
        'width="{}" height="{}" formnovalidate data-map-picker data-west="{}" data-east="{}" '
        'data-south="{}" data-north="{}" data-longitude="{}" data-latitude="{}">'
        '<svg class="map-overlay" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        "{}{}</svg></div>",
        name,
        static("icons/guiyang.svg"),
        label or _("在地图上点选用电地点"),
        WIDTH,
        HEIGHT,
        WEST,
        EAST,
        SOUTH,
        NORTH,
        longitude_field,
        latitude_field,
        WIDTH,
        HEIGHT,
        mark_safe(labels),
        mark_safe(pin),
    )


def _pin(longitude: float | None, latitude: float | None) -> str:
    """A needle whose point is the place; unseen until there is one."""
    x = y = 0.0
    shown = longitude is not None and latitude is not None
    if longitude is not None and latitude is not None:
        x, y = to_xy(longitude, latitude)
    hidden = "" if shown else ' class="no-pin"'
    return (
        f'<svg data-pin x="{x:.1f}" y="{y:.1f}" overflow="visible"{hidden}>'
        f'<path d="M0 0c-5-8-9-11-9-17a9 9 0 0 1 18 0c0 6-4 9-9 17z" fill="{INK}"/>'
        f'<circle cy="-17" r="3.5" fill="#fff"/></svg>'
    )
