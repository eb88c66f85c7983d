"""Joint cases in the standard's tables: out, in, and nothing lost on the way."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from support.departments import HEARING, LIST, REASONS, filed, kinds_of, stage_of
from tongdian.service.approval.official import FIELDS, ITEMS, STATUSES, tables
from tongdian.service.approval.official_import import read_table, rejected_rows, take_rows, to_csv
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.casework.models import Case

pytestmark = pytest.mark.django_db


def row(number: str, item: str, code: int, **more: Any) -> dict[str, Any]:
    return {
        "spsxslbm": f"SL-{number}-{item}",
        "spbmbm": AUTHORITIES[item],
        "blzt": str(code),
        **more,
    }


def decided() -> str:
    """A case with a refusal after a special procedure, a grant, and a list of what is missing."""
    number = filed("traffic", "forest", "green")
    taken = take_rows(
        [
            row(number, "traffic", 3),
            row(number, "traffic", 9, **HEARING),
            row(number, "traffic", 10, blyj="听证结束，\n意见“一致”"),
            row(number, "traffic", 13, **REASONS),
            row(number, "forest", 3),
            row(number, "forest", 12, pfwh="林采许〔2026〕1号（示例）", blyj="补交权属证明"),
            row(number, "green", 6, **LIST),
        ]
    )
    assert taken.rejected == []
    return number


def of_case(number: str) -> dict[str, list[dict[str, str]]]:
    return tables([Case.objects.get(number=number)])


def without_names(rows: list[dict[str, str]], number: str) -> list[dict[str, str]]:
    """What rows say beside the number of the case and the second."""
    kept = [{name: text.replace(number, "") for name, text in one.items()} for one in rows]
    return [{**one, "blsj": ""} for one in kept]


@pytest.mark.parametrize("is_json", [False, True])
def test_what_is_written_is_read_back_the_same(is_json: bool) -> None:
    found = of_case(decided())
    text = json.dumps(found) if is_json else "\ufeff" + to_csv(STATUSES, found[STATUSES])
    assert read_table(text, is_json=is_json) == found[STATUSES]


@pytest.mark.parametrize("is_json", [False, True])
def test_a_case_told_by_its_table_is_the_same_case(is_json: bool) -> None:
    """The rows of one case, under the number of another that was filed alike, make it alike."""
    first = decided()
    second = filed("traffic", "forest", "green")
    found = of_case(first)
    text = json.dumps(found) if is_json else to_csv(STATUSES, found[STATUSES])
    rows = read_table(text.replace(first, second), is_json=is_json)
    # What was recorded before the second was filed cannot be claimed of it.
    taken = take_rows([{**one, "blsj": ""} for one in rows])
    assert taken.rejected == []
    assert (len(taken.done), taken.unchanged) == (7, 3), "that it was filed says nothing new"
    again = of_case(second)
    assert without_names(again[STATUSES], second) == without_names(found[STATUSES], first)
    assert without_names(again[ITEMS], second) == without_names(found[ITEMS], first)


def test_the_columns_are_those_of_the_standard_and_nothing_is_personal() -> None:
    found = of_case(decided())
    for table, rows in found.items():
        assert all(tuple(one) == FIELDS[table] for one in rows)
    codes = " ".join(one["blzt"] for one in found[STATUSES])
    assert codes == "1 1 1 3 9 10 13 3 12 6"
    assert all(one["lxr"] == one["lxrsjh"] == "" for one in found[ITEMS])


def test_bad_rows_come_back_whole_and_the_others_are_done() -> None:
    number = filed("traffic")
    rows = [
        row(number, "traffic", 3),
        row(number, "traffic", 99, sbyy="保留"),
        {**row(number, "traffic", 11), "spbmbm": "GY-LYJ"},
        row("GY2101010000001X", "traffic", 3),
        row(number, "traffic", 13),
        row(number, "traffic", 11),
    ]
    taken = take_rows(rows)
    assert [one.kind for one in taken.done] == ["item_accepted", "item_decided"]
    back = list(rejected_rows(taken))
    assert [one["row"] for one in back] == [2, 3, 4, 5]
    assert [one["errors"][0]["field"] for one in back] == ["blzt", "spbmbm", "spsxslbm", "blyj"]
    for one in back:
        assert rows[one["row"] - 1].items() <= one.items()
        assert all(error["rule"] and error["remedy"] for error in one["errors"])
    assert stage_of(number, "traffic") == "granted"
    before = kinds_of(number)
    assert take_rows(rows[-1:]).unchanged == 1
    assert kinds_of(number) == before


@pytest.mark.parametrize(
    ("text", "is_json"), [("", False), ("a,b\r\n1,2\r\n", False), ("{", True), ("[1]", True),
                          ('{"X": []}', True)],
)  # fmt: skip
def test_what_is_no_table_is_refused(text: str, is_json: bool) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_table(text, is_json=is_json)
    assert refused.value.errors[0].remedy_en


def test_the_commands_write_and_read_files(tmp_path: Path, capsys: Any) -> None:
    number = decided()
    call_command("export_official", str(tmp_path), case=[number])
    before = kinds_of(number)
    file = tmp_path / f"{STATUSES}.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbflsh,dfsjzj")
    with pytest.raises(CommandError, match=r"blzt.*refused\.json"):
        call_command("import_official", str(file))
    assert kinds_of(number) == before, "its own past changes nothing"
    back = json.loads((tmp_path / f"{STATUSES}.refused.json").read_text("utf-8"))
    assert back
    assert all(one["errors"] for one in back)
    good = tmp_path / "good.json"
    good.write_text(json.dumps([row(number, "forest", 12, pfwh="林采许〔2026〕1号（示例）",
                                    blyj="补交权属证明")]), "utf-8")  # fmt: skip
    call_command("import_official", str(good))
    assert "unchanged 1" in capsys.readouterr().out
    call_command("export_official", str(tmp_path), case=[number], format="json")
    assert json.loads((tmp_path / "spgl.json").read_text("utf-8")) == of_case(number)
    with pytest.raises(CommandError, match="GY-X"):
        call_command("export_official", str(tmp_path), case=["GY-X"])
