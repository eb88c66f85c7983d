"""`tongdian plan check` finds what is unsourced, unquoted, left out, or read by nobody."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tongdian.law.plan import FOLDER, load_plan
from tongdian.law.plan_check import Finding, check, usage_of

GOOD = (FOLDER / "guiyang-2021.yaml").read_text(encoding="utf-8")
ENTRY = "    {value: 3, unit: working_days, kind: limit, clause: 一-1, status: plan"
RESIDENT = f"  promise.resident:\n{ENTRY}"
UNITS = "units: [市自然资源和规划局, 贵阳供电局]"
ADVICE = "  energy_services.advice:\n    {value: true, unit: boolean, kind: fact, clause: 二(五)"
QUOTE, REASON = "quote-is-verbatim", "no stated reason"

# what is written instead of what; the rule, the clause, and a word of the finding
MISTAKES = [
    ("时间压减至3个工作日以内", "时间压减至4个工作日以内", QUOTE, "一-1", "quotation"),
    ('quote: "2021年底前"', 'quote: "2022年底前"', QUOTE, "一", "quotation"),
    ("完成时限：2021年8月", "完成时限：2021年9月", QUOTE, "二(二)3", "quotation"),
    ("quote: 小微企业用电", "quote: 大企业用电", QUOTE, "一-3", "quotation"),
    (f"{ADVICE}12", f"{ADVICE}9", "clause-unknown", "二(五)9", "no clause"),
    ("reason: 说明制定依据，不设数值或任务", 'reason: ""', "clause-has-value", "序", REASON),
    (UNITS, "units: [贵阳供电局]", "units-are-complete", "二(二)3", "市自然资源和规划局"),
    (UNITS, UNITS.replace("贵", "市水务局, 贵"), "units-are-stated", "二(二)3", "市水务局"),
    ("  load.maximum_kw:", "  load.most_kw:", "limit-is-read", "平台参数", "load.most_kw"),
    (" reader: reliability,\n", "\n", "value-is-read", "供电监管办法", "service.reliability_ratio"),
]


@pytest.fixture
def findings(tmp_path: Path) -> Callable[..., list[Finding]]:
    """The findings about the good file with one text replaced by another."""
    (tmp_path / "guiyang-2021.txt").write_bytes((FOLDER / "guiyang-2021.txt").read_bytes())

    def found(old: str = "", new: str = "") -> list[Finding]:
        assert old in GOOD
        path = tmp_path / "example.yaml"
        path.write_text(GOOD.replace(old, new, 1) if old else GOOD, encoding="utf-8")
        return check(path)

    return found


def test_the_shipped_plan_is_sound() -> None:
    assert check() == []


def test_a_plan_that_does_not_load_is_one_finding(findings: Callable[..., list[Finding]]) -> None:
    (only,) = findings(RESIDENT, RESIDENT.replace("clause: 一-1, ", ""))
    assert (only.file, only.rule) == ("example.yaml", "clause-missing")
    assert GOOD.splitlines()[only.line - 2] == "  promise.resident:"
    assert only.message_zh
    assert only.message_en


@pytest.mark.parametrize(("old", "new", "rule", "clause", "word"), MISTAKES)
def test_what_is_wrong_is_found(
    findings: Callable[..., list[Finding]], old: str, new: str, rule: str, clause: str, word: str
) -> None:
    found = findings(old, new)
    assert {(f.rule, f.clause) for f in found} == {(rule, clause)}
    assert word in found[0].message_en
    assert found[0].message_zh
    assert found[0].file == "example.yaml"
    assert found[0].line > 1


def test_a_plan_value_needs_a_quotation(findings: Callable[..., list[Finding]]) -> None:
    lines = GOOD[GOOD.index(RESIDENT) :].split("\n")
    quoted = "\n".join(lines[1:3])
    found = findings(quoted, lines[1].rstrip(",") + "}")
    assert [(f.rule, f.clause) for f in found] == [("value-has-quote", "一-1")]
    assert "promise.resident" in found[0].message_en


def unread_limits(sources: Path) -> set[str]:
    """The limits that no code of a folder reads, from the words of the findings."""
    found = [f for f in check(sources=sources) if f.rule == "limit-is-read"]
    return {f.message_en.removeprefix("no code reads the limit ") for f in found}


def test_a_limit_that_no_code_reads_is_found(tmp_path: Path) -> None:
    """With no code at all, every limit is unread; reading one by its key mends exactly that one."""
    limits = {v.key for v in load_plan().values.values() if v.kind == "limit"}
    empty, code = tmp_path / "empty", tmp_path / "code"
    empty.mkdir()
    code.mkdir()
    assert unread_limits(empty) == limits
    (code / "room.py").write_text('PLAN.limit("voltage.three_phase_kw")\n')
    assert unread_limits(code) == limits - {"voltage.three_phase_kw"}


def test_a_docstring_reads_nothing(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text('"""load.maximum_kw"""\nX = "promise.resident"\n')
    usage = usage_of(tmp_path)
    assert "load.maximum_kw" not in usage.texts
    assert "promise.resident" in usage.texts


def test_limits_of_tracks_are_read_through_their_fields(tmp_path: Path) -> None:
    (tmp_path / "room.py").write_text(
        "days = track.promise_working_days\nperiods = track.statutory_limits['scheme']\n"
    )
    unread = unread_limits(tmp_path)
    assert "promise.high_voltage_dual" not in unread
    assert "statute.scheme.resident" not in unread
    assert "statute.metering.resident" in unread
    assert "target.low_voltage.scheme" in unread
