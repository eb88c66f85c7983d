"""Permit items, moratoria, the bridge rule and the commitment route, at their boundaries."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.law.plan import NotInForceError, load_plan
from tongdian.works.moratoria import last_day
from tongdian.works.objects import CityObjects
from tongdian.works.permits import Assessment, assess
from tongdian.works.projection import ELLIPSOID
from tongdian.works.refusals import WorksError
from tongdian.works.routes import LAYINGS, Route
from works.conftest import ON, ORIGIN, road, route

PLAN = load_plan()
CITY_ROAD = CityObjects.from_rows([road("R1", 10)])


def judge(
    objects: CityObjects,
    made: Route,
    voltage: Any = 10,
    *,
    credit: bool | None = True,
    on: date = ON,
) -> Assessment:
    return assess(made, objects.touching(made), voltage, PLAN, on, credit)


def failed(made: Assessment) -> list[str]:
    return [condition.id for condition in made.conditions if condition.passed is False]


def subs(made: Assessment, code: str = "municipal") -> tuple[str, ...]:
    item = made.item(code)
    return item.sub_items if item else ()


# --- items


@pytest.mark.parametrize(
    ("laying", "sub_items", "traffic"),
    [
        ("trench", ("occupy", "dig", "attach"), True),
        ("existing_duct", ("occupy",), True),
        ("overhead", ("occupy", "attach"), True),
        ("pulled", ("attach",), False),
    ],
)
def test_across_a_road(
    quarter: CityObjects, laying: str, sub_items: tuple[str, ...], traffic: bool
) -> None:
    made = judge(quarter, route((80, 10), (130, 10), laying=laying))
    assert subs(made) == sub_items
    assert made.item_codes == (("municipal", "traffic") if traffic else ("municipal",))


def test_pulled_along_a_road_has_its_pits_in_it(quarter: CityObjects) -> None:
    made = judge(quarter, route((100, 0), (100, 150), laying="pulled"))
    assert subs(made) == ("occupy", "attach")
    assert "traffic" in made.item_codes


def test_a_chamber_in_a_road_is_dug_even_where_the_line_is_pulled(quarter: CityObjects) -> None:
    made = judge(quarter, route((50, 10), (150, 10), laying="pulled", chambers=[(100, 10)]))
    assert subs(made) == ("occupy", "dig", "attach")
    young = judge(quarter, route((150, 10), (250, 10), laying="pulled", chambers=[(200, 10)]))
    assert [ban.object_id for ban in young.moratoria] == ["R2"]


@pytest.mark.parametrize(
    ("laying", "needed"), [("trench", True), ("overhead", True), ("pulled", False)]
)
def test_green_land_and_forest(quarter: CityObjects, laying: str, needed: bool) -> None:
    green = judge(quarter, route((390, 0), (440, 0), laying=laying))
    assert green.item_codes == (("green",) if needed else ())
    wood = judge(quarter, route((480, 0), (620, 0), laying=laying))
    assert wood.item_codes == (("forest",) if needed else ())
    assert any("第三十七条" in caution.clause for caution in wood.cautions) is needed


def test_trees_are_the_green_item(quarter: CityObjects) -> None:
    street = judge(quarter, route((40, 0), (80, 0)))
    assert subs(street, "green") == ("tree",)
    ancient = judge(quarter, route((0, 30), (40, 30)))
    assert subs(ancient, "green") == ("protected_tree",)
    assert ancient.items[0].reasons[0].clause == "城市绿化条例 第二十四条"


def test_a_village_road_is_no_city_road(quarter: CityObjects) -> None:
    made = judge(quarter, route((690, 0), (710, 0)))
    assert made.item_codes == ("traffic",)
    assert any("村道" in caution.zh for caution in made.cautions)


def test_every_reason_has_object_measure_and_clause(quarter: CityObjects) -> None:
    made = judge(quarter, route((-10, 0), (720, 0)))
    reasons = [reason for item in made.items for reason in item.reasons]
    assert {reason.object_id for reason in reasons} == {"R1", "R2", "R3", "R4", "G1", "W1", "T4"}
    for reason in reasons:
        assert reason.clause
        assert reason.part == 1
        assert reason.length_m > 0 or reason.distance_m is not None


def test_a_line_that_touches_nothing_needs_nothing(quarter: CityObjects) -> None:
    made = judge(quarter, route((-60, -60), (-20, -60)))
    assert (made.items, made.commitment) == ((), "not_needed")


def test_the_touches_have_to_be_the_routes(quarter: CityObjects) -> None:
    one, other = route((0, 0), (50, 0)), route((0, 0), (51, 0))
    with pytest.raises(ValueError, match="another route"):
        assess(one, quarter.touching(other), 10, PLAN, ON, True)


# --- moratoria


@pytest.mark.parametrize(
    ("built", "on", "banned"),
    [
        (date(2021, 11, 25), date(2026, 11, 24), True),
        (date(2021, 11, 25), date(2026, 11, 25), True),
        (date(2021, 11, 25), date(2026, 11, 26), False),
        (date(2026, 11, 26), date(2026, 11, 25), False),
        (date(2024, 2, 29), date(2029, 2, 28), True),
        (date(2024, 2, 29), date(2029, 3, 1), False),
    ],
)
@pytest.mark.parametrize("how", ["new", "expanded", "rebuilt"])
def test_five_years_after_a_road_was_built(built: date, on: date, banned: bool, how: str) -> None:
    objects = CityObjects.from_rows([road("R", 10, built_on=built, built_as=how)])
    made = judge(objects, route((0, 0), (30, 0)), on=on)
    assert bool(made.moratoria) is banned
    assert ("moratorium" in failed(made)) is banned


@pytest.mark.parametrize(("on", "banned"), [(date(2026, 12, 1), True), (date(2026, 12, 2), False)])
def test_three_years_after_an_overhaul(quarter: CityObjects, on: date, banned: bool) -> None:
    made = judge(quarter, route((285, 0), (315, 0)), on=on)
    assert [ban.ground for ban in made.moratoria] == (["overhaul"] if banned else [])


def test_a_young_village_road_is_governed_by_other_law() -> None:
    village = CityObjects.from_rows([road("V", 10, grades="village", built_on=date(2025, 1, 1))])
    made = judge(village, route((0, 0), (30, 0)))
    assert (made.moratoria, made.item_codes) == ((), ("traffic",))


def test_a_ban_says_until_when_why_and_what_can_be_done(quarter: CityObjects) -> None:
    (ban,) = judge(quarter, route((185, 0), (215, 0))).moratoria
    assert (ban.until, ban.years, ban.dug_m) == (date(2027, 11, 25), 5, Decimal("20.0"))
    told = ban.to_json()
    assert told["clause"] == "城市道路管理条例 第三十三条"
    assert "2027-11-25" in told["rule_zh"]
    assert all(word in told["remedy_zh"] for word in ("人民政府批准", "改线", "非开挖"))


@pytest.mark.parametrize("laying", ["pulled", "existing_duct", "overhead"])
def test_what_is_not_dug_is_not_banned(quarter: CityObjects, laying: str) -> None:
    assert judge(quarter, route((185, 0), (215, 0), laying=laying)).moratoria == ()


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_the_last_day_is_years_later_and_never_jumps_a_month(day: date) -> None:
    last = last_day(day, PLAN.value("moratorium.new_years"))
    assert (last.year, last.month) == (day.year + 5, day.month)
    assert 0 <= day.day - last.day <= 1


# --- bridges


@pytest.mark.parametrize(
    ("voltage", "review"), [("0.38", False), ("9.99", False), ("10", True), ("20", True)]
)
def test_ten_kilovolts_on_a_bridge_go_to_a_lawyer(
    quarter: CityObjects, voltage: str, review: bool
) -> None:
    made = judge(quarter, route((100, 190), (100, 270), laying="bridge"), voltage)
    assert "bridge" in subs(made)
    assert (made.bridge_review is not None) is review
    assert failed(made) == (["bridge_review"] if review else [])
    assert made.commitment == ("no" if review else "yes")
    if made.bridge_review:
        assert made.bridge_review.clause == "城市道路管理条例 第二十七条"


def test_under_and_over_a_bridge_is_not_on_it(quarter: CityObjects) -> None:
    for laying in ("pulled", "overhead"):
        made = judge(quarter, route((80, 230), (120, 230), laying=laying))
        assert "bridge" not in subs(made)
    assert "bridge" in subs(judge(quarter, route((95, 190), (95, 270))))


def test_a_bridge_that_nobody_has_on_record(quarter: CityObjects) -> None:
    made = judge(quarter, route((-60, -60), (-20, -60), laying="bridge"), 10)
    assert subs(made) == ("bridge",)
    assert made.items[0].reasons[0].object_id == ""
    assert made.bridge_review is not None


# --- the commitment route


def of_length(metres: float, **more: Any) -> Route:
    lon, lat, _ = ELLIPSOID.fwd(*ORIGIN, 90, metres)
    return Route.of([([ORIGIN, (lon, lat)], "trench")], **more)


def test_all_conditions_met() -> None:
    made = judge(CITY_ROAD, of_length(300), 20)
    assert made.commitment == "yes"
    assert [(c.id, c.value, c.limit, c.passed) for c in made.conditions] == [
        ("voltage", "20", "≤ 20", True),
        ("length", "300.0", "≤ 300", True),
        ("chamber", "no", "no", True),
        ("protected_tree", "no", "no", True),
        ("credit", "good", "good", True),
        ("moratorium", "0", "0", True),
        ("bridge_review", "no", "no", True),
    ]
    assert {c.clause for c in made.conditions[:4]} == {"二(一)2"}


@pytest.mark.parametrize(
    ("metres", "voltage", "outcome"),
    [
        (300.0, "20", "yes"), (300.04, "20", "yes"), (300.06, "20", "no"), (300.1, "20", "no"),
        (300.0, "20.00", "yes"), (300.0, "20.01", "no"), (300.0, 20.000001, "no"),
        (20.0, "0.38", "yes"), (300.0, "35", "no"),
    ],
)  # fmt: skip
def test_length_and_voltage_at_their_boundary(metres: float, voltage: Any, outcome: str) -> None:
    made = judge(CITY_ROAD, of_length(metres), voltage)
    assert made.commitment == outcome


def test_each_condition_alone_stops_it(quarter: CityObjects) -> None:
    sound = of_length(90)
    assert judge(quarter, sound).commitment == "yes"
    alone = {
        "voltage": judge(quarter, sound, "20.01"),
        "length": judge(CITY_ROAD, of_length(300.1)),
        "chamber": judge(quarter, of_length(90, with_chamber=True)),
        "protected_tree": judge(quarter, route((0, 0), (0, 30), (40, 30))),
        "credit": judge(quarter, sound, credit=False),
        "moratorium": judge(quarter, route((185, 0), (215, 0))),
        "bridge_review": judge(quarter, route((100, 190), (100, 270), laying="bridge")),
    }
    for condition, made in alone.items():
        assert failed(made) == [condition]
        assert made.commitment == "no"


def test_unknown_credit_waits_and_never_decides() -> None:
    made = judge(CITY_ROAD, of_length(100), credit=None)
    assert made.commitment == "waiting"
    (credit,) = [c for c in made.conditions if c.id == "credit"]
    assert (credit.passed, credit.value) == (None, "unknown")
    assert credit.note_zh
    assert judge(CITY_ROAD, of_length(301), credit=None).commitment == "no"


def test_the_trace_says_why_a_ban_and_a_bridge_stop_it(quarter: CityObjects) -> None:
    made = judge(quarter, route((185, 0), (215, 0)))
    (ban,) = [c for c in made.conditions if c.id == "moratorium"]
    assert "人民政府" in ban.note_zh
    assert "2027-11-25" in ban.note_zh
    made = judge(quarter, route((100, 190), (100, 270), laying="bridge"))
    (bridge,) = [c for c in made.conditions if c.id == "bridge_review"]
    assert "人工法律审查" in bridge.note_zh


@given(
    st.sampled_from(LAYINGS),
    st.decimals("0.1", "40", places=2),
    st.floats(20, 600),
    st.booleans(),
    st.sampled_from([True, False, None]),
)
def test_the_outcome_follows_from_the_trace(
    laying: str, voltage: Decimal, metres: float, chamber: bool, credit: bool | None
) -> None:
    drawn = of_length(metres).parts[0].points
    made = judge(
        CITY_ROAD, Route.of([(drawn, laying)], with_chamber=chamber), voltage, credit=credit
    )
    answers = [c.passed for c in made.conditions]
    expected = "no" if False in answers else "waiting" if None in answers else "yes"
    assert made.commitment == expected
    assert answers[0] is (voltage <= 20)
    assert answers[1] is (made.length_m <= 300)
    assert answers[2] is not chamber
    assert answers[4] is credit


# --- around it


@pytest.mark.parametrize("voltage", ["", "high", 0, -10, "nan", "inf", 1001])
def test_no_voltage(voltage: Any) -> None:
    with pytest.raises(WorksError) as caught:
        judge(CITY_ROAD, of_length(50), voltage)
    assert (caught.value.code, caught.value.field) == ("not_a_voltage", "voltage_kv")


def test_before_the_plan_there_is_no_answer() -> None:
    with pytest.raises(NotInForceError):
        judge(CITY_ROAD, of_length(50), on=PLAN.valid_from - timedelta(days=1))


def test_it_is_json_and_the_same_each_time(quarter: CityObjects) -> None:
    made = route((-10, 0), (720, 0), chambers=[(200, 0)])
    told = json.dumps(judge(quarter, made).to_json(), ensure_ascii=False, allow_nan=False)
    assert told == json.dumps(judge(quarter, made).to_json(), ensure_ascii=False)
    back = json.loads(told)
    assert back["route_digest"] == made.digest
    assert back["on"] == "2026-11-25"
    assert {item["code"] for item in back["items"]} == {"municipal", "green", "traffic", "forest"}
    assert all(item["zh"] and item["en"] for item in back["items"])
