"""Hosting capacity: the bound keeps every limit, never exceeds the exact answer, and is near it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.feeders import random_feeder
from support.networks import small
from tongdian.grid import NotConvergedError, Radial, solve
from tongdian.grid.hosting import (
    TABLES,
    Base,
    Hosting,
    base_state,
    binding_elements,
    conservative,
    exact,
    tangent_of,
)
from tongdian.grid.limits import Limits, VoltageRules, limits_of
from tongdian.grid.network import assemble

BASE_MVA = 10.0
PRECISION = 1e-6


@dataclass(frozen=True)
class Asked:
    """A network with loads and limits."""

    radial: Radial
    limits: Limits
    p_kw: npt.NDArray[np.float64]
    q_kvar: npt.NDArray[np.float64]
    power_factor: float

    def base(self) -> Base:
        return base_state(self.radial, self.p_kw, self.q_kvar)

    def bound(self) -> Hosting:
        return conservative(self.base(), self.limits, power_factor=self.power_factor)

    def exact(self, nodes: list[int]) -> Hosting:
        return exact(
            self.base(), self.limits, nodes,
            power_factor=self.power_factor, precision=PRECISION,
        )  # fmt: skip

    def overstepped(self, node: int = 0, added_kw: float = 0) -> npt.NDArray[np.float64]:
        """By how much each limit of the whole network is overstepped, by plain power flow."""
        p, q = self.p_kw.copy(), self.q_kvar.copy()
        p[node] += added_kw
        q[node] += added_kw * tangent_of(self.power_factor)
        state = solve(self.radial, p, q, tolerance=1e-12)
        held = np.repeat(self.radial.source_pu, np.diff(self.radial.starts))
        low = np.maximum(self.limits.lowest_pu, 0.8 * held) ** 2 - state.voltage_squared_pu
        low[self.radial.starts[:-1]] = -1
        over = state.current_squared_pu / self.limits.current_pu**2 - 1
        return np.concatenate([low, over])

    def keeps(self, node: int, added_kw: float, noise: float = 2e-9) -> bool:
        """Whether no limit is broken that the base state keeps, and none is made worse."""
        before = self.overstepped()
        try:
            after = self.overstepped(node, added_kw)
        except NotConvergedError:
            return False
        return bool((after <= np.maximum(before, 0) + noise).all())


def drawn(nodes: int, seed: int, load: float, power_factor: float) -> Asked:
    """Sources with feeders of mixed lines, some without impedance; some limits near, some none."""
    source = np.random.default_rng(seed)
    sources = int(source.integers(1, 3))
    above = [-1 if i < sources else int(source.integers(max(0, i - 6), i)) for i in range(nodes)]
    hung = np.arange(sources, nodes)
    kind = source.choice([0.125 + 0.308j, 0.06 + 0.096j, 0.9 + 0.35j, 1.5 + 0.1j, 0], len(hung))
    z = kind * source.uniform(0.05, 4 * 12 / nodes, len(hung)) / 10
    radial = Radial.build(
        nodes=nodes, start=np.array(above)[hung], end=hung, r_pu=z.real, x_pu=z.imag,
        roots=np.arange(sources), source_pu=source.uniform(0.98, 1.05, sources), base_mva=BASE_MVA,
    )  # fmt: skip
    p = source.uniform(0, 2, nodes) * load / nodes * (source.random(nodes) < 0.7)
    q = p * source.uniform(0, 0.7, nodes)
    current = source.uniform(0.05, 1.2, nodes) * (load / 3000 + 0.3)
    current[source.random(nodes) < 0.3] = np.inf
    lowest = source.choice([0.9, 0.93, 0.95, 0.0], nodes, p=[0.2, 0.6, 0.1, 0.1])
    return Asked(radial, Limits(lowest, current), p, q, power_factor)


@given(
    nodes=st.integers(2, 26), seed=st.integers(0, 2**32),
    load=st.sampled_from([0.0, 300.0, 1500.0, 4000.0, 8000.0]),
    power_factor=st.sampled_from([1.0, 0.98, 0.9, 0.8, 0.5]),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_the_bound_keeps_every_limit_and_never_exceeds_the_exact_answer(
    nodes: int, seed: int, load: float, power_factor: float
) -> None:
    asked = drawn(nodes, seed, load, power_factor)
    try:
        asked.overstepped()
    except NotConvergedError:
        return
    bound = asked.bound().capacity_kw
    answer = asked.exact(list(range(nodes))).capacity_kw
    assert np.isfinite(bound).all()
    assert (bound >= 0).all()
    assert (bound <= answer * (1 + 1.5 * PRECISION) + 1e-3).all()
    for node in range(nodes):
        assert asked.keeps(node, bound[node])
        assert asked.keeps(node, answer[node], noise=1e-7)
        # The exact answer is the most: a little more is too much, unless nothing limits it.
        assert answer[node] > 9e5 or not asked.keeps(node, answer[node] * (1 + 1e-5) + 0.1)


@pytest.mark.parametrize("seed", range(4))
def test_on_real_feeders_it_is_near_the_exact_answer(seed: int) -> None:
    feeder = random_feeder(300, seed, load_kw=3000, lateral=0.06)
    current = np.full(feeder.size, 550 * np.sqrt(3) * 10 / 10 / 1e3)
    limits = Limits(np.full(feeder.size, 0.93), current)
    asked = Asked(feeder.network, limits, feeder.p_kw, feeder.q_kvar, 0.9)
    bound = asked.bound()
    nodes = list(range(1, feeder.size, 7))
    answer = asked.exact(nodes)
    gap = 1 - bound.capacity_kw[nodes] / answer.capacity_kw
    assert (gap >= -1e-6).all()
    assert np.median(gap) < 0.05
    assert gap.max() < 0.10
    assert np.mean(bound.binding[nodes] == answer.binding) > 0.9


def test_what_ignores_losses_is_more_than_fits() -> None:
    """The lossless answer of the far end by hand: (u - u_min) / (2 (R + t X))."""
    feeder = random_feeder(60, 1, load_kw=2000, lateral=0)
    limits = Limits(np.full(60, 0.93), np.full(60, np.inf))
    asked = Asked(feeder.network, limits, feeder.p_kw, feeder.q_kvar, 0.9)
    spare = solve(feeder.network, feeder.p_kw, feeder.q_kvar).voltage_squared_pu[-1] - 0.93**2
    tangent = tangent_of(0.9)
    lossless = spare / 2 / (feeder.r_pu.sum() + tangent * feeder.x_pu.sum()) * BASE_MVA * 1e3
    bound, answer = asked.bound(), asked.exact([59])
    assert lossless > answer.capacity_kw[0] > bound.capacity_kw[59] > 0.75 * lossless
    assert bound.word(59) == "voltage"
    assert feeder.network.node[bound.position[59]] == 59


def test_each_limit_is_named() -> None:
    network = assemble(small())
    limits = limits_of(network)
    radial, ids = network.radial, network.tables.nodes.id
    base = base_state(radial, network.p_kw, network.q_kvar)
    bound, answer = conservative(base, limits), exact(base, limits, range(len(ids)))
    assert (bound.capacity_kw <= answer.capacity_kw * (1 + PRECISION)).all()
    assert (bound.capacity_kw > 0.93 * answer.capacity_kw).all()
    told = {
        str(name): (bound.word(node), network.element(int(bound.position[node])))
        for node, name in enumerate(ids)
    }
    assert told["S1"] == ("current", ("sources", 0))
    assert told["L1"] == ("current", ("transformers", 0))
    assert told["L3"] == ("current", ("lines", 5))
    assert told["A2"][0] == "voltage"
    assert told["B1"] == ("current", ("lines", 2))
    assert (bound.binding == answer.binding).all()
    table, row = binding_elements(network, bound.binding, bound.position)
    for node, name in enumerate(ids):
        kind, element = told[str(name)]
        if kind == "voltage":
            element = ("nodes", int(radial.node[bound.position[node]]))
        assert (TABLES[table[node]], row[node]) == element


def test_a_source_limits_all_its_feeders() -> None:
    network = assemble(small())
    limits = limits_of(network)
    tight = limits.current_pu.copy()
    served = solve(network.radial, network.p_kw, network.q_kvar).current_squared_pu[0] ** 0.5
    tight[0] = served + 0.01
    base = base_state(network.radial, network.p_kw, network.q_kvar)
    bound = conservative(base, Limits(limits.lowest_pu, tight))
    assert (bound.capacity_kw < 0.011 * BASE_MVA * 1e3).all()
    assert (bound.capacity_kw > 0).all()
    assert (bound.position == 0).all()


def test_a_broken_limit_leaves_nothing_where_it_would_be_worse() -> None:
    """Two feeders of one busbar, one of them overloaded."""
    radial = Radial.build(
        nodes=4, start=[0, 1, 0], end=[1, 2, 3], r_pu=[0.1, 0.1, 0.1], x_pu=[0.1, 0.1, 0.1],
        roots=[0], base_mva=BASE_MVA,
    )  # fmt: skip
    limits = Limits(np.full(4, 0.93), np.full(4, np.inf))
    asked = Asked(radial, limits, np.array([0, 0, 4000.0, 0]), np.zeros(4), 0.9)
    bound, answer = asked.bound(), asked.exact([0, 1, 2, 3])
    assert bound.capacity_kw[[1, 2]].tolist() == [0, 0]
    assert answer.capacity_kw[[1, 2]] == pytest.approx([0, 0], abs=1e-3)
    assert bound.word(1) == "voltage"
    assert radial.node[bound.position[1]] == 2
    assert bound.capacity_kw[3] > 1000


def test_a_network_without_a_state_hosts_nothing() -> None:
    radial = Radial.build(
        nodes=4, start=[0, 2], end=[1, 3], r_pu=[0.3, 0.01], x_pu=[0.3, 0.01], roots=[0, 2],
        base_mva=BASE_MVA,
    )  # fmt: skip
    limits = Limits(np.full(4, 0.93), np.full(4, np.inf))
    asked = Asked(radial, limits, np.array([0, 20_000.0, 0, 0]), np.zeros(4), 0.9)
    bound, answer = asked.bound(), asked.exact([0, 1, 3])
    assert bound.capacity_kw[:2].tolist() == [0, 0]
    assert (bound.word(0), bound.word(1)) == ("unsolved", "unsolved")
    assert answer.capacity_kw[:2].tolist() == [0, 0]
    assert 0 < bound.capacity_kw[3] <= answer.capacity_kw[2]


def test_where_losses_are_enormous_only_the_power_flow_can_tell() -> None:
    """Behind 0.7 per unit of reactance, more reactive power is lost than a bound can follow."""
    radial = Radial.build(
        nodes=4, start=[0, 1, 0], end=[1, 2, 3], r_pu=[0.001, 0.001, 0.01],
        x_pu=[0.001, 0.7, 0.01], roots=[0], base_mva=BASE_MVA,
    )  # fmt: skip
    limits = Limits(np.full(4, 0.8), np.full(4, np.inf))
    asked = Asked(radial, limits, np.array([0, 0, 5500.0, 0]), np.zeros(4), 1.0)
    bound, answer = asked.bound(), asked.exact([1, 2, 3])
    assert [bound.word(node) for node in (1, 2)] == ["weak", "weak"]
    assert bound.capacity_kw[[1, 2]].tolist() == [0, 0]
    assert (answer.capacity_kw > 100).all()
    assert 0.9 * answer.capacity_kw[2] < bound.capacity_kw[3] <= answer.capacity_kw[2]


def test_generation_and_capacitance_flatter_nobody() -> None:
    plain = random_feeder(40, 9)
    sunny = random_feeder(40, 9, capacitance=0.05)
    limits = Limits(np.full(40, 0.93), np.full(40, np.inf))
    one = conservative(base_state(plain.network, plain.p_kw, plain.q_kvar), limits).capacity_kw
    other = conservative(base_state(sunny.network, sunny.p_kw, sunny.q_kvar), limits).capacity_kw
    np.testing.assert_allclose(one, other)
    generating = plain.p_kw.copy()
    generating[20] = -5000
    off = plain.p_kw.copy()
    off[20] = 0
    np.testing.assert_array_equal(
        conservative(base_state(plain.network, generating, plain.q_kvar), limits).capacity_kw,
        conservative(base_state(plain.network, off, plain.q_kvar), limits).capacity_kw,
    )


def test_rules_are_parameters() -> None:
    network = assemble(small())
    usual, strict = limits_of(network), limits_of(network, VoltageRules(planned_drop=0.05))
    kv = network.tables.nodes.nominal_kv[network.radial.node]
    lowest = usual.lowest_pu * network.base_kv[network.radial.node]
    assert lowest[kv == 10] == pytest.approx(9.3)
    assert lowest[kv == 0.38] == pytest.approx(0.93 * 0.38)
    assert (strict.lowest_pu * network.base_kv[network.radial.node])[kv == 10] == pytest.approx(
        1.02 * 0.95 * 10
    )
    assert limits_of(network, VoltageRules(deviation=0.02)).lowest_pu.min() > 0.9


@pytest.mark.parametrize("factor", [0, -0.9, 1.1, float("nan")])
def test_a_power_factor_that_is_none(factor: float) -> None:
    feeder = random_feeder(5, 1)
    base = base_state(feeder.network, feeder.p_kw, feeder.q_kvar)
    limits = Limits(np.full(5, 0.93), np.full(5, np.inf))
    with pytest.raises(ValueError, match="power factor"):
        conservative(base, limits, power_factor=factor)
    with pytest.raises(ValueError, match="not finite"):
        base_state(feeder.network, feeder.p_kw * np.nan, feeder.q_kvar)
