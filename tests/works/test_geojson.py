"""Routes from GeoJSON."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.works.objects_geojson import from_geojson as objects_from_geojson
from tongdian.works.refusals import ObjectError
from tongdian.works.routes import RouteError, from_geojson

LINE = [[106.7135, 26.58], [106.7145, 26.58]]
ON = [[106.7145, 26.58], [106.7145, 26.581]]


def line(coordinates: Any = LINE, **more: Any) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": coordinates, **more}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties or None}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}


def code_of(document: Any) -> str:
    with pytest.raises(RouteError) as caught:
        from_geojson(document)
    assert caught.value.field
    return caught.value.code


@pytest.mark.parametrize(
    "document",
    [
        line(),
        feature(line()),
        collection(feature(line())),
        {"type": "GeometryCollection", "geometries": [line()]},
        {"type": "MultiLineString", "coordinates": [LINE]},
        line([[*point, 1071.5] for point in LINE]),
        feature(line(), laying="trench"),
        collection(
            feature(line()),
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}},
        ),
        line(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}),
    ],
)
def test_one_line_in_every_form(document: dict[str, Any]) -> None:
    made = from_geojson(json.dumps(document))
    assert made == from_geojson(document)
    assert made.digest == from_geojson(line()).digest
    assert (made.vertices, made.parts[0].laying) == (2, "trench")


def test_properties_say_laying_and_chambers() -> None:
    well = {"type": "Point", "coordinates": LINE[1]}
    made = from_geojson(
        collection(
            feature(line(), laying="顶管"),
            feature(line(ON), 敷设方式="架空"),
            feature(well, kind="电力井"),
            feature({"type": "MultiPoint", "coordinates": [LINE[0]]}, 类型="chamber"),
        )
    )
    assert [part.laying for part in made.parts] == ["pulled", "overhead"]
    assert made.chambers == ((106.7135, 26.58), (106.7145, 26.58))
    assert from_geojson(line(), with_chamber=True).with_chamber


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "empty_file"),
        ("{", "broken_geojson"),
        ("[1, 2]", "broken_geojson"),
        ("[" * 100_000, "broken_geojson"),
        (b"\xff\xfe{}", "wrong_encoding"),
        ("{}", "not_lines"),
        (collection(), "too_few_points"),
        (collection("x"), "broken_geojson"),
        ({"type": "FeatureCollection"}, "broken_geojson"),
        ({"type": "LineString"}, "broken_geojson"),
        (feature(None), "broken_geojson"),
        ({"type": "Point", "coordinates": LINE[0]}, "not_lines"),
        ({"type": "Polygon", "coordinates": [[*LINE, *ON, LINE[0]]]}, "not_lines"),
        (feature({"type": "Point", "coordinates": LINE[0]}, kind="start"), "not_lines"),
        (feature(line(), laying="magic"), "unknown_laying"),
        (line([[106.7, 26.6], "106.7,26.6"]), "not_a_number"),
        (line([[106.7, 26.6], None]), "not_a_number"),
        (line([[106.7, 26.6], ["106.7", "26.61"]]), "not_a_number"),
        ('{"type":"LineString","coordinates":[[106.7,26.6],[NaN,26.6]]}', "not_a_number"),
        ('{"type":"LineString","coordinates":[[106.7,26.6],[1e999,26.6]]}', "not_a_number"),
        ('{"type":"LineString","coordinates":[[106.7,26.6],[1' + "0" * 5000 + ",2]]}",
         "broken_geojson"),
        (line(crs={"type": "name", "properties": {"name": "EPSG:3857"}}), "unsupported_crs"),
        (line(crs={"type": "name", "properties": {"name": "GCJ-02"}}), "unsupported_crs"),
        (line(crs="EPSG:4490"), "unsupported_crs"),
        (line([[lat, lon] for lon, lat in LINE]), "swapped_order"),
    ],
)  # fmt: skip
def test_what_is_no_route(document: Any, code: str) -> None:
    assert code_of(document) == code


def test_a_collection_nested_without_end() -> None:
    nested: dict[str, Any] = line()
    for _ in range(20):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    assert code_of(nested) == "broken_geojson"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
    | st.sampled_from(["Feature", "FeatureCollection", "LineString", "Point", "Polygon", "road"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["type", "geometry", "coordinates", "features", "geometries", "properties", "kind",
             "laying", "crs", "id", "grade", "width_m", "with_chamber"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip
WRAPPED = JSON | st.builds(
    lambda kind, inner: {"type": kind, "features": [{"type": "Feature", **inner}], **inner},
    st.sampled_from(["FeatureCollection", "Feature", "LineString", "MultiLineString"]),
    st.fixed_dictionaries(
        {},
        optional={
            "geometry": JSON
            | st.fixed_dictionaries({"type": st.sampled_from(["LineString", "Point", "MultiPoint"]),
                                     "coordinates": JSON}),
            "coordinates": JSON,
            "properties": JSON,
            "crs": JSON,
        },
    ),
)  # fmt: skip


@settings(max_examples=300)
@given(WRAPPED)
def test_whatever_json_comes_the_refusal_is_a_clear_one(document: Any) -> None:
    text = json.dumps(document)
    for read, refusal in ((from_geojson, RouteError), (objects_from_geojson, ObjectError)):
        with pytest.raises(refusal) as caught:
            read(text)
        assert caught.value.rule_zh
        assert caught.value.remedy_en
