"""Words and small pictures of a connection case, for desk and public pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongdian.law.calendar import default_calendar
from tongdian.law.plan import load_plan
from tongdian.service.casework.errors import (
    CaseworkError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.casework.perform import roles_for_rules
from tongdian.service.casework.timeline import CaseView
from tongdian.service.connection.inbox import InboxFilter
from tongdian.service.connection.labels import LABELS, label
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

register = template.Library()

STATE_NAMES = {
    "open": "全部在办",
    "late": "已超期",
    "soon": "即将到期",
    "paused": "已中止",
    "applicant": "等申请人",
    "closed": "已办结",
}


def chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")


@register.filter
def names(thing: Any) -> str:
    """The name of a stage, rule or anything with `zh` and `en`."""
    return str(thing.zh if chinese() else thing.en)


@register.filter
def pick(pair: Mapping[str, str]) -> str:
    return pair["zh" if chinese() else "en"]


@register.filter
def coded(value: str) -> str:
    return label(value) if value else ""


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def state_names(values: str) -> list[tuple[str, str]]:
    return [(value, _(STATE_NAMES[value])) for value in values.split()]


@register.filter
def stage_name(view: CaseView) -> str:
    return view.stage_names[0 if chinese() else 1]


@register.filter
def clock_effect(rule: Any) -> str:
    return str(rule.clock_zh if chinese() else rule.clock_en)


@register.filter
def ground_name(ground_id: str) -> str:
    found = next((g for g in load_plan().pause_grounds if g.id == ground_id), None)
    return names(found) if found else ground_id


@register.filter
def is_late(view: CaseView) -> bool:
    due = view.clocks.due
    return bool(due and due.left < 0)


@register.filter
def next_action(view: CaseView, actor: Actor) -> str:
    """The first thing this person can do, else who has to act."""
    rules = CONNECTION.allowed(view.state, roles_for_rules(actor))
    moving = [rule for rule in rules if rule.target != "="]
    if moving:
        return names(moving[0])
    holder = view.holder_names
    if holder is None:
        return ""
    return _("等待%(who)s") % {"who": holder[0 if chinese() else 1]}


@register.filter
def moment(text: str) -> str:
    """An ISO instant in Shanghai time."""
    from tongdian.law.calendar import SHANGHAI

    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


@register.filter
def labelled(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Payload entries in words; lists are joined."""
    return [
        (_name(key), _words(value)) for key, value in payload.items() if value not in ("", None)
    ]


def _name(key: str) -> str:
    known = LABELS.get(key)
    return str(known[0]) if known else key


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "；".join(_words(part) for part in value)
    if isinstance(value, dict):
        return " ".join(_words(part) for part in value.values())
    return label(str(value))


FACTS = (
    ("name", "申请人"),
    ("id_number", "证件号码"),
    ("phone", "电话"),
    ("address", "用电地址"),
    ("real_estate_unit", "不动产单元号"),
    ("agent", "经办人"),
    ("owner", "业主"),
    ("premise_note", "备注"),
)
OPEN_FACTS = (
    ("applicant_kind", "申请人类型"),
    ("purpose", "用电性质"),
    ("load_kw", "报装容量（kW）"),
    ("supplies", "电源数"),
    ("external_works", "外线工程"),
    ("voltage", "电压"),
    ("channel", "申请渠道"),
    ("district", "行政区划"),
    ("zone", "地区类别"),
)


@register.filter
def facts(personal: Mapping[str, Any], application: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the applicant said, personal part first where it may be read."""
    rows = [(_(zh), _words(personal[key])) for key, zh in FACTS if personal.get(key)]
    rows += [(_(zh), _words(application[key])) for key, zh in OPEN_FACTS if application.get(key)]
    return rows


@register.filter
def problem_title(problem: CaseworkError) -> str:
    match problem:
        case InvalidInput():
            return _("填写有误，没有写入任何内容")
        case Forbidden():
            return _("您的角色不能这样做")
        case Superseded():
            return _("别人已先处理了这件案件")
    return _("现在不能这样做")


@register.filter
def problem_lines(problem: CaseworkError) -> list[str]:
    """Rule, clause and remedy, then what is allowed instead."""
    zh = chinese()
    lines: list[str] = []
    if isinstance(problem, InvalidInput):
        for error in problem.errors:
            lines.append(error.rule_zh if zh else error.rule_en)
            lines.append(error.remedy_zh if zh else error.remedy_en)
    elif isinstance(problem, NotAllowed):
        refusal = problem.refusal
        lines += [refusal.rule_zh if zh else refusal.rule_en, refusal.clause]
        lines.append(refusal.remedy_zh if zh else refusal.remedy_en)
    elif isinstance(problem, Superseded):
        for event in problem.happened:
            lines.append(
                f"{names(CONNECTION.rules[event['kind']])} · {moment(event['recorded_at'])}"
            )
    elif isinstance(problem, Forbidden):
        lines.append("、".join(label(role) for role in problem.roles_needed))
    return [line for line in lines if line]


@register.simple_tag
def filter_query(wanted: InboxFilter, state: str) -> str:
    return wanted.query(state=state)


@register.inclusion_tag("connection/promise_bar.html")
def promise_bar(view: CaseView) -> dict[str, Any]:
    """A bar of working days used against promised, with the due date in words."""
    promise, due = view.promise, view.clocks.due
    limit = promise.limit.working_days if promise else 0
    used = promise.used if promise else 0
    width = 96
    filled = min(width, round(width * used / limit)) if limit else 0
    left = due.left if due else None
    return {
        "view": view,
        "used": used,
        "limit": limit,
        "width": width,
        "filled": filled,
        "left": left,
        "over": -left if left is not None and left < 0 else 0,
        "due": due.due if due else None,
        "provisional": bool(due and due.provisional),
        "paused": bool(view.state.pause_ground),
    }


@register.filter
def limit_name(limit_id: str) -> str:
    """`promise`, `statute:scheme`, … in words."""
    if limit_id == "promise":
        return _("方案承诺")
    if limit_id == "joint_approval":
        return _("并联审批总时限")
    family, _colon, stage = limit_id.partition(":")
    stage_words = names(CONNECTION.stages[stage])
    if family == "statute":
        return _("法定：%(stage)s") % {"stage": stage_words}
    return _("内部目标：%(stage)s") % {"stage": stage_words}


@register.inclusion_tag("connection/due_of.html")
def due_of(view: CaseView) -> dict[str, Any]:
    return {"view": view, "clock": view.clocks.due, "why": view.why}


@register.inclusion_tag("connection/clock_table.html")
def clock_table(view: CaseView) -> dict[str, Any]:
    """The four totals and every limit, each with its clause."""
    return {"view": view, "totals": view.clocks.totals, "clocks": view.clocks.clocks}


@register.simple_tag
def case_timeline(view: CaseView) -> str:
    """The lanes of a case as a picture, with a table of the same."""
    from tongdian.service.look.timeline import render_timeline

    clock = view.clocks.due
    return str(
        render_timeline(
            view.state.holds,
            today=view.now,
            due=clock.due if clock else None,
            provisional=bool(clock and clock.provisional),
            calendar=default_calendar(),
            lang="zh" if chinese() else "en",
            stage_names={stage.id: names(stage) for stage in CONNECTION.stages.values()},
            pauses={ground.id: names(ground) for ground in load_plan().pause_grounds},
            prefix=f"timeline-{view.case.number}",
        )
    )
