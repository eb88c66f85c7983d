"""A feeder cut out answers as the whole network does."""

import numpy as np
import pytest

from support.networks import small
from tongdian.grid import NotConvergedError, Radial, solve
from tongdian.grid.base import base_state
from tongdian.grid.feeder import Feeder, feeder_of
from tongdian.grid.limits import Limits, limits_of
from tongdian.grid.network import assemble


def forest() -> tuple[Radial, np.ndarray, np.ndarray]:
    """Two sources with two feeders and one."""
    above = [-1, -1, 0, 2, 3, 0, 5, 1, 7, 7, 4, 6]
    hung = np.arange(2, 12)
    radial = Radial.build(
        nodes=12, start=[above[i] for i in hung], end=hung, r_pu=np.full(10, 0.01),
        x_pu=np.full(10, 0.02), roots=[0, 1], source_pu=[1.03, 1.0], base_mva=10,
    )  # fmt: skip
    loads = np.arange(12) * 20.0
    return radial, loads, loads / 3


def test_every_feeder_is_the_network_seen_from_there() -> None:
    radial, p, q = forest()
    limits = Limits(np.full(12, 0.93), np.full(12, 2.0))
    base = base_state(radial, p, q)
    for position in range(radial.size):
        feeder = Feeder.of(base, limits, position)
        added = p.copy()
        added[radial.node[position]] += 700
        whole = solve(radial, added, q)
        state = feeder.state({position: (700, 0)})
        at = state.positions
        squared = whole.voltage_squared_pu[at]
        np.testing.assert_allclose(state.voltage_pu**2, squared, atol=1e-8)
        np.testing.assert_allclose(state.flow_kw, whole.flow_kw[at], atol=1e-3)
        np.testing.assert_allclose(state.loading, np.sqrt(whole.current_squared_pu[at]) / 2, 1e-6)
        np.testing.assert_allclose(state.spare_pu, np.sqrt(squared) - 0.93, atol=1e-8)
        assert position in at


def test_feeders_are_stretches_of_positions() -> None:
    radial, _, _ = forest()
    spans = {feeder_of(radial, position) for position in range(12)}
    assert spans == {(0, 0, 1), (0, 1, 5), (0, 5, 8), (1, 8, 9), (1, 9, 12)}
    feeder = Feeder.of(base_state(radial, np.zeros(12), np.zeros(12)),
                       Limits(np.zeros(12), np.ones(12)), 2)  # fmt: skip
    with pytest.raises(ValueError, match="not on this feeder"):
        feeder.state({7: (1, 0)})


def test_before_and_after_a_connection() -> None:
    network = assemble(small())
    base = base_state(network.radial, network.p_kw, network.q_kvar)
    node = network.tables.nodes.id.tolist().index("L3")
    position = int(network.radial.position[node])
    feeder = Feeder.of(base, limits_of(network), position)
    before, after = feeder.state(), feeder.state({position: (100, 48)})
    assert (after.voltage_pu[1:] < before.voltage_pu[1:]).all()
    assert after.loss_kw > before.loss_kw
    assert after.flow_kw[0] - before.flow_kw[0] > 100
    assert network.tables.sources.capacity_mva[0] * before.loading[0] == pytest.approx(
        np.hypot(before.flow_kw[0], before.flow_kvar[0]) / 1e3
    )
    with pytest.raises(NotConvergedError) as refused:
        feeder.state({position: (1e6, 0)})
    assert network.tables.nodes.id[refused.value.node] in ("L2", "L3", "B1", "B2")
