"""The clause table of a plan in Markdown: `python -m tongdian.law.clause_table [PLAN]`."""

import sys
from collections.abc import Iterator

from tongdian.law.plan import Plan, PlanError, Value, load_plan

UNIT_WORDS = {
    "working_days": "working days",
    "hours_per_year": "h per customer and year",
    "w_per_m2": "W/m²",
    "boolean": "",
    "date": "",
    "reference": "",
    "ratio": "",
}
CLOCK_WORDS = {
    "whole_process": "whole process",
    "utility_stages": "sum of the utility's stages",
}
KIND_WORDS = {"limit": "limit (enforced)"}


def clause_table(plan: Plan) -> str:
    """The whole table: tracks, the plan clause by clause, other law, grounds, tasks."""
    parts = [
        f"# Clauses of {plan.id}",
        f"{plan.title_zh}\n\n*{plan.title_en}*",
        "Generated from the plan file by `make docs`; not to be edited by hand. Status: *plan* is"
        " the plan's own number, *statute* that of other law, *default* a setting without a sure"
        " source.",
        "## Tracks",
        _tracks(plan),
        "## The plan, clause by clause",
        *(_clause(plan, clause_id) for clause_id in plan.clauses),
        "## From other law, and settings",
        _others(plan),
        "## Pause grounds",
        _grounds(plan),
        "## Measures",
        _measures(plan),
        "## Organisation",
        _duties(plan),
        "## Sources cited",
        _table(
            ("name", "English", "note"),
            ((law.id, law.en, law.note) for law in plan.laws.values()),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(_cell(c) for c in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _tracks(plan: Plan) -> str:
    head = ("track", "", "promise", "steps", "statutory periods", "stage targets", "clauses")
    return _table(head, _track_rows(plan))


def _track_rows(plan: Plan) -> Iterator[tuple[str, ...]]:
    for track in plan.tracks.values():
        promise, steps = plan.value(track.promise_key), plan.value(track.steps_key)
        yield (
            f"{track.zh}<br>{track.en}",
            f"`{track.id}`",
            f"{track.promise_working_days} working days, {CLOCK_WORDS[track.promise_clock]}",
            f"{len(track.steps)}: {' → '.join(step.en for step in track.steps)}",
            ", ".join(f"{stage} {days}" for stage, days in track.statutory_limits.items()),
            ", ".join(f"{stage} {days}" for stage, days in track.stage_limits.items()) or "–",
            f"{promise.clause}, {steps.clause}",
        )


def _clause(plan: Plan, clause_id: str) -> str:
    clause = plan.clauses[clause_id]
    head = f"### {clause.id} {clause.zh} · {clause.en}"
    versions = [v for vs in plan.history.values() for v in vs if v.clause == clause_id]
    if not versions:
        return f"{head}\n\nNo value: {clause.reason_en or clause.reason}."
    return f"{head}\n\n" + _table(
        ("key", "value", "kind", "status", "in force", "words of the clause"),
        (
            (f"`{v.key}`", _shown(v), KIND_WORDS.get(v.kind, v.kind), v.status, _period(plan, v),
             v.quote or v.note)
            for v in versions
        ),
    )  # fmt: skip


def _others(plan: Plan) -> str:
    return _table(
        ("source", "key", "value", "kind", "status", "in force", "note"),
        (
            (v.clause, f"`{v.key}`", _shown(v), KIND_WORDS.get(v.kind, v.kind), v.status,
             _period(plan, v), v.note)
            for versions in plan.history.values()
            for v in versions
            if v.clause not in plan.clauses
        ),
    )  # fmt: skip


def _grounds(plan: Plan) -> str:
    return _table(
        ("ground", "", "lanes", "evidence", "clause", "status"),
        (
            (f"{g.zh}<br>{g.en}", f"`{g.id}`", ", ".join(g.lanes), g.evidence_en, g.clause,
             g.status)
            for g in plan.pause_grounds
        ),
    )  # fmt: skip


def _measures(plan: Plan) -> str:
    return _table(
        ("no.", "measure", "responsible units", "complete by", "clause"),
        (
            (
                str(m.number),
                f"{m.zh}<br>{m.en}",
                "；".join(m.units),
                m.due.isoformat() if m.due else "standing (长期)",
                m.clause,
            )
            for m in plan.measures
        ),
    )


def _duties(plan: Plan) -> str:
    return _table(
        ("duty", "units", "words of the clause", "clause"),
        ((f"{d.zh}<br>{d.en}", "；".join(d.units), d.quote, d.clause) for d in plan.duties),
    )


def _shown(value: Value) -> str:
    if isinstance(value.value, bool):
        return "yes" if value.value else "no"
    return f"{value.value} {UNIT_WORDS.get(value.unit, value.unit)}".strip()


def _period(plan: Plan, value: Value) -> str:
    start = "" if value.valid_from == plan.valid_from else f"from {value.valid_from}"
    end = f"until {value.valid_to}" if value.valid_to else ""
    return f"{start} {end}".strip() or "–"


def main(arguments: list[str]) -> int:
    """Print the table; 2 with the reason on stderr when there is no such plan."""
    try:
        plan = load_plan(*arguments[:1])
    except PlanError as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.write(clause_table(plan))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
