"""A route from a DXF drawing: lines by layer, chambers as points and blocks on a layer of wells.

A layer's name tells how its lines are laid (`reading.LAYING_WORDS`); layer 0 and layers named for
the cable are open trench. Other layers that hold lines are refused by name, for a base map that is
taken for the route, or a route that is taken for base map, would both be wrong.
"""

import io
from collections.abc import Iterator
from typing import Any, Final

import ezdxf.recover

from tongdian.works.drawing_crs import to_degrees
from tongdian.works.geometry import Route
from tongdian.works.outline import Outline, city_outline
from tongdian.works.reading import DEFAULT_LAYING, is_chamber, laying_named, sized
from tongdian.works.refusals import RouteError
from tongdian.works.soundness import refuse_too_many

LINES: Final = frozenset({"LINE", "LWPOLYLINE", "POLYLINE"})
CURVES: Final = frozenset({"ARC", "SPLINE", "ELLIPSE", "HELIX"})
MARKS: Final = frozenset({"POINT", "INSERT", "CIRCLE"})
ROUTE_LAYERS: Final = ("0",)
ROUTE_WORDS: Final = ("cable", "route", "line", "电缆", "线路", "路径", "外线")
Point = tuple[float, float]
Lines = list[tuple[list[Point], str]]


def from_dxf(data: bytes, *, with_chamber: bool = False, outline: Outline | None = None) -> Route:
    """A route from an ASCII DXF. Raises RouteError."""
    content = sized(data)
    where = outline or city_outline()
    refuse_too_many(_count_points(content))
    lines, chambers, unit = _read(content)
    if not lines:
        raise _unfit(
            "not_lines", "entities", "模型空间里没有线", "there is no line in model space",
            "请用 LINE 或多段线画路径；块里的线先炸开。",
            "Draw the route with LINE or polylines; explode blocks that hold it.",
        )  # fmt: skip
    joined = list(_joined(lines))
    every = [point for points, _ in joined for point in points] + chambers
    moved = iter(to_degrees(every, unit, where))
    parts = [([next(moved) for _ in points], laying) for points, laying in joined]
    return Route.of(parts, list(moved), with_chamber=with_chamber, outline=where)


def _unfit(code: str, field: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> RouteError:
    return RouteError(code, field, (zh, en), (remedy_zh, remedy_en))


def _count_points(content: bytes) -> int:
    """Coordinates of the entities, counted in the text before anything is built."""
    _, _, entities = content.partition(b"ENTITIES")
    rows = entities.splitlines()[1::2]
    return sum(row.strip() in (b"10", b"11") for row in rows)


def _read(content: bytes) -> tuple[Lines, list[Point], int]:
    """Lines, chambers and $INSUNITS of a drawing."""
    remedy = "请另存为 ASCII DXF（R2000 或更新）。", "Save it as ASCII DXF, R2000 or newer."
    if content.startswith(b"AC10"):
        zh, en = "这是 DWG 文件，不是 DXF", "this is a DWG file and no DXF"
        raise _unfit("broken_dxf", "file", zh, en, *remedy)
    if content.startswith(b"AutoCAD Binary DXF"):
        zh, en = "这是二进制 DXF", "this is a binary DXF"
        raise _unfit("broken_dxf", "file", zh, en, *remedy)
    lines: Lines = []
    chambers: list[Point] = []
    try:
        document, _ = ezdxf.recover.read(io.BytesIO(content))
        for entity in document.modelspace():
            _take(entity, lines, chambers)
        return lines, chambers, int(document.header.get("$INSUNITS", 0))
    except RouteError:
        raise
    # A damaged file surfaces in the library as whatever its reader happened to trip over.
    except Exception:
        zh, en = "DXF 文件已损坏，读不出来", "the DXF is damaged and cannot be read"
        raise _unfit("broken_dxf", "file", zh, en, *remedy) from None


def _take(entity: Any, lines: Lines, chambers: list[Point]) -> None:
    kind, layer = entity.dxftype(), str(entity.dxf.layer)
    if kind in MARKS:
        name = str(entity.dxf.name) if kind == "INSERT" else ""
        if is_chamber(layer) or is_chamber(name):
            chambers.append(_mark(entity, kind))
    elif kind in CURVES and _laying(layer) is not None:
        raise _curve(layer, kind)
    elif kind in LINES:
        laying = _laying(layer)
        if laying is None:
            raise _unfit(
                "unknown_layer", f"layer {layer}",
                f"图层“{layer}”里有线，但图层名没有说明敷设方式",
                f"layer {layer!r} holds lines and its name tells no way of laying",
                "请把路径放在名为 直埋、排管、架空、沿桥 或 顶管 的图层，删去底图。",
                "Put the route on layers named trench, duct, overhead, bridge or pulled, and"
                " delete the base map.",
            )  # fmt: skip
        lines.append((_points(entity, kind, layer), laying))


def _laying(layer: str) -> str | None:
    named = laying_named(layer)
    if named is None and layer in ROUTE_LAYERS:
        return DEFAULT_LAYING
    if named is None and any(word in layer.lower() for word in ROUTE_WORDS):
        return DEFAULT_LAYING
    return named


def _curve(layer: str, kind: str) -> RouteError:
    return _unfit(
        "not_lines", f"layer {layer}", f"图层“{layer}”里有曲线（{kind}）",
        f"layer {layer!r} holds a curve ({kind})", "请把曲线改成由直线段组成的多段线。",
        "Turn curves into polylines of straight segments.",
    )  # fmt: skip


def _mark(entity: Any, kind: str) -> Point:
    at = {"POINT": "location", "INSERT": "insert", "CIRCLE": "center"}[kind]
    place = entity.ocs().to_wcs(getattr(entity.dxf, at)) if kind != "POINT" else entity.dxf.location
    return float(place.x), float(place.y)


def _points(entity: Any, kind: str, layer: str) -> list[Point]:
    if kind == "LINE":
        return [(float(v.x), float(v.y)) for v in (entity.dxf.start, entity.dxf.end)]
    if kind == "LWPOLYLINE":
        if entity.has_arc:
            raise _curve(layer, "bulge")
        points = [(float(v.x), float(v.y)) for v in entity.vertices_in_wcs()]
    else:
        if not (entity.is_2d_polyline or entity.is_3d_polyline) or entity.has_arc:
            raise _curve(layer, "mesh" if not entity.has_arc else "bulge")
        points = [(float(v.x), float(v.y)) for v in entity.points_in_wcs()]
    return [*points, points[0]] if entity.is_closed and points else points


def _joined(lines: Lines) -> Iterator[tuple[list[Point], str]]:
    """LINE after LINE that goes on where the last one ended is one part."""
    current: list[Point] = []
    laying = ""
    for points, own in lines:
        goes_on = bool(current) and own == laying and len(points) == 2
        if goes_on and points[0] == current[-1]:
            current.append(points[1])
        elif goes_on and points[1] == current[-1]:
            current.append(points[0])
        else:
            if current:
                yield current, laying
            current, laying = list(points), own
    if current:
        yield current, laying
