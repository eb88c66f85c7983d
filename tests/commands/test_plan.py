"""`tongdian plan show|check`: the plan in words and as data, and where a file is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.terminal import Answer, run
from tongdian.law.plan import FOLDER, load_plan

Tongdian = Callable[..., Answer]
GOOD = (FOLDER / "guiyang-2021.yaml").read_text(encoding="utf-8")


@pytest.fixture
def broken(tmp_path: Path) -> Callable[[str, str], tuple[str, int]]:
    """A copy of the plan with a mistake: its path, and the line of it."""
    (tmp_path / "guiyang-2021.txt").write_bytes((FOLDER / "guiyang-2021.txt").read_bytes())

    def write(old: str, new: str) -> tuple[str, int]:
        assert old in GOOD
        path = tmp_path / "example.yaml"
        path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
        return str(path), GOOD[: GOOD.index(old)].count("\n") + 1

    return write


def test_the_real_command_finds_the_shipped_plan_sound() -> None:
    assert run("plan", "check") == Answer(0, "方案没有问题。\n", "")
    assert run("plan", "check", "--json", "--lang", "en").data == []


def test_a_typo_is_answered_with_file_line_and_clause(
    tongdian: Tongdian, broken: Callable[[str, str], tuple[str, int]]
) -> None:
    path, line = broken("{value: 3, unit: working_days, kind: limit, clause: 一-1",
                        "{value: 3, unit: working_dayz, kind: limit, clause: 一-1")  # fmt: skip
    found = tongdian("plan", "check", path)
    assert found.status == 1
    assert f"example.yaml:{line} [一-1]" in found.out
    assert "promise.resident.unit" in found.out
    assert "是否应为 working_days" in found.out
    (finding,) = tongdian("plan", "check", path, "--json").data
    assert (finding["file"], finding["line"], finding["clause"]) == ("example.yaml", line, "一-1")
    shown = tongdian("plan", "show", path, "--lang", "en")
    assert shown.status == 2
    assert f"example.yaml:{line} [一-1]" in shown.err
    assert "plan check" in shown.err


def test_a_number_that_is_not_in_the_clause_is_found(
    tongdian: Tongdian, broken: Callable[[str, str], tuple[str, int]]
) -> None:
    path, line = broken("时间压减至3个工作日以内", "时间压减至4个工作日以内")
    found = tongdian("plan", "check", path, "--lang", "en")
    assert found.status == 1
    assert f"example.yaml:{line - 1} [一-1]" in found.out, "the line where the value begins"
    assert found.out.splitlines()[-1] == "1 to mend."


def test_broken_yaml_names_its_line(
    tongdian: Tongdian, broken: Callable[[str, str], tuple[str, int]]
) -> None:
    path, line = broken("valid_from: 2021-07-01", "valid_from: [2021-07-01")
    found = tongdian("plan", "check", path)
    assert found.status == 1
    number = int(found.out.split("example.yaml:")[1].split()[0])
    assert line <= number <= line + 2


def test_show_has_every_value_with_its_clause(tongdian: Tongdian) -> None:
    plan = load_plan()
    zh, en = tongdian("plan", "show"), tongdian("plan", "show", "--lang", "en")
    assert (zh.status, en.status) == (0, 0)
    for key, value in plan.values.items():
        assert f"  {key} = " in zh.out
        assert f"[{value.clause}, " in zh.out
    assert "居民：承诺 3 个工作日，2 个环节 [一-1]" in zh.out
    assert "Resident: 3 working days promised, 2 steps [一-1]" in en.out
    assert "True" not in zh.out + en.out
    data = tongdian("plan", "show", "--json").data
    assert set(data["values"]) == set(plan.values)
    assert data["tracks"]["high_voltage_dual"]["promise_working_days"] == 30


def test_show_one_clause(tongdian: Tongdian) -> None:
    answer = tongdian("plan", "show", "--clause", "一-1")
    assert "审批总时限不超过5个工作日" in answer.out
    assert "promise.resident = 3 个工作日 [一-1, 方案]" in answer.out
    assert "steps.zero" not in answer.out
    values = tongdian("plan", "show", "--clause", "一-1", "--json").data["values"]
    assert {value["clause"] for value in values} == {"一-1"}


def test_what_is_not_there_is_named(tongdian: Tongdian) -> None:
    clause = tongdian("plan", "show", "--clause", "九-9", "--lang", "en")
    assert clause.status == 2
    assert "no clause 九-9" in clause.err
    assert "一-1" in clause.err
    nowhere = tongdian("plan", "show", "atlantis", "--json")
    assert nowhere.status == 2
    assert "atlantis" in nowhere.data["error"]["zh"]
    assert "plan check" not in nowhere.data["error"]["remedy_en"]
    assert tongdian("plan", "check", "atlantis").status == 1
    assert tongdian("plan").status == 2
    assert tongdian("plan", "burn").status == 2
