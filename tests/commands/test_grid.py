"""`tongdian grid powerflow`: published feeders for programs and people, bad files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.networks import small
from support.terminal import Answer, run
from tongdian.grid.csvfiles import write_tables
from tongdian.grid.store import save_tables
from tongdian.grid.tables import Switches

Tongdian = Callable[..., Answer]
DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize("name", ["case33bw", "case69"])
def test_the_real_command_answers_programs(name: str) -> None:
    given = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    answer = run("grid", "powerflow", str(DATA / f"{name}.json"), "--json")
    assert (answer.status, answer.err) == (0, "")
    found, expected = answer.data, given["expected_computed"]
    assert found["converged"] is True
    assert 1 <= found["iterations"] < 20
    assert found["loss_kw"] == pytest.approx(expected["loss_kw"], abs=1e-5)
    assert found["loss_kvar"] == pytest.approx(expected["loss_kvar"], abs=1e-5)
    assert found["min_voltage_pu"] == pytest.approx(expected["vmin"], abs=1e-8)
    assert found["min_voltage_bus"] == expected["vmin_bus"]
    assert found["voltages_pu"] == pytest.approx(expected["vm"], abs=1e-8)
    assert found["buses"] == [bus["id"] for bus in given["buses"]]


def test_people_hear_it_in_chinese_and_english(tongdian: Tongdian) -> None:
    zh = tongdian("grid", "powerflow", str(DATA / "case33bw.json"))
    assert zh.status == 0
    assert "损耗 202.68 kW" in zh.out
    assert "最低电压 0.9131（标幺值），在 18 号节点" in zh.out
    en = tongdian("grid", "powerflow", str(DATA / "case33bw.json"), "--lang", "en")
    assert "losses 202.68 kW" in en.out
    assert "lowest voltage 0.9131 per unit, at bus 18" in en.out


def test_a_case_that_cannot_be_carried_is_no_answer(tongdian: Tongdian, tmp_path: Path) -> None:
    case = json.loads((DATA / "case33bw.json").read_text(encoding="utf-8"))
    for bus in case["buses"]:
        bus["p_mw"] *= 5
    path = tmp_path / "heavy.json"
    path.write_text(json.dumps(case), encoding="utf-8")
    answer = tongdian("grid", "powerflow", str(path), "--json")
    assert answer.status == 2
    assert answer.data["converged"] is False
    assert answer.data["iterations"] > 0
    assert "loss_kw" not in answer.data
    assert answer.data["error"]["code"] == "not_converged"
    assert "潮流不收敛" in tongdian("grid", "powerflow", str(path)).err


def test_a_bad_file_is_named_with_what_to_do(tongdian: Tongdian, tmp_path: Path) -> None:
    answer = tongdian("grid", "powerflow", str(tmp_path / "none.json"), "--json")
    assert answer.status == 2
    assert answer.data["error"]["code"] == "unreadable"
    assert answer.data["error"]["remedy_zh"]
    bad = tmp_path / "bad.json"
    bad.write_text("{}", encoding="utf-8")
    assert tongdian("grid", "powerflow", str(bad)).err.startswith("base_mva：缺少字段")
    assert tongdian("grid").status == 2


def test_a_network_is_checked(tongdian: Tongdian, tmp_path: Path) -> None:
    write_tables(small(), tmp_path)
    sound = tongdian("grid", "check", str(tmp_path))
    assert (sound.status, sound.out) == (0, "电网数据没有问题。\n")
    assert tongdian("grid", "check", str(tmp_path), "--json").data == []
    for name, old, new in (
        ("lines.csv", "1800.0", "-1800.0"), ("nodes.csv", "106.7135,26.5783", "26.5783,106.7135"),
    ):  # fmt: skip
        path = tmp_path / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    told = tongdian("grid", "check", str(tmp_path), "--json")
    assert told.status == 1
    places = [(one["code"], one["table"], one["row"], one["column"]) for one in told.data]
    assert places == [
        ("out_of_range", "lines", 2, "length_m"), ("swapped_coordinates", "nodes", 1, "lon"),
    ]  # fmt: skip
    said = tongdian("grid", "check", str(tmp_path))
    assert "lines 第 2 行 length_m" in said.out
    assert "共 2 处需要改正" in said.out


def test_loops_and_missing_folders_are_findings_too(tongdian: Tongdian, tmp_path: Path) -> None:
    tables = small(switches=Switches.empty())
    save_tables(tables, tmp_path / "net")
    (told,) = tongdian("grid", "check", str(tmp_path / "net"), "--json").data
    assert told["code"] == "loop"
    (told,) = tongdian("grid", "check", str(tmp_path / "none"), "--json").data
    assert told["code"] == "unreadable"
