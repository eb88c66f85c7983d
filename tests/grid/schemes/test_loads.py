"""Motors, fluctuating loads, and what becomes of a feeder when its head is lost."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from support.schemes import AT, place, tables, town, with_line
from tongdian.grid.network import assemble
from tongdian.grid.schemes import Fluctuation, Motor, SchemeError, World
from tongdian.grid.schemes.checks import Check
from tongdian.grid.schemes.quote import quote
from tongdian.grid.schemes.rules import RuleValue, default_rules
from tongdian.grid.schemes.supply import Supply
from tongdian.grid.tables import Loads, Switches, Tables

STIFF = RuleValue(1e12, "MVA", "known", "an ideal busbar", "")


def bare(stiff: bool = True) -> World:
    """The town without loads, behind an ideal busbar."""
    rules = default_rules().changed(busbar_fault_mva=STIFF) if stiff else default_rules()
    world = town(tables(loads=Loads.empty()))
    return World.of(world.network.tables, world.routes, world.node, rules=rules)


def check(supply: Supply, kind: str) -> Check:
    return next(one for one in supply.checks if one.kind == kind)


def from_c1(world: World, **wishes: object) -> Supply:
    answer = quote(world, *place(3.0, 1.0), 0.001, level="10kV", **wishes)
    every = (*answer.schemes, *answer.infeasible)
    return next(s.supplies[0] for s in every if s.supplies[0].source.node == "C1")


def test_a_motor_starts_as_an_impedance_behind_the_line() -> None:
    supply = from_c1(bare(), motor=Motor(rated_kva=2000))
    found = check(supply, "motor")
    power = 2.0 * 6 * (0.3 + 1j * sqrt(1 - 0.09))
    impedance = 100 / np.conj(power)
    z = sum((s.r_pu + 1j * s.x_pu) * 10 for s in supply.feeder.sections) + (0.125 + 0.308j) * 2.2
    assert found.value == pytest.approx(10.3 * abs(impedance / (impedance + z)), rel=1e-5)
    assert found.limit == pytest.approx(8.5)
    assert found.holds
    often = check(from_c1(bare(), motor=Motor(rated_kva=3500, is_often=True)), "motor")
    assert (often.limit, often.holds) == (pytest.approx(9.0), False)
    assert "软起动" in often.helps[0]
    softly = Motor(rated_kva=3500, is_often=True, start="soft")
    assert check(from_c1(bare(), motor=softly), "motor").holds


def test_the_busbar_gives_way_too() -> None:
    motor = Motor(rated_kva=1000)
    supply = from_c1(bare(stiff=False), motor=motor)
    impedance = 100 / np.conj(6 * (0.3 + 1j * sqrt(1 - 0.09)))
    z = sum((s.r_pu + 1j * s.x_pu) * 10 for s in supply.feeder.sections) + (0.125 + 0.308j) * 2.2
    # 200 MVA at 10 kV are half an ohm.
    exact = 10.3 * abs(impedance / (impedance + z + 0.5j))
    assert check(supply, "motor").value == pytest.approx(exact, rel=2e-3)
    stiff = check(from_c1(bare(), motor=motor), "motor").value
    assert check(supply, "motor").value < stiff - 0.2


def test_asking_about_a_motor_leaves_the_state_alone() -> None:
    world = bare()
    one, other = from_c1(world), from_c1(world, motor=Motor(rated_kva=2000))
    assert one.profile.after_kv == pytest.approx(other.profile.after_kv)
    assert one.loss_kw == pytest.approx(other.loss_kw)


def test_voltage_swings_as_resistance_and_reactance_say() -> None:
    swing = Fluctuation(swing_kw=800, swing_kvar=600, times_an_hour=20)
    supply = from_c1(bare(), fluctuation=swing)
    z = sum((s.r_pu + 1j * s.x_pu) * 10 for s in supply.feeder.sections) + (0.125 + 0.308j) * 2.2
    found = check(supply, "fluctuation")
    assert found.value == pytest.approx((z.real * 0.8 + z.imag * 0.6) / 100)
    assert (found.limit, found.holds) == (0.02, True)
    rare = check(from_c1(bare(), fluctuation=replace(swing, times_an_hour=1)), "fluctuation")
    assert rare.limit == 0.04
    wild = check(from_c1(bare(), fluctuation=replace(swing, swing_kvar=9000)), "fluctuation")
    assert not wild.holds


def test_words_of_motors_are_checked() -> None:
    for motor in (Motor(rated_kva=-1), Motor(rated_kva=10, start="kick")):
        with pytest.raises(SchemeError, match="motor"):
            quote(bare(), *place(3.0, 1.0), 100, motor=motor)
    swing = Fluctuation(swing_kw=1, swing_kvar=1, times_an_hour=5000)
    with pytest.raises(SchemeError, match="times_an_hour"):
        quote(bare(), *place(3.0, 1.0), 100, fluctuation=swing)


def switched(built: Tables) -> Tables:
    """Feeder a without its head, taken over through the tie."""
    return replace(built, switches=Switches.of(
        id=["k-tie", "k-a1"], line=[6, 0], node=[built.lines.start[6], built.lines.start[0]],
        kind="load_switch", is_closed=[True, False],
    ))  # fmt: skip


@pytest.mark.parametrize("kw", [500, 2500, 4000])
def test_a_transfer_is_the_state_after_switching(kw: float) -> None:
    world = town()
    answer = quote(world, *place(2.0, 1.03), kw, needs_transfer=True)
    every = (*answer.schemes, *answer.infeasible)
    supply = next(s.supplies[0] for s in every if s.supplies[0].source.node == "A2")
    found = check(supply, "transfer")
    built, _ = with_line(world, supply, kw, kw * answer.request.tangent)
    network = assemble(switched(built))
    solved = network.solve()
    loading = np.sqrt(solved.current_squared_pu) / network.current_limit_pu
    over = float((loading**2 - 1).max())
    low = float((0.9 - solved.voltages_pu * network.nominal_share).max())
    assert found.holds == (over <= 0 and low <= 0)
    assert found.value == pytest.approx(max(over, found.value if low > over else over), abs=0.02)
    assert found.id == "tie"


def test_a_feeder_without_a_tie_cannot_be_transferred() -> None:
    world = town()
    answer = quote(world, *place(2.0, 1.97), 500, needs_transfer=True)
    every = (*answer.schemes, *answer.infeasible)
    lost = next(s for s in every if s.supplies[0].source.node == "B2")
    assert not lost.is_feasible
    assert lost.binding.kind == "transfer"
    assert "没有联络线" in lost.binding.helps[0]


def two_ties(**switches: bool) -> Tables:
    """A second tie, from A1 to B1, and more load than one neighbour can take."""
    given = tables()
    lines, loads = given.lines, given.loads
    more = {
        "id": ["tie2"], "start": [AT["A1"]], "end": [AT["B1"]],
        "conductor": lines.conductor[:1], "laying": lines.laying[:1], "length_m": [900],
    }  # fmt: skip
    closed = {"tie": False, "a2": True, "tie2": False, "a1": True, **switches}
    rows = {"tie": (6, "A2"), "a2": (1, "A1"), "tie2": (8, "A1"), "a1": (0, "SA1")}
    return tables(
        lines=type(lines).of(**{
            name: np.concatenate([values, more.get(name, values[:1])])
            for name, _, values in lines.items()
        }),
        switches=Switches.of(
            id=list(closed), line=[rows[one][0] for one in closed],
            node=[AT[rows[one][1]] for one in closed], kind="load_switch",
            is_closed=list(closed.values()),
        ),
        loads=type(loads).of(
            id=loads.id, node=loads.node, p_kw=[3900, 4300, 2000, 1000, 150],
            q_kvar=[1200, 1300, 600, 300, 50],
        ),
    )  # fmt: skip


def test_two_neighbours_take_over_what_one_cannot() -> None:
    kw = 500.0
    world = town(two_ties())
    answer = quote(world, *place(2.0, 1.03), kw, needs_transfer=True)
    supply = next(s.supplies[0] for s in answer.schemes if s.supplies[0].source.node == "A2")
    found = check(supply, "transfer")
    assert (found.holds, found.id) == (True, "tie + tie2 / a2")
    for ties, fits in (
        ({"tie": True}, False), ({"tie2": True}, False),
        ({"tie": True, "tie2": True, "a2": False}, True),
    ):  # fmt: skip
        after = town(two_ties())
        built, _ = with_line(after, supply, kw, kw * answer.request.tangent)
        network = assemble(replace(built, switches=two_ties(a1=False, **ties).switches))
        solved = network.solve()
        loading = np.sqrt(solved.current_squared_pu) / network.current_limit_pu
        medium = network.tables.nodes.nominal_kv[network.radial.node] > 1
        voltages = (solved.voltages_pu * network.nominal_share)[network.radial.node]
        holds = loading[medium].max() <= 1 and voltages[medium].min() >= 0.9
        assert bool(holds) is fits
