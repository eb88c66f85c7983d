"""The timeline of a case: lanes as rows, working days from left to right, today, the promise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongdian.law.calendar import WorkCalendar
from tongdian.service.look import dates, svg
from tongdian.service.look.axis import WorkAxis
from tongdian.service.look.lanes import (
    lane_name,
)
from tongdian.service.look.timeline_drawing import draw, height
from tongdian.service.look.timeline_scene import HoldLike, Scene, Words


def render_timeline(
    holds: Sequence[HoldLike],
    *,
    today: date | datetime,
    due: date | None = None,
    provisional: bool = False,
    calendar: WorkCalendar | None = None,
    lang: str = "zh",
    promise_label: str = "",
    pauses: Mapping[str, str] | None = None,
    stage_names: Mapping[str, str] | None = None,
    forecast: tuple[date, date] | None = None,
    title: str = "",
    prefix: str = "timeline",
    width_px: int | None = None,
) -> SafeString:
    """The picture and the same as a table, as a `<figure>`; empty for a case without holds.

    `pauses` names grounds, `stage_names` names stages; `forecast` is (P50, P90); `prefix` keeps
    ids apart when a page holds two timelines. With `width_px` only the SVG, standing alone.
    """
    if not holds:
        return mark_safe("")
    with override("en" if lang == "en" else "zh-hans"):
        words = Words(stage_names or {}, pauses or {}, promise_label, lang)
        scene = _scene(
            holds, today, due, provisional, forecast, calendar or dates.standard_calendar(), words,
            prefix, width_px,
        )  # fmt: skip
        found = title or finding(scene)
        alt = _("%(finding)s。%(lanes)s") % {"finding": found, "lanes": _lane_totals(scene)}
        picture = svg.document(draw(scene), height(scene), alt, width_px=width_px)
        if width_px:
            return mark_safe(picture)
        return svg.figure(
            picture, title=found, note=_note(scene), table=_table(scene), key=_legend(scene)
        )


def _scene(
    holds: Sequence[HoldLike],
    today: date | datetime,
    due: date | None,
    provisional: bool,
    forecast: tuple[date, date] | None,
    calendar: WorkCalendar,
    words: Words,
    prefix: str,
    width_px: int | None,
) -> Scene:
    now = today if isinstance(today, datetime) else _noon(today)
    first = dates.local_day(holds[0].start)
    ends = [dates.local_day(holds[-1].end or now), first]
    if holds[-1].end is None:
        ends.append(dates.local_day(now))
    ends += [due] if due else []
    ends += [forecast[1]] if forecast else []
    last = calendar.add(max(ends), 1) if holds[-1].end is None else max(ends)
    axis = WorkAxis.over(first, max(last, first), calendar)
    return Scene(holds, now, due, provisional, forecast, calendar, words, axis, prefix, width_px)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=dates.SHANGHAI)


def finding(scene: Scene) -> str:
    """One sentence: who holds the case, and how it stands against the promise."""
    last = scene.holds[-1]
    who = lane_name(last.lane, scene.words.language)
    stage = scene.words.stage(last.stage)
    if not scene.is_open:
        total = sum(scene.days_of(hold) for hold in scene.holds)
        days = dates.working_days_text(total)
        if scene.late_days:
            over = dates.working_days_text(scene.late_days)
            return _("历时 %(days)s，超期 %(over)s") % {"days": days, "over": over}
        return _("历时 %(days)s") % {"days": days}
    if last.paused:
        return _("计时已中止：%(ground)s") % {"ground": scene.words.ground(last.ground)}
    text = _("现在由%(who)s办理：%(stage)s") % {"who": who, "stage": stage}
    if scene.due is None:
        return text
    left = dates.time_left(scene.due, dates.local_day(scene.now), scene.calendar)
    return _("%(text)s，%(left)s") % {"text": text, "left": left.text}


def _lane_totals(scene: Scene) -> str:
    parts = []
    for lane in scene.lanes:
        running, paused = scene.lane_days(lane)
        name = lane_name(lane, scene.words.language)
        part = _("%(lane)s %(days)s") % {"lane": name, "days": dates.working_days_text(running)}
        if paused:
            part += _("（另中止 %(days)s）") % {"days": dates.working_days_text(paused)}
        parts.append(part)
    return _("，").join(parts)


def _note(scene: Scene) -> str:
    note = _("横轴为工作日，非工作日压缩；截至%(at)s") % {
        "at": dates.instant_in_full(scene.now, scene.words.language)
    }
    if scene.provisional:
        note += _("。到期日为暂定：该年放假安排尚未公布")
    return note


def _legend(scene: Scene) -> str:
    if not any(hold.paused for hold in scene.holds):
        return ""
    lane = next(hold.lane for hold in scene.holds if hold.paused)
    return svg.legend(
        [(svg.swatch(f"url(#{scene.prefix}-{lane})"), _("斜线：计时中止，不计入承诺"))]
    )


def _table(scene: Scene) -> svg.Table:
    language = scene.words.language
    rows = []
    for hold in scene.holds:
        end = dates.instant_in_full(hold.end, language) if hold.end else _("进行中")
        state = _("中止：%(ground)s") % {"ground": scene.words.ground(hold.ground)}
        rows.append(
            [
                scene.words.stage(hold.stage),
                lane_name(hold.lane, language),
                dates.instant_in_full(hold.start, language),
                end,
                str(scene.days_of(hold)),
                state if hold.paused else _("计时"),
            ]
        )
    head = [_("环节"), _("由谁办理"), _("开始"), _("结束"), _("工作日"), _("计时")]
    return svg.Table(head, rows, frozenset({4}))
