"""Tables to an operating state: against power-grid-model in volts and ohms, and every fault."""

from typing import Any

import numpy as np
import pytest

from support.networks import reference_kv, small
from tongdian.grid import GridError, NotConvergedError
from tongdian.grid.columns import Table
from tongdian.grid.network import assemble
from tongdian.grid.soundness import findings
from tongdian.grid.tables import Sources, Tables


def changed(tables: Tables, table: str, column: str, row: int, value: Any) -> Tables:
    """The tables with one cell changed."""
    old = tables.table(table)
    values = {name: array.copy() for name, _, array in old.items()}
    values[column][row] = value
    every = {one.name: one for one in tables.all()}
    fresh: Table = type(old)(**values)
    return Tables.of(**{**every, table: fresh})


def test_voltages_are_those_of_the_reference() -> None:
    network = assemble(small())
    volts = network.solve().voltages_pu * network.base_kv
    nominal = network.tables.nodes.nominal_kv
    np.testing.assert_allclose(volts / nominal, reference_kv(network) / nominal, atol=1e-8, rtol=0)


def test_the_tie_closed_and_another_opened() -> None:
    tables = changed(small(), "switches", "is_closed", 0, True)
    tables = changed(tables, "switches", "is_closed", 1, False)
    network = assemble(tables)
    assert tables.lines.id[network.open_lines].tolist() == ["a2"]
    volts = network.solve().voltages_pu * network.base_kv
    np.testing.assert_allclose(volts, reference_kv(network), rtol=1e-8)


def test_limits_are_those_of_the_catalogue() -> None:
    network = assemble(small())
    tables, base = network.tables, network.radial.base_mva
    found = {}
    for position in range(network.radial.size):
        table, row = network.element(position)
        node = network.radial.node[position]
        ampere = (
            network.current_limit_pu[position] * base / np.sqrt(3) / network.base_kv[node] * 1e3
        )
        ids = getattr(tables.table(table), "id")  # noqa: B009
        found[str(ids[row])] = ampere
    assert found["a1"] == pytest.approx(550)
    assert found["b1"] == pytest.approx(405)
    assert found["b2"] == pytest.approx(810)
    assert found["T1"] == pytest.approx(577.35, abs=0.01)
    assert found["busbar"] == pytest.approx(31.5e3 / np.sqrt(3) / 10.2)


def test_loads_by_state_and_resistance_in_use() -> None:
    now = assemble(small(), load_states=("energised",))
    assert now.p_kw.sum() == 2100
    warm = assemble(small(), resistance_factor=1.2)
    assert warm.solve().loss_kw > assemble(small()).solve().loss_kw


@pytest.mark.parametrize(
    ("table", "column", "row", "value", "code"),
    [
        ("nodes", "id", 2, "A1", "duplicate_id"),
        ("lines", "id", 3, "a1", "duplicate_id"),
        ("nodes", "lon", 4, np.nan, "not_finite"),
        ("nodes", "nominal_kv", 1, 0, "out_of_range"),
        ("lines", "length_m", 1, np.nan, "not_finite"),
        ("lines", "length_m", 1, -5, "out_of_range"),
        ("lines", "conductor", 0, 99, "missing_reference"),
        ("lines", "conductor", 0, -1, "missing_reference"),
        ("lines", "end", 5, 8, "missing_reference"),
        ("lines", "conductor", 1, 22, "unfit_type"),
        ("lines", "laying", 2, 0, "missing_rating"),
        ("lines", "parallel", 2, 0, "out_of_range"),
        ("lines", "end", 3, 6, "mixed_voltage"),
        ("transformers", "type", 1, 27, "missing_reference"),
        ("transformers", "high", 0, 5, "unfit_type"),
        ("transformers", "tap_percent", 0, np.inf, "not_finite"),
        ("switches", "node", 1, 0, "not_at_end"),
        ("loads", "p_kw", 2, np.nan, "not_finite"),
        ("loads", "node", 3, 77, "missing_reference"),
        ("sources", "capacity_mva", 0, -1, "out_of_range"),
        ("sources", "capacity_mva", 0, np.inf, "not_finite"),
    ],
)
def test_a_fault_is_named_by_table_row_and_column(
    table: str, column: str, row: int, value: Any, code: str
) -> None:
    tables = changed(small(), table, column, row, value)
    (told,) = findings(tables)
    expected = (code, table, row + 1, "end" if code == "mixed_voltage" else column)
    assert (told.code, told.table, told.row, told.column) == expected
    assert f"{table} row {row + 1}" in told.en
    assert told.zh
    assert told.remedy_zh
    with pytest.raises(GridError) as refused:
        assemble(tables)
    assert refused.value.code == code


def test_coordinates_that_are_swapped_or_elsewhere() -> None:
    tables = small()
    nodes = tables.nodes
    swapped = changed(changed(tables, "nodes", "lon", 3, 26.58), "nodes", "lat", 3, 106.71)
    (told,) = findings(swapped)
    assert (told.code, told.table, told.row, told.column) == (
        "swapped_coordinates", "nodes", 4, "lon",
    )  # fmt: skip
    (told,) = findings(changed(tables, "nodes", "lon", 0, 2.35))
    assert told.code == "outside"
    assert findings(tables, extent=(106, 26, 108, 27)) == ()
    assert len(nodes) == 8


def test_every_column_that_is_wrong_is_told() -> None:
    tables = changed(small(), "nodes", "lon", 4, np.nan)
    tables = changed(tables, "loads", "p_kw", 0, np.inf)
    tables = changed(tables, "lines", "length_m", 2, -1)
    told = {(one.table, one.column) for one in findings(tables)}
    assert {("nodes", "lon"), ("loads", "p_kw"), ("lines", "length_m")} <= told


def test_loops_islands_and_joined_sources() -> None:
    with pytest.raises(GridError, match="tie") as refused:
        assemble(changed(small(), "switches", "is_closed", 0, True))
    assert (refused.value.code, refused.value.table) == ("loop", "lines")
    with pytest.raises(GridError, match="A2") as refused:
        assemble(changed(small(), "switches", "is_closed", 1, False))
    assert (refused.value.code, refused.value.table) == ("island", "nodes")
    two = Sources.of(id=["one", "two"], node=[0, 4], substation=["S1", "S2"])
    with pytest.raises(GridError, match="b2") as refused:
        assemble(small(sources=two))
    assert refused.value.code == "sources_joined"
    with pytest.raises(GridError) as refused:
        assemble(small(sources=Sources.empty()))
    assert refused.value.code == "no_source"


def test_a_load_that_cannot_be_carried_names_the_node() -> None:
    network = assemble(changed(small(), "loads", "p_kw", 2, 90_000))
    with pytest.raises(NotConvergedError, match=r"at node [ABL][123] "):
        network.solve()
