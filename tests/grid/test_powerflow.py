"""Power flow: published feeders, power-grid-model, balance, and loads that cannot be carried."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.feeders import random_feeder, reference
from tongdian.grid import NotConvergedError, Radial, read_case, solve, solve_many
from tongdian.grid.powerflow import sweep

DATA = Path(__file__).parents[1] / "data"
PER_UNIT = 1e-8


@pytest.mark.parametrize(
    ("name", "loss_kw", "lowest", "bus"),
    [("case33bw", 202.68, 0.9131, 18), ("case69", 224.99, 0.9092, 65)],
)
def test_the_published_feeders(name: str, loss_kw: float, lowest: float, bus: int) -> None:
    case = read_case(DATA / f"{name}.json")
    solution = case.solve()
    assert round(solution.loss_kw, 2) == loss_kw
    assert round(solution.min_voltage_pu, 4) == lowest
    assert case.bus_ids[solution.min_voltage_node] == bus


@given(
    nodes=st.integers(2, 80), seed=st.integers(0, 2**32), load_kw=st.floats(0, 9000),
    generation=st.sampled_from([0, 0.5]), capacitance=st.sampled_from([0, 0.05]),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_it_agrees_with_power_grid_model(
    nodes: int, seed: int, load_kw: float, generation: float, capacitance: float
) -> None:
    feeder = random_feeder(
        nodes, seed, load_kw=load_kw, generation=generation, capacitance=capacitance
    )
    ours, theirs = solve(feeder.network, feeder.p_kw, feeder.q_kvar), reference(feeder)
    np.testing.assert_allclose(ours.voltages_pu, theirs.voltages_pu, atol=PER_UNIT, rtol=0)
    np.testing.assert_allclose(ours.angles_rad, theirs.angles_rad, atol=PER_UNIT, rtol=0)
    assert ours.loss_kw == pytest.approx(theirs.loss_kw, abs=1e-3)


def test_it_agrees_on_a_heavy_feeder_of_a_thousand_nodes() -> None:
    """Down to 0.7 per unit, where rounds shrink slowly."""
    feeder = random_feeder(1000, 5, load_kw=48_000, lateral=0.02)
    ours = solve(feeder.network, feeder.p_kw, feeder.q_kvar)
    assert 0.6 < ours.min_voltage_pu < 0.8
    theirs = reference(feeder).voltages_pu
    np.testing.assert_allclose(ours.voltages_pu, theirs, atol=PER_UNIT, rtol=0)


@given(nodes=st.integers(1, 60), seed=st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_what_the_source_gives_is_taken_or_lost(nodes: int, seed: int) -> None:
    feeder = random_feeder(nodes, seed, generation=0.3)
    solution = solve(feeder.network, feeder.p_kw, feeder.q_kvar)
    assert solution.flow_kw[0] == pytest.approx(feeder.p_kw.sum() + solution.loss_kw, abs=1e-3)
    assert solution.flow_kvar[0] == pytest.approx(
        feeder.q_kvar.sum() + solution.loss_kvar, abs=1e-3
    )


def test_many_scenarios_are_each_the_single_one() -> None:
    feeder = random_feeder(90, 3, generation=0.2, capacitance=0.02)
    factors = np.linspace(0.2, 2, 21)[:, None]
    many = solve_many(feeder.network, feeder.p_kw * factors, feeder.q_kvar * factors)
    assert many.converged.all()
    for row, factor in enumerate(factors[:, 0]):
        one = solve(feeder.network, feeder.p_kw * factor, feeder.q_kvar * factor)
        np.testing.assert_allclose(many.voltages_pu[row], one.voltages_pu, atol=1e-9, rtol=0)
        assert many.loss_kw[row] == pytest.approx(one.loss_kw, abs=1e-4)


def test_sources_are_solved_each_for_itself() -> None:
    one, two = random_feeder(40, 1), random_feeder(30, 2)
    first, second = one.network, two.network
    both = Radial.build(
        nodes=70, start=[*one.above[1:], *(two.above[1:] + 40)],
        end=[*range(1, 40), *range(41, 70)], r_pu=[*one.r_pu, *two.r_pu],
        x_pu=[*one.x_pu, *two.x_pu], roots=[40, 0], source_pu=[1.02, 1.0], base_mva=10,
    )  # fmt: skip
    together = solve(both, [*one.p_kw, *two.p_kw], [*one.q_kvar, *two.q_kvar]).voltages_pu
    np.testing.assert_array_equal(together[:40], solve(first, one.p_kw, one.q_kvar).voltages_pu)
    assert together[40] == 1.02
    assert (together[40:] > solve(second, two.p_kw, two.q_kvar).voltages_pu).all()


def most_power(r: float, x: float, tangent: float) -> float:
    """What a line from 1.0 per unit can bring at most: (1/2 - rP - xQ)² = |z|² |S|² has a root."""
    return 0.5 / (r + x * tangent + np.hypot(r, x) * np.hypot(1, tangent))


@given(r=st.floats(0.005, 0.2), x=st.floats(0.005, 0.2), tangent=st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_no_solution_is_said_and_none_is_missed(r: float, x: float, tangent: float) -> None:
    line = Radial.build(nodes=2, start=[0], end=[1], r_pu=[r], x_pu=[x], roots=[0])
    most = most_power(r, x, tangent) * 1e3
    carried = np.array([[0, 0.99 * most], [0, 1.01 * most], [0, 0.5 * most]])
    state = solve(line, carried[0], carried[0] * tangent)
    half = 0.5 - 0.99 * most / 1e3 * (r + x * tangent)
    root = half**2 - (r**2 + x**2) * (0.99 * most / 1e3) ** 2 * (1 + tangent**2)
    assert state.voltages_pu[1] == pytest.approx(np.sqrt(half + np.sqrt(root)), abs=PER_UNIT)
    with pytest.raises(NotConvergedError) as refused:
        solve(line, carried[1], carried[1] * tangent, most_rounds=2000)
    assert refused.value.node == 1
    many = solve_many(line, carried, carried * tangent, most_rounds=2000)
    assert many.converged.tolist() == [True, False, True]
    assert np.isnan(many.voltages_pu[1]).all()
    assert np.isnan(many.loss_kw[1])


def test_too_few_rounds_are_no_answer() -> None:
    feeder = random_feeder(50, 8)
    with pytest.raises(NotConvergedError, match="no settling") as refused:
        solve(feeder.network, feeder.p_kw, feeder.q_kvar, most_rounds=1)
    assert (refused.value.code, refused.value.rounds) == ("not_converged", 1)
    many = solve_many(feeder.network, feeder.p_kw[None], feeder.q_kvar[None], most_rounds=1)
    assert not many.converged.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_loads_that_are_no_numbers(bad: float) -> None:
    feeder = random_feeder(10, 1)
    loads = feeder.p_kw.copy()
    loads[7] = bad
    with pytest.raises(ValueError, match="not finite"):
        solve(feeder.network, loads, feeder.q_kvar)
    with pytest.raises(ValueError, match="not finite"):
        solve_many(feeder.network, [loads], [feeder.q_kvar])
    with pytest.raises(ValueError, match="shape"):
        solve(feeder.network, loads[:5], feeder.q_kvar)


def test_the_interpreter_and_the_compiler_agree_to_the_last_bit() -> None:
    feeder = random_feeder(60, 4, generation=0.2, capacitance=0.02)
    net, n = feeder.network, feeder.size
    answers = []
    for function in (sweep, sweep.function):
        u, fp, fq, rounds = np.empty(n), np.empty(n), np.empty(n), np.empty((1, 1), np.int32)
        function(
            net.parent, net.starts, net.node, net.r_pu, net.x_pu, net.g_pu, net.b_pu,
            net.source_pu, True, feeder.p_kw[None], feeder.q_kvar[None], 1e-4, u, fp, fq,
            np.empty((4, n)), rounds, np.empty((0, 0)), np.empty(0), 1e-10, 99,
        )  # fmt: skip
        answers.append((u, fp, fq, rounds))
    for compiled, interpreted in zip(*answers, strict=True):
        np.testing.assert_array_equal(compiled, interpreted)


def test_a_small_case_does_not_wait_for_the_compiler() -> None:
    program = (
        "import sys; from tongdian.grid import read_case; "
        f"read_case({str(DATA / 'case69.json')!r}).solve(); print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_process_that_goes_on_is_compiled() -> None:
    program = (
        "import sys; from tongdian.grid import read_case; "
        f"case = read_case({str(DATA / 'case69.json')!r}); "
        "[case.solve() for _ in range(300)]; print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"
