"""The figures look like a city's, and say so when it is loaded otherwise."""

from dataclasses import replace

import numpy as np
import pytest

from city.network.conftest import CASES, ON, assembled, network, sparse
from tongdian.city.network.build import generate_network
from tongdian.city.network.plan import Plan
from tongdian.city.network.statistics import feeder_loading, statistics
from tongdian.grid.network import Network

WHOLE = [case for case in CASES if case[0] > 10_000]


@pytest.mark.parametrize(("size", "seed"), WHOLE)
def test_loading_is_a_citys(size: int, seed: int) -> None:
    seen = statistics(network(size, seed), assembled(size, seed))
    assert 0.35 <= seen.transformer_median <= 0.45
    assert 0.01 <= seen.transformer_heavy <= 0.08
    assert seen.transformer_overloaded < 0.01
    assert 0.3 <= seen.feeder_median <= 0.6
    assert seen.usual_feeders > 0.6
    assert seen.feeders_overloaded <= 0.05 * seen.feeders
    assert 0.25 <= seen.busbar_median <= 0.7
    assert seen.busbar_most < 1
    assert 1.6 <= seen.capacity_ratio <= 2.8
    assert seen.radius_median_m < 5_000
    assert seen.radius_p95_m < 15_000
    assert 0.005 < seen.loss_share < 0.04
    assert seen.sound_nodes > 0.98
    assert seen.lowest_medium > 0.9


def test_voltage_holds_even_where_villages_lie_far_apart() -> None:
    seen = statistics(sparse())
    assert seen.sound_nodes > 0.98
    assert seen.lowest_medium > 0.9
    assert 0.33 <= seen.transformer_median <= 0.47
    assert seen.radius_p95_m < 20_000


def test_a_few_feeders_are_overloaded_on_purpose() -> None:
    seen = statistics(generate_network(12_000, 7, ON, replace(Plan(), heavy_share=0.4)))
    usual = statistics(network(12_000, 7), assembled(12_000, 7))
    assert seen.feeders_overloaded > usual.feeders_overloaded


def test_heavier_loading_shows() -> None:
    seen = statistics(generate_network(2_000, 7, ON, replace(Plan(), loading_median=0.6)))
    assert seen.transformer_median > 0.55
    assert set(seen.to_dict()) >= {"nodes", "feeders", "load_mw", "loss_share"}


def test_a_feeders_loading_is_that_of_its_own_lines() -> None:
    city, state = network(2_000, 1), assembled(2_000, 1)
    loading = by_hand_loading(state)
    wanted = np.zeros(len(city.wiring.outlet))
    lines = len(city.tables.lines)
    for place, branch in enumerate(state.radial.branch.tolist()):
        node = state.radial.node[place]
        if 0 <= branch < lines and city.tables.nodes.nominal_kv[node] == 10.0:
            feeder = city.wiring.node_feeder[node]
            wanted[feeder] = max(wanted[feeder], loading[place])
    assert np.array_equal(feeder_loading(city, state, loading), wanted)


def by_hand_loading(state: Network) -> np.ndarray:
    solved = state.solve()
    return np.sqrt(solved.current_squared_pu) / state.current_limit_pu
