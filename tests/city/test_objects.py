"""Roads, green land, forest and trees of the city, and routes through them."""

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
import shapely

from city.conftest import made
from tongdian.city import City
from tongdian.city.objects import demo_objects
from tongdian.city.places import RURAL
from tongdian.city.routes import route_for
from tongdian.law.plan import load_plan
from tongdian.works.objects import CityObjects
from tongdian.works.objects_geojson import from_geojson, to_geojson
from tongdian.works.outline import city_outline
from tongdian.works.permits import Assessment, assess
from tongdian.works.projection import city_projection
from tongdian.works.routes import Route

ON = date(2026, 11, 25)
CUSTOMERS = 5000


def city_of(customers: int, seed: int = 7) -> City:
    return made(customers, seed)


@cache
def objects() -> CityObjects:
    return demo_objects(city_of(CUSTOMERS), ON)


@cache
def routes() -> list[Route]:
    source = np.random.default_rng(5)
    return [route_for(city_of(CUSTOMERS), customer, source) for customer in range(0, CUSTOMERS, 10)]


@cache
def assessed() -> list[Assessment]:
    plan = load_plan()
    return [assess(r, objects().touching(r), 10, plan, ON, True) for r in routes()]


def same(one: CityObjects, other: CityObjects) -> bool:
    return to_geojson(one) == to_geojson(other)


def test_the_same_seed_and_day_give_the_same_objects() -> None:
    assert same(objects(), demo_objects(city_of(CUSTOMERS), ON))
    assert not same(objects(), demo_objects(city_of(CUSTOMERS, 8), ON))


def test_a_few_thousand_for_a_small_city_and_as_many_as_asked() -> None:
    assert len(demo_objects(city_of(20_000), ON)) == 4000
    assert len(objects()) == 2000
    assert len(demo_objects(city_of(CUSTOMERS), ON, 30_000)) == 30_000


def test_there_is_everything_that_works_can_touch() -> None:
    grades = set(objects().grades.tolist())
    assert grades >= {
        "arterial", "secondary", "branch", "village", "bridge", "park", "green_belt", "forest",
        "ancient", "big", "street",
    }  # fmt: skip
    assert set(objects().kinds.tolist()) == {"road", "bridge", "green", "forest", "tree"}


def test_they_lie_in_the_city_and_pass_as_an_import() -> None:
    assert city_outline().covers(objects().geometry[objects().of_kind("road")]).all()
    assert shapely.is_valid(objects().geometry).all()
    assert same(from_geojson(to_geojson(objects())), objects())


def test_some_roads_are_young_on_the_last_day_and_none_is_from_the_future() -> None:
    rows = objects().of_kind("road").tolist()
    built = [objects().built(row) for row in rows]
    overhauled = [objects().overhauled(row) for row in rows]
    assert all(day is not None and day < ON for day in built)
    young = sum(day is not None and ON - day < timedelta(days=5 * 365) for day in built)
    assert 0.05 < young / len(rows) < 0.35
    assert any(day and ON - day < timedelta(days=3 * 365) for day in overhauled)
    assert all(o is None or o > b for b, o in zip(built, overhauled, strict=True) if b)


def test_bridges_are_on_their_roads_and_ancient_trees_are_old() -> None:
    every = objects()
    roads = {str(every.ids[row]): every.geometry[row] for row in every.of_kind("road")}
    for row in every.of_kind("bridge"):
        road = city_projection().to_metres(roads[str(every.on_road[row])])
        bridge = city_projection().to_metres(every.geometry[row])
        assert road.buffer(0.1).covers(bridge)
    assert (every.age_years[every.grades == "ancient"] >= 100).all()
    assert (every.age_years[every.grades == "big"] < 100).all()


def test_routes_are_the_same_for_the_same_source_and_end_at_the_house() -> None:
    city = city_of(CUSTOMERS)
    for customer in (0, 777, 4999):
        one, other = (route_for(city, customer, np.random.default_rng(3)) for _ in range(2))
        assert one == other
        house = city_projection().forward(np.array([[city.lon[customer], city.lat[customer]]]))
        ends = city_projection().forward(np.array([part.points[-1] for part in one.parts]))
        assert np.hypot(*(ends - house).T).min() < 2.1


def test_routes_are_of_many_kinds() -> None:
    lengths = np.array([route.length_m for route in routes()])
    assert 0.05 < np.mean(lengths > 300) < 0.4
    assert np.median(lengths) < 300
    layings = {part.laying for route in routes() for part in route.parts}
    assert layings == {"trench", "existing_duct", "overhead", "pulled"}
    assert 0.02 < np.mean([route.with_chamber for route in routes()]) < 0.3


@pytest.mark.parametrize("outcome", ["yes", "no"])
def test_many_may_commit_and_many_may_not(outcome: str) -> None:
    share = np.mean([one.commitment == outcome for one in assessed()])
    assert 0.2 < share < 0.8


def test_each_ground_for_no_commitment_occurs() -> None:
    grounds = {c.id for one in assessed() for c in one.conditions if c.passed is False}
    assert grounds >= {"length", "chamber", "moratorium", "bridge_review", "protected_tree"}
    codes = {code for one in assessed() for code in one.item_codes}
    assert codes >= {"municipal", "green", "traffic"}


def test_villages_have_overhead_lines() -> None:
    city = city_of(CUSTOMERS)
    villages = np.flatnonzero(city.zone == RURAL)[::20]
    source = np.random.default_rng(1)
    drawn = [route_for(city, int(customer), source) for customer in villages]
    assert 0.3 < np.mean([route.parts[0].laying == "overhead" for route in drawn]) < 0.95
