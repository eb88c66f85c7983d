"""Routes: their length and digest, and what is no route."""

import hashlib
import json
from decimal import Decimal

import numpy as np
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.works.projection import ELLIPSOID, geodesic_m
from tongdian.works.routes import (
    MOST_VERTICES,
    Route,
    RouteError,
    from_csv,
    from_geojson,
    read_route,
)
from tongdian.works.soundness import MOST_PARTS
from works.conftest import ORIGIN, degrees, route

# Lines that go east and never come back cross nothing of their own.
WAYS = st.lists(st.tuples(st.floats(1, 60), st.floats(-40, 40)), min_size=2, max_size=12).map(
    lambda steps: [(sum(s[0] for s in steps[: i + 1]), steps[i][1]) for i in range(len(steps))]
)


def refused(parts: object, **more: object) -> RouteError:
    with pytest.raises(RouteError) as caught:
        Route.of(parts, **more)  # type: ignore[arg-type]
    error = caught.value
    assert error.field
    assert all((error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en))
    assert set(error.to_dict()) == {
        "code", "field", "rule_zh", "rule_en", "remedy_zh", "remedy_en",
    }  # fmt: skip
    return error


@given(WAYS, st.data())
def test_length_is_additive_over_splitting_at_a_vertex(way: list, data: st.DataObject) -> None:
    points = degrees(*way)
    whole = Route.of([(points, "trench")])
    if len(points) > 2:
        at = data.draw(st.integers(1, len(points) - 2))
        split = Route.of([(points[: at + 1], "trench"), (points[at:], "trench")])
        assert split.length_m == pytest.approx(whole.length_m, abs=1e-6)
    assert whole.length_m == pytest.approx(geodesic_m(*map(list, zip(*points, strict=True))))


@given(WAYS)
def test_the_other_way_round_is_as_long(way: list) -> None:
    there = route(*way)
    assert there.reversed().length_m == pytest.approx(there.length_m, abs=1e-6)
    assert there.reversed().reversed() == there


@given(WAYS, st.sampled_from(["trench", "pulled", "overhead"]))
def test_the_digest_is_that_of_the_line_whatever_the_form(way: list, laying: str) -> None:
    made = route(*way, laying=laying)
    table = "\n".join(f"{x!r};{y!r};{laying}" for x, y in made.parts[0].points)
    assert from_csv(table).digest == made.digest
    document = made.to_geojson()
    assert from_geojson(document) == made
    assert from_geojson(json.dumps(document).encode()).digest == made.digest
    assert made.digest == hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def test_another_laying_or_a_chamber_is_another_digest() -> None:
    one = route((0, 0), (50, 0))
    others = [
        route((0, 0), (50, 0), laying="pulled"),
        route((0, 0), (50, 0), chambers=[(25, 0)]),
        route((0, 0), (50, 0), with_chamber=True),
        route((0, 0), (50.02, 0)),
    ]
    assert len({one.digest, *(other.digest for other in others)}) == 5
    assert [other.with_chamber for other in others] == [False, True, True, False]


@pytest.mark.parametrize(
    ("metres", "measured"),
    [("299.95", "300.0"), ("300.00", "300.0"), ("300.04", "300.0"), ("300.06", "300.1")],
)
def test_the_measured_length_is_in_decimetres_half_up(metres: str, measured: str) -> None:
    lon, lat, _ = ELLIPSOID.fwd(*ORIGIN, 90, float(metres))
    made = Route.of([([ORIGIN, (lon, lat)], "trench")])
    assert made.length_m == pytest.approx(float(metres), abs=0.006)
    assert made.measured_m == Decimal(measured)


def test_coordinates_have_seven_decimals() -> None:
    made = Route.of([([(106.71350001234, 26.57830004999), (106.714, 26.579)], "trench")])
    assert made.parts[0].points[0] == (106.7135, 26.5783)


CROSSING = [(0, 0), (50, 0), (50, 50), (25, -25)]
BACK = [(0, 0), (50, 0), (20, 0)]


@pytest.mark.parametrize("shape", [CROSSING, BACK, [*CROSSING, (0, 0)]])
def test_a_line_that_crosses_itself(shape: list) -> None:
    error = refused([(degrees(*shape), "trench")])
    assert (error.code, error.field) == ("self_crossing", "parts[1]")


def test_the_crossing_is_named_by_its_place() -> None:
    error = refused([(degrees((0, 0), (100, 0), (50, 50), (50, -50)), "trench")])
    x, y = degrees((50, 0))[0]
    assert f"{x:.5f}"[:-1] in error.rule_en
    assert f"{y:.5f}"[:-1] in error.rule_en


