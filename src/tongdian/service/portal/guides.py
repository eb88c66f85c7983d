"""Guides and commitments, made from the plan alone: another plan gives other pages."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.plan import Document, Plan, Track
from tongdian.service.portal.clauses import ClauseLink, clause_link
from tongdian.service.portal.prechecks import Line, payer, registry_name
from tongdian.service.portal.words import pick, track_name

WHO_FOR = {
    "resident": gettext_lazy("自家住房、车库、家用充电桩"),
    "zero_lv": gettext_lazy("200 千瓦及以下的小微企业、个体工商户，附近已有低压线路"),
    "zero_lv_external": gettext_lazy("200 千瓦及以下的小微企业、个体工商户，要从外面拉新线路"),
    "low_voltage": gettext_lazy("以低压供电的其他企业和单位"),
    "high_voltage_single": gettext_lazy("负荷较大、以 10 千伏及以上供电的企业和单位"),
    "high_voltage_dual": gettext_lazy("停电会造成重大损失、需要两路电源的企业和单位"),
}
WAYS = {
    "short": (
        gettext_lazy("提交申请，开始计时"),
        gettext_lazy("供电企业受理；缺材料只告知一次"),
        gettext_lazy("上门勘查"),
        gettext_lazy("签供用电合同、装电表、送电"),
    ),
    "external": (
        gettext_lazy("提交申请，开始计时"),
        gettext_lazy("供电企业受理；缺材料只告知一次"),
        gettext_lazy("上门勘查，定下从哪里接电"),
        gettext_lazy("政府部门并联审批，5 个工作日内一次办完"),
        gettext_lazy("供电企业出资、施工外线"),
        gettext_lazy("签供用电合同、装电表、送电"),
    ),
    "long": (
        gettext_lazy("提交申请，开始计时"),
        gettext_lazy("供电企业受理；缺材料只告知一次"),
        gettext_lazy("现场勘查，答复供电方案"),
        gettext_lazy("您同意方案，或提出异议"),
        gettext_lazy("您自己选择单位设计、施工，完工后报告"),
        gettext_lazy("供电企业检验"),
        gettext_lazy("签供用电合同、装电表、送电"),
    ),
}
WAY_OF = {"resident": "short", "zero_lv": "short", "zero_lv_external": "external"}
STAGES = {
    "scheme": gettext_lazy("答复供电方案"),
    "inspection": gettext_lazy("竣工检验"),
    "metering": gettext_lazy("装表接电"),
}


@dataclass(frozen=True)
class Guide:
    """One kind of customer, for its page."""

    track: str
    name: str
    who_for: str
    days: int
    whole_process: bool
    steps: list[str]
    way: list[str]
    never_asked: list[Line]
    bring: list[Line]
    later: list[Line]
    payments: list[Line]
    promise: ClauseLink
    step_clause: ClauseLink
    statutory: list[Line]
    url: str


def guide_list(plan: Plan) -> list[Guide]:
    return [guide_of(plan, track) for track in plan.tracks]


def guide_of(plan: Plan, track_id: str) -> Guide:
    """The guide of a track."""
    track = plan.tracks[track_id]
    promise, steps = plan.value(track.promise_key), plan.value(track.steps_key)
    papers = {kind: _papers(track, plan, kind) for kind in ("shared", "ask", "form", "later")}
    return Guide(
        track=track_id,
        name=track_name(track_id),
        who_for=str(WHO_FOR.get(track_id, pick(track.zh, track.en))),
        days=track.promise_working_days,
        whole_process=track.promise_clock == "whole_process",
        steps=[pick(step.zh, step.en) for step in track.steps],
        way=[str(step) for step in WAYS[WAY_OF.get(track_id, "long")]],
        never_asked=papers["shared"],
        bring=papers["ask"] + papers["form"],
        later=papers["later"],
        payments=[
            Line(pick(p.zh, p.en), clause_link(p.clause, plan), payer(p)) for p in track.payments
        ],
        promise=clause_link(promise.clause, plan, promise.quote),
        step_clause=clause_link(steps.clause, plan, steps.quote),
        statutory=_statutory(track, plan),
        url=reverse("portal:guide", args=[track_id]),
    )


def _papers(track: Track, plan: Plan, handling: str) -> list[Line]:
    return [_paper(d, plan) for d in track.documents if d.handling == handling]


def _paper(document: Document, plan: Plan) -> Line:
    note = ""
    if document.handling == "shared" and document.registry:
        note = _("由%(registry)s共享") % {"registry": registry_name(document.registry)}
    return Line(pick(document.zh, document.en), clause_link(document.clause, plan), note)


def _statutory(track: Track, plan: Plan) -> list[Line]:
    return [
        Line(
            str(STAGES[stage]),
            clause_link(plan.value(track.statutory_keys[stage]).clause, plan),
            _("%(days)s 个工作日") % {"days": days},
        )
        for stage, days in track.statutory_limits.items()
    ]


def commitments(plan: Plan) -> list[dict[str, Any]]:
    """The service commitments: days, steps, money, papers, permits, each with its clause."""
    guides = guide_list(plan)
    free = plan.value("zero_investment.capacity_kw")
    permits = plan.value("approvals.total_working_days")
    intake = plan.value("intake.deficiency_working_days")
    resident, company = plan.value("documents.resident"), plan.value("documents.company")
    return [
        {
            "title": _("多久通电"),
            "lines": [
                Line(guide.name, guide.promise, _days(guide.days, guide.whole_process))
                for guide in guides
            ],
        },
        {
            "title": _("几个环节"),
            "lines": [
                Line(guide.name, guide.step_clause, _("%(n)s 个") % {"n": len(guide.steps)})
                for guide in guides
            ],
        },
        {
            "title": _("多少钱"),
            "lines": [
                Line(
                    _("%(kw)s 千瓦及以下的小微企业") % {"kw": free.value},
                    clause_link(free.clause, plan, free.quote),
                    _("到电表为止不用您出钱"),
                )
            ],
        },
        {
            "title": _("多少材料"),
            "lines": [
                Line(_("居民"), clause_link(resident.clause, plan, resident.quote), _("零证")),
                Line(_("企业"), clause_link(company.clause, plan, company.quote), _("一证")),
                Line(
                    _("缺材料的告知"),
                    clause_link(intake.clause, plan, intake.quote),
                    _("%(days)s 个工作日内一次告知，逾期视为受理") % {"days": intake.value},
                ),
            ],
        },
        {
            "title": _("外线工程审批"),
            "lines": [
                Line(
                    _("绿地、市政、道路、林木，并联审批"),
                    clause_link(permits.clause, plan, permits.quote),
                    _("合计 %(days)s 个工作日以内") % {"days": permits.value},
                )
            ],
        },
    ]


def _days(days: int, whole_process: bool) -> str:
    if whole_process:
        return _("全过程 %(days)s 个工作日以内") % {"days": days}
    return _("供电企业各环节合计 %(days)s 个工作日以内") % {"days": days}


ZONES = (
    ("central_urban", gettext_lazy("中心城区")),
    ("urban", gettext_lazy("市区")),
    ("town", gettext_lazy("城镇")),
    ("rural", gettext_lazy("农村")),
)


def outage_targets(plan: Plan) -> dict[str, Any] | None:
    """The plan's targets for hours without power, a row a kind of area; None without any."""
    prefix = "outage_hours."
    years = sorted({key.split(".")[1] for key in plan.values if key.startswith(prefix)})
    if not years:
        return None
    rows = [
        {"name": name, "hours": [plan.value(f"{prefix}{year}.{zone}").value for year in years]}
        for zone, name in ZONES
    ]
    return {"years": years, "rows": rows}
