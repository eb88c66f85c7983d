"""Prediction: the published system, every failure followed through by hand, and what must hold."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from reliability.conftest import one_by_one, systems
from tongdian.reliability.predict import predict
from tongdian.reliability.predict_cases import switched_within, transformers_back_in, without
from tongdian.reliability.predict_file import read_system, system_of
from tongdian.reliability.refusals import ReliabilityError


def test_rbts_bus_2_as_published(bus_2: Any) -> None:
    """Allan et al. 1991."""
    system = system_of(bus_2)
    found = predict(system)
    published = bus_2["expected_published"]
    assert found.customers == 1908
    assert found.saifi == pytest.approx(published["SAIFI"], abs=5e-4)
    assert found.saidi == pytest.approx(published["SAIDI"], abs=5e-3)
    assert found.caidi == pytest.approx(published["CAIDI"], abs=5e-3)
    assert found.asai == pytest.approx(published["ASAI"], abs=5e-7)
    assert found.ens_kwh == pytest.approx(published["ENS_kWh"], abs=0.5)
    assert found.maifi == 0
    for i, name in enumerate(system.load_names):
        expected = bus_2["expected_per_load_point"][name]
        assert found.failures[i] == pytest.approx(expected["lambda_per_yr"])
        assert found.hours[i] == pytest.approx(expected["U_h_per_yr"])


@given(systems())
@settings(max_examples=150, deadline=None)
def test_the_same_as_every_failure_followed_one_by_one(system: dict[str, Any]) -> None:
    found = predict(system_of(system))
    expected = one_by_one(system, 0.05)
    for i, name in enumerate(system["load_points"]):
        got = [found.failures[i], found.hours[i], found.momentary[i]]
        assert got == pytest.approx(expected[name].tolist(), abs=1e-9), name


def test_compiled_and_interpreted_agree(bus_2: Any) -> None:
    from tongdian.compiled import Kernel
    from tongdian.reliability import predict_kernels

    system = system_of(bus_2)
    interpreted = predict(system)
    kernels = [k for k in vars(predict_kernels).values() if isinstance(k, Kernel)]
    assert len(kernels) == 8
    asked = [kernel.compiled() for kernel in kernels]
    assert all(asked)
    again = predict(system)
    assert again.hours.tolist() == interpreted.hours.tolist()
    assert again.failures.tolist() == interpreted.failures.tolist()


def test_what_equipment_is_worth(bus_2: Any) -> None:
    system = system_of(bus_2)
    base = predict(system)
    no_fuses = predict(without(system, "fuses"))
    assert no_fuses.saifi == pytest.approx(0.602, abs=5e-4), "every failure trips the feeder"
    no_ties = predict(without(system, "ties"))
    assert no_ties.saifi == pytest.approx(base.saifi)
    assert no_ties.saidi > base.saidi
    bare = predict(without(system, "disconnectors", "ties"))
    assert bare.saidi == pytest.approx(4.163, abs=5e-4), "as OpenDSS finds, which knows neither"
    assert predict(without(system, "disconnectors")).saidi == pytest.approx(bare.saidi)
    replaced = predict(transformers_back_in(system, 10.0))
    taken = 190 * sum(s["trafo_lambda"] * _behind(bus_2, s) for s in bus_2["sections"])
    assert replaced.saidi == pytest.approx(base.saidi - taken / 1908)
    with pytest.raises(ValueError, match="cables"):
        without(system, "cables")


def _behind(system: Any, section: Any) -> int:
    return int(system["load_points"].get(section["down"], {"customers": 0})["customers"])


def test_healing_within_three_minutes_is_momentary(bus_2: Any) -> None:
    system = system_of(bus_2)
    base, healing = predict(system), predict(switched_within(system, 3 / 60))
    assert healing.saifi + healing.maifi == pytest.approx(base.saifi)
    assert healing.maifi > 0.1
    slower = predict(switched_within(system, 3.1 / 60))
    assert (slower.maifi, slower.saifi) == pytest.approx((0, base.saifi))


def test_nothing_ever_fails(bus_2: Any) -> None:
    system = system_of(bus_2)
    nothing = np.zeros_like(system.failures)
    found = predict(replace(system, failures=nothing, transformer_failures=nothing))
    assert (found.saifi, found.saidi, found.caidi, found.asai) == (0, 0, None, 1)


def test_order_of_sections_does_not_matter(bus_2: Any) -> None:
    before = predict(system_of(bus_2)).hours
    bus_2["sections"].reverse()
    assert predict(system_of(bus_2)).hours == pytest.approx(before)


def _change(system: Any, what: str, value: Any) -> None:
    system["sections"][4][what] = value


@pytest.mark.parametrize(
    ("spoil", "code", "field"),
    [
        (lambda s: _change(s, "km", -1), "wrong_value", "sections.S5.km"),
        (lambda s: _change(s, "km", True), "wrong_value", "sections.S5.km"),
        (lambda s: _change(s, "repair_h", float("nan")), "wrong_value", "sections.S5.repair_h"),
        (lambda s: _change(s, "lambda_per_km", "x"), "wrong_value", "sections.S5.lambda_per_km"),
        (lambda s: _change(s, "switch_h", None), "wrong_value", "sections.S5.switch_h"),
        (lambda s: _change(s, "disconnector", "X"), "wrong_value", "sections.S5.disconnector"),
        (lambda s: _change(s, "breaker_or_fuse", ["U"]), "wrong_value",
         "sections.S5.breaker_or_fuse"),
        (lambda s: _change(s, "id", "S4"), "repeated", "sections.S4"),
        (lambda s: _change(s, "id", ""), "wrong_value", "sections[4].id"),
        (lambda s: _change(s, "down", "B4"), "not_radial", "sections.S5.down"),
        (lambda s: _change(s, "down", "B1"), "not_radial", "sections.S5.down"),
        (lambda s: _change(s, "up", "B99"), "no_source", "sections.S5"),
        (lambda s: _change(s, "up", "LP3"), "no_source", "sections.S5"),
        (lambda s: _change(s, "down", "LP99"), "unknown_node", "load_points.LP3"),
        (lambda s: s["ties"][0].update(a="B99"), "unknown_node", "ties.BS1.a"),
        (lambda s: s["load_points"]["LP1"].update(customers=1.5), "wrong_value",
         "load_points.LP1.customers"),
        (lambda s: s["load_points"].update(LP1=[]), "wrong_value", "load_points.LP1"),
        (lambda s: [p.update(customers=0) for p in s["load_points"].values()], "no_customers",
         "load_points"),
        (lambda s: s.update(sources=[]), "wrong_value", "sources"),
        (lambda s: s.update(sources=["B1", "B1"]), "repeated", "sources.B1"),
        (lambda s: s.update(sections=[]), "wrong_value", "sections"),
        (lambda s: s.pop("load_points"), "wrong_value", "load_points"),
        (lambda s: s.update(ties={}), "wrong_value", "ties"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(bus_2: Any, spoil: Any, code: str, field: str) -> None:
    spoil(bus_2)
    with pytest.raises(ReliabilityError) as refused:
        predict(system_of(bus_2))
    told = refused.value.to_dict()
    assert (told["code"], told["field"]) == (code, field)
    assert told["rule_zh"]
    assert told["remedy_zh"]
    assert field in told["en"]


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"3"])
def test_what_is_no_system(text: bytes) -> None:
    with pytest.raises(ReliabilityError) as refused:
        read_system(text)
    assert refused.value.field == "file"


def test_too_many_kinds_of_ties(bus_2: Any) -> None:
    bus_2["ties"] = [
        {"id": f"T{i}", "a": "B6", "b": "B8", "switch_h": i / 10} for i in range(17)
    ]  # fmt: skip
    with pytest.raises(ReliabilityError, match="17 different"):
        predict(system_of(bus_2))


def test_a_long_feeder_is_walked_without_recursion() -> None:
    sections = [
        {"id": f"S{i}", "km": 1, "up": f"N{i}", "down": f"N{i + 1}", "breaker_or_fuse": "N",
         "disconnector": "U", "lambda_per_km": 0.1, "repair_h": 4, "switch_h": 1}
        for i in range(3000)
    ]  # fmt: skip
    system = {
        "sections": sections, "load_points": {"N3000": {"avg_mw": 1, "customers": 1}},
        "sources": ["N0"],
    }  # fmt: skip
    found = predict(read_system(json.dumps(system)))
    assert found.saifi == pytest.approx(300)
    assert found.saidi == pytest.approx(1200), "everything above is in the way"
