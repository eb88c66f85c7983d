"""Suspicion, not accusation: each finding with its evidence."""

from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tongdian.law.calendar import SHANGHAI
from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.connection.labels import TRACKS
from tongdian.service.supervision import charts
from tongdian.service.supervision.exports import as_format
from tongdian.service.supervision.findings import (
    Heap,
    counts_by_district,
    counts_by_kind,
    evidence_of,
    heap_evidence,
    heap_place,
    heaps,
    kind_name,
    kind_rule,
    stored_findings,
)
from tongdian.service.supervision.inspection import inspected
from tongdian.service.supervision.models import Finding
from tongdian.service.supervision.names import district_name
from tongdian.service.supervision.patterns import HEAPING, KINDS
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import board_for
from tongdian.service.supervision.tallies import office_of
from tongdian.service.supervision.views import board_actor

PAGE = 50


@dataclass(frozen=True)
class Kind:
    """A kind of finding with its rule and how many there are."""

    id: str
    name: str
    rule: str
    count: int


@require_GET
def findings_view(request: HttpRequest) -> HttpResponseBase:
    """Findings by kind, where they gather, and each with its evidence; or all as CSV or Excel."""
    actor = board_actor(request)
    wanted = BoardFilter.from_query(request.GET)
    board = board_for(actor, wanted)
    every, heaped = stored_findings(actor, wanted), heaps(board)
    counts = counts_by_kind(every, heaped)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    found = every.filter(kind=kind) if kind else every
    if kind not in ("", HEAPING):
        heaped = []
    if request.GET.get("format") in ("csv", "xlsx"):
        header = [_("线索"), _("案件"), _("地区"), _("事件"), _("记录时间"), _("证据")]
        header.append(_("另一案件"))
        rows = chain(map(_heap_row, heaped), map(_finding_row, found.iterator(2000)))
        return as_format(request.GET["format"], "findings", header, rows)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    done = {row.key: row.cells["done"].n for row in board.by_district()}
    context = {
        "wanted": wanted,
        "tracks": TRACKS,
        "districts": GUIYANG_DIVISIONS,
        "kind": kind,
        "kinds": [Kind(k, kind_name(k), kind_rule(k), counts[k]) for k in KINDS],
        "count": sum(counts.values()),
        "page": page,
        "rows": [(one, kind_name(one.kind), evidence_of(one)) for one in page.object_list],
        "heaps": [(heap, heap_place(heap), heap_evidence(heap)) for heap in heaped],
        "bars": charts.findings_bars(counts_by_district(found), done, board.tallies.as_of),
        "inspected": f"{inspected():,}",
        "as_of": board.tallies.as_of,
        "office": office_of(actor),
        "actor": actor,
    }
    return render(request, "supervision/findings.html", context)


def _heap_row(heap: Heap) -> list[Any]:
    return [kind_name(HEAPING), "", heap_place(heap), None, "", heap_evidence(heap), ""]


def _finding_row(one: Finding) -> list[Any]:
    return [
        kind_name(one.kind),
        one.case.number,
        district_name(one.case.district),
        one.seq,
        one.recorded_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"),
        evidence_of(one),
        one.other.number if one.other else "",
    ]
