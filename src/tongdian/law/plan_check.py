"""`tongdian plan check`: every value has its clause and quotation, every clause a value or a
reason, every limit a reader in the code.

What counts as read: a value is read when its key stands in the code as text of its own (not in a
docstring); a limit of a track when the code reads the field of `Track` that carries it and, where
it belongs to a stage, names that stage. The plan's own modules do not count.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongdian.law.plan import Plan, PlanError, Value, load_plan

SOURCES = Path(__file__).resolve().parents[1]
OWN_FILES = frozenset(
    {
        "plan.py",
        "plan_build.py",
        "plan_check.py",
        "plan_file.py",
        "plan_model.py",
        "clause_table.py",
    }
)
MUST_BE_READ = frozenset({"limit", "condition", "parameter"})
UNITS_LINE = re.compile(r"（责任单位：(.*?)；完成时限：")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: where it is, which rule it breaks, in words."""

    file: str
    line: int
    clause: str
    rule: str
    message_zh: str
    message_en: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What the code uses: texts of its own, and names read as attributes."""

    texts: frozenset[str]
    attributes: frozenset[str]


def check(path: str | Path = "guiyang-2021", sources: Path = SOURCES) -> list[Finding]:
    """All findings about a plan; empty when it is sound. A plan that cannot be loaded is one.

    `sources` is the folder whose Python files have to read the limits.
    """
    try:
        plan = load_plan(path)
    except PlanError as error:
        return [Finding(error.path.name, error.line, error.clause, error.rule, error.zh, error.en)]
    found = [*_values(plan), *_quotes(plan), *_clauses(plan), *_units(plan)]
    return [*found, *_unread(plan, usage_of(sources))]


def _finding(plan: Plan, line: int, clause: str, rule: str, zh: str, en: str) -> Finding:
    return Finding(plan.path.name, line, clause, rule, zh, en)


def _versions(plan: Plan) -> Iterator[Value]:
    for versions in plan.history.values():
        yield from versions


def _values(plan: Plan) -> Iterator[Finding]:
    for value in _versions(plan):
        if value.status == "plan" and not value.quote:
            zh, en = f"{value.key} 没有引文", f"{value.key} has no quotation"
            yield _finding(plan, value.line, value.clause, "value-has-quote", zh, en)
        if value.status == "default" and not value.note:
            zh, en = f"默认值 {value.key} 没有说明", f"the default {value.key} has no note"
            yield _finding(plan, value.line, value.clause, "default-has-note", zh, en)


def _quotes(plan: Plan) -> Iterator[Finding]:
    """Quotations are verbatim, and stand in the clause they cite."""
    quotes = [(v.line, v.clause, v.quote) for v in _versions(plan) if v.quote]
    quotes += [(m.line, m.clause, m.due_quote) for m in plan.measures]
    quotes += [(d.line, d.clause, d.quote) for d in plan.duties]
    quotes += [(p.line, p.clause, p.quote) for p in plan.payments.values() if p.quote]
    for line, clause, quote in quotes:
        if clause in plan.clauses and quote not in plan.clauses[clause].text:
            zh = f"“{quote}”不在条款 {clause} 的原文中"
            en = f"the quotation “{quote}” is not in the text of clause {clause}"
            yield _finding(plan, line, clause, "quote-is-verbatim", zh, en)


def _clauses(plan: Plan) -> Iterator[Finding]:
    cited = {value.clause for value in _versions(plan)}
    for clause in plan.clauses.values():
        if clause.id in cited and clause.reason:
            zh = f"条款 {clause.id} 有数值，又写了没有数值的理由"
            en = f"clause {clause.id} has a value and yet a reason for having none"
            yield _finding(plan, clause.line, clause.id, "clause-has-value", zh, en)
        elif clause.id not in cited and not clause.reason:
            zh = f"条款 {clause.id} 没有对应的数值，也没有写明理由"
            en = f"clause {clause.id} has no value and no stated reason"
            yield _finding(plan, clause.line, clause.id, "clause-has-value", zh, en)


def _units(plan: Plan) -> Iterator[Finding]:
    """The responsible units of a measure are those of its clause, none left out or invented."""
    for measure in plan.measures:
        stated = UNITS_LINE.search(plan.clauses[measure.clause].text)
        if stated is None:
            continue
        left = stated.group(1)
        for unit in sorted(measure.units, key=len, reverse=True):
            if unit not in left:
                zh = f"第 {measure.number} 项的责任单位“{unit}”不在原文中"
                en = f"measure {measure.number}: the unit {unit} is not in the text"
                yield _finding(plan, measure.line, measure.clause, "units-are-stated", zh, en)
            left = left.replace(unit, "", 1)
        left = left.strip("，、 ")
        if left.replace("，", "").replace("、", ""):
            zh = f"第 {measure.number} 项漏了责任单位：{left}"
            en = f"measure {measure.number}: responsible units are left out: {left}"
            yield _finding(plan, measure.line, measure.clause, "units-are-complete", zh, en)


def _unread(plan: Plan, usage: Usage) -> Iterator[Finding]:
    """Limits that no code reads; conditions and parameters that no code reads and no room will."""
    read = {key for key in plan.values if key in usage.texts} | _read_through_tracks(plan, usage)
    for value in plan.values.values():
        if value.kind not in MUST_BE_READ or value.key in read:
            continue
        if value.kind == "limit":
            zh, en = f"没有程序读取限值 {value.key}", f"no code reads the limit {value.key}"
            yield _finding(plan, value.line, value.clause, "limit-is-read", zh, en)
        elif not value.reader:
            zh = f"没有程序读取 {value.key}，也没有写明由谁读取"
            en = f"no code reads {value.key}, and no reader is named"
            yield _finding(plan, value.line, value.clause, "value-is-read", zh, en)


def _read_through_tracks(plan: Plan, usage: Usage) -> set[str]:
    """Keys that code reaches through the fields of a track."""
    read: set[str] = set()
    for track in plan.tracks.values():
        for field, key in (
            ("promise_working_days", track.promise_key),
            ("steps_key", track.steps_key),
            ("scheme_validity_months", track.scheme_validity_key),
        ):
            if field in usage.attributes:
                read.add(key)
        for field, keys in (
            ("statutory_limits", track.statutory_keys),
            ("stage_limits", track.stage_keys),
        ):
            if field in usage.attributes:
                read |= {key for stage, key in keys.items() if stage in usage.texts}
    return read


@cache
def usage_of(sources: Path) -> Usage:
    """What the Python files under a folder use, the plan's own modules apart."""
    texts: set[str] = set()
    attributes: set[str] = set()
    for path in sorted(sources.rglob("*.py")):
        if path.name in OWN_FILES or "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        bare = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) not in bare:
                    texts.add(node.value)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                attributes.add(node.attr)
    return Usage(frozenset(texts), frozenset(attributes))
