"""Lines over periods, and the small line beside a number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look import svg
from tongdian.service.look.chart_frame import PLOT, finish, note_of, value_text
from tongdian.service.look.lanes import INK, LINE, MUTED, TEAL
from tongdian.service.look.scales import nice_step, number_text

TOP = 24


@dataclass(frozen=True, slots=True)
class Series:
    """A line of a trend; None where there is no value."""

    label: str
    values: Sequence[float | None]
    colour: str = TEAL
    dash: str = ""


def trend(
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    title: str,
    unit: str = "",
    limit: float | None = None,
    limit_label: str = "",
    as_of: date | datetime | None = None,
    n: Sequence[int] | int | None = None,
    urls: Sequence[str] | None = None,
    width_px: int | None = None,
) -> SafeString:
    """Lines over periods, from zero, each named at its end. `n` per period, or in all."""
    known = [value for line in series for value in line.values if value is not None]
    step = nice_step(max([*known, limit or 0, 0]) or 1, 4)
    top = step * -(-(max([*known, limit or 0, 0]) or 1) // step)
    slot = 100 / max(len(periods), 1)

    def y(value: float) -> float:
        return TOP + PLOT * (1 - value / top)

    body: list[str] = []
    level = 0.0
    while level <= top + step / 1000:
        body.append(svg.line(0, y(level), 100, y(level), INK if level == 0 else LINE))
        if level:
            body.append(svg.text(0, y(level) - 4, number_text(level), size=12, fill=MUTED))
        level += step
    if limit is not None:
        words = limit_label or _("上限 %(limit)s") % {"limit": number_text(limit)}
        body.append(svg.line(0, y(limit), 100, y(limit), INK, width=2, dash="6 3"))
        body.append(svg.text(100, y(limit) - 6, words, size=12, anchor="end", bold=True))
    for one in series:
        body += _trend_line(one, slot, y)
    body += _period_axis(periods, slot, svg.rooms(width_px))
    body += _period_links(periods, series, slot, urls, unit)
    counts = list(n) if isinstance(n, Sequence) else None
    head = [_("期间"), *(one.label for one in series), *(["n"] if counts else [])]
    rows = [
        [
            period,
            *(value_text(one.values[i]) for one in series),
            *([f"{counts[i]:,}"] if counts else []),
        ]
        for i, period in enumerate(periods)
    ]
    total = sum(counts) if counts else n if isinstance(n, int) else None
    samples = [(svg.stroke_sample(one.colour, one.dash), one.label) for one in series]
    return finish(
        body,
        TOP + PLOT + 26,
        title=title,
        note=note_of(total, unit, as_of),
        table=svg.Table(head, rows, frozenset(range(1, len(head)))),
        links=bool(urls),
        width_px=width_px,
        key=svg.legend(samples) if len(samples) > 1 else "",
    )


def _trend_line(one: Series, slot: float, y: Callable[[float], float]) -> list[str]:
    """Segments, because a path knows no percent; a gap where there is no value."""
    body = []
    points = [
        None if value is None else ((i + 0.5) * slot, y(value))
        for i, value in enumerate(one.values)
    ]
    for before, after in pairwise(points):
        if before and after:
            extra = ' stroke-linecap="round"'
            body.append(
                svg.line(*before, *after, one.colour, width=2.5, dash=one.dash, extra=extra)
            )
    body += [
        f'<circle cx="{svg.percent(p[0])}" cy="{p[1]:.1f}" r="3" fill="{one.colour}"/>'
        for p in points
        if p
    ]
    return body


def _period_axis(periods: Sequence[str], slot: float, rooms: Mapping[str, int]) -> list[str]:
    body = []
    widest = max((svg.text_width(period, 12) for period in periods), default=0) + 8
    for kind, room in rooms.items():
        step = max(1, -(-int(len(periods) * widest) // room))
        offset = (len(periods) - 1) % step
        for index, period in enumerate(periods):
            if index % step != offset:
                continue
            x = (index + 0.5) * slot
            half = 50 * svg.text_width(period, 12) / room
            anchor = "end" if x + half > 100 else "start" if x < half else "middle"
            at = 100.0 if anchor == "end" else 0.0 if anchor == "start" else x
            body.append(
                svg.text(
                    at, TOP + PLOT + 18, period, size=12, anchor=anchor, fill=MUTED, css_class=kind
                )
            )
    return body


def _period_links(
    periods: Sequence[str],
    series: Sequence[Series],
    slot: float,
    urls: Sequence[str] | None,
    unit: str,
) -> list[str]:
    """An unseen column over each period: it names the values, and opens the cases."""
    body = []
    for index, period in enumerate(periods):
        values = [f"{s.label} {value_text(s.values[index])}" for s in series]
        words = f"{period}：{'，'.join(values)} {unit}".strip()
        extra = ' fill-opacity="0"'
        column = svg.rect(index * slot, TOP, slot, PLOT, INK, title=words, extra=extra)
        body.append(svg.link(column, urls[index] if urls else "", words))
    return body


def sparkline(
    values: Sequence[float | None], *, label: str, limit: float | None = None, colour: str = TEAL
) -> SafeString:
    """A line 120 × 32 pixels beside a number; `label` says the finding."""
    known = [value for value in values if value is not None]
    if not known:
        return mark_safe("")
    top = max([*known, limit or 0, 0]) or 1
    step = 112 / max(len(values) - 1, 1)
    paths: list[str] = []
    pen = "M"
    last = (0.0, 0.0)
    for index, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        last = (4 + index * step, 28 - 24 * value / top)
        paths.append(f"{pen}{last[0]:.1f} {last[1]:.1f}")
        pen = "L"
    mark = ""
    if limit is not None:
        y = 28 - 24 * limit / top
        mark = f'<path d="M0 {y:.1f}h120" stroke="{INK}" stroke-dasharray="4 3"/>'
    return mark_safe(
        f'<svg class="sparkline" width="120" height="32" viewBox="0 0 120 32" role="img" '
        f'aria-label="{escape(label)}" fill="none">{mark}'
        f'<path d="{"".join(paths)}" stroke="{colour}" stroke-width="2"/>'
        f'<circle cx="{last[0]:.1f}" cy="{last[1]:.1f}" r="3" fill="{colour}"/></svg>'
    )
