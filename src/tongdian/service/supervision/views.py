"""The board: every number opens its cases and its formula, and leaves as CSV or Excel."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework import clock
from tongdian.service.casework.timeline import view_of
from tongdian.service.connection.labels import TRACKS, label
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.supervision.charts import days_histogram, monthly_trend
from tongdian.service.supervision.exports import as_format
from tongdian.service.supervision.figures import FIGURES
from tongdian.service.supervision.findings import findings
from tongdian.service.supervision.names import chinese, district_name, figure_name
from tongdian.service.supervision.selectors import (
    BoardFilter,
    Row,
    by_district,
    by_track,
    cases_behind,
    histogram,
    monthly,
    whole,
)

BOARD_ROLES = frozenset({"supervisor", "auditor", "lead"})
HEADLINE = ("late_now", "in_limit", "whole_process_days_median", "online")
COLUMNS = (
    "open",
    "soon",
    "late_now",
    "done",
    "in_limit",
    "whole_process_days_median",
    "whole_process_days_p90",
    "utility_days_median",
    "utility_days_p90",
    "government_days_median",
    "government_days_p90",
    "calendar_days_median",
    "calendar_days_p90",
    "steps",
    "online",
)


def board_actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if not frozenset(actor.roles) & BOARD_ROLES:
        raise PermissionDenied
    return actor


@require_GET
def board_view(request: HttpRequest) -> HttpResponse:
    """Four numbers that matter, then the tables, then the distributions."""
    actor = board_actor(request)
    wanted = BoardFilter.from_query(request.GET)
    totals = whole(actor, wanted)
    tracks = [wanted.track] if wanted.track else list(TRACKS)
    histograms = [histogram(actor, wanted, track) for track in tracks]
    context = {
        "wanted": wanted,
        "headline": [totals[name] for name in HEADLINE],
        "totals": totals,
        "columns": [FIGURES[name] for name in COLUMNS],
        "by_track": _chosen(by_track(actor, wanted)),
        "by_district": _chosen(by_district(actor, wanted)),
        "histograms": [days_histogram(h, wanted) for h in histograms if h.cases],
        "trend": monthly_trend(monthly(actor, wanted)),
        "findings": findings(actor, wanted)[:8],
        "tracks": TRACKS,
        "now": clock.now(),
        "actor": actor,
    }
    return render(request, "supervision/board.html", context)


def _chosen(rows: list[Row]) -> list[Row]:
    return [
        Row(row.key, [cell for name in COLUMNS for cell in row.cells if cell.figure.id == name])
        for row in rows
    ]


@require_GET
def table_view(request: HttpRequest, by: str) -> HttpResponse:
    """The table by track or district as CSV or Excel."""
    actor = board_actor(request)
    wanted = BoardFilter.from_query(request.GET)
    rows = by_track(actor, wanted) if by == "track" else by_district(actor, wanted)
    name = label if by == "track" else district_name
    header = [_("办电类型") if by == "track" else _("区（市、县）、开发区")]
    header += [figure_name(figure) for figure in FIGURES.values()]
    body = ([name(row.key), *(_rounded(cell.value) for cell in row.cells)] for row in rows)
    return as_format(request.GET.get("format", "csv"), f"board-by-{by}", header, body)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


@require_GET
def cases_view(request: HttpRequest, figure_id: str) -> HttpResponse:
    """The cases behind a figure, with its formula on top."""
    actor = board_actor(request)
    figure = FIGURES.get(figure_id)
    if figure is None:
        raise Http404
    wanted = BoardFilter.from_query(request.GET)
    days = request.GET.get("used", "")
    chosen = int(days) if days.isdigit() and len(days) < 5 else None
    cases = cases_behind(actor, wanted, figure, chosen)
    if request.GET.get("format") in ("csv", "xlsx"):
        rows = (_case_row(case) for case in cases.iterator(2000))
        return as_format(request.GET["format"], f"cases-{figure_id}", _case_header(), rows)
    page = Paginator(cases, 50).get_page(request.GET.get("page"))
    context = {
        "figure": figure,
        "wanted": wanted,
        "page": page,
        "rows": [view_of(case) for case in page.object_list],
        "used": chosen,
        "actor": actor,
    }
    return render(request, "supervision/cases.html", context)


CASE_COLUMNS = (
    ("number", "案件"),
    ("track", "办电类型"),
    ("district", "行政区划"),
    ("stage", "环节"),
    ("submitted_at", "申请时间"),
    ("closed_at", "办结时间"),
    ("due_on", "到期日"),
    ("whole_process_days", "全过程工作日"),
    ("utility_days", "供电企业工作日"),
    ("government_days", "审批工作日"),
    ("calendar_days", "日历日"),
    ("steps", "环节数"),
    ("late", "超过承诺"),
    ("breached", "违反法定时限"),
    ("channel", "渠道"),
)


def _case_header() -> list[str]:
    return [_(zh) for _name, zh in CASE_COLUMNS]


def _case_row(case: Any) -> list[Any]:
    row: list[Any] = []
    for name, _zh in CASE_COLUMNS:
        value = getattr(case, name)
        if name.endswith("_at") and value is not None:
            value = value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
        elif name == "track":
            value = label(value)
        elif name == "district":
            value = district_name(value)
        elif isinstance(value, bool):
            value = (_("是") if value else _("否")) if chinese() else ("yes" if value else "no")
        row.append(value)
    return row


@require_GET
def findings_view(request: HttpRequest) -> HttpResponse:
    """Suspicion, not accusation: each finding with its evidence."""
    actor = board_actor(request)
    wanted = BoardFilter.from_query(request.GET)
    found = findings(actor, wanted)
    if request.GET.get("format") in ("csv", "xlsx"):
        header = [_("类型"), _("案件"), _("证据")]
        rows = ((f.title, f.case_number, f.evidence) for f in found)
        return as_format(request.GET["format"], "findings", header, rows)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(
        request, "supervision/findings.html", {"page": page, "wanted": wanted, "actor": actor}
    )
