"""The cases behind a figure, with its formula on top."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework.timeline import view_of
from tongdian.service.connection.labels import label
from tongdian.service.supervision.exports import MOST_EXCEL_ROWS, as_format
from tongdian.service.supervision.figures import FIGURES
from tongdian.service.supervision.names import district_name, stage_name
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import cases_behind
from tongdian.service.supervision.tallies import office_of
from tongdian.service.supervision.views import board_actor

PAGE = 50
EXPORT_COLUMNS = {
    "number": gettext_noop("案件"),
    "track": gettext_noop("办电类型"),
    "district": gettext_noop("区（市、县）、开发区"),
    "stage": gettext_noop("环节"),
    "submitted_at": gettext_noop("申请时间"),
    "closed_at": gettext_noop("办结时间"),
    "due_on": gettext_noop("到期日"),
    "whole_process_days": gettext_noop("全过程工作日"),
    "utility_days": gettext_noop("供电企业工作日"),
    "government_days": gettext_noop("审批工作日"),
    "calendar_days": gettext_noop("日历日"),
    "steps": gettext_noop("环节数"),
    "late": gettext_noop("超过承诺"),
    "breached": gettext_noop("违反法定时限"),
    "channel": gettext_noop("渠道"),
}


@require_GET
def cases_view(request: HttpRequest, figure_id: str) -> HttpResponseBase:
    """A page of the cases, or all of them as CSV or Excel."""
    actor = board_actor(request)
    figure = FIGURES.get(figure_id)
    if figure is None:
        raise Http404
    wanted = BoardFilter.from_query(request.GET)
    days = request.GET.get("used", "")
    used = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else None
    cases = cases_behind(actor, wanted, figure, used)
    paginator = Paginator(cases, PAGE)
    excel = paginator.count <= MOST_EXCEL_ROWS
    wanted_format = request.GET.get("format")
    if wanted_format == "csv" or (wanted_format == "xlsx" and excel):
        header = [_(words) for words in EXPORT_COLUMNS.values()]
        rows = cases.values_list(*EXPORT_COLUMNS).iterator(2000)
        name = f"cases-{figure_id}"
        return as_format(wanted_format, name, header, _exported(rows))
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "figure": figure,
        "wanted": wanted,
        "page": page,
        "rows": [view_of(case) for case in page.object_list],
        "used": used,
        "excel": excel,
        "office": office_of(actor),
        "actor": actor,
    }
    return render(request, "supervision/cases.html", context)


def _exported(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[Any]]:
    for row in rows:
        yield [_words(name, value) for name, value in zip(EXPORT_COLUMNS, row, strict=True)]


def _words(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if name in ("track", "channel"):
        return label(value)
    if name == "district":
        return district_name(value)
    if name == "stage":
        return stage_name(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value if isinstance(value, int) else str(value)
