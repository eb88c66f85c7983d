"""How many cases took how many days."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian.service.look import dates, svg
from tongdian.service.look.chart_frame import PLOT, TOP, finish, note_of
from tongdian.service.look.lanes import INK, MUTED, OVERDUE, TEAL

MOST_BINS = 31


def histogram(
    values: Iterable[int] | Mapping[int, int],
    limit: int | None,
    *,
    title: str,
    unit: str = "",
    as_of: date | datetime | None = None,
    limit_label: str = "",
    url_for: Callable[[int], str] | None = None,
    width_px: int | None = None,
) -> SafeString:
    """How many cases took how many whole days, the limit marked, what exceeds it in red and named.

    `values` are days per case, or {days: cases}. The last bin gathers what lies beyond 30 bins.
    """
    counts = Counter(dict(values)) if isinstance(values, Mapping) else Counter(values)
    n = sum(counts.values())
    promised = f"{limit} {unit}" if unit else dates.working_days_text(limit or 0)
    unit = unit or _("工作日")
    last = max([*counts, limit or 0, 1])
    first = min([*counts, 0]) if counts else 0
    gathered = last - first + 1 > MOST_BINS
    if gathered:
        # The gathered bin lies beyond the limit, so that it never mixes kept and broken promises.
        last = max(first + MOST_BINS - 1, (limit or 0) + 1)
        counts = Counter(dict(_gather(counts, last)))
    bins = list(range(first, last + 1))
    over = sum(c for day, c in counts.items() if limit is not None and day > limit)
    top = max(counts.values(), default=0)
    slot = 100 / len(bins)
    rooms = svg.rooms(width_px)
    body = _columns(bins, counts, top, slot, limit, url_for, gathered, rooms)
    body += _bin_axis(bins, slot, gathered, unit, rooms)
    if limit is not None:
        body += _limit_line(
            (limit - first + 1) * slot,
            limit_label or _("承诺 %(limit)s") % {"limit": promised},
            over,
            n,
        )
    rows = [
        [_bin_name(day, last, gathered), f"{counts[day]:,}", _share(counts[day], n)]
        for day in bins
        if counts[day]
    ]
    table = svg.Table([unit, _("件数"), _("占比")], rows, frozenset({1, 2}))
    return finish(
        body,
        TOP + PLOT + 40,
        title=title,
        note=note_of(n, "", as_of),
        table=table,
        links=url_for is not None,
        width_px=width_px,
    )


def _gather(counts: Mapping[int, int], last: int) -> Iterable[tuple[int, int]]:
    for day, count in counts.items():
        if day < last:
            yield day, count
    yield last, sum(count for day, count in counts.items() if day >= last)


def _bin_name(day: int, last: int, gathered: bool) -> str:
    return f"≥ {day}" if gathered and day == last else str(day)


def _share(count: int, n: int) -> str:
    return f"{100 * count / n:.1f}%" if n else "—"


def _columns(
    bins: Sequence[int],
    counts: Mapping[int, int],
    top: int,
    slot: float,
    limit: int | None,
    url_for: Callable[[int], str] | None,
    gathered: bool,
    rooms: Mapping[str, int],
) -> list[str]:
    body = [svg.line(0, TOP + PLOT, 100, TOP + PLOT, INK)]
    for index, day in enumerate(bins):
        count = counts.get(day, 0)
        if not count:
            continue
        height = max(PLOT * count / top, 2)
        late = limit is not None and day > limit
        words = _("%(days)s：%(n)s 件") % {
            "days": _bin_name(day, bins[-1], gathered),
            "n": f"{count:,}",
        }
        column = svg.rect(
            index * slot + slot * 0.08,
            TOP + PLOT - height,
            slot * 0.84,
            height,
            OVERDUE if late else TEAL,
            title=words,
        )
        centre = index * slot + slot / 2
        for kind, room in rooms.items():
            if svg.text_width(f"{count:,}", 12) + 2 < room * slot / 100:
                column += svg.text(
                    centre,
                    TOP + PLOT - height - 4,
                    f"{count:,}",
                    size=12,
                    anchor="middle",
                    fill=OVERDUE if late else MUTED,
                    css_class=kind,
                )
        body.append(svg.link(column, url_for(day) if url_for else "", words))
    return body


def _bin_axis(
    bins: Sequence[int], slot: float, gathered: bool, unit: str, rooms: Mapping[str, int]
) -> list[str]:
    body = []
    for kind, room in rooms.items():
        step = max(1, -(-len(bins) * 26 // room))
        for index, day in enumerate(bins):
            is_last = gathered and day == bins[-1]
            if index % step and not is_last:
                continue
            if not is_last and gathered and len(bins) - 1 - index < step:
                continue
            words = _bin_name(day, bins[-1], gathered)
            x = index * slot + slot / 2
            body.append(
                svg.text(
                    x, TOP + PLOT + 17, words, size=12, anchor="middle", fill=MUTED, css_class=kind
                )
            )
    body.append(svg.text(100, TOP + PLOT + 34, unit, size=12, anchor="end", fill=MUTED))
    return body


def _limit_line(x: float, words: str, over: int, n: int) -> list[str]:
    body = [svg.line(x, 2, x, TOP + PLOT, INK, width=2, dash="6 3")]
    right = x < 60
    anchor, shift = ("start", 8) if right else ("end", -8)
    body.append(svg.text(x, 14, words, anchor=anchor, bold=True, dx=shift))
    if over:
        late = _("超期 %(n)s 件（%(share)s）") % {"n": f"{over:,}", "share": _share(over, n)}
        body.append(svg.text(x, 32, late, anchor=anchor, fill=OVERDUE, bold=True, dx=shift))
    return body
