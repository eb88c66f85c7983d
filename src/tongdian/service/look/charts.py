"""Charts drawn on the server: they need no script, print, and go into PDFs.

Every chart is a `<figure>`: a title that states the finding, the picture, n, unit and as-of time,
and a table of the same data one click away. With `width_px` only the SVG, standing alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian.service.look import svg
from tongdian.service.look.chart_frame import finish, note_of, value_text
from tongdian.service.look.districts import district_name
from tongdian.service.look.histogram import histogram
from tongdian.service.look.lanes import INK, MIST, OVERDUE, TEAL
from tongdian.service.look.scales import number_text
from tongdian.service.look.trend import Series, sparkline, trend

__all__ = ["Bar", "Series", "bars", "district_bars", "histogram", "sparkline", "trend"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, value (None: no data), the cases behind it, and its own n."""

    label: str
    value: float | None
    url: str = ""
    n: int | None = None
    colour: str = ""


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    unit: str = "",
    limit: float | None = None,
    limit_label: str = "",
    as_of: date | datetime | None = None,
    n: int | None = None,
    width_px: int | None = None,
) -> SafeString:
    """Horizontal bars, each with its name and value on its own line; beyond the limit in red."""
    top = max([row.value for row in rows if row.value is not None] + [limit or 0, 0]) or 1
    scale = 92 / top
    head = 22 if limit is not None else 0
    body: list[str] = []
    for index, row in enumerate(rows):
        y = head + index * 44
        body.append(_bar_row(row, y, scale, limit, unit))
    height = head + len(rows) * 44
    if limit is not None:
        x = limit * scale
        words = limit_label or _("上限 %(limit)s") % {"limit": number_text(limit)}
        body.append(svg.line(x, 18, x, height, INK, width=2, dash="6 3"))
        anchor = "end" if x > 60 else "start"
        body.append(svg.text(x, 13, words, anchor=anchor, bold=True, size=12))
    head_cells = [_("名称"), unit or _("数值"), "n"]
    cells = [
        [row.label, value_text(row.value), "" if row.n is None else f"{row.n:,}"] for row in rows
    ]
    counted = sum(row.n or 0 for row in rows) if any(row.n is not None for row in rows) else None
    return finish(
        body,
        height + 4,
        title=title,
        note=note_of(n if n is not None else counted, unit, as_of),
        table=svg.Table(head_cells, cells, frozenset({1, 2})),
        links=any(row.url for row in rows),
        width_px=width_px,
    )


def _bar_row(row: Bar, y: float, scale: float, limit: float | None, unit: str) -> str:
    late = limit is not None and row.value is not None and row.value > limit
    words = value_text(row.value)
    if late:
        words = _("超限 %(value)s") % {"value": words}
    parts = svg.text(0, y + 16, row.label)
    parts += svg.text(100, y + 16, words, anchor="end", bold=True, fill=OVERDUE if late else INK)
    parts += svg.rect(0, y + 23, 92 if limit is None else 100, 10, MIST)
    if row.value:
        fill = OVERDUE if late else row.colour or TEAL
        parts += svg.rect(0, y + 23, max(row.value * scale, 0.4), 10, fill)
    return svg.link(parts, row.url, f"{row.label} {words} {unit}".strip())


def district_bars(
    values: Mapping[str, float | None],
    *,
    title: str,
    unit: str = "",
    limit: float | None = None,
    as_of: date | datetime | None = None,
    n: Mapping[str, int] | int | None = None,
    url_for: Callable[[str], str] | None = None,
    width_px: int | None = None,
) -> SafeString:
    """One bar per district (key: GB/T 2260 code or the name itself), the largest first."""
    counts = n if isinstance(n, Mapping) else {}
    order = sorted(values.items(), key=lambda item: (item[1] is None, -(item[1] or 0), item[0]))
    rows = [
        Bar(district_name(code), value, url_for(code) if url_for else "", counts.get(code))
        for code, value in order
    ]
    return bars(
        rows,
        title=title,
        unit=unit,
        limit=limit,
        as_of=as_of,
        n=n if isinstance(n, int) else None,
        width_px=width_px,
    )
