"""`tongdian plan show|check`: a city's plan in words, and whether its file is sound."""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tongdian.commands.speech import DONE, FOUND, Speaker
from tongdian.problem import Problem

if TYPE_CHECKING:
    from tongdian.law.plan import Plan, PlanError, Value

STATUS = {"plan": ("方案", "plan"), "statute": ("法规", "statute"), "default": ("默认", "default")}
UNITS = {
    "working_days": ("个工作日", "working days"),
    "days": ("天", "days"),
    "hours": ("小时", "hours"),
    "hours_per_year": ("小时/户·年", "hours per customer and year"),
    "w_per_m2": ("瓦/平方米", "W/m²"),
    "months": ("个月", "months"),
    "steps": ("个环节", "steps"),
    "documents": ("份材料", "documents"),
    "supplies": ("路电源", "supplies"),
    "boolean": ("", ""),
    "date": ("", ""),
    "ratio": ("", ""),
}
DEFAULT = "guiyang-2021"


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("查看或检查方案", "show or check a plan")
    parser = commands.add_parser("plan", help=text, description=text)
    what = parser.add_subparsers(
        required=True, metavar="show|check", title=speaker.choose("命令", "commands")
    )
    text = speaker.choose("查看方案的每个数值和条款", "every value of a plan, with its clause")
    show = what.add_parser("show", parents=[shared], help=text, description=text)
    show.add_argument(
        "--clause", metavar="ID", help=speaker.choose("只看一个条款", "only this clause")
    )
    show.set_defaults(run=show_plan)
    text = speaker.choose("检查方案文件", "find what is wrong in a plan's file")
    check = what.add_parser("check", parents=[shared], help=text, description=text)
    check.set_defaults(run=check_plan)
    for one in (show, check):
        one.add_argument(
            "plan",
            nargs="?",
            default=DEFAULT,
            metavar="PLAN",
            help=speaker.choose(
                f"随软件提供的方案或文件，默认 {DEFAULT}",
                f"a plan's name or file, {DEFAULT} if none",
            ),
        )


