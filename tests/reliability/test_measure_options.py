"""What measures save, feeder by feeder, and the cheapest of them on the published system."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tongdian.reliability.measure_options import (
    automation,
    cabling,
    feeder_options,
    feeders,
    sectionalising,
    ties,
)
from tongdian.reliability.measures import least_cost
from tongdian.reliability.predict import predict
from tongdian.reliability.predict_cases import without
from tongdian.reliability.predict_file import system_of
from tongdian.reliability.radial import RadialSystem
from tongdian.reliability.refusals import ReliabilityError


@pytest.fixture
def system(bus_2: Any) -> RadialSystem:
    """RBTS bus 2 with its four feeders at the source, without ties and disconnectors."""
    bus_2["sections"] = [s for s in bus_2["sections"] if s["id"] != "S37"]
    bus_2["sources"] = ["B2"]
    return without(system_of(bus_2), "ties", "disconnectors")


def test_feeders_are_told_apart(system: RadialSystem) -> None:
    of_section, of_load = feeders(system)
    names = dict(zip(system.load_names, of_load.tolist(), strict=True))
    assert (names["LP1"], names["LP7"], names["LP8"], names["LP15"], names["LP22"]) == (
        0, 0, 1, 2, 3,
    )  # fmt: skip
    assert np.bincount(of_section).tolist() == [11, 4, 10, 11]


def test_savings_are_those_of_each_feeder_alone(system: RadialSystem) -> None:
    """A measure everywhere and on one feeder alone save the same there."""
    ones = np.ones(36)
    better = system.failures / 2
    found = feeder_options(system, [cabling(ones, better), sectionalising(ones)], np.zeros(4, int))
    assert found.combinations == (
        ("cabling",), ("sectionalising",), ("cabling", "sectionalising"),
    )  # fmt: skip
    whole = predict(system).hours @ system.customers
    assert found.hours.sum() == pytest.approx(whole)
    for feeder in range(4):
        there = found.feeder_of_section == feeder
        alone = replace(system, failures=np.where(there, better, system.failures))
        saved = whole - predict(alone).hours @ system.customers
        assert found.options.saved[3 * feeder] == pytest.approx(saved)
        assert found.options.cost[3 * feeder : 3 * feeder + 3].tolist() == [
            there.sum(), there.sum(), 2 * there.sum(),
        ]  # fmt: skip


def test_a_target_is_reached_as_predicted(system: RadialSystem) -> None:
    """Chosen, applied to the chosen feeders alone, predicted again: the target holds."""
    cost = np.full(36, 1.0)
    measures = [automation(cost * 3, 0.5), sectionalising(cost), cabling(cost * 9, np.zeros(36))]
    found = feeder_options(system, measures, np.zeros(4, np.int64))
    needed = 0.4 * found.options.saved.reshape(4, -1).max(axis=1).sum()
    chosen = least_cost(found.options, np.array([needed]))
    assert chosen.reached.all()
    applied = system
    for feeder in range(4):
        there = found.feeder_of_section == feeder
        codes = found.codes(int(chosen.chosen[feeder]))
        for measure in measures:
            if measure.code in codes:
                better = measure.applied(applied)
                applied = replace(
                    applied,
                    failures=np.where(there, better.failures, applied.failures),
                    isolation=np.where(there, better.isolation, applied.isolation),
                    switch_h=np.where(there, better.switch_h, applied.switch_h),
                )
    saved = (predict(system).hours - predict(applied).hours) @ system.customers
    assert saved == pytest.approx(chosen.saved[0])
    assert saved >= needed * (1 - 1e-9)


def test_ties_help_only_with_switches(system: RadialSystem) -> None:
    above = dict(zip(system.downstream.tolist(), system.upstream.tolist(), strict=True))
    on_main = {
        name: above[int(node)]
        for name, node in zip(system.load_names, system.load_node, strict=True)
    }
    end = np.array([on_main["LP7"]]), np.array([on_main["LP9"]]), np.array([1.0])
    found = feeder_options(
        system, [ties(np.ones(36), *end), sectionalising(np.ones(36))], np.zeros(4, np.int64)
    )
    saved = found.options.saved.reshape(4, 3)
    assert saved[0, 0] == pytest.approx(0)
    assert saved[0, 2] > saved[0, 1] > 0
    assert saved[2, 2] == pytest.approx(saved[2, 1]), "no tie reaches the third"


def test_wrong_input(system: RadialSystem) -> None:
    one = automation(np.ones(36))
    for measures, zones in (([], 4), ([one] * 7, 4), ([one], 3)):
        with pytest.raises(ReliabilityError):
            feeder_options(system, measures, np.zeros(zones, np.int64))
