"""City objects from GeoJSON and to it: all of a file or nothing.

A FeatureCollection; each feature has the property `kind` and those of its kind, named as the
columns of `CityObjects`: `id`, `grade`, `name`, `width_m`, `built_on`, `built_as`, `overhauled_on`,
`on_road`, `age_years`, `crown_m`. Dates are ISO 8601. EPSG:4490, longitude first.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
import shapely.geometry
from shapely.errors import ShapelyError

from tongdian.works.kinds import BRIDGE, BUILT_AS, FOREST, GRADES, GREEN, KINDS, ROAD, TREE
from tongdian.works.objects import CityObjects
from tongdian.works.outline import Outline, city_outline
from tongdian.works.projection import DECIMALS, STORED_CRS
from tongdian.works.refusals import ObjectError

MOST_BYTES: Final = 500_000_000
MOST_OBJECTS: Final = 1_000_000
SHAPES: Final[Mapping[str, tuple[str, ...]]] = {
    ROAD: ("LineString", "MultiLineString"),
    BRIDGE: ("LineString", "MultiLineString"),
    GREEN: ("Polygon", "MultiPolygon"),
    FOREST: ("Polygon", "MultiPolygon"),
    TREE: ("Point",),
}
ONLY_GRADE: Final = {BRIDGE: "bridge", FOREST: "forest"}
# Largest number of each measure that can be meant.
NUMBERS: Final = {"width_m": 200.0, "crown_m": 60.0, "age_years": 5000.0}


def from_geojson(
    data: bytes | str | Mapping[str, Any], *, outline: Outline | None = None
) -> CityObjects:
    """City objects from a FeatureCollection. Raises ObjectError for the first feature that is
    wrong, with its index."""
    document = data if isinstance(data, Mapping) else _parsed(data)
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise _file("broken_geojson", "不是 FeatureCollection", "this is no FeatureCollection")
    if not features:
        raise _file("empty_file", "文件里没有要素", "there is no feature in the file")
    if len(features) > MOST_OBJECTS:
        raise _file(
            "too_many_objects",
            f"最多 {MOST_OBJECTS:,} 个要素，收到 {len(features):,} 个",
            f"at most {MOST_OBJECTS:,} features, not {len(features):,}",
        )
    rows = [_row(index, feature) for index, feature in enumerate(features)]
    _refuse_repeated(rows)
    _refuse_lost_bridges(rows)
    objects = CityObjects.from_rows(rows)
    _refuse_outside(objects, outline or city_outline())
    return objects


def to_geojson(objects: CityObjects) -> dict[str, Any]:
    """What `from_geojson` reads back."""
    return {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": STORED_CRS}},
        "features": [feature(objects, row) for row in range(len(objects))],
    }


def feature(objects: CityObjects, row: int) -> dict[str, Any]:
    """One object as a GeoJSON feature; empty properties are left out."""
    properties = {
        "id": str(objects.ids[row]),
        "kind": str(objects.kinds[row]),
        "grade": str(objects.grades[row]),
        "name": str(objects.names[row]),
        "width_m": float(objects.width_m[row]),
        "built_on": _iso(objects.built(row)),
        "built_as": str(objects.built_as[row]),
        "overhauled_on": _iso(objects.overhauled(row)),
        "on_road": str(objects.on_road[row]),
        "age_years": int(objects.age_years[row]),
        "crown_m": float(objects.crown_m[row]),
    }
    return {
        "type": "Feature",
        "properties": {name: value for name, value in properties.items() if value},
        "geometry": shapely.geometry.mapping(objects.geometry[row]),
    }


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _parsed(data: bytes | str) -> Mapping[str, Any]:
    if len(data) > MOST_BYTES:
        raise _file("too_large", "文件过大", f"the file has more than {MOST_BYTES:,} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise _file("broken_geojson", "不是完整的 JSON", "this is not complete JSON") from None
    if not isinstance(document, dict):
        raise _file("broken_geojson", "不是 GeoJSON 对象", "this is no GeoJSON object")
    return document


def _file(code: str, zh: str, en: str) -> ObjectError:
    remedy = (
        "请按 CGCS2000 经纬度重新导出 GeoJSON。",
        "Export it again as GeoJSON in CGCS2000 degrees.",
    )
    return ObjectError(code, "file", (zh, en), remedy)


def _wrong(index: int, code: str, field: str, zh: str, en: str, *remedy: str) -> ObjectError:
    default = (
        f"请改正 {field} 后重新导入；本次没有导入任何要素。",
        f"Mend {field}; nothing was imported.",
    )
    return ObjectError(code, field, (zh, en), remedy or default, index)  # type: ignore[arg-type]


def _row(index: int, item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping) or item.get("type") != "Feature":
        raise _wrong(index, "broken_geojson", "type", "不是 Feature", "this is no Feature")
    own = item.get("properties")
    properties = own if isinstance(own, Mapping) else {}
    kind = _choice(index, properties, "kind", KINDS)
    identifier = properties.get("id", item.get("id", f"F{index + 1}"))
    return {
        "ids": _text(index, {"id": str(identifier)}, "id"),
        "kinds": kind,
        "grades": _choice(index, properties, "grade", GRADES[kind], ONLY_GRADE.get(kind)),
        "names": _text(index, properties, "name"),
        "width_m": _number(index, properties, "width_m", needed=kind in (ROAD, BRIDGE)),
        **(_history(index, properties) if kind == ROAD else {}),
        "on_road": _text(index, properties, "on_road"),
        "age_years": int(_number(index, properties, "age_years")),
        "crown_m": _number(index, properties, "crown_m"),
        "geometry": _geometry(index, item.get("geometry"), kind),
    }


def _history(index: int, properties: Mapping[str, Any]) -> dict[str, Any]:
    """When a road was built and overhauled."""
    built, overhauled = (_day(index, properties, name) for name in ("built_on", "overhauled_on"))
    how = _choice(index, properties, "built_as", BUILT_AS, "new") if built else ""
    if how == "new" and overhauled and built and overhauled < built:
        zh, en = "大修早于新建", "it was overhauled before it was built"
        raise _wrong(index, "bad_date", "overhauled_on", zh, en)
    return {"built_on": built, "built_as": how, "overhauled_on": overhauled}


def _choice(
    index: int,
    properties: Mapping[str, Any],
    field: str,
    allowed: tuple[str, ...],
    default: str | None = None,
) -> str:
    value = properties.get(field, default)
    if value not in allowed:
        zh = f"{field} 须为 {'、'.join(allowed)} 之一，收到 {value!r}"
        en = f"{field} has to be one of {', '.join(allowed)}, not {value!r}"
        raise _wrong(index, "unknown_word", field, zh, en)
    return str(value)


def _text(index: int, properties: Mapping[str, Any], field: str) -> str:
    value = properties.get(field) or ""
    if not isinstance(value, str) or len(value) > 100 or "\0" in value:
        zh, en = f"{field} 须为不超过 100 字的文字", f"{field} has to be text of 100 characters"
        raise _wrong(index, "bad_text", field, zh, en)
    return value


def _number(
    index: int, properties: Mapping[str, Any], field: str, *, needed: bool = False
) -> float:
    value = properties.get(field)
    if value is None and not needed:
        return 0.0
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not (0 if not needed else 1e-9) <= value <= NUMBERS[field]:  # type: ignore[operator]
        zh = f"{field} 须为不超过 {NUMBERS[field]:g} 的正数，收到 {value!r}"
        en = f"{field} has to be a positive number up to {NUMBERS[field]:g}, not {value!r}"
        raise _wrong(index, "bad_number", field, zh, en)
    return float(value)  # type: ignore[arg-type]


def _day(index: int, properties: Mapping[str, Any], field: str) -> date | None:
    value = properties.get(field)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        zh, en = f"{field} 须为 2024-03-01 这样的日期", f"{field} has to be a day like 2024-03-01"
        raise _wrong(index, "bad_date", field, zh, en) from None


def _geometry(index: int, geometry: Any, kind: str) -> Any:
    allowed = SHAPES[kind]
    found = geometry.get("type") if isinstance(geometry, Mapping) else None
    if found not in allowed:
        zh = f"{kind} 的几何须为 {'、'.join(allowed)}，收到 {found}"
        en = f"the geometry of a {kind} has to be {' or '.join(allowed)}, not {found}"
        raise _wrong(index, "wrong_geometry", "geometry", zh, en)
    try:
        shape = shapely.force_2d(shapely.geometry.shape(geometry))
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        zh, en = "几何坐标不完整", "its coordinates are not complete"
        raise _wrong(index, "broken_geometry", "geometry", zh, en) from None
    coordinates = shapely.get_coordinates(shape)
    if not len(coordinates) or not np.isfinite(coordinates).all():
        zh, en = "几何为空或坐标不是数", "the geometry is empty or holds what is no number"
        raise _wrong(index, "not_a_number", "geometry", zh, en)
    shape = shapely.transform(shape, lambda points: points.round(DECIMALS))
    if not shape.is_valid or (kind in (ROAD, BRIDGE) and shape.length == 0):
        zh = f"几何无效：{shapely.is_valid_reason(shape)}"
        en = f"the geometry is not valid: {shapely.is_valid_reason(shape)}"
        raise _wrong(index, "invalid_geometry", "geometry", zh, en)
    return shape


def _refuse_repeated(rows: list[dict[str, Any]]) -> None:
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        first = seen.setdefault(row["ids"], index)
        if first != index:
            zh = f"id {row['ids']} 与第 {first + 1} 个要素重复"
            en = f"the id {row['ids']} is that of feature {first + 1}"
            raise _wrong(index, "repeated_id", "id", zh, en)


def _refuse_lost_bridges(rows: list[dict[str, Any]]) -> None:
    roads = {row["ids"] for row in rows if row["kinds"] == ROAD}
    for index, row in enumerate(rows):
        if row["on_road"] and row["on_road"] not in roads:
            zh = f"on_road {row['on_road']} 不是文件里的道路"
            en = f"on_road {row['on_road']} is no road of the file"
            raise _wrong(index, "unknown_road", "on_road", zh, en)


def _refuse_outside(objects: CityObjects, outline: Outline) -> None:
    points = shapely.get_coordinates(shapely.centroid(objects.geometry))
    outside = np.flatnonzero(~outline.contains(points[:, 0], points[:, 1]))
    if not len(outside):
        return
    index = int(outside[0])
    lon, lat = points[index]
    if outline.is_near(lat, lon) and not outline.is_near(lon, lat):
        zh, en = "坐标写成了纬度在前", "the coordinates have the latitude first"
        raise _wrong(index, "swapped_order", "geometry", zh, en)
    zh = f"不在本市（{lon:.6f}, {lat:.6f}）"
    en = f"it is not in the city ({lon:.6f}, {lat:.6f})"
    raise _wrong(index, "outside_city", "geometry", zh, en)
