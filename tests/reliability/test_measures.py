"""Least-cost measures: between the bound and the truth in small zones, near the bound in large."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.reliability.measures import (
    Options,
    certified_bound,
    least_cost,
    needed_hours,
)
from tongdian.reliability.refusals import ReliabilityError


def options_of(*feeders: tuple[int, list[tuple[float, float]]]) -> Options:
    """Feeders with their zone and their options (cost, saved)."""
    rows = [(f, cost, saved) for f, (_, given) in enumerate(feeders) for cost, saved in given]
    return Options(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.float64),
        np.array([row[2] for row in rows], np.float64),
        np.array([zone for zone, _ in feeders], np.int64),
    )


def by_trial(options: Options, needed: float) -> float:
    """The least cost of one zone, all choices tried; infinite when none is enough."""
    best = np.inf
    places = [[-1, *np.flatnonzero(options.feeder == f).tolist()] for f in range(options.zone.size)]
    for choice in product(*places):
        picked = [i for i in choice if i >= 0]
        if options.saved[picked].sum() >= needed:
            best = min(best, float(options.cost[picked].sum()))
    return best


_OPTION = st.tuples(st.integers(0, 30).map(float), st.integers(0, 20).map(float))
_FEEDERS = st.lists(st.lists(_OPTION, max_size=3), min_size=1, max_size=6)


@given(_FEEDERS, st.integers(0, 60))
@settings(max_examples=150, deadline=None)
def test_the_least_cost_lies_between_bound_and_cost(
    feeders: list[list[tuple[float, float]]], needed: int
) -> None:
    options = options_of(*((0, given) for given in feeders))
    truth = by_trial(options, needed)
    found = least_cost(options, np.array([float(needed)]))
    picked = found.chosen[found.chosen >= 0]
    assert found.cost[0] == options.cost[picked].sum()
    assert found.saved[0] == options.saved[picked].sum()
    assert (options.feeder[picked] == np.flatnonzero(found.chosen >= 0)).all()
    assert bool(found.reached[0]) == bool(np.isfinite(truth))
    if found.reached[0]:
        assert found.saved[0] >= needed
        assert found.bound[0] <= truth + 1e-9
        assert found.cost[0] >= truth
        proved = certified_bound(options, np.array([float(needed)]), found.price)
        assert proved[0] == pytest.approx(found.bound[0], abs=1e-9)


def city(feeders: int, seed: int = 7) -> tuple[Options, np.ndarray]:
    """Feeders of four zones with options of many costs and effects; a third of all is needed."""
    rng = np.random.default_rng(seed)
    count = rng.integers(2, 9, feeders)
    feeder = np.repeat(np.arange(feeders), count)
    cost = rng.lognormal(4, 1, feeder.size)
    saved = cost**0.7 * rng.lognormal(2, 0.8, feeder.size)
    zone = rng.integers(0, 4, feeders)
    most = np.zeros(feeders)
    np.maximum.at(most, feeder, saved)
    return Options(feeder, cost, saved, zone), np.bincount(zone, most, 4) / 3


def test_a_city_comes_near_its_bound() -> None:
    options, needed = city(2000)
    found = least_cost(options, needed)
    assert found.reached.all()
    assert (found.saved >= needed).all()
    assert 0 <= found.gap < 0.005
    assert certified_bound(options, needed, found.price) == pytest.approx(found.bound)
    assert (certified_bound(options, needed, found.price * 1.1) <= found.bound).all()


def test_more_is_never_cheaper() -> None:
    options, needed = city(300)
    bounds = [least_cost(options, needed * share).bound for share in (0.5, 0.8, 1.0, 1.3)]
    assert (np.diff(bounds, axis=0) >= 0).all()


def test_an_exchange_of_one_for_two_is_found() -> None:
    """Price alone takes the first feeder; the second and third together are cheaper."""
    options = options_of((0, [(10.0, 10.0)]), (0, [(4.0, 3.5)]), (0, [(4.0, 3.5)]))
    found = least_cost(options, np.array([7.0]))
    assert found.cost[0] == 8


def test_a_target_out_of_reach_is_said() -> None:
    options = options_of((0, [(5.0, 3.0), (4.0, 3.0)]), (1, [(2.0, 9.0)]))
    found = least_cost(options, np.array([10.0, 9.0]))
    assert found.reached.tolist() == [False, True]
    assert found.chosen.tolist() == [1, 2], "all that can be done, at the least cost"
    assert np.isnan(found.bound[0])
    assert found.gap == 0


def test_nothing_needed_costs_nothing() -> None:
    options = options_of((0, [(5.0, 3.0)]), (1, []))
    found = least_cost(options, np.zeros(2))
    assert found.cost.tolist() == [0, 0]
    assert found.chosen.tolist() == [-1, -1]
    assert found.gap == 0
    saved = needed_hours(np.array([2.5, 1.0]), np.array([2.0, 1.4]), np.array([100, 50]))
    assert saved.tolist() == [50, 0]


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"cost": np.array([1.0])}, "cost"),
        ({"cost": np.array([1.0, -1.0])}, "cost"),
        ({"saved": np.array([1.0, np.nan])}, "cost"),
        ({"feeder": np.array([1, 0])}, "feeder"),
        ({"feeder": np.array([0, 2])}, "feeder"),
        ({"zone": np.array([0, 3])}, "zone"),
    ],
)
def test_wrong_tables(spoil: dict[str, np.ndarray], field: str) -> None:
    good = {
        "feeder": np.array([0, 1]), "cost": np.array([1.0, 2.0]), "saved": np.array([1.0, 2.0]),
        "zone": np.array([0, 0]),
    }  # fmt: skip
    with pytest.raises(ReliabilityError) as refused:
        least_cost(Options(**(good | spoil)), np.array([1.0]))
    assert refused.value.field == field
