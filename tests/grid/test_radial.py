"""The order of sweeps: every node once, parents first; loops, islands and joined sources named."""

import doctest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tongdian.grid
from support.feeders import random_feeder
from tongdian.grid import NotRadialError, Radial
from tongdian.grid.radial import trace


def built(nodes: int, branches: list[tuple[int, int]], roots: list[int], **more: object) -> Radial:
    start, end = np.array(branches, np.int32).reshape(-1, 2).T
    zeros = np.zeros(len(branches))
    return Radial.build(
        nodes=nodes, start=start, end=end, r_pu=zeros, x_pu=zeros, roots=roots, **more  # type: ignore[arg-type]
    )  # fmt: skip


@given(nodes=st.integers(1, 50), seed=st.integers(0, 2**32), reverse=st.booleans())
def test_parents_stand_first_and_every_node_once(nodes: int, seed: int, reverse: bool) -> None:
    above = random_feeder(nodes, seed).above
    ends = above[1:].astype(np.int32), np.arange(1, nodes, dtype=np.int32)
    order = trace(nodes, *(ends[::-1] if reverse else ends), np.array([0], np.int32))
    assert sorted(order.node) == list(range(nodes))
    assert (order.parent < np.arange(nodes)).all()
    hung = order.node[1:]
    np.testing.assert_array_equal(order.node[order.parent[1:]], above[hung])
    np.testing.assert_array_equal(order.branch[1:], hung - 1)


def test_open_branches_are_ties() -> None:
    ring = [(0, 1), (1, 2), (2, 3), (3, 0)]
    net = built(4, ring, [0], closed=[1, 1, 0, 1])
    assert sorted(net.branch.tolist()) == [-1, 0, 1, 3]


@pytest.mark.parametrize(
    ("branches", "ring"),
    [
        ([(0, 1), (1, 2), (2, 3), (3, 1)], {1, 2, 3}),
        ([(0, 1), (1, 2), (1, 2)], {1, 2}),
        ([(0, 1), (1, 2), (2, 2)], {2}),
        ([(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)], {0, 1, 2, 3}),
    ],
)
def test_a_loop_is_named_whole(branches: list[tuple[int, int]], ring: set[int]) -> None:
    nodes = max(max(ends) for ends in branches) + 1
    with pytest.raises(NotRadialError) as found:
        built(nodes, branches, [0])
    assert found.value.kind == "loop"
    assert set(found.value.branches.tolist()) == ring
    assert len(found.value.branches) == len(ring)


def test_an_island_is_named() -> None:
    with pytest.raises(NotRadialError) as found:
        built(5, [(0, 1), (2, 3), (3, 4)], [0])
    assert (found.value.kind, found.value.nodes.tolist()) == ("island", [2, 3, 4])


@pytest.mark.parametrize("roots", [[0, 3], [3, 0]])
def test_sources_that_are_joined(roots: list[int]) -> None:
    with pytest.raises(NotRadialError) as found:
        built(5, [(0, 1), (1, 2), (2, 3), (1, 4)], roots)
    assert found.value.kind == "sources_joined"
    assert set(found.value.branches.tolist()) == {0, 1, 2}


def test_each_source_has_its_tree() -> None:
    net = built(5, [(0, 1), (2, 3), (2, 4)], [2, 0], source_pu=[1.0, 1.05])
    assert net.starts.tolist() == [0, 3, 5]
    assert net.node[:3].tolist() == [2, 3, 4]
    assert net.source_pu.tolist() == [1.0, 1.05]


def test_the_example_of_the_room() -> None:
    assert doctest.testmod(tongdian.grid).failed == 0
