"""Terms by the rules, unit costs as bands, Pareto points."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongdian.grid.schemes import Request, SchemeError
from tongdian.grid.schemes.costs import NOTHING, default_costs, read_costs, total
from tongdian.grid.schemes.rules import DATA, NAMES, default_rules, read_rules
from tongdian.grid.schemes.scheme import pareto
from tongdian.grid.schemes.terms import terms_of

ASKED = Request(lon=106.7, lat=26.5, kw=100, power_factor=0.9)


@pytest.mark.parametrize(
    ("changed", "level", "metering", "free"),
    [
        ({"kw": 8, "is_single_phase": True, "use": "residential"}, "220V", "low", True),
        ({"kw": 8}, "380V", "low", False),
        ({"kw": 160}, "380V", "low", False),
        ({"kw": 161}, "10kV", "high_low", False),
        ({"kw": 200, "is_small_micro": True}, "380V", "low", True),
        ({"kw": 201, "is_small_micro": True}, "10kV", "high_low", False),
        ({"kw": 283.5}, "10kV", "high", False),
        ({"kw": 9000}, "10kV", "high", False),
        ({"kw": 9001}, "35kV", "high", False),
        ({"kw": 36_001}, "110kV", "high", False),
        ({"kw": 90_001}, "220kV", "high", False),
        ({"kw": 50, "is_dual": True}, "10kV", "high_low", False),
    ],
)
def test_voltage_metering_and_price_follow_the_load(
    changed: dict[str, object], level: str, metering: str, free: bool
) -> None:
    terms = terms_of(replace(ASKED, **changed), default_rules())  # type: ignore[arg-type]
    assert (terms.level, terms.metering, terms.is_free) == (level, metering, free)
    assert terms.validity_months == (3 if terms.is_low else 12)
    assert terms.boundary[0]


@pytest.mark.parametrize(
    ("critical", "supplies", "apart"),
    [("none", 1, ""), ("second", 2, "busbar"), ("first", 2, "substation"),
     ("special", 3, "substation")],
)  # fmt: skip
def test_critical_customers_have_more_supplies(critical: str, supplies: int, apart: str) -> None:
    terms = terms_of(replace(ASKED, critical=critical, secured_kw=50), default_rules())
    assert (terms.supplies, terms.apart) == (supplies, apart)
    assert terms.emergency_kw == pytest.approx(0 if critical == "none" else 60)


def test_the_power_factor_due_is_that_of_the_rules() -> None:
    rules = default_rules()
    for use, kw, due in (
        ("industrial", 500, 0.90), ("commercial", 100, 0.85), ("agricultural", 500, 0.80),
        ("commercial", 80, 0.0),
    ):  # fmt: skip
        assert terms_of(replace(ASKED, use=use, kw=kw), rules).power_factor == due


def test_compensation_and_metering_transformers_fit_the_load() -> None:
    rules = default_rules()
    poor = terms_of(replace(ASKED, kw=900, power_factor=0.8), rules)
    # 900 kW at 0.80 take 675 kvar, at 0.90 435.9: the difference.
    assert poor.compensation_kvar == pytest.approx(239.1, abs=0.1)
    # 1,125 kVA at 10 kV are 65 A.
    assert poor.transformer_a == 75
    assert terms_of(replace(ASKED, kw=900), rules).compensation_kvar == 0
    assert terms_of(replace(ASKED, kw=20), rules).transformer_a == 0
    # 111 kVA at 380 V are 169 A.
    assert terms_of(ASKED, rules).transformer_a == 200


def test_every_rule_tells_source_and_confidence(tmp_path: Path) -> None:
    rules = default_rules()
    assert set(rules.values) == set(NAMES)
    assert all(one.source and one.note for one in rules.values.values())
    assert "busbar_fault_mva" in rules.unsure()
    assert "deviation" not in rules.unsure()
    text = (DATA / "rules.yaml").read_text(encoding="utf-8")
    for broken, said in (
        (text.replace("zero_invest_kw:", "zero_kw:"), "missing"),
        (text.replace("value: 200, unit: kW", "value: many, unit: kW"), "written"),
        (
            text.replace("confidence: sourced, source: 贵阳", "confidence: firm, source: 贵阳"),
            "firm",
        ),
    ):
        path = tmp_path / "rules.yaml"
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(SchemeError, match=said):
            read_rules(path)


def test_unit_costs_are_bands_with_a_source(tmp_path: Path) -> None:
    costs = default_costs()
    assert all(one.low < one.high for one in costs.units.values())
    assert all(one.source for one in (*costs.units.values(), *costs.durations.values()))
    line = costs.units["JKLYJ-10-240"]
    assert line.low < 240 < line.high
    assert costs.units["ring_main_bay"].confidence == "unsure"
    with pytest.raises(SchemeError, match="do not have it"):
        costs.line("gold", 1)
    path = tmp_path / "unit_costs.csv"
    text = (DATA / "unit_costs.csv").read_text(encoding="utf-8")
    path.write_text(text.replace("m,200,290", "m,290,200"), encoding="utf-8")
    with pytest.raises(SchemeError, match="line 2"):
        read_costs(path, DATA / "durations.csv")


def test_the_price_in_force_on_the_day_is_taken(tmp_path: Path) -> None:
    from datetime import date

    path = tmp_path / "unit_costs.csv"
    text = (DATA / "unit_costs.csv").read_text(encoding="utf-8")
    path.write_text(text + "green,绿地,green,m,900,950,2026-01-01,known,x\n", encoding="utf-8")
    for on, low in ((None, 900), (date(2025, 12, 31), 200), (date(2026, 1, 1), 900)):
        assert read_costs(path, DATA / "durations.csv", on).units["green"].low == low


ITEMS = sorted(default_costs().units)


@given(st.lists(st.tuples(st.sampled_from(ITEMS), st.floats(0, 1e5)), max_size=12))
def test_a_cost_is_the_sum_of_its_parts(parts: list[tuple[str, float]]) -> None:
    costs = default_costs()
    lines = [costs.line(item, amount) for item, amount in parts]
    whole = total(lines)
    assert whole.low == sum((line.band.low for line in lines), Decimal(0))
    assert whole.low <= whole.high
    assert whole.low >= max((line.band.low for line in lines), default=Decimal(0))
    assert total([]) == NOTHING
    exact = sum(Decimal(amount) * costs.units[item].low for item, amount in parts)
    slack = sum(costs.units[item].low for item, _ in parts) / 1000 + len(parts)
    assert abs(whole.low - exact) <= slack


@given(arrays(np.float64, st.tuples(st.integers(0, 12), st.integers(1, 4)),
              elements=st.integers(0, 4).map(float)))  # fmt: skip
def test_pareto_points_are_those_that_none_beats(aims: np.ndarray) -> None:
    marks = pareto(aims)
    for i in range(len(aims)):
        beaten = any((aims[j] <= aims[i]).all() and (aims[j] < aims[i]).any()
                     for j in range(len(aims)))  # fmt: skip
        assert marks[i] == (not beaten)
    assert marks.any() or not len(aims)
