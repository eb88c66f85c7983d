"""What comes back for a route: one sentence first, then permits, moratoria, conditions, a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongdian.law.calendar import local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.route_map import legend, route_svg
from tongdian.service.approval.route_objects import city_objects
from tongdian.service.approval.route_plans import Assessed
from tongdian.service.approval.route_window import Window
from tongdian.service.approval.route_words import chinese, headed, listed, pick, picked
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.look import svg
from tongdian.works.commitment import NO, NOT_NEEDED, OUTCOMES, Condition
from tongdian.works.items import GREEN_SUB_ITEM_NAMES, ITEM_NAMES, SUB_ITEM_NAMES, Item, Reason
from tongdian.works.touching import CHAMBER

VALUES: Final[Mapping[str, Any]] = {
    "yes": gettext_lazy("有"),
    "no": gettext_lazy("没有"),
    "any": gettext_lazy("不限"),
    "good": gettext_lazy("良好"),
    "bad": gettext_lazy("有不良记录"),
    "unknown": gettext_lazy("提交承诺时查询"),
}
UNITS: Final[Mapping[str, Any]] = {"kV": "kV", "m": "m", "roads": gettext_lazy("条")}


@dataclass(frozen=True)
class Line:
    """One condition of the commitment route as the page shows it."""

    name: str
    passed: bool | None
    value: str
    limit: str
    clause: str
    note: str


def planned(plan_id: str, key: str) -> int:
    """A whole number of the plan."""
    return int(str(load_plan(plan_id).value(key).value))


def sentence(found: Assessed) -> str:
    """The answer in one sentence."""
    assessment = found.assessment
    metres = f"{assessment.length_m:f}"
    if assessment.commitment == NOT_NEEDED and found.is_unknown:
        return _("路径长 %(metres)s 米，不能断定要不要审批。") % {"metres": metres}
    if assessment.commitment == NOT_NEEDED:
        return _("路径长 %(metres)s 米，不需要办理审批。") % {"metres": metres}
    count = len(assessment.items)
    needed = ngettext(
        "路径长 %(metres)s 米，需要办理 %(count)s 项审批",
        "路径长 %(metres)s 米，需要办理 %(count)s 项审批",
        count,
    ) % {"metres": metres, "count": count}
    way = (
        _("走并联审批，合计不超过 %(days)s 个工作日。")
        % {"days": planned(assessment.plan_id, "approvals.total_working_days")}
        if assessment.commitment == NO
        else _("可以用告知承诺当场办结。")
    )
    return _("%(needed)s；%(way)s") % {"needed": needed, "way": way}


def conditions(found: Assessed) -> list[Line]:
    """Every condition with its value, limit and clause."""
    return [
        Line(
            headed(c.zh, c.en),
            c.passed,
            _value(c.value, c.unit),
            _value(c.limit, c.unit),
            c.clause,
            pick(c.note_zh, c.note_en),
        )
        for c in found.assessment.conditions
        if not _asked_later(c)
    ] + [_credit_later(c) for c in found.assessment.conditions if _asked_later(c)]


def _asked_later(condition: Condition) -> bool:
    return condition.id == "credit" and condition.passed is None


def _credit_later(condition: Condition) -> Line:
    """Credit is asked when a letter is handed in; before that nothing about it is known."""
    return Line(
        headed(condition.zh, condition.en),
        None,
        str(VALUES["unknown"]),
        _value(condition.limit, condition.unit),
        condition.clause,
        "",
    )


def _value(text: str, unit: str) -> str:
    if text in VALUES:
        return str(VALUES[text])
    return f"{text} {UNITS[unit]}" if unit in UNITS else text


def items(found: Assessed) -> list[dict[str, Any]]:
    """The permits with their reasons: what is touched, how much of it, and the clause."""
    return [
        {
            "code": item.code,
            "name": headed(*ITEM_NAMES[item.code]),
            "subs": listed(_sub_name(sub) for sub in item.sub_items if sub),
            "reasons": _reasons(item),
        }
        for item in found.assessment.items
    ]


def _sub_name(sub: str) -> str:
    return pick(*{**SUB_ITEM_NAMES, **GREEN_SUB_ITEM_NAMES}[sub])


def _reasons(item: Item) -> list[dict[str, str]]:
    """One line for each object, its clauses together; street trees are counted, not listed."""
    lines: dict[str, list[Reason]] = {}
    for reason in item.reasons:
        lines.setdefault(pick(reason.zh, reason.en), []).append(reason)
    return [
        {
            "what": thing,
            "how": _how_much(mine),
            "where": _where(mine),
            "clause": listed(dict.fromkeys(reason.clause for reason in mine)),
        }
        for thing, mine in lines.items()
    ]


def _how_much(reasons: list[Reason]) -> str:
    objects = {reason.object_id: reason for reason in reasons}
    near = [r.distance_m for r in objects.values() if r.distance_m is not None]
    if near:
        return ngettext(
            "%(count)s 株，最近 %(metres)s 米", "%(count)s 株，最近 %(metres)s 米", len(near)
        ) % {"count": len(near), "metres": min(near)}
    parts: dict[tuple[str, int], Reason] = {(r.object_id, r.part): r for r in reasons}
    length = sum((r.length_m for r in parts.values()), Decimal(0))
    area = sum((r.area_m2 for r in parts.values()), Decimal(0))
    if length:
        return _("%(metres)s 米，作业面 %(area)s 平方米") % {"metres": length, "area": area}
    return _("作业面 %(area)s 平方米") % {"area": area}


def _where(reasons: list[Reason]) -> str:
    parts = sorted({reason.part for reason in reasons if reason.part})
    words = [_("第 %(part)s 段") % {"part": part} for part in parts]
    if any(reason.laying == CHAMBER for reason in reasons):
        words.append(_("井室"))
    return listed(words)


def picture(case: Case, found: Assessed, prefix: str = "map") -> SafeString:
    """The map with its finding, legend and table."""
    window = Window.of_route(found.route)
    plan, today = load_plan(case.plan), local_date(clock.now())
    objects = city_objects()
    title = finding(found)
    image = route_svg(
        window, objects, alt=title, plan=plan, on=today, route=found.route,
        touched=found.touched, prefix=prefix,
    )  # fmt: skip
    table = svg.Table([_("涉及"), _("数量"), _("依据")], _rows(found))
    return svg.figure(
        image,
        title=title,
        note=_("图上距离按米，坐标 CGCS2000；截至 %(day)s") % {"day": today.isoformat()},
        table=table,
        key=legend(objects, window, plan, today, route=True),
    )


def _rows(found: Assessed) -> list[list[str]]:
    return [
        [line["what"], line["how"], line["clause"]]
        for item in items(found)
        for line in item["reasons"]
    ] or [[_("没有涉及城市道路、绿地、林地、桥梁和树木"), "", ""]]


def finding(found: Assessed) -> str:
    """What the map shows, in one sentence."""
    names: list[str] = []
    for touch in found.touched.touches:
        name = pick(touch.zh, touch.en)
        if name not in names:
            names.append(name)
    metres = f"{found.assessment.length_m:f}"
    if not names:
        return _("外线路径 %(metres)s 米，不涉及城市道路、绿地和树木") % {"metres": metres}
    shown = listed(names[:3])
    if len(names) > 3:
        shown = _("%(names)s等 %(count)s 处") % {"names": shown, "count": len(names)}
    return _("外线路径 %(metres)s 米，涉及%(names)s") % {"metres": metres, "names": shown}


def bans(found: Assessed) -> list[dict[str, str]]:
    """Moratoria with their dates and what can be done."""
    return [
        {
            "rule": picked(ban, "rule"),
            "remedy": picked(ban, "remedy"),
            "clause": str(ban["clause"]),
            "metres": str(ban["dug_m"]),
        }
        for ban in (each.to_json() for each in found.assessment.moratoria)
    ]


def answer(case: Case, found: Assessed) -> dict[str, Any]:
    """The context of `approval/route_answer.html`."""
    assessment = found.assessment
    review = assessment.bridge_review
    return {
        "found": found,
        "sentence": sentence(found),
        "items": items(found),
        "bans": bans(found),
        "bridge": {"text": pick(review.zh, review.en), "clause": review.clause} if review else None,
        "cautions": [{"text": pick(c.zh, c.en), "clause": c.clause} for c in assessment.cautions],
        "conditions": conditions(found),
        "outcome": pick(*OUTCOMES[assessment.commitment])
        if assessment.commitment in (NO, NOT_NEEDED)
        else _("其他条件都符合：信用核查通过即适用告知承诺"),
        "days": planned(case.plan, "approvals.total_working_days"),
        "months": planned(case.plan, "commitment.check_months"),
        "eligible": assessment.commitment not in (NO, NOT_NEEDED),
        "needed": bool(assessment.items),
        "picture": picture(case, found),
        "chinese": chinese(),
    }
