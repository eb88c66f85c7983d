"""Attachments: several at a node, added in place, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.refusals import PathError


def chained(table: Attachments, node: int) -> list[int]:
    row, found = int(table.first[node]), []
    while row >= 0:
        found.append(row)
        row = int(table.rows[row]["next"])
    return found


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=4))
def test_each_node_has_its_rows(node: list[int], later: list[int]) -> None:
    table = Attachments.build(5, node, np.arange(len(node)), feeder=node, spare=4)
    for place in later:
        table.add(place, 7, feeder=place, busbar=1, substation=0)
    every = node + later
    assert len(table) == len(every)
    for place in range(5):
        assert sorted(chained(table, place)) == [r for r, n in enumerate(every) if n == place]
    assert table.feeder[: len(every)].tolist() == every


def test_a_full_table_says_so() -> None:
    table = Attachments.build(2, [0], [5], spare=1)
    assert table.add(1, 6) == 1
    with pytest.raises(PathError) as caught:
        table.add(1, 6)
    assert caught.value.code == "full"
    assert chained(table, 1) == [1]


@pytest.mark.parametrize(
    ("node", "cost", "code"), [(2, 0, "unknown_node"), (-1, 0, "unknown_node"), (0, -1, "bad_cost")]
)
def test_bad_rows_are_refused_and_change_nothing(node: int, cost: int, code: str) -> None:
    for attempt in (
        lambda: Attachments.build(2, [0, node], [1, cost]),
        lambda: (table := Attachments.build(2, [0], [1], spare=2)) and table.add(node, cost),
    ):
        with pytest.raises(PathError) as caught:
            attempt()
        assert (caught.value.code, caught.value.row) == (code, 1)
    with pytest.raises(PathError, match="the columns must all have 1 rows"):
        Attachments.build(2, [0], [1], feeder=[1, 2])
