"""A bar of time used against time promised, small enough for a table cell."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look import icons, lanes


def progress_svg(
    used: int | None, promised: int | None, *, lane: str = "utility", paused: bool = False
) -> SafeString:
    """Bar and words. The promise stands at 80 % of the bar's width, so that what runs over it
    shows as more, not as full."""
    if used is None or not promised:
        return format_html("<span class='progress muted'>{}</span>", _("无承诺时限"))
    late = used > promised
    share = min(used / promised * 80, 100)
    colour = lanes.OVERDUE if late else lanes.LANE_COLOURS.get(lane, lanes.TEAL)
    words = _("已用 %(used)s / %(promised)s 个工作日") % {"used": used, "promised": promised}
    bar = mark_safe(
        '<svg class="progress-bar" width="100%" height="12" aria-hidden="true" focusable="false">'
        f'<rect width="80%" height="12" fill="{lanes.LINE}" fill-opacity=".6"/>'
        f'<rect y="2" width="{share:.1f}%" height="8" fill="{colour}"/>'
        f'<rect x="80%" width="2" height="12" fill="{lanes.INK}"/></svg>'
    )
    sign = ""
    if late:
        sign = format_html("<span class='overdue'>{}{}</span> ", icons.icon("warning"), _("超期"))
    elif paused:
        sign = format_html("<span class='muted'>{}{}</span> ", icons.icon("pause"), _("中止"))
    return format_html(
        "<span class='progress'>{}<span class='progress-text'>{}{}</span></span>", bar, sign, words
    )
