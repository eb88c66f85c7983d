"""What a route touches, in a quarter where every distance is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.works.objects import CityObjects
from tongdian.works.reach import Reach
from tongdian.works.routes import Route
from tongdian.works.touching import Touch, Touched
from works.conftest import route, tree

REACH = Reach.of()


def ids(touched: Touched) -> list[str]:
    return [touch.id for touch in touched.touches]


def one(objects: CityObjects, made: Route, identifier: str) -> Touch:
    (touch,) = [t for t in objects.touching(made).touches if t.id == identifier]
    return touch


def test_the_plan_says_how_far_works_reach() -> None:
    assert (REACH.strip_m, REACH.corridor_m, REACH.street_m) == (1.0, 5.0, 0.7)
    assert (REACH.big_m, REACH.ancient_m, REACH.ancient_years) == (3.0, 5.0, 100)


def test_crossing_a_road_is_as_long_as_the_road_is_wide(quarter: CityObjects) -> None:
    touch = one(quarter, route((80, 10), (130, 10)), "R1")
    assert (touch.how, touch.part, touch.laying) == ("crossing", 0, "trench")
    assert touch.length_m == pytest.approx(20, abs=0.01)
    assert touch.area_m2 == pytest.approx(40, abs=0.05)
    assert touch.zh == "示例R1路（次干路）"


def test_along_a_road(quarter: CityObjects) -> None:
    touch = one(quarter, route((95, 0), (95, 150)), "R1")
    assert (touch.how, round(touch.length_m, 1)) == ("along", 150.0)


@pytest.mark.parametrize(("x", "touches"), [(88.5, False), (88.9, False), (89.1, True)])
def test_the_strip_touches_beside_the_line(quarter: CityObjects, x: float, touches: bool) -> None:
    made = quarter.touching(route((x, 0), (x, 50)))
    assert ("R1" in ids(made)) is touches


def test_inside_green_land_and_forest(quarter: CityObjects) -> None:
    green = one(quarter, route((390, 0), (430, 0)), "G1")
    assert (green.how, round(green.length_m, 1), round(green.area_m2)) == ("inside", 30.0, 60)
    forest = one(quarter, route((480, 0), (620, 0)), "W1")
    assert (round(forest.length_m, 1), round(forest.area_m2)) == (100.0, 200)


def test_an_overhead_line_needs_a_corridor_through_forest_alone(quarter: CityObjects) -> None:
    wood = one(quarter, route((480, 0), (620, 0), laying="overhead"), "W1")
    assert round(wood.area_m2) == 1000
    park = one(quarter, route((390, 0), (430, 0), laying="overhead"), "G1")
    assert round(park.area_m2) == 60
    assert ids(quarter.touching(route((480, 53), (620, 53), laying="overhead"))) == ["W1"]
    assert ids(quarter.touching(route((480, 53), (620, 53)))) == []


# The ancient tree T1 stands at 20, 40 with a crown of 6 m and 5 m more; the big T2 at 20, -40 with
# 4 m and 3 m; T3 is on a street yet 120 years old; T4 at 60, 0.5 is an ordinary street tree.
@pytest.mark.parametrize(
    ("way", "found"),
    [
        ([(0, 28.9), (40, 28.9)], []),
        ([(0, 29.1), (40, 29.1)], [("T1", "ancient", 10.9, 11.0)]),
        ([(0, -32.9), (40, -32.9)], []),
        ([(0, -33.1), (40, -33.1)], [("T2", "big", 6.9, 7.0)]),
        ([(40, 84.9), (60, 84.9)], [("T3", "ancient", 4.9, 5.0)]),
        ([(40, 0), (80, 0)], [("T4", "street", 0.5, 0.7)]),
        ([(40, -0.3), (80, -0.3)], []),
    ],
)
def test_trees_are_touched_within_what_protects_them(
    quarter: CityObjects, way: list, found: list
) -> None:
    touches = quarter.touching(route(*way)).of("tree")
    assert [
        (t.id, t.grade, round(t.distance_m, 1), round(t.protection_m, 1)) for t in touches
    ] == found


@pytest.mark.parametrize(
    ("laying", "touched"),
    [("trench", True), ("overhead", True), ("pulled", False), ("existing_duct", False)],
)
def test_a_street_tree_is_spared_by_gentle_laying_and_an_ancient_one_is_not(
    quarter: CityObjects, laying: str, touched: bool
) -> None:
    assert ("T4" in ids(quarter.touching(route((40, 0), (80, 0), laying=laying)))) is touched
    assert "T1" in ids(quarter.touching(route((0, 40), (40, 40), laying=laying)))


def test_a_chamber_is_a_hole_of_its_own(quarter: CityObjects) -> None:
    made = route((50, 10), (150, 10), laying="pulled", chambers=[(100, 10)])
    line, well = quarter.touching(made).touches
    assert (line.part, line.laying, well.part, well.laying) == (0, "pulled", None, "chamber")
    assert well.area_m2 == pytest.approx(4, abs=0.01)


def test_nothing_is_touched_by_a_line_in_the_open(quarter: CityObjects) -> None:
    assert quarter.touching(route((-60, -60), (-20, -60))).touches == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(5, 90), st.floats(-60, 60)), min_size=2, max_size=10),
    st.sampled_from(["trench", "overhead", "pulled"]),
)
def test_touching_does_not_know_the_direction(
    quarter: CityObjects, steps: list, laying: str
) -> None:
    x = np.cumsum([step[0] for step in steps]).tolist()
    there = route(*zip(x, [step[1] for step in steps], strict=True), laying=laying)
    found = quarter.touching(there).touches
    back = quarter.touching(there.reversed()).touches
    measures = {t.id: (t.length_m, t.area_m2, t.distance_m) for t in back}
    assert ids(quarter.touching(there)) == [t.id for t in back]
    for touch in found:
        mine = (touch.length_m, touch.area_m2, touch.distance_m)
        assert measures[touch.id] == pytest.approx(mine, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.floats(-50, 750), st.floats(-80, 80), st.floats(5, 300), st.floats(-100, 100))
def test_the_index_finds_what_a_naive_loop_finds(
    quarter: CityObjects, x: float, y: float, dx: float, dy: float
) -> None:
    made = route((x, y), (x + dx, y + dy))
    alone = [
        touch.id
        for row in range(len(quarter))
        for touch in quarter.take(np.array([row])).touching(made).touches
    ]
    assert sorted(ids(quarter.touching(made))) == sorted(alone)


def test_an_empty_city_and_a_city_of_trees() -> None:
    empty = CityObjects.from_rows([])
    assert empty.touching(route((0, 0), (50, 0))).touches == ()
    trees = CityObjects.from_rows([tree("T", 25, 1, "ancient", age_years=100)])
    assert ids(trees.touching(route((0, 0), (50, 0)))) == ["T"]


def test_a_wider_reach_touches_more(quarter: CityObjects) -> None:
    made = route((85, 0), (85, 50))
    assert ids(quarter.touching(made)) == []
    assert ids(quarter.touching(made, replace(REACH, strip_m=6.0))) == ["R1"]


def test_saved_and_loaded_it_is_the_same(quarter: CityObjects, tmp_path: Path) -> None:
    quarter.save(tmp_path / "objects.npz")
    loaded = CityObjects.load(tmp_path / "objects.npz")
    made = route((0, 0), (720, 10))
    assert len(loaded) == len(quarter)
    assert loaded.touching(made) == quarter.touching(made)
    assert loaded.built(1) == quarter.built(1)
    assert loaded.overhauled(0) is None
