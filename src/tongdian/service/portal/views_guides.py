"""Guides, the plan's text with its values, the commitments, and the promise kept."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdian.law.plan import Plan, load_plan
from tongdian.service.casework import clock
from tongdian.service.connection.labels import TRACKS
from tongdian.service.look.dates import day_in_full
from tongdian.service.portal.clauses import anchor, law_reference
from tongdian.service.portal.guides import commitments, guide_list, guide_of, outage_targets
from tongdian.service.portal.places import district_name
from tongdian.service.portal.prechecks import today
from tongdian.service.portal.selectors import (
    Promise,
    masked_number,
    parse_month,
    promise_cases,
    promise_kept,
)
from tongdian.service.portal.words import pick, track_name, value_text

PAGE = 50
DAYS_COLUMN = {"whole_process": "whole_process_days", "utility_stages": "utility_days"}


def _plan() -> Plan:
    return load_plan(settings.PLAN)


@require_GET
def guides_view(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/guides.html", {"guides": guide_list(_plan())})


@require_GET
def guide_view(request: HttpRequest, track: str) -> HttpResponse:
    """One kind of customer: steps, days, papers, money, the way through."""
    plan = _plan()
    if track not in plan.tracks:
        raise Http404
    return render(request, "portal/guide.html", {"guide": guide_of(plan, track)})


@require_GET
def plan_view(request: HttpRequest) -> HttpResponse:
    """The plan's text, paragraph by paragraph, each with the values taken from it."""
    plan = _plan()
    clauses = [
        {
            "id": clause.id,
            "anchor": anchor(clause.id),
            "title": pick(clause.zh, clause.en),
            "text": clause.text,
            "values": [value_text(value) for value in plan.values_of(clause.id)],
            "reason": clause.reason,
        }
        for clause in plan.clauses.values()
    ]
    others = [value for value in plan.values.values() if value.clause not in plan.clauses]
    context = {
        "plan": plan,
        "title": pick(plan.title_zh, plan.title_en),
        "clauses": clauses,
        "others": [(value_text(value), law_reference(value.clause)) for value in others],
    }
    return render(request, "portal/plan.html", context)


@require_GET
def commitments_view(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/commitments.html", {"groups": commitments(_plan())})


@require_GET
def outages_view(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/outages.html", {"target": outage_targets(_plan())})


@require_GET
def promise_view(request: HttpRequest) -> HttpResponse:
    """The cases behind the promise, masked, and how the figure is made."""
    track = request.GET.get("track", "resident")
    if track not in TRACKS:
        track = "resident"
    month = parse_month(request.GET.get("month", ""), today())
    promise = promise_kept(track, month)
    detail = _plan().tracks[track]
    page = Paginator(promise_cases(track, month), PAGE).get_page(request.GET.get("page"))
    column = DAYS_COLUMN[detail.promise_clock]
    context = {
        "promise": promise,
        "page": page,
        "rows": [_row(case, column) for case in page.object_list],
        "limit": detail.promise_working_days,
        "tracks": [(value, track_name(value)) for value in TRACKS],
        "title": _("承诺兑现：%(track)s") % {"track": track_name(track)},
        "sentence": _sentence(promise),
        "formula": _formula(detail.promise_clock, detail.promise_working_days),
        "now": clock.now(),
    }
    return render(request, "portal/promise.html", context)


def _row(case: Any, column: str) -> dict[str, Any]:
    return {
        "number": masked_number(case.number),
        "district": district_name(case.district),
        "submitted": day_in_full(case.submitted_at) if case.submitted_at else "",
        "energised": day_in_full(case.closed_at),
        "days": getattr(case, column),
        "late": case.late,
    }


def _sentence(promise: Promise) -> str:
    if promise.average_working_days is None or promise.share_on_time is None:
        return ""
    return _("%(n)s 件通电，平均全过程 %(days)s 个工作日，%(share)s%% 按时。") % {
        "n": promise.cases,
        "days": f"{promise.average_working_days:.1f}",
        "share": f"{promise.share_on_time:.1f}",
    }


def _formula(promise_clock: str, limit: int) -> str:
    if promise_clock == "whole_process":
        return _(
            "全过程：从提交申请次日算起，到通电为止的工作日，不含法定中止。"
            "按时：不超过 %(limit)s 个工作日。按时率 = 按时件数 ÷ 当月通电件数。"
        ) % {"limit": limit}
    return _(
        "供电企业各环节合计的工作日，您施工、决定和政府审批的时间不计入。"
        "按时：不超过 %(limit)s 个工作日。按时率 = 按时件数 ÷ 当月通电件数。"
    ) % {"limit": limit}
