"""The pictures of the board: each title states the finding, or says that there is none."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian import indicators
from tongdian.service.connection.labels import label
from tongdian.service.look.charts import Series, district_bars, histogram, sparkline, trend
from tongdian.service.look.district_map import choropleth
from tongdian.service.look.districts import districts
from tongdian.service.supervision.figures import FIGURES
from tongdian.service.supervision.names import district_name, figure_name
from tongdian.service.supervision.selectors import Board, Histogram, Row
from tongdian.service.supervision.slices import Slice

# Below so many cases a week's or a month's share says little.
LEAST_CASES = 5


def cases_url(figure_id: str, query: Mapping[str, str]) -> str:
    return f"{reverse('board-cases', args=[figure_id])}?{urlencode(query)}"


def days_histogram(board: Board, data: Histogram) -> SafeString:
    """Days used by the cases of a track against its promise; each column opens its cases."""
    within = sum(n for days, n in data.counts.items() if days <= data.limit)
    words = {
        "track": label(data.track),
        "share": round(100 * within / data.cases, 1),
        "limit": data.limit,
    }
    title = _("%(track)s：%(share)s%% 在 %(limit)s 个工作日内通电") % words

    def url_for(days: int) -> str:
        return cases_url("done", board.wanted.query(track=data.track, used=days))

    return histogram(
        data.counts, data.limit, title=title, as_of=board.tallies.as_of, url_for=url_for
    )


def on_time_trend(board: Board, parts: Mapping[str, Slice]) -> SafeString | str:
    """Share within the limit by week or month; empty for fewer than three of them."""
    shown = {name: part for name, part in parts.items() if part.done >= LEAST_CASES}
    if len(shown) < 3:
        return ""
    values = [part.share(part.done - part.late) for part in shown.values()]
    return trend(
        list(shown),
        [Series(_("按时率"), values)],
        title=trend_words(_("按时率"), values, "%", board.tallies.period.by_week),
        unit="%",
        as_of=board.tallies.as_of,
        n=[part.done for part in shown.values()],
    )


def backlog_trend(board: Board) -> SafeString | str:
    """Cases open at the end of each week; the title names the highest level and when it was."""
    levels = board.open_by_week()
    period = board.tallies.period
    if len(levels) < 3 or not any(levels):
        return ""
    ends = [period.start + timedelta(days=7 * n + 6) for n in range(len(levels))]
    ends[-1] = period.end
    highest = max(range(len(levels)), key=lambda n: levels[n])
    words = {
        "now": levels[-1],
        "most": levels[highest],
        "day": f"{ends[highest]:%Y-%m-%d}",
    }
    if highest == len(levels) - 1:
        title = _("在办 %(now)s 件，为期间最多") % words
    else:
        title = _("在办 %(now)s 件；最多时 %(most)s 件（%(day)s）") % words
    return trend(
        [f"{day:%m-%d}" for day in ends],
        [Series(_("在办"), [float(level) for level in levels])],
        title=title,
        unit=_("件"),
        as_of=board.tallies.as_of,
        n=levels[-1],
    )


def district_map(board: Board, rows: Sequence[Row]) -> SafeString | str:
    """Share within the limit by district; the title names the lowest. Zones lie within districts
    and are in the table alone."""
    known = {row.key: row.cells["in_limit"] for row in rows if row.key in districts()}
    values = {code: cell.value for code, cell in known.items() if cell.n >= LEAST_CASES}
    if board.wanted.district or len(values) < 2:
        return ""
    lowest = min(values, key=lambda code: values[code] or 0)
    words = {"place": district_name(lowest), "share": f"{values[lowest]:.1f}"}
    return choropleth(
        {code: None if value is None else round(value, 1) for code, value in values.items()},
        title=_("%(place)s按时率最低，为 %(share)s%%") % words,
        unit=_("按时率 %"),
        as_of=board.tallies.as_of,
        n=sum(cell.n for cell in known.values()),
        url_for=lambda code: f"?{urlencode(board.wanted.query(district=code))}",
    )


def findings_bars(
    counts: Mapping[str, int], done: Mapping[str, int], as_of: datetime
) -> SafeString | str:
    """Cases with a finding in a hundred energised, by district; the title names the most."""
    shares = {
        code: round(100 * counts.get(code, 0) / n, 1)
        for code, n in done.items()
        if n >= LEAST_CASES and code in counts
    }
    if not counts or len(shares) < 2:
        return ""
    most = max(shares, key=lambda code: shares[code])
    words = {"place": district_name(most), "share": shares[most]}
    return district_bars(
        {district_name(code): share for code, share in shares.items()},
        title=_("%(place)s每百件中有 %(share)s 件有线索，最多") % words,
        unit=_("每百件通电案件"),
        n={district_name(code): done[code] for code in shares},
        as_of=as_of,
    )


def headline_sparkline(board: Board, figure_id: str, parts: Mapping[str, Slice]) -> SafeString:
    """The small line beside a number of the headline, with its trend as the words."""
    figure = FIGURES[figure_id]
    values: list[float | None]
    if figure_id == "open":
        values = [float(level) for level in board.open_by_week()]
    else:
        kept = [part for part in parts.values() if part.done >= LEAST_CASES]
        values = [figure.value(part) for part in kept]
    by_week = board.tallies.period.by_week or figure_id == "open"
    return sparkline(
        values, label=trend_words(figure_name(figure), values, _(figure.unit), by_week)
    )


def trend_words(name: str, values: Sequence[float | None], unit: str, by_week: bool) -> str:
    """What the values of weeks or months say: rising, falling, or neither."""
    known = [value for value in values if value is not None]
    if not known:
        return _("%(name)s：没有数据") % {"name": name}
    found = indicators.trend(values)
    words = {
        "name": name,
        "unit": unit,
        "slope": _number(abs(found.slope)),
        "low": _number(min(known)),
        "high": _number(max(known)),
    }
    if found.direction > 0 and by_week:
        return _("%(name)s逐周上升，每周约 %(slope)s %(unit)s") % words
    if found.direction > 0:
        return _("%(name)s逐月上升，每月约 %(slope)s %(unit)s") % words
    if found.direction < 0 and by_week:
        return _("%(name)s逐周下降，每周约 %(slope)s %(unit)s") % words
    if found.direction < 0:
        return _("%(name)s逐月下降，每月约 %(slope)s %(unit)s") % words
    return _("%(name)s在 %(low)s 与 %(high)s %(unit)s 之间，没有明显升降") % words


def _number(value: float) -> str:
    return f"{value:,.1f}".removesuffix(".0")
