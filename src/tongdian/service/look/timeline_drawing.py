"""Draws the scene of a timeline."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tongdian.service.look import dates, svg
from tongdian.service.look.lanes import (
    INK,
    LANE_COLOURS,
    LINE,
    MIST,
    MUTED,
    OVERDUE,
    PAPER,
    lane_name,
)
from tongdian.service.look.timeline_scene import HoldLike, Scene

TOP = 44
ROW = 66
BAR = 16
AXIS = 26
SMALLEST_BAR = 0.8


def height(scene: Scene) -> int:
    return TOP + ROW * len(scene.lanes) + AXIS


def draw(scene: Scene) -> list[str]:
    bottom = TOP + ROW * len(scene.lanes)
    parts = [svg.lane_hatches(scene.prefix), _fade(scene)]
    parts += [svg.rect(x, TOP - 4, w, bottom - TOP + 4, MIST) for x, w in scene.axis.gaps()]
    if scene.due and scene.late_days:
        start, end = scene.axis.at(scene.due), scene.axis.at(scene.finished)
        extra = ' fill-opacity="0.1"'
        parts.append(svg.rect(start, TOP - 4, end - start, bottom - TOP + 4, OVERDUE, extra=extra))
    tops = {lane: TOP + ROW * row for row, lane in enumerate(scene.lanes)}
    for lane, top in tops.items():
        parts += _row(scene, lane, top)
    parts += _days(scene, bottom)
    parts += _markers(scene, bottom)
    # Names last, with a halo, so that no line runs through them.
    for lane, top in tops.items():
        mine = [hold for hold in scene.holds if hold.lane == lane]
        parts.append(_lane_title(scene, lane, top))
        parts += _labels(scene, mine, top + 22 + BAR + 14)
    return parts


def _lane_title(scene: Scene, lane: str, top: float) -> str:
    running, paused = scene.lane_days(lane)
    days = dates.working_days_text(running)
    if paused:
        days += _("（另中止 %(days)s）") % {"days": dates.working_days_text(paused)}
    name = lane_name(lane, scene.words.language)
    return svg.text(0, top + 14, f"{name} · {days}", bold=True, halo=True)


def _fade(scene: Scene) -> str:
    colour = LANE_COLOURS.get(scene.holds[-1].lane, INK)
    return (
        f'<defs><linearGradient id="{scene.prefix}-fade">'
        f'<stop offset="0" stop-color="{colour}" stop-opacity="0.4"/>'
        f'<stop offset="1" stop-color="{colour}" stop-opacity="0.06"/></linearGradient></defs>'
    )


def _row(scene: Scene, lane: str, top: float) -> list[str]:
    colour = LANE_COLOURS[lane]
    bar_top = top + 22
    parts = [svg.line(0, bar_top + BAR / 2, 100, bar_top + BAR / 2, LINE)]
    mine = [hold for hold in scene.holds if hold.lane == lane]
    parts += [_bar(scene, hold, bar_top, colour) for hold in mine]
    if scene.is_open and scene.holds[-1].lane == lane:
        parts += _ahead(scene, bar_top, colour)
    return parts


def _bar(scene: Scene, hold: HoldLike, top: float, colour: str) -> str:
    start, width = _extent(scene, hold)
    fill = f"url(#{scene.prefix}-{hold.lane})" if hold.paused else colour
    extra = f' rx="2" stroke="{colour if hold.paused else PAPER}"'
    what = scene.words.stage(hold.stage)
    if hold.paused:
        what = _("%(stage)s，中止：%(ground)s") % {
            "stage": what,
            "ground": scene.words.ground(hold.ground),
        }
    title = f"{what} · {dates.working_days_text(scene.days_of(hold))}"
    return svg.rect(start, top, width, BAR, fill, title=title, extra=extra)


def _extent(scene: Scene, hold: HoldLike) -> tuple[float, float]:
    start = scene.axis.at(hold.start)
    end = scene.axis.at(hold.end or max(scene.now, hold.start))
    return min(start, 100 - SMALLEST_BAR), max(end - start, SMALLEST_BAR)


def _ahead(scene: Scene, top: float, colour: str) -> list[str]:
    """What is still to come: the forecast as a fade, else a dotted way to the due date."""
    now = scene.axis.at(scene.now)
    if scene.forecast:
        middle, far = (scene.axis.at(day) for day in scene.forecast)
        parts = []
        if middle > now:
            extra = ' fill-opacity="0.4"'
            parts.append(svg.rect(now, top + 3, middle - now, BAR - 6, colour, extra=extra))
        if far > max(middle, now):
            begin = max(middle, now)
            fill = f"url(#{scene.prefix}-fade)"
            parts.append(svg.rect(begin, top + 3, far - begin, BAR - 6, fill))
        return parts
    if scene.due is None or scene.late_days:
        return []
    y = top + BAR / 2
    return [svg.line(now, y, scene.axis.at(scene.due), y, colour, width=2, dash="2 5")]


def _labels(scene: Scene, holds: Sequence[HoldLike], y: float) -> list[str]:
    """Stage names under their bars: the longest first, and none that would touch another.

    A name that has room at a desk only is marked `wide`.
    """
    order = sorted(holds, key=lambda h: (h.end is not None, -_extent(scene, h)[1]))
    shown: dict[int, set[str]] = {}
    for kind, room in scene.rooms.items():
        taken: list[tuple[float, float]] = []
        for hold in order:
            width = 100 * (svg.text_width(_label(scene, hold), 12) + 8) / room
            start = _label_start(scene, hold, width)
            if width <= 100 and all(start >= b or start + width <= a for a, b in taken):
                taken.append((start, start + width))
                shown.setdefault(id(hold), set()).add(kind)
    parts = []
    for hold in holds:
        for kind in sorted(shown.get(id(hold), set())):
            room = scene.rooms[kind]
            words = _label(scene, hold)
            width = 100 * (svg.text_width(words, 12) + 8) / room
            start = _extent(scene, hold)[0]
            at_end = start + width > 100
            parts.append(
                svg.text(
                    100 if at_end else start,
                    y,
                    words,
                    size=12,
                    anchor="end" if at_end else "start",
                    fill=MUTED,
                    css_class=kind,
                    halo=True,
                )
            )
    return parts


def _label(scene: Scene, hold: HoldLike) -> str:
    return _("中止") if hold.paused else scene.words.stage(hold.stage)


def _label_start(scene: Scene, hold: HoldLike, width: float) -> float:
    return min(_extent(scene, hold)[0], 100 - width)


def _days(scene: Scene, bottom: float) -> list[str]:
    """Dates along the foot; more of them at a desk."""
    parts = [svg.line(0, bottom, 100, bottom, INK)]
    for kind, room in scene.rooms.items():
        most = max(4, room // 66)
        for x, day in scene.axis.ticks(most):
            words = dates.short_day(day, scene.words.language)
            width = 100 * svg.text_width(words, 12) / room
            if x + width <= 100:
                parts.append(
                    svg.line(
                        x, bottom, x, bottom + 5, INK, extra=f' class="{kind}"' if kind else ""
                    )
                    + svg.text(x, bottom + 19, words, size=12, fill=MUTED, css_class=kind)
                )
    return parts


def _markers(scene: Scene, bottom: float) -> list[str]:
    """Today's line and the promise's flag, on two heights so that they never touch."""
    parts: list[str] = []
    if scene.is_open:
        x = scene.axis.at(scene.now)
        parts.append(svg.line(x, 20, x, bottom, INK, width=2))
        parts.append(_mark_text(x, 36, _("今天"), INK))
    if scene.due:
        x = scene.axis.at(scene.due)
        colour = OVERDUE if scene.late_days else INK
        parts.append(svg.line(x, 4, x, bottom, colour, width=2, dash="6 3"))
        label = scene.words.promise or _("到期")
        words = f"{label} {dates.short_day(scene.due, scene.words.language)}"
        if scene.late_days:
            over = dates.working_days_text(scene.late_days)
            words += _(" · 超期 %(days)s") % {"days": over}
        parts.append(_flag(x, colour))
        parts.append(_mark_text(x, 15, words, colour, flag=True))
    return parts


def _flag(x: float, colour: str) -> str:
    """A pennant beside the pole; nested, because a path knows no percent."""
    side = "M0 0h-12l4 5-4 5h12z" if x > 50 else "M0 0h12l-4 5 4 5h-12z"
    pennant = f'<path d="{side}" fill="{colour}"/>'
    return f'<svg x="{svg.percent(x)}" y="4" overflow="visible">{pennant}</svg>'


def _mark_text(x: float, y: float, words: str, fill: str, *, flag: bool = False) -> str:
    shift = 18 if flag else 6
    if x > 50:
        return svg.text(x, y, words, anchor="end", fill=fill, bold=True, dx=-shift, halo=True)
    return svg.text(x, y, words, fill=fill, bold=True, dx=shift, halo=True)
