"""City objects from GeoJSON: everything or nothing, and what is wrong by index, field and rule."""

import copy
import json
from typing import Any

import pytest

from tongdian.works.objects import CityObjects
from tongdian.works.objects_geojson import from_geojson, to_geojson
from tongdian.works.refusals import ObjectError
from works.conftest import route


def document(quarter: CityObjects) -> dict[str, Any]:
    return json.loads(json.dumps(to_geojson(quarter)))


def code_of(data: Any) -> ObjectError:
    with pytest.raises(ObjectError) as caught:
        from_geojson(data)
    assert all((caught.value.rule_zh, caught.value.rule_en, caught.value.remedy_zh))
    return caught.value


def test_out_and_in_again_it_is_the_same(quarter: CityObjects) -> None:
    read = from_geojson(json.dumps(to_geojson(quarter)))
    assert to_geojson(read) == to_geojson(quarter)
    made = route((-10, 0), (720, 0))
    assert read.touching(made) == quarter.touching(made)


def test_every_kind_keeps_its_properties(quarter: CityObjects) -> None:
    features = {f["properties"]["id"]: f["properties"] for f in document(quarter)["features"]}
    assert features["R3"]["overhauled_on"] == "2023-12-01"
    assert features["B1"] == {
        "id": "B1", "kind": "bridge", "grade": "bridge", "width_m": 20.0, "on_road": "R1",
    }  # fmt: skip
    assert features["T1"]["age_years"] == 300


ROAD, BRIDGE, GREEN, TREE = 0, 3, 4, 7


@pytest.mark.parametrize(
    ("index", "change", "code", "field"),
    [
        (ROAD, {"kind": "river"}, "unknown_word", "kind"),
        (ROAD, {"kind": None}, "unknown_word", "kind"),
        (ROAD, {"grade": "park"}, "unknown_word", "grade"),
        (ROAD, {"width_m": None}, "bad_number", "width_m"),
        (ROAD, {"width_m": 0}, "bad_number", "width_m"),
        (ROAD, {"width_m": -3}, "bad_number", "width_m"),
        (ROAD, {"width_m": "20"}, "bad_number", "width_m"),
        (ROAD, {"width_m": 2000}, "bad_number", "width_m"),
        (ROAD, {"width_m": float("nan")}, "bad_number", "width_m"),
        (ROAD, {"built_on": "2024/3/1"}, "bad_date", "built_on"),
        (ROAD, {"built_on": 2024}, "bad_date", "built_on"),
        (ROAD, {"overhauled_on": "1999-01-01"}, "bad_date", "overhauled_on"),
        (ROAD, {"built_as": "found"}, "unknown_word", "built_as"),
        (ROAD, {"name": 7}, "bad_text", "name"),
        (ROAD, {"name": "路" * 101}, "bad_text", "name"),
        (BRIDGE, {"on_road": "R9"}, "unknown_road", "on_road"),
        (TREE, {"age_years": -1}, "bad_number", "age_years"),
        (TREE, {"id": "R1"}, "repeated_id", "id"),
    ],
)
def test_a_wrong_property_is_named(
    quarter: CityObjects, index: int, change: dict[str, Any], code: str, field: str
) -> None:
    made = document(quarter)
    made["features"][index]["properties"].update(change)
    error = code_of(made)
    assert (error.code, error.field, error.index) == (code, field, index)
    assert f"第 {index + 1} 个" in error.rule_zh


@pytest.mark.parametrize(
    ("index", "geometry", "code"),
    [
        (ROAD, None, "wrong_geometry"),
        (ROAD, {"type": "Point", "coordinates": [106.7, 26.6]}, "wrong_geometry"),
        (TREE, {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}, "wrong_geometry"),
        (ROAD, {"type": "LineString", "coordinates": [[106.7, 26.6]]}, "broken_geometry"),
        (ROAD, {"type": "LineString", "coordinates": "x"}, "broken_geometry"),
        (ROAD, {"type": "LineString"}, "broken_geometry"),
        (ROAD, {"type": "LineString", "coordinates": []}, "not_a_number"),
        (TREE, {"type": "Point", "coordinates": [float("nan"), 26.6]}, "not_a_number"),
        (ROAD, {"type": "LineString", "coordinates": [[106.7, 26.6]] * 2}, "invalid_geometry"),
        (GREEN, {"type": "Polygon", "coordinates": [
            [[106.7, 26.6], [106.71, 26.61], [106.71, 26.6], [106.7, 26.61], [106.7, 26.6]]]},
         "invalid_geometry"),
        (TREE, {"type": "Point", "coordinates": [116.4, 39.9]}, "outside_city"),
        (TREE, {"type": "Point", "coordinates": [26.6, 106.7]}, "swapped_order"),
    ],
)  # fmt: skip
def test_a_wrong_geometry_is_named(
    quarter: CityObjects, index: int, geometry: Any, code: str
) -> None:
    made = copy.deepcopy(document(quarter))
    made["features"][index]["geometry"] = geometry
    error = code_of(made)
    assert (error.code, error.field, error.index) == (code, "geometry", index)
    assert error.to_dict()["index"] == index


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("{", "broken_geojson"),
        ("[]", "broken_geojson"),
        ("[" * 100_000, "broken_geojson"),
        ({"type": "Feature"}, "broken_geojson"),
        ({"type": "FeatureCollection"}, "broken_geojson"),
        ({"type": "FeatureCollection", "features": []}, "empty_file"),
        ({"type": "FeatureCollection", "features": [7]}, "broken_geojson"),
    ],
)
def test_what_is_no_file_of_objects(data: Any, code: str) -> None:
    assert code_of(data).code == code
