"""A process in words: its stages and its rules, Chinese and English, as Markdown."""

from collections.abc import Iterable, Mapping, Sequence

from tongdian.law.process import BACK, LANE_NAMES, SAME, START, Process, Rule, Stage
from tongdian.service.casework.process_docs.flows import Flow, flows_of, is_anytime, sources_of

TOTALS = {
    "whole_process": ("全流程", "whole process"),
    "utility_stages": ("供电企业各环节", "utility's stages"),
    "joint_approval": ("并联审批", "joint approval"),
}
Names = Mapping[str, tuple[str, str]]


def markdown(process: Process, tracks: Names, roles: Names) -> str:
    """The whole document. `tracks` and `roles` give the Chinese and English names of ids."""
    flows = flows_of(process, list(tracks))
    parts = [
        f"# {process.zh} · {process.en}",
        "Generated from the process table by `make docs`; not to be edited by hand. A case is in"
        " one stage at a time, and the stage's lane holds it: its time runs. An event is allowed"
        " only where this table says so, to the roles that it names, and when its guards agree.\n\n"
        "由流程表生成，请勿手工修改。案件任一时刻处于一个环节，由该环节所属的一方办理并计时；"
        "事件只能由所列角色、在所列环节、满足条件时发生。",
        f"![{process.zh} {process.en}](process-{process.id}.svg)",
        f"The same for BPMN tools · 供 BPMN 工具使用："
        f"[process-{process.id}.bpmn](process-{process.id}.bpmn)",
        "## Stages · 环节",
        _table(
            ("stage 环节", "id", "held by 办理方", "days charged to 计入时限"),
            (_stage_row(stage) for stage in process.stages.values()),
        ),
        "## Events that move a case · 推动案件的事件",
        _rules(process, flows, tracks, roles, anytime=False),
        "## Events at many stages · 多个环节可发生的事件",
        "They leave the case in its stage unless the table says where it goes."
        " 除另有注明外，案件仍在原环节。",
        _rules(process, flows, tracks, roles, anytime=True),
    ]
    return "\n\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)


def _stage_row(stage: Stage) -> tuple[str, ...]:
    if stage.terminal:
        return f"{stage.zh}<br>{stage.en}", f"`{stage.id}`", "end 结束", ""
    charged = [TOTALS.get(total, (total, total)) for total in sorted(stage.totals, reverse=True)]
    return (
        f"{stage.zh}<br>{stage.en}",
        f"`{stage.id}`",
        " ".join(LANE_NAMES[stage.lane]) if stage.lane else "",
        "、".join(zh for zh, _ in charged) + "<br>" + ", ".join(en for _, en in charged)
        if charged
        else "不计 none",
    )


def _rules(
    process: Process, flows: Sequence[Flow], tracks: Names, roles: Names, *, anytime: bool
) -> str:
    head = ("no.", "event 事件", "by 角色", "from 从", "to 到", "clock 时限", "guards 条件")
    return _table(
        head,
        (
            (
                str(number),
                f"{rule.zh}<br>{rule.en}<br>`{rule.kind}`",
                _roles(rule, roles),
                _sources(process, rule),
                _targets(process, rule, flows, tracks),
                f"{rule.clock_zh}<br>{rule.clock_en}",
                "<br>".join(_guards(rule)),
            )
            for number, rule in enumerate(process.rules.values(), 1)
            if is_anytime(rule) == anytime
        ),
    )


def _roles(rule: Rule, roles: Names) -> str:
    found = [names for role, names in roles.items() if role in rule.roles]
    return "、".join(zh for zh, _ in found) + "<br>" + ", ".join(en for _, en in found)


def _sources(process: Process, rule: Rule) -> str:
    open_stages = {stage.id for stage in process.stages.values() if not stage.terminal}
    parts = []
    if open_stages <= rule.sources:
        parts.append("所有未结环节 any open stage")
        rest = [stage for stage in sources_of(process, rule) if stage not in open_stages]
    else:
        rest = sources_of(process, rule)
    for stage in rest:
        parts.append("新申请 new" if stage == START else process.stages[stage].zh)
    return "、".join(parts)


def _targets(process: Process, rule: Rule, flows: Sequence[Flow], tracks: Names) -> str:
    if rule.target == SAME and not rule.leads:
        return "不变 stays"
    if rule.target == BACK:
        return "回到来处 back to where it came from"
    if not callable(rule.target) and not rule.leads:
        return process.stages[str(rule.target)].zh
    found = dict.fromkeys((flow.target, flow.tracks) for flow in flows if flow.kind == rule.kind)
    return "<br>".join(
        process.stages[target].zh
        + (f"（{'、'.join(tracks[track][0] for track in such)}）" if such else "")
        for target, such in found
    )


def _guards(rule: Rule) -> Iterable[str]:
    """The first sentence of each guard's documentation, else its name in words."""
    for guard in rule.guards:
        text = (guard.__doc__ or "").strip().split("\n\n")[0]
        name = guard.__qualname__.split(".")[0].replace("_", " ")
        yield " ".join(text.split()) or name
