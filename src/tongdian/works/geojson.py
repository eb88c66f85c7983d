"""A route from GeoJSON (RFC 7946): a geometry, a feature or a collection of features.

Lines take their `laying` from the property of that name (敷设方式 too), open trench when it has
none: the way that needs the most permits. A point is a chamber when its `kind` says so.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tongdian.works.geometry import Route
from tongdian.works.outline import Outline
from tongdian.works.reading import DEFAULT_LAYING, decoded, is_chamber, laying_named, sized
from tongdian.works.refusals import RouteError
from tongdian.works.soundness import refuse_too_many

LAYING_PROPERTIES: Final = ("laying", "敷设方式")
KIND_PROPERTIES: Final = ("kind", "类型")
# WGS 84 and CGCS2000 agree within a few decimetres: both are taken as EPSG:4490.
KNOWN_CRS: Final = frozenset({"EPSG:4490", "EPSG:4326", "CRS84"})
DEEPEST: Final = 8
Shape = tuple[Mapping[str, Any], Mapping[str, Any], str]


def from_geojson(
    data: bytes | str | Mapping[str, Any],
    *,
    with_chamber: bool = False,
    outline: Outline | None = None,
) -> Route:
    """A route from a GeoJSON text or an object read from one. Raises RouteError."""
    document = _parsed(data) if isinstance(data, bytes | str) else data
    _refuse_other_crs(document)
    parts: list[tuple[list[Any], str]] = []
    chambers: list[Any] = []
    count = 0
    for geometry, properties, field in _shapes(document, "geojson", {}, 0):
        lines, points = _coordinates(geometry, properties, field)
        count += sum(map(len, lines)) + len(points)
        refuse_too_many(count)
        if lines:
            laying = _laying(properties, field)
            parts += [([_position(p, field) for p in line], laying) for line in lines]
        chambers += [_position(point, field) for point in points]
    wanted = with_chamber or document.get("with_chamber") is True
    return Route.of(parts, chambers, with_chamber=wanted, outline=outline)


def _parsed(data: bytes | str) -> Mapping[str, Any]:
    text = decoded(sized(data), ("utf-8-sig",))
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _broken("不是完整的 JSON", "is not complete JSON") from None
    if not isinstance(document, dict):
        raise _broken("不是 GeoJSON 对象", "is no GeoJSON object")
    return document


def _broken(zh: str, en: str, field: str = "file") -> RouteError:
    remedy = "请用制图软件重新导出 GeoJSON。", "Export the GeoJSON again from your drawing program."
    return RouteError("broken_geojson", field, (f"{field}：{zh}", f"{field} {en}"), remedy)


def _refuse_constant(name: str) -> None:
    raise RouteError(
        "not_a_number",
        "points",
        (f"坐标里有 {name}", f"{name} stands among the coordinates"),
        ("请删去或改正这个点。", "Delete the point or put it right."),
    )


def _refuse_other_crs(document: Mapping[str, Any]) -> None:
    crs = document.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    words = str(name).upper().replace("::", ":").split(":")
    if words[-1] in KNOWN_CRS or ":".join(words[-2:]) in KNOWN_CRS:
        return
    raise RouteError(
        "unsupported_crs",
        "crs",
        (f"不支持坐标系 {name}", f"the coordinate system {name} is not supported"),
        ("请按 CGCS2000 经纬度（EPSG:4490）导出。",
         "Export it in CGCS2000 longitude and latitude (EPSG:4490)."),
    )  # fmt: skip


def _shapes(item: Any, field: str, properties: Mapping[str, Any], depth: int) -> Iterator[Shape]:
    """Every geometry with its properties and where it stands."""
    if not isinstance(item, Mapping) or depth > DEEPEST:
        raise _broken("不是 GeoJSON 对象", "is no GeoJSON object", field)
    kind = item.get("type")
    if kind == "FeatureCollection":
        for number, feature in enumerate(_list(item.get("features"), field), 1):
            yield from _shapes(feature, f"features[{number}]", {}, depth + 1)
    elif kind == "GeometryCollection":
        for geometry in _list(item.get("geometries"), field):
            yield from _shapes(geometry, field, properties, depth + 1)
    elif kind == "Feature":
        own = item.get("properties")
        yield from _shapes(
            item.get("geometry"), field, own if isinstance(own, Mapping) else {}, depth + 1
        )
    else:
        yield item, properties, field


def _coordinates(
    geometry: Mapping[str, Any], properties: Mapping[str, Any], field: str
) -> tuple[list[list[Any]], list[Any]]:
    """Lines and chambers of a geometry."""
    kind = geometry.get("type")
    if kind not in ("LineString", "MultiLineString", "Point", "MultiPoint"):
        raise _not_lines(field, f"几何类型 {kind} 不是线", f"the geometry {kind} is no line")
    coordinates = _list(geometry.get("coordinates"), field)
    if kind == "LineString":
        return [coordinates], []
    if kind == "MultiLineString":
        return [_list(line, field) for line in coordinates], []
    if not is_chamber(_word(properties, KIND_PROPERTIES)):
        raise _not_lines(field, "这个点没有说明是井室", "the point does not say it is a chamber")
    return [], [coordinates] if kind == "Point" else coordinates


def _not_lines(field: str, zh: str, en: str) -> RouteError:
    return RouteError(
        "not_lines",
        field,
        (f"{field}：{zh}", f"{field}: {en}"),
        ("路径用 LineString 或 MultiLineString；井室用点，属性 kind 写 chamber。",
         "Draw the route as LineString or MultiLineString; a chamber as a point with the property"
         " kind = chamber."),
    )  # fmt: skip


def _list(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _broken("缺少坐标或成员列表", "lacks its list of coordinates or members", field)
    return list(value)


def _word(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((str(properties[name]) for name in names if properties.get(name)), "")


def _laying(properties: Mapping[str, Any], field: str) -> str:
    """As the property says; a word that is not known goes on to be refused by its name."""
    word = _word(properties, LAYING_PROPERTIES)
    return (laying_named(word) or word) if word else DEFAULT_LAYING


def _position(position: Any, field: str) -> Any:
    """Two numbers; a height is dropped."""
    if isinstance(position, list | tuple) and len(position) == 3:
        return tuple(position[:2])
    return tuple(position) if isinstance(position, list) else position
