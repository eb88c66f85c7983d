"""Places on the sketch of Guiyang."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tongdian.service as service
from tongdian.service.look.district_map import (
    EAST,
    HEIGHT,
    NORTH,
    SOUTH,
    WEST,
    WIDTH,
    base_map,
    choropleth,
    read_pick,
    render_picker,
    to_point,
    to_xy,
)
from tongdian.service.look.districts import district_at, districts


@given(st.floats(WEST, EAST), st.floats(SOUTH, NORTH))
def test_pixels_and_degrees_are_inverse(longitude: float, latitude: float) -> None:
    point = to_point(*to_xy(longitude, latitude))
    assert point.longitude == pytest.approx(longitude, abs=1e-5)
    assert point.latitude == pytest.approx(latitude, abs=1e-5)


def test_the_city_fits_on_the_map() -> None:
    assert len(districts()) == 10
    for district in districts().values():
        for ring in district.rings:
            for longitude, latitude in ring:
                x, y = to_xy(longitude, latitude)
                assert 0 < x < WIDTH
                assert 0 < y < HEIGHT


def test_every_district_holds_its_own_point() -> None:
    for district in districts().values():
        found = district_at(*(district.leader_from or district.label_at))
        assert found is not None
        assert found.code == district.code
    assert district_at(105.0, 26.0) is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"map.x": "0", "map.y": "0"},
        {"map.x": "ten", "map.y": "3"},
        {"map.x": "10"},
        {"map.x": "999", "map.y": "3"},
        {"map.x": "-1", "map.y": "3"},
    ],
)
def test_what_is_no_pick_is_none(data: dict[str, str]) -> None:
    assert read_pick(data) is None


def test_a_pick_without_javascript_is_a_place() -> None:
    x, y = to_xy(106.71, 26.6)
    point = read_pick({"map.x": str(round(x)), "map.y": str(round(y))})
    assert point is not None
    assert point.longitude == pytest.approx(106.71, abs=0.003)
    assert point.latitude == pytest.approx(26.6, abs=0.003)


def test_the_pin_is_unseen_until_there_is_a_place() -> None:
    assert "no-pin" in render_picker()
    assert "no-pin" not in render_picker(106.7, 26.6)


def test_the_static_picture_is_the_map_it_says_it_is() -> None:
    picture = Path(service.__file__).parent / "static/icons/guiyang.svg"
    assert picture.read_text(encoding="utf-8").strip() == base_map()


def test_a_choropleth_has_at_most_six_entries_in_its_legend() -> None:
    values: dict[str, float | None] = {code: i * 1.7 for i, code in enumerate(districts())}
    values["520122"] = None
    markup = choropleth(values, title="t", url_for=lambda code: f"/?district={code}")
    assert markup.count("<li>") <= 6
    assert markup.count("<a href=") == 10
