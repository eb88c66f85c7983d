"""The generated clause table: complete, and the one in docs is up to date."""

from pathlib import Path

import pytest

from tongdian.law.clause_table import clause_table, main
from tongdian.law.plan import load_plan

PLAN = load_plan()
TABLE = clause_table(PLAN)


def test_docs_are_up_to_date() -> None:
    """`make docs` writes it."""
    docs = Path(__file__).resolve().parents[2] / "docs" / "clauses.md"
    assert docs.read_text(encoding="utf-8") == TABLE


def test_every_value_clause_measure_and_ground_is_there() -> None:
    for key in PLAN.values:
        assert f"`{key}`" in TABLE
    for clause in PLAN.clauses.values():
        assert f"### {clause.id} {clause.zh} · {clause.en}" in TABLE
    for thing in (*PLAN.measures, *PLAN.duties, *PLAN.pause_grounds, *PLAN.tracks.values()):
        assert thing.zh in TABLE
        assert thing.en in TABLE


def test_tables_are_even() -> None:
    """Every row of a table has as many cells as its head."""
    width = 0
    for line in TABLE.splitlines():
        cells = line.count("|") if line.startswith("|") else 0
        assert cells in (0, width) or width == 0
        width = cells


def test_main_prints_or_says_why_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == TABLE
    assert main(["atlantis"]) == 2
    assert "guiyang-2021" in capsys.readouterr().err
