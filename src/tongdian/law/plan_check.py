"""`tongdian plan check`: no value without a clause, no clause without a value or a reason, no
quotation that is not in the text, no limit that no code reads."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tongdian.law.plan import Plan, PlanError, load_plan

SOURCES = Path(__file__).resolve().parents[1]
# How a track's limits reach the code: through these fields of `Track`.
TRACK_FIELDS = {"promise_working_days", "steps", "statutory_limits", "stage_limits"}
OWN_FILES = {"plan.py", "plan_check.py", "plan_file.py", "clause_table.py"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: where it is, which rule it breaks, in words."""

    file: str
    line: int
    clause: str
    rule: str
    message_zh: str
    message_en: str


def check(path: str | Path = "guiyang-2021") -> list[Finding]:
    """All findings about a plan; empty when it is sound. A plan that cannot be loaded is one."""
    try:
        plan = load_plan(path)
    except PlanError as error:
        return [Finding(error.path.name, error.line, error.clause, "loads", error.zh, error.en)]
    return [*_values(plan), *_quotes(plan), *_clauses(plan), *_unread(plan)]


def _finding(plan: Plan, line: int, clause: str, rule: str, zh: str, en: str) -> Finding:
    return Finding(plan.path.name, line, clause, rule, zh, en)


def _values(plan: Plan) -> list[Finding]:
    found = []
    for value in plan.values.values():
        if not value.clause:
            zh, en = f"{value.key} 没有条款", f"{value.key} has no clause"
            found.append(_finding(plan, value.line, "", "value-has-clause", zh, en))
        elif value.status == "plan" and value.clause not in plan.clauses:
            zh = f"{value.key} 引用的条款不在方案中"
            en = f"{value.key} cites a clause that the plan does not have"
            found.append(_finding(plan, value.line, value.clause, "clause-exists", zh, en))
        if value.status == "plan" and not value.quote:
            zh, en = f"{value.key} 没有引文", f"{value.key} has no quotation"
            found.append(_finding(plan, value.line, value.clause, "value-has-quote", zh, en))
    return found


def _quotes(plan: Plan) -> list[Finding]:
    """Quotations are verbatim, and stand in the clause they cite."""
    quotes = [(v.line, v.clause, v.quote) for v in plan.values.values() if v.quote]
    quotes += [(0, m.clause, m.due_quote) for m in plan.measures]
    quotes += [(0, d.clause, d.quote) for d in plan.duties]
    return [
        _finding(
            plan,
            line,
            clause,
            "quote-is-verbatim",
            f"“{quote}”不在条款 {clause} 的原文中",
            f"the quotation is not in the text of clause {clause}",
        )
        for line, clause, quote in quotes
        if clause in plan.clauses and quote not in plan.clauses[clause].text
    ]


def _clauses(plan: Plan) -> list[Finding]:
    cited = {v.clause for v in plan.values.values()}
    cited |= {m.clause for m in plan.measures} | {d.clause for d in plan.duties}
    return [
        _finding(
            plan,
            0,
            clause.id,
            "clause-has-value",
            f"条款 {clause.id} 没有对应的数值、任务或理由",
            f"clause {clause.id} has no value, task or stated reason",
        )
        for clause in plan.clauses.values()
        if clause.id not in cited and not clause.reason
    ]


def _unread(plan: Plan) -> list[Finding]:
    """Limits that no code reads: neither by key nor as a track's."""
    texts, attributes = _used_in_sources()
    of_tracks: set[str] = set()
    if attributes >= TRACK_FIELDS:
        for track in plan.tracks.values():
            of_tracks |= {track.promise_key, track.steps_key}
            of_tracks |= {*track.statutory_keys.values(), *track.stage_keys.values()}
    return [
        _finding(
            plan,
            value.line,
            value.clause,
            "limit-is-read",
            f"没有程序读取限值 {value.key}",
            f"no code reads the limit {value.key}",
        )
        for value in plan.values.values()
        if value.kind == "limit" and value.key not in texts and value.key not in of_tracks
    ]


@cache
def _used_in_sources() -> tuple[frozenset[str], frozenset[str]]:
    """String constants and attribute names in the package, the plan's own files apart."""
    texts: set[str] = set()
    attributes: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        if path.name in OWN_FILES or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.Attribute):
                attributes.add(node.attr)
    return frozenset(texts), frozenset(attributes)
