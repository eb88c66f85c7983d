"""Words and small pictures of a connection case, for desk and public pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tongdian.law.calendar import SHANGHAI, default_calendar
from tongdian.law.plan import load_plan
from tongdian.service.casework.timeline import CaseView
from tongdian.service.connection import event_words, problems
from tongdian.service.connection.event_words import Words, chinese
from tongdian.service.connection.forms import ActionForm
from tongdian.service.connection.inbox import COUNT_BOUND
from tongdian.service.connection.inbox_filter import InboxFilter
from tongdian.service.connection.labels import SHORT_TRACKS, label
from tongdian.service.connection.next_actions import next_for, next_of_anyone, usual_role
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor
from tongdian.service.look.districts import district_name
from tongdian.service.look.templatetags.look import error_summary
from tongdian.service.look.timeline import render_timeline

register = template.Library()

STATE_NAMES = {
    "todo": "等我办理",
    "open": "全部在办",
    "late": "已超期",
    "soon": "即将到期",
    "paused": "已中止",
    "applicant": "等申请人",
    "closed": "近一年办结",
}


register.filter("names", event_words.names)
register.filter("limit_name", event_words.limit_name)
register.filter("ground_name", event_words.ground_name)
register.filter("district", district_name)
register.filter("problem_title", problems.problem_title)
register.filter("problem_lines", problems.problem_lines)


@register.filter
def pick(pair: Mapping[str, str]) -> str:
    return pair["zh" if chinese() else "en"]


@register.filter
def coded(value: str) -> str:
    return label(value) if value else ""


@register.filter
def short_track(track: str) -> str:
    return str(SHORT_TRACKS.get(track, track))


@register.filter
def item(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key)


@register.filter
def state_name(state: str) -> str:
    return _(STATE_NAMES[state])


@register.filter
def bounded(count: int) -> str:
    """A count that stopped at the bound says so."""
    return f"{count}+" if count >= COUNT_BOUND else str(count)


@register.filter
def stage_name(view: CaseView) -> str:
    return view.stage_names[0 if chinese() else 1]


@register.filter
def clock_effect(rule: Any) -> str:
    return str(rule.clock_zh if chinese() else rule.clock_en)


@register.filter
def is_late(view: CaseView) -> bool:
    due = view.clocks.due
    return bool(due and due.left < 0)


@register.simple_tag
def next_step(view: CaseView, actor: Actor) -> dict[str, Any]:
    """What this person can do to bring the case on (`rule`), else what is awaited of whom."""
    mine = next_for(view.state, actor.roles, actor)
    if mine is not None:
        return {"rule": mine}
    theirs = next_of_anyone(view.state)
    if theirs is not None:
        return {"what": event_words.names(theirs), "who": label(usual_role(theirs))}
    holder = view.holder_names
    return {"what": "", "who": holder[0 if chinese() else 1] if holder else ""}


@register.filter
def moment(text: str) -> str:
    """An ISO instant in Shanghai time."""
    return datetime.fromisoformat(text).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


FACTS = (
    ("name", "申请人"),
    ("id_number", "证件号码"),
    ("real_estate_unit", "不动产单元号"),
    ("agent", "经办人"),
    ("owner", "业主"),
    ("premise_note", "备注"),
)
OPEN_FACTS = (
    ("load_kw", "报装容量（kW）"),
    ("supplies", "电源数"),
    ("voltage", "电压"),
    ("external_works", "外线工程"),
    ("purpose", "用电性质"),
    ("applicant_kind", "申请人类型"),
    ("district", "行政区划"),
    ("zone", "地区类别"),
    ("channel", "申请渠道"),
    ("documents", "提交的材料"),
)
_SOURCES = {
    "shared": gettext_noop("共享"),
    "upload": gettext_noop("上传"),
    "promise": gettext_noop("承诺"),
    "withdrawn": gettext_noop("授权已撤回，等申请人上传"),
}


@register.filter
def facts(personal: Mapping[str, Any], application: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the applicant said, personal part first where it may be read."""
    words = Words()
    rows = [(_(zh), words.words(key, personal[key])) for key, zh in FACTS if personal.get(key)]
    for key, zh in OPEN_FACTS:
        value = application.get(key)
        if key == "documents":
            value = _("、").join(_paper(paper) for paper in value or [])
        if value:
            rows.append((_(zh), words.words(key, value)))
    return rows


def _paper(paper: Mapping[str, str]) -> str:
    source = _SOURCES.get(paper["source"], paper["source"])
    return f"{event_words.subject_name(paper['kind'])}（{_(source)}）"


@register.simple_tag
def filter_query(wanted: InboxFilter, state: str) -> str:
    return wanted.query(state=state)


@register.inclusion_tag("connection/promise_bar.html")
def promise_bar(view: CaseView) -> dict[str, Any]:
    """A bar of working days used against promised, of the clock that falls due first."""
    due = view.clocks.due
    limit, used = (due.limit.working_days, due.used) if due else (0, 0)
    width = 96
    return {
        "used": used,
        "limit": limit,
        "width": width,
        "filled": min(width, round(width * used / limit)) if limit else 0,
        "left": due.left if due else None,
        "over": max(-due.left, 0) if due else 0,
        "due": due.due if due else None,
        "other_limit": due.limit.id if due and due.limit.id != "promise" else "",
        "provisional": bool(due and due.provisional),
        "paused": view.state.pause_ground or "",
    }


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
    clock = view.clocks.due
    return str(
        render_timeline(
            view.state.holds,
            today=view.now,
            due=clock.due if clock else None,
            provisional=bool(clock and clock.provisional),
            calendar=default_calendar(),
            lang="zh" if chinese() else "en",
            stage_names={
                stage.id: event_words.names(stage) for stage in CONNECTION.stages.values()
            },
            pauses={ground.id: event_words.names(ground) for ground in load_plan().pause_grounds},
            prefix=f"timeline-{view.case.number}",
        )
    )


@register.inclusion_tag("look/error_summary.html")
def all_errors(action: ActionForm) -> dict[str, Any]:
    """The errors of a form and of its repeating rows, each a link to its field."""
    return error_summary(action.form, *action.rows)
