"""Case files: the shape that is read, and what is said of every other."""

import json
from pathlib import Path
from typing import Any

import pytest

from tongdian.grid import GridError, NotConvergedError, read_case


def small() -> dict[str, Any]:
    """Four buses in a row and an open tie."""
    return {
        "base_mva": 10, "base_kv": 10.0, "v_slack": 1.0, "slack_bus": "S",
        "buses": [
            {"id": name, "p_mw": load, "q_mvar": load / 2}
            for name, load in (("S", 0), (1, 0.1), (2, 0.2), (3, 0.3))
        ],
        "branches": [
            {"f": "S", "t": 1, "r_pu": 0.01, "x_pu": 0.01, "on": 1},
            {"f": 2, "t": 1, "r_pu": 0.01, "x_pu": 0.01},
            {"f": 2, "t": 3, "r_pu": 0.01, "x_pu": 0.01, "on": True},
            {"f": 3, "t": "S", "r_pu": 0.01, "x_pu": 0.01, "on": 0},
        ],
    }  # fmt: skip


def read(case: Any) -> Any:
    return read_case(json.dumps(case).encode())


def test_a_case_is_read_in_its_own_order() -> None:
    case = read(small())
    assert case.bus_ids == ("S", 1, 2, 3)
    assert case.p_kw.tolist() == [0, 100, 200, 300]
    assert case.open_branches == 1
    voltages = case.solve().voltages_pu
    assert voltages[0] == 1
    assert (voltages[1:] < voltages[:-1]).all()


def test_generation_is_a_load_below_nothing() -> None:
    case = small()
    case["buses"][3] |= {"p_mw": -2, "q_mvar": 0}
    assert read(case).solve().voltages_pu[3] > 1


@pytest.mark.parametrize(
    ("path", "value", "code", "table", "row", "column"),
    [
        (["branches", 3, "on"], 1, "loop", "branches", 0, ""),
        (["branches", 2, "on"], 0, "island", "buses", 4, ""),
        (["buses", 2, "id"], 1, "duplicate_id", "buses", 3, "id"),
        (["branches", 1, "f"], 9, "missing_reference", "branches", 2, "f"),
        (["slack_bus"], 9, "missing_reference", "", 0, "slack_bus"),
        (["buses", 1, "p_mw"], float("nan"), "not_finite", "buses", 2, "p_mw"),
        (["buses", 1, "q_mvar"], float("inf"), "not_finite", "buses", 2, "q_mvar"),
        (["branches", 2, "r_pu"], float("nan"), "not_finite", "branches", 3, "r_pu"),
        (["branches", 2, "r_pu"], -0.1, "out_of_range", "branches", 3, "r_pu"),
        (["branches", 2, "x_pu"], -0.1, "out_of_range", "branches", 3, "x_pu"),
        (["base_mva"], 0, "out_of_range", "", 0, "base_mva"),
        (["base_kv"], -10, "out_of_range", "", 0, "base_kv"),
        (["v_slack"], float("nan"), "not_finite", "", 0, "v_slack"),
        (["buses", 1, "p_mw"], "0.1", "wrong_type", "buses", 2, "p_mw"),
        (["buses", 1, "p_mw"], None, "wrong_type", "buses", 2, "p_mw"),
        (["buses", 1, "id"], 1.5, "wrong_type", "buses", 2, "id"),
        (["branches", 0, "on"], 2, "wrong_type", "branches", 1, "on"),
        (["branches", 0, "t"], [1], "wrong_type", "branches", 1, "t"),
        (["buses"], [], "wrong_type", "buses", 0, ""),
        (["buses"], {}, "wrong_type", "buses", 0, ""),
        (["branches", 1], 7, "wrong_type", "branches", 2, ""),
        (["buses", 0, "voltage"], 1, "unknown_field", "buses", 1, "voltage"),
        (["baseMVA"], 1, "unknown_field", "", 0, "baseMVA"),
    ],
)
def test_a_wrong_value_is_named_by_table_row_and_column(
    path: list[Any], value: Any, code: str, table: str, row: int, column: str
) -> None:
    case: Any = small()
    holder = case
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    with pytest.raises(GridError) as refused:
        read(case)
    told = refused.value
    assert (told.code, told.table, told.column) == (code, table, column)
    assert told.row == row or code == "loop"
    assert told.zh
    assert told.remedy_zh
    assert told.remedy_en
    assert told.to_dict()["code"] == code


@pytest.mark.parametrize(
    ("table", "field"), [("", "base_kv"), ("buses", "p_mw"), ("branches", "t")]
)
def test_a_missing_field_is_named(table: str, field: str) -> None:
    case: Any = small()
    del (case[table][1] if table else case)[field]
    with pytest.raises(GridError) as refused:
        read(case)
    assert (refused.value.code, refused.value.column) == ("missing_field", field)


def test_a_loop_names_its_branches() -> None:
    case = small()
    case["branches"][3]["on"] = 1
    with pytest.raises(GridError, match=r"S–1.*2–1|2–1.*S–1"):
        read(case)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b'{"buses": 1, "buses": 2}', b"\x00"]
)
def test_what_is_no_json(data: bytes) -> None:
    with pytest.raises(GridError) as refused:
        read_case(data)
    assert refused.value.code == "not_json"


@pytest.mark.parametrize("data", [b"[]", b"1", b"null"])
def test_what_is_no_object(data: bytes) -> None:
    with pytest.raises(GridError) as refused:
        read_case(data)
    assert refused.value.code == "wrong_type"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(GridError) as refused:
            read_case(path)
        assert refused.value.code == "unreadable"


def test_a_load_that_cannot_be_carried_names_the_bus() -> None:
    case = small()
    case["buses"][3]["p_mw"] = 900
    with pytest.raises(NotConvergedError, match=r"at node [123] ") as refused:
        read(case).solve()
    assert refused.value.to_dict()["code"] == "not_converged"