def check_plan(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.law.plan_check import check

    findings = check(options.plan)
    if speaker.as_json:
        speaker.data([asdict(finding) for finding in findings])
    for finding in findings:
        where = ":".join(filter(None, (finding.file, str(finding.line or ""))))
        clause = f" [{finding.clause}]" if finding.clause else ""
        speaker.words(
            f"{where}{clause} {finding.message_zh}（{finding.rule}）",
            f"{where}{clause} {finding.message_en} ({finding.rule})",
        )
    if findings:
        speaker.words(f"共 {len(findings)} 处需要改正。", f"{len(findings)} to mend.")
        return FOUND
    speaker.words("方案没有问题。", "The plan is sound.")
    return DONE


def show_plan(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.law.plan import PlanError, load_plan

    try:
        plan = load_plan(options.plan)
    except PlanError as error:
        raise _unusable(error) from None
    if options.clause is not None and options.clause not in plan.clauses:
        raise Problem(
            f"方案中没有条款 {options.clause}",
            f"the plan has no clause {options.clause}.",
            remedy_zh=f"条款有：{'、'.join(plan.clauses)}",
            remedy_en=f"Its clauses: {', '.join(plan.clauses)}",
        )
    values = [
        value
        for value in plan.values.values()
        if options.clause is None or value.clause == options.clause
    ]
    if speaker.as_json:
        speaker.data(_for_programs(plan, values, options.clause))
    elif options.clause is not None:
        _say_clause(plan, values, options.clause, speaker)
    else:
        _say_plan(plan, values, speaker)
    return DONE


def _unusable(error: "PlanError") -> Problem:
    if not error.line:
        return Problem(
            f"{error.path.name} {error.zh}",
            f"{error.path.name}: {error.en}",
            remedy_zh="请写方案名或文件路径。",
            remedy_en="Name a plan, or the path of its file.",
        )
    where = f"{error.path.name}:{error.line}"
    where += f" [{error.clause}]" if error.clause else ""
    return Problem(
        f"{where} {error.zh}",
        f"{where} {error.en}",
        remedy_zh="请改正后用 tongdian plan check 检查。",
        remedy_en="Mend it, then run tongdian plan check.",
    )


def _for_programs(plan: "Plan", values: "list[Value]", clause: str | None) -> dict[str, Any]:
    """Values as they are in the file: numbers as numbers, exact decimals and days as text."""

    def plain(value: Any) -> Any:
        return value if isinstance(value, bool | int | float | list | None) else str(value)

    if clause is not None:
        found = plan.clauses[clause]
        text = {"clause": found.id, "zh": found.zh, "en": found.en, "text": found.text}
        return {"plan": plan.id, **text, "values": [_value(value, plain) for value in values]}
    return {
        "id": plan.id,
        "title_zh": plan.title_zh,
        "title_en": plan.title_en,
        "valid_from": plan.valid_from.isoformat(),
        "tracks": {
            track.id: {
                "zh": track.zh,
                "en": track.en,
                "promise_clock": track.promise_clock,
                "promise_working_days": track.promise_working_days,
                "clause": plan.values[track.promise_key].clause,
                "steps": [asdict(step) for step in track.steps],
                "statutory_limits": dict(track.statutory_limits),
                "stage_limits": dict(track.stage_limits),
            }
            for track in plan.tracks.values()
        },
        "values": {value.key: _value(value, plain) for value in values},
    }


def _value(value: "Value", plain: Any) -> dict[str, Any]:
    return {
        "key": value.key,
        "value": plain(value.value),
        "unit": value.unit,
        "kind": value.kind,
        "clause": value.clause,
        "quote": value.quote,
        "status": value.status,
        "valid_from": value.valid_from.isoformat(),
        "valid_to": value.valid_to.isoformat() if value.valid_to else None,
    }


def _say_plan(plan: "Plan", values: "list[Value]", speaker: Speaker) -> None:
    speaker.words(
        f"{plan.title_zh}（{plan.valid_from} 起施行）", f"{plan.title_en} (from {plan.valid_from})"
    )
    speaker.words("\n客户类型", "\nTracks")
    for track in plan.tracks.values():
        clause = plan.values[track.promise_key].clause
        days, steps = track.promise_working_days, len(track.steps)
        speaker.words(
            f"  {track.zh}：承诺 {days} 个工作日，{steps} 个环节 [{clause}]",
            f"  {track.en}: {days} working days promised, {steps} steps [{clause}]",
        )
    speaker.words("\n数值", "\nValues")
    for value in values:
        _say_value(value, speaker)
    speaker.words("\n任务", "\nMeasures")
    for measure in plan.measures:
        due = measure.due or speaker.choose("长期", "standing")
        speaker.words(
            f"  {measure.number}. {measure.zh}（{'、'.join(measure.units)}；{due}）"
            f" [{measure.clause}]",
            f"  {measure.number}. {measure.en} ({', '.join(measure.units)}; {due})"
            f" [{measure.clause}]",
        )


def _say_clause(plan: "Plan", values: "list[Value]", clause: str, speaker: Speaker) -> None:
    found = plan.clauses[clause]
    speaker.words(f"{found.id} {found.zh}", f"{found.id} {found.en}")
    print(found.text)
    for value in values:
        _say_value(value, speaker)


def _say_value(value: "Value", speaker: Speaker) -> None:
    status = speaker.choose(*STATUS[value.status])
    quote = f" “{value.quote}”" if value.quote else ""
    print(f"  {value.key} = {_shown(value, speaker)} [{value.clause}, {status}]{quote}")


def _shown(value: "Value", speaker: Speaker) -> str:
    if isinstance(value.value, bool):
        return speaker.choose("是", "yes") if value.value else speaker.choose("否", "no")
    unit = speaker.choose(*UNITS.get(value.unit, (value.unit, value.unit)))
    return f"{value.value} {unit}".strip()
