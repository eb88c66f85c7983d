"""What happened, in the words of somebody who waits for power: events, totals, what is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongdian.law.plan import Value
from tongdian.service.casework.models import Event
from tongdian.service.casework.planning import corrections
from tongdian.service.connection.labels import label
from tongdian.service.portal import permit_words
from tongdian.service.portal.grounds import ground_words


def chinese() -> bool:
    return not (get_language() or "zh").startswith("en")


def pick(zh: str, en: str) -> str:
    """The text of the pair that the reader reads."""
    return zh if chinese() or not en else en


TRACK_NAMES = {
    "resident": gettext_lazy("居民用电"),
    "zero_lv": gettext_lazy("小微企业“三零”用电（不涉及外线工程）"),
    "zero_lv_external": gettext_lazy("小微企业“三零”用电（涉及外线工程）"),
    "low_voltage": gettext_lazy("其他低压用电"),
    "high_voltage_single": gettext_lazy("高压单电源用电"),
    "high_voltage_dual": gettext_lazy("高压双电源用电"),
}

HAPPENED = {
    "application_filed": gettext_lazy("代办人提交了申请，等业主确认"),
    "application_submitted": gettext_lazy("提交了用电申请"),
    "owner_confirmed": gettext_lazy("业主确认了申请，开始计时"),
    "deficiency_listed": gettext_lazy("一次性告知了需要补正的内容"),
    "deficiency_answered": gettext_lazy("提交了补正"),
    "application_accepted": gettext_lazy("受理了申请"),
    "acceptance_deemed": gettext_lazy("逾期没有告知补正，依法视为已受理"),
    "application_not_accepted": gettext_lazy("不予受理"),
    "track_reclassified": gettext_lazy("变更了办电类型"),
    "survey_completed": gettext_lazy("完成了现场勘查"),
    "scheme_replied": gettext_lazy("答复了供电方案"),
    "scheme_accepted": gettext_lazy("同意了供电方案"),
    "scheme_disputed": gettext_lazy("对供电方案提出了异议"),
    "external_works_completed": gettext_lazy("外线工程完工了"),
    "completion_reported": gettext_lazy("报告受电工程已完工"),
    "inspection_passed": gettext_lazy("竣工检验合格"),
    "inspection_failed": gettext_lazy("竣工检验不合格，请整改"),
    "contract_recorded": gettext_lazy("登记了供用电合同"),
    "meter_installed": gettext_lazy("装好了电表"),
    "energised": gettext_lazy("通电了"),
    "step_rated": gettext_lazy("作出了评价"),
    "withdrawn": gettext_lazy("撤回了申请"),
    "assigned": gettext_lazy("安排了经办人"),
    "clock_paused": gettext_lazy("中止了计时"),
    "clock_resumed": gettext_lazy("恢复了计时"),
    "evidence_added": gettext_lazy("补充了材料"),
    "event_time_corrected": gettext_lazy("更正了一项时间，原记录保留"),
    "clock_recomputed": gettext_lazy("按新的放假通知重新推算了到期日"),
    "overdue_recorded": gettext_lazy("记录了超期"),
    "personal_data_erased": gettext_lazy("删除了个人信息"),
    "consent_given": gettext_lazy("授权向政府系统取用证照"),
    "consent_withdrawn": gettext_lazy("撤回了取用证照的授权"),
    "fact_obtained": gettext_lazy("从政府系统取得了证照"),
    "fact_unavailable": gettext_lazy("暂时没有从政府系统取得证照"),
    **permit_words.HAPPENED,
}
FACT_NAMES = {
    "identity": gettext_lazy("身份证"),
    "licence": gettext_lazy("营业执照"),
    "premises": gettext_lazy("不动产权证"),
    "planning_permit": gettext_lazy("用地与规划许可"),
    "project_approval": gettext_lazy("投资项目备案或核准"),
}


@dataclass(frozen=True)
class EventLine:
    """One line of the tracking page: what happened, who (role and office, never a name), when."""

    seq: int
    kind: str
    text: str
    who: str
    recorded_at: datetime
    occurred_at: datetime | None
    corrected_to: datetime | None
    details: list[str] = field(default_factory=list)


def event_lines(events: Sequence[Event], offices: Mapping[str, str]) -> list[EventLine]:
    """Events newest first. `offices` gives the names of organisations by code."""
    moved = corrections(events)
    return [_line(event, offices, moved.get(event.seq)) for event in reversed(events)]


def _line(event: Event, offices: Mapping[str, str], corrected: datetime | None) -> EventLine:
    claimed = event.occurred_at if event.occurred_at != event.recorded_at else None
    return EventLine(
        event.seq,
        event.kind,
        str(HAPPENED.get(event.kind, event.kind)),
        who(event.actor, offices),
        event.recorded_at,
        claimed,
        corrected,
        details(event.kind, event.payload),
    )


def who(actor: Mapping[str, str], offices: Mapping[str, str]) -> str:
    """Role and office. Never a name."""
    role = str(actor.get("role", ""))
    code = str(actor.get("organisation", ""))
    words = label(role)
    office = offices.get(code, "")
    if not office or role in ("applicant", "system"):
        return words
    return _("%(office)s · %(role)s") % {"office": office, "role": words}


def details(kind: str, payload: Mapping[str, Any]) -> list[str]:
    """What an event says beyond that it happened, in words."""
    writer = _DETAILS.get(kind)
    return [text for text in writer(payload) if text] if writer else []


def _items(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("%(problem)s → %(remedy)s") % {"problem": item["problem"], "remedy": item["remedy"]}
        for item in payload.get("items", [])
    ]


def _reason(payload: Mapping[str, Any]) -> list[str]:
    code = payload.get("reason_code")
    return [
        _("原因：%(text)s") % {"text": label(code)} if code else "",
        _("依据：%(text)s") % {"text": payload["clause"]} if payload.get("clause") else "",
        _("救济途径：%(text)s") % {"text": payload["remedy"]} if payload.get("remedy") else "",
    ]


def _reclassified(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("变更为：%(text)s") % {"text": track_name(payload.get("to", ""))},
        _("原因：%(text)s") % {"text": payload.get("reason", "")},
        _("依据：%(text)s") % {"text": payload.get("clause", "")},
        _("证据：%(text)s") % {"text": payload.get("evidence", "")},
    ]


def _survey(payload: Mapping[str, Any]) -> list[str]:
    needed = payload.get("external_works") == "yes"
    return [
        _("勘查日期：%(text)s") % {"text": payload.get("surveyed_on", "")},
        _("需要外线工程") if needed else _("不需要外线工程"),
    ]


def _paused(payload: Mapping[str, Any]) -> list[str]:
    ground, clause = ground_words(str(payload.get("ground", "")))
    return [
        _("事由：%(text)s") % {"text": ground},
        _("依据：%(text)s") % {"text": clause} if clause else "",
        _("证据：%(text)s") % {"text": payload.get("evidence", "")},
    ]


def _defects(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("%(code)s：%(remedy)s") % {"code": item["code"], "remedy": item["remedy"]}
        for item in payload.get("items", [])
    ]


def _rated(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("%(step)s：%(stars)s 星")
        % {"step": label(str(payload.get("step", ""))), "stars": payload.get("stars", "")}
    ]


def _recomputed(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("到期日由 %(before)s 改为 %(after)s")
        % {"before": payload.get("due_before") or "—", "after": payload.get("due_after") or "—"}
    ]


def _corrected(payload: Mapping[str, Any]) -> list[str]:
    return [
        _("第 %(seq)s 项的时间更正；理由：%(reason)s")
        % {"seq": payload.get("seq", ""), "reason": payload.get("reason", "")},
        _("证据：%(text)s") % {"text": payload.get("evidence", "")},
    ]


def _consented(payload: Mapping[str, Any]) -> list[str]:
    return ["、".join(fact_name(str(one)) for one in payload.get("documents", []))]


def _fact(payload: Mapping[str, Any]) -> list[str]:
    return [fact_name(str(payload.get("document", "")))]


def fact_name(document: str) -> str:
    """A paper that registries can prove, in words."""
    return str(FACT_NAMES.get(document, document))


_DETAILS = {
    "consent_given": _consented,
    "fact_obtained": _fact,
    "fact_unavailable": _fact,
    "deficiency_listed": _items,
    "application_not_accepted": _reason,
    "withdrawn": _reason,
    "scheme_disputed": _reason,
    "track_reclassified": _reclassified,
    "survey_completed": _survey,
    "clock_paused": _paused,
    "inspection_failed": _defects,
    "step_rated": _rated,
    "clock_recomputed": _recomputed,
    "event_time_corrected": _corrected,
    **permit_words.DETAILS,
}


def track_name(track: str) -> str:
    return str(TRACK_NAMES.get(track, track))


UNITS = {
    "working_days": gettext_lazy("个工作日"),
    "steps": gettext_lazy("个环节"),
    "kW": gettext_lazy("千瓦"),
    "kV": gettext_lazy("千伏"),
    "m": gettext_lazy("米"),
    "months": gettext_lazy("个月"),
    "hours_per_year": gettext_lazy("小时/户·年"),
    "w_per_m2": gettext_lazy("瓦/平方米"),
    "documents": gettext_lazy("份证件"),
}
STATUSES = {
    "plan": gettext_lazy("方案"),
    "statute": gettext_lazy("法规"),
    "default": gettext_lazy("可配置的默认值"),
}


@dataclass(frozen=True)
class ValueText:
    """A value of the plan as a page shows it."""

    key: str
    text: str
    quote: str
    status: str
    clause: str
    note: str


def value_text(value: Value) -> ValueText:
    """A value with its unit, quotation and status."""
    unit = UNITS.get(value.unit)
    text = _("是") if value.value is True else str(value.value)
    return ValueText(
        value.key,
        f"{text} {unit}" if unit else text,
        value.quote,
        str(STATUSES[value.status]),
        value.clause,
        value.note,
    )