def test_parts_may_branch_and_not_cross() -> None:
    main = degrees((0, 0), (100, 0)), "trench"
    branch = degrees((50, 0), (50, 40)), "pulled"
    corner = degrees((0, 0), (40, 30), (100, 0)), "trench"
    joined = Route.of([(degrees((0, 0), (50, 0), (100, 0)), "trench"), branch])
    assert len(joined.parts) == 2
    assert refused([main, (degrees((50, -20), (50, 40)), "trench")]).code == "self_crossing"
    assert refused([main, main]).code == "self_crossing"
    assert refused([corner, corner]).field == "parts[2]"


@pytest.mark.parametrize(
    ("points", "code", "field"),
    [
        ([], "too_few_points", "parts[1]"),
        ([(106.7, 26.6)], "too_few_points", "parts[1]"),
        ([(106.7, 26.6), (106.7, 26.6)], "zero_length", "parts[1]"),
        ([(106.7, 26.6), (106.7, 26.6000000001)], "zero_length", "parts[1]"),
        ([(106.7, 26.6), (106.7, 26.6), (106.8, 26.6)], "repeated_points", "parts[1].points[2]"),
        ([(26.6, 106.7), (26.6, 106.8)], "swapped_order", "points"),
        ([(116.4, 39.9), (116.5, 39.9)], "outside_city", "parts[1].points[1]"),
        ([(106.7, 26.6), (106.7, 28.6)], "outside_city", "parts[1].points[2]"),
        ([(106.7, 26.6), (float("nan"), 26.6)], "not_a_number", "parts[1].points[2]"),
        ([(106.7, 26.6), (106.7, float("inf"))], "not_a_number", "parts[1].points[2]"),
        ([("106.7", 26.6), (106.7, 26.7)], "not_a_number", "parts[1].points[1]"),
        ([(106.7,), (106.7, 26.7)], "not_a_number", "parts[1].points[1]"),
        ([(10**400, 26.6), (106.7, 26.7)], "not_a_number", "parts[1].points[1]"),
        ([(True, 26.6), (106.7, 26.7)], "not_a_number", "parts[1].points[1]"),
    ],
)
def test_what_is_no_route(points: list, code: str, field: str) -> None:
    error = refused([(points, "trench")])
    assert (error.code, error.field) == (code, field)


def test_laying_parts_and_chambers_are_looked_at_too() -> None:
    line = degrees((0, 0), (50, 0))
    assert refused([]).code == "too_few_points"
    assert refused([(line, "magic")]).code == "unknown_laying"
    assert refused([(line, "trench")], chambers=[(116.4, 39.9)]).field == "chambers"


def test_longer_than_a_hundred_kilometres() -> None:
    points = [(106.68 + 0.03 * (i % 2), 26.55 + 0.0001 * i) for i in range(50)]
    assert refused([(points, "trench")]).code == "too_long"


def test_a_hundred_thousand_points_are_refused_at_once() -> None:
    points = [(106.7 + 1e-6 * i, 26.6) for i in range(100_000)]
    text = json.dumps({"type": "LineString", "coordinates": [[1, 2]] * 100_000})
    table = "1,2\n" * 100_000
    assert refused([(points, "trench")]).code == "too_many_points"
    for read in (lambda: from_geojson(text), lambda: from_csv(table)):
        with pytest.raises(RouteError) as caught:
            read()
        assert caught.value.code == "too_many_points"
        assert "100,000" in caught.value.rule_en


def test_the_most_points_that_are_allowed() -> None:
    points = [
        (round(106.7 + 1e-6 * i, 7), round(26.6 + 5e-7 * (i % 2), 7)) for i in range(MOST_VERTICES)
    ]
    assert Route.of([(points, "trench")]).vertices == MOST_VERTICES


def test_a_scribble_of_the_most_points_is_refused() -> None:
    source = np.random.default_rng(1)
    points = (ORIGIN + 0.0001 * source.random((MOST_VERTICES, 2))).tolist()
    assert refused([(points, "trench")]).code == "self_crossing"


def test_parts_have_a_number_too() -> None:
    rays = [(degrees((0, 0), (40, i / 10)), "trench") for i in range(MOST_PARTS + 1)]
    assert len(Route.of(rays[:-1]).parts) == MOST_PARTS
    assert refused(rays).code == "too_many_parts"


def test_the_suffix_says_how_to_read() -> None:
    table = b"lon,lat\n106.7,26.6\n106.701,26.6\n"
    assert read_route("线路.CSV", table) == from_csv(table)
    with pytest.raises(RouteError, match="not known"):
        read_route("route.dwg", b"AC1032")


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([".csv", ".geojson", ".dxf"]))
def test_whatever_bytes_come_the_refusal_is_a_clear_one(data: bytes, suffix: str) -> None:
    with pytest.raises(RouteError) as caught:
        read_route(f"x{suffix}", data)
    assert caught.value.rule_zh
    assert caught.value.remedy_zh
