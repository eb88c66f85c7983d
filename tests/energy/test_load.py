"""Loads from lists of equipment: the sum, its factors, its bounds, its refusals."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.energy.equipment import CATALOGUE, CATEGORIES, catalogue_for
from tongdian.energy.load import (
    Equipment,
    EquipmentError,
    coincidence_factor,
    estimate_load,
    from_catalogue,
    power_factor,
)


def piece(rated_kw: str, count: int = 1, demand_factor: str = "1") -> Equipment:
    return Equipment("示例设备", Decimal(rated_kw), count, Decimal(demand_factor))


@pytest.mark.parametrize(
    ("households", "factor"),
    [(1, "0.85"), (20, "0.85"), (21, "0.65"), (100, "0.65"), (101, "0.50"), (5000, "0.50")],
)
def test_residential_coincidence_steps_with_households(households: int, factor: str) -> None:
    assert coincidence_factor("residential", households).value == Decimal(factor)


@pytest.mark.parametrize(
    ("category", "coincidence", "cosine"),
    [
        ("residential", "0.85", "0.92"),
        ("commercial", "0.75", "0.90"),
        ("industrial", "0.85", "0.88"),
    ],
)
def test_published_factors(category: str, coincidence: str, cosine: str) -> None:
    assert coincidence_factor(category).value == Decimal(coincidence)
    assert power_factor(category).value == Decimal(cosine)
    assert coincidence_factor(category).status == power_factor(category).status == "source"


@pytest.mark.parametrize("category", ["agricultural", "public", "charging"])
def test_unpublished_factors_say_so(category: str) -> None:
    assert coincidence_factor(category).status == "default"


def test_a_small_shop_by_hand() -> None:
    """2 × 2.5 kW at 0.9, 6 kW at 0.8, 1.5 kW at 0.4: 12.5 installed, 9.9 at most each, 7.425 at
    once; 7.425 / 0.90 = 8.25 kVA."""
    found = estimate_load(
        [piece("2.5", 2, "0.9"), piece("6", 1, "0.8"), piece("1.5", 1, "0.4")], "commercial"
    )
    assert found.installed_kw == Decimal("12.50")
    assert found.demand_kw == Decimal("7.43")
    assert found.suggested_kw == 8
    assert found.apparent_kva == Decimal("8.25")
    assert not found.governed_by_largest
    assert "0.75" in found.steps_zh[2]
    assert "0.75" in found.steps_en[2]


def test_one_big_machine_is_not_discounted() -> None:
    found = estimate_load([piece("30")], "commercial")
    assert found.demand_kw == 30
    assert found.governed_by_largest
    assert any("最大一台" in step for step in found.steps_zh)
    assert len(found.steps_zh) == len(found.steps_en)


def test_json_is_plain() -> None:
    data = estimate_load([piece("1E+2", 2)], "industrial").to_dict()
    again = json.loads(json.dumps(data))
    assert again["lines"][0]["rated_kw"] == "100"
    assert again["suggested_kw"] == "170"


pieces = st.builds(
    Equipment,
    name=st.just("示例设备"),
    rated_kw=st.decimals("0.01", "5000", places=2),
    count=st.integers(1, 200),
    demand_factor=st.decimals("0.01", "1", places=2),
)
lists = st.lists(pieces, min_size=1, max_size=12)
categories = st.sampled_from(CATEGORIES)


@given(lists, categories, st.integers(1, 300))
def test_demand_lies_between_the_largest_piece_and_the_sum(
    items: list[Equipment], category: str, households: int
) -> None:
    found = estimate_load(items, category, households)
    half_a_cent = Decimal("0.005")
    largest = max(item.rated_kw * item.demand_factor for item in items)
    assert largest - half_a_cent <= found.demand_kw <= found.installed_kw + half_a_cent
    assert found.demand_kw - half_a_cent <= found.suggested_kw < found.demand_kw + 1 + half_a_cent
    assert found.apparent_kva >= found.demand_kw


@given(lists, pieces, categories)
def test_more_equipment_never_needs_less(
    items: list[Equipment], more: Equipment, category: str
) -> None:
    before, after = estimate_load(items, category), estimate_load([*items, more], category)
    assert after.demand_kw >= before.demand_kw
    assert after.installed_kw > before.installed_kw


@given(lists, categories)
def test_order_does_not_matter(items: list[Equipment], category: str) -> None:
    one, other = estimate_load(items, category), estimate_load(items[::-1], category)
    assert (one.demand_kw, one.apparent_kva) == (other.demand_kw, other.apparent_kva)


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (piece("0"), "rated_kw"),
        (piece("-1"), "rated_kw"),
        (piece("NaN"), "rated_kw"),
        (piece("Infinity"), "rated_kw"),
        (piece("1000000"), "rated_kw"),
        (piece("1", 0), "count"),
        (piece("1", -3), "count"),
        (piece("1", 10**6), "count"),
        (piece("1", 1, "0"), "demand_factor"),
        (piece("1", 1, "1.01"), "demand_factor"),
        (piece("1", 1, "NaN"), "demand_factor"),
    ],
)
def test_impossible_lines_are_named(item: Equipment, field: str) -> None:
    with pytest.raises(EquipmentError) as caught:
        estimate_load([piece("1"), item], "commercial")
    assert (caught.value.line, caught.value.field) == (2, field)
    assert caught.value.rule_zh
    assert caught.value.rule_en
    assert caught.value.remedy_zh
    assert caught.value.remedy_en


@pytest.mark.parametrize(
    ("items", "category", "households", "field"),
    [
        ([], "commercial", 1, "items"),
        ([piece("1")] * 501, "commercial", 1, "items"),
        ([piece("1")], "royal", 1, "category"),
        ([piece("1")], "residential", 0, "households"),
    ],
)
def test_impossible_lists_are_refused(
    items: list[Equipment], category: str, households: int, field: str
) -> None:
    with pytest.raises(EquipmentError) as caught:
        estimate_load(items, category, households)
    assert (caught.value.line, caught.value.field) == (0, field)


def test_catalogue_offers_something_for_every_purpose() -> None:
    for category in CATEGORIES:
        offered = catalogue_for(category)
        assert len(offered) >= 3
        found = estimate_load([from_catalogue(item.id) for item in offered], category)
        assert found.demand_kw > 0
    with pytest.raises(KeyError):
        catalogue_for("royal")
    with pytest.raises(EquipmentError):
        from_catalogue("dragon")


def test_catalogue_is_bilingual_and_marked_as_default() -> None:
    for item in CATALOGUE.values():
        assert item.zh
        assert item.en.isascii() or "²" in item.en
        assert item.status == "default"
        assert 0 < item.demand_factor <= 1
        assert set(item.categories) <= set(CATEGORIES)
