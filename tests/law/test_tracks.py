"""Which track a wish belongs to: the table with its boundaries, and wishes that cannot be."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.law.plan import load_plan
from tongdian.law.tracks import (
    APPLICANT_KINDS,
    EXTERNAL_WORKS,
    HIGH_VOLTAGES,
    PURPOSES,
    VOLTAGES,
    RequestError,
    SupplyRequest,
    TrackDecision,
    classify,
)

PLAN = load_plan()


def decide(kind: str, load_kw: str, **more: Any) -> TrackDecision:
    purpose = "residential" if kind == "resident" else "commercial"
    return classify(SupplyRequest(purpose, kind, Decimal(load_kw), **more), PLAN)


# applicant, kW, further wishes: track, voltage (DOMAIN: the test is the requested capacity)
TABLE = [
    # residents
    ("resident", "8", {}, "resident", "220V"),
    ("resident", "12", {}, "resident", "220V"),
    ("resident", "12.01", {}, "resident", "380V"),
    ("resident", "160", {}, "resident", "380V"),
    ("resident", "160.01", {}, "high_voltage_single", "10kV"),
    ("resident", "8", {"external_works": "yes"}, "resident", "220V"),
    # small and micro enterprises: 零投资 up to 200 kW, the bound included
    ("small_micro", "0.01", {}, "zero_lv", "220V"),
    ("small_micro", "160", {}, "zero_lv", "380V"),
    ("small_micro", "200", {}, "zero_lv", "380V"),
    ("small_micro", "200", {"external_works": "no"}, "zero_lv", "380V"),
    ("small_micro", "200", {"external_works": "yes"}, "zero_lv_external", "380V"),
    ("small_micro", "200.01", {}, "high_voltage_single", "10kV"),
    ("small_micro", "201", {"external_works": "yes"}, "high_voltage_single", "10kV"),
    ("small_micro", "50", {"supplies": 2}, "high_voltage_dual", "10kV"),
    ("small_micro", "50", {"voltage_requested": "10kV"}, "high_voltage_single", "10kV"),
    # everybody else: low voltage up to 160 kW, the bound included
    ("enterprise", "90", {}, "low_voltage", "380V"),
    ("enterprise", "160", {}, "low_voltage", "380V"),
    ("enterprise", "160", {"external_works": "yes"}, "low_voltage", "380V"),
    ("enterprise", "160.01", {}, "high_voltage_single", "10kV"),
    ("enterprise", "161", {}, "high_voltage_single", "10kV"),
    ("other", "161", {}, "high_voltage_single", "10kV"),
    ("other", "10", {}, "low_voltage", "220V"),
    # high voltage asked for, or two supplies
    ("enterprise", "5", {"voltage_requested": "35kV"}, "high_voltage_single", "35kV"),
    ("enterprise", "5000", {"voltage_requested": "110kV"}, "high_voltage_single", "110kV"),
    ("enterprise", "5000", {"supplies": 2}, "high_voltage_dual", "10kV"),
    (
        "enterprise",
        "5000",
        {"supplies": 2, "voltage_requested": "35kV"},
        "high_voltage_dual",
        "35kV",
    ),
    # a low voltage that the load does not allow
    ("enterprise", "161", {"voltage_requested": "380V"}, "high_voltage_single", "10kV"),
]


@pytest.mark.parametrize(("kind", "load_kw", "more", "track", "voltage"), TABLE)
def test_the_table(kind: str, load_kw: str, more: dict[str, Any], track: str, voltage: str) -> None:
    decision = decide(kind, load_kw, **more)
    assert (decision.track, decision.voltage) == (track, voltage)


@settings(deadline=None, database=None, max_examples=200)
@given(
    st.sampled_from(PURPOSES),
    st.sampled_from(APPLICANT_KINDS),
    st.decimals(Decimal("0.01"), Decimal(1_000_000), places=2),
    st.sampled_from([1, 2]),
    st.sampled_from(EXTERNAL_WORKS),
    st.sampled_from([None, *sorted(VOLTAGES)]),
)
def test_every_possible_wish_has_one_track_with_reasons(
    purpose: str, kind: str, load_kw: Decimal, supplies: int, external: str, voltage: str | None
) -> None:
    request = SupplyRequest(purpose, kind, load_kw, supplies, external, voltage)
    if kind == "resident" and supplies == 2:
        with pytest.raises(RequestError):
            classify(request, PLAN)
        return
    decision = classify(request, PLAN)
    high = decision.track.startswith("high_voltage")
    assert decision.track in PLAN.tracks
    assert (decision.voltage in HIGH_VOLTAGES) == high
    assert (decision.track == "high_voltage_dual") == (supplies == 2)
    assert high or load_kw <= (200 if kind == "small_micro" else 160)
    for reason in decision.reasons:
        assert reason.zh
        assert reason.en
        assert reason.clause
        if reason.quote:
            assert reason.quote in PLAN.clauses[reason.clause].text
    assert classify(request, PLAN) == decision


def test_a_larger_load_never_gets_a_lower_voltage() -> None:
    order = ["220V", "380V", "10kV"]
    for kind in APPLICANT_KINDS:
        voltages = [decide(kind, str(kw)).voltage for kw in range(1, 400)]
        assert voltages == sorted(voltages, key=order.index)


@pytest.mark.parametrize(
    ("kind", "load_kw", "more", "field"),
    [
        ("enterprise", "0", {}, "load_kw"),
        ("enterprise", "-0.01", {}, "load_kw"),
        ("enterprise", "NaN", {}, "load_kw"),
        ("enterprise", "Infinity", {}, "load_kw"),
        ("enterprise", "1000000.01", {}, "load_kw"),
        ("enterprise", "10", {"supplies": 0}, "supplies"),
        ("enterprise", "10", {"supplies": 3}, "supplies"),
        ("resident", "10", {"supplies": 2}, "supplies"),
        ("shop", "10", {}, "applicant_kind"),
        ("enterprise", "10", {"external_works": "perhaps"}, "external_works"),
        ("enterprise", "10", {"voltage_requested": "20kV"}, "voltage"),
    ],
)
def test_what_cannot_be_is_refused_with_rule_and_remedy(
    kind: str, load_kw: str, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(RequestError) as refused:
        decide(kind, load_kw, **more)
    error = refused.value
    assert error.field == field
    assert all((error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en))


def test_an_unknown_purpose_is_refused() -> None:
    with pytest.raises(RequestError) as refused:
        classify(SupplyRequest("mining", "enterprise", Decimal(10)), PLAN)
    assert refused.value.field == "purpose"
    assert "charging" in refused.value.rule_en


def test_the_largest_load_is_still_possible() -> None:
    assert decide("enterprise", "1000000").track == "high_voltage_single"
