"""The picture of a route: places, hatches, legend, labels."""

import re
from datetime import date

import numpy as np
import pytest

from support.works import LAT, LON, OLD_STREET, YOUNG_STREET, street_corner
from tongdian.law.plan import load_plan
from tongdian.service.approval.route_map import banned_until, legend, route_svg
from tongdian.service.approval.route_objects import city_objects
from tongdian.service.approval.route_window import Window
from tongdian.works.points import from_csv
from tongdian.works.projection import city_projection

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _city() -> None:
    street_corner(TODAY)


def test_places_on_the_picture_are_places_on_the_ground() -> None:
    """The script's affine agrees with the projection to a decimetre over the whole window."""
    window = Window.around(LON, LAT, 2400)
    affine = window.affine()
    for x, y in ((0, 0), (window.width, window.height), (window.width / 3, window.height / 2)):
        lon = affine["lon0"] + affine["lonx"] * x + affine["lony"] * y
        lat = affine["lat0"] + affine["latx"] * x + affine["laty"] * y
        east, north = city_projection().forward(np.array([[lon, lat]]))[0]
        found = window.to_picture(float(east), float(north))
        assert abs(found[0] - x) < 0.1
        assert abs(found[1] - y) < 0.1


@pytest.mark.parametrize(("points", "hatched"), [(OLD_STREET, False), (YOUNG_STREET, True)])
def test_only_roads_under_a_ban_are_hatched(points: str, hatched: bool) -> None:
    route, objects, plan = from_csv(points), city_objects(), load_plan()
    window = Window.of_route(route)
    svg = route_svg(window, objects, alt="x", plan=plan, on=TODAY, route=route, prefix="t")
    assert ("url(#t-ban)" in svg) is hatched
    assert ("禁挖期" in legend(objects, window, plan, TODAY, route=True)) is hatched


def test_a_ban_ends_on_its_last_day() -> None:
    objects, plan = city_objects(), load_plan()
    row = objects.names.tolist().index("示例新街")
    last = banned_until(objects, row, plan, TODAY)
    assert last == date(2030, 9, 1)
    assert banned_until(objects, row, plan, last) == last
    assert banned_until(objects, row, plan, date(2030, 9, 2)) is None


def test_the_legend_has_six_entries_at_most_and_labels_do_not_overlap() -> None:
    objects, plan = city_objects(), load_plan()
    window = Window.around(LON, LAT, 1200)
    key = legend(objects, window, plan, TODAY, route=True)
    assert 3 <= key.count("<li>") <= 6
    svg = route_svg(window, objects, alt="x", plan=plan, on=TODAY)
    wide = re.search(r'<g class="wide".*?</g>', svg, re.DOTALL)
    assert wide is not None
    assert wide[0].count("<text") == 2
    assert "示例老街 2006" in wide[0]
    assert "style=" not in svg
