"""The board: every number opens its cases and its formula, and leaves as CSV or Excel."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.connection.labels import TRACKS, label
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.supervision import charts
from tongdian.service.supervision.exports import as_format
from tongdian.service.supervision.figures import FIGURES, Figure
from tongdian.service.supervision.findings import (
    counts_by_kind,
    heaps,
    kind_name,
    stored_findings,
)
from tongdian.service.supervision.names import district_name, figure_name
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import Board, Cell, Row, board_for
from tongdian.service.supervision.slices import Slice
from tongdian.service.supervision.tallies import office_of

BOARD_ROLES = frozenset({"supervisor", "auditor", "lead"})
HEADLINE = ("open", "in_limit", "whole_process_days_median", "online")
# The columns of the tables, in groups with a heading of their own.
GROUPS = (
    (gettext_noop("现在"), ("open", "soon", "late_now")),
    (gettext_noop("期间通电"), ("done", "in_limit")),
    (gettext_noop("全过程"), ("whole_process_days_median", "whole_process_days_p90")),
    (gettext_noop("供电企业各环节合计"), ("utility_days_median", "utility_days_p90")),
    (gettext_noop("并联审批"), ("government_days_median", "government_days_p90")),
    (gettext_noop("世界银行口径"), ("calendar_days_median", "calendar_days_p90")),
    (gettext_noop("办理"), ("steps", "online")),
)
COLUMNS = tuple(name for _title, names in GROUPS for name in names)


def board_actor(request: HttpRequest) -> Actor:
    """Who may see boards: oversight, and the head of an office its own."""
    actor = actor_of(request)
    if not frozenset(actor.roles) & BOARD_ROLES:
        raise PermissionDenied(_("看板供监督、审计人员和供电所负责人使用。"))
    return actor


@require_GET
def board_view(request: HttpRequest) -> HttpResponse:
    """Four numbers that matter, the distributions, the map, the tables, the findings."""
    actor = board_actor(request)
    wanted = BoardFilter.from_query(request.GET)
    board = board_for(actor, wanted)
    parts = board.over_time()
    by_district = board.by_district()
    histograms = [board.histogram(track) for track in board.tracks]
    found, heaped = stored_findings(actor, wanted), heaps(board)
    context = {
        "wanted": wanted,
        "headline": _headline(board, parts),
        "whole": board.whole.cells,
        "groups": [_group(title, names) for title, names in GROUPS],
        "starts": {names[0] for _title, names in GROUPS},
        "figures": FIGURES.values(),
        "by_track": _lines(board.by_track(), board.whole),
        "by_district": _lines(by_district, board.whole),
        "histograms": [charts.days_histogram(board, h) for h in histograms if h.cases],
        "trends": [charts.on_time_trend(board, parts), charts.backlog_trend(board)],
        "map": charts.district_map(board, by_district),
        "kinds": [(k, kind_name(k), n) for k, n in counts_by_kind(found, heaped).items()],
        "tracks": TRACKS,
        "districts": GUIYANG_DIVISIONS,
        "as_of": board.tallies.as_of,
        "office": office_of(actor),
        "actor": actor,
    }
    return render(request, "supervision/board.html", context)


def _group(title: str, names: Sequence[str]) -> tuple[str, str, list[Figure]]:
    """Heading, the unit that all its columns share (empty when they have their own), columns."""
    figures = [FIGURES[name] for name in names]
    units = {figure.unit for figure in figures}
    return _(title), _(units.pop()) if len(units) == 1 else "", figures


def _headline(board: Board, parts: Mapping[str, Slice]) -> list[tuple[Cell, str]]:
    cells = board.whole.cells
    return [(cells[name], charts.headline_sparkline(board, name, parts)) for name in HEADLINE]


def _lines(rows: list[Row], whole: Row) -> list[tuple[str, list[Cell]]]:
    """The chosen columns; the whole below, where there is more than one row."""
    lines = [(row.key, row.chosen(COLUMNS)) for row in rows]
    return [*lines, ("", whole.chosen(COLUMNS))] if len(rows) > 1 else lines


@require_GET
def table_view(request: HttpRequest, by: str) -> HttpResponseBase:
    """The table by track or district as CSV or Excel: every figure with its unit, limits beside."""
    actor = board_actor(request)
    board = board_for(actor, BoardFilter.from_query(request.GET))
    rows = board.by_track() if by == "track" else board.by_district()
    name = label if by == "track" else district_name
    header = [_("办电类型") if by == "track" else _("区（市、县）、开发区")]
    for figure in FIGURES.values():
        header.append(f"{figure_name(figure)}（{_(figure.unit)}）")
        if figure.column:
            header.append(_("%(figure)s上限") % {"figure": figure_name(figure)})
    body = ([name(row.key), *_numbers(row)] for row in rows)
    return as_format(request.GET.get("format", "csv"), f"board-by-{by}", header, body)


def _numbers(row: Row) -> list[float | None]:
    numbers: list[float | None] = []
    for cell in row.cells.values():
        numbers.append(None if cell.value is None else round(cell.value, 2))
        if cell.figure.column:
            numbers.append(cell.limit)
    return numbers
