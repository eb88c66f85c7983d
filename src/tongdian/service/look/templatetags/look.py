"""`{% load look %}`: the components every page is made of. See docs/look.md."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.calendar import Deadline
from tongdian.service.look import dates, icons, lanes
from tongdian.service.look.context import short_language
from tongdian.service.look.due import why_due
from tongdian.service.look.fields import FieldView, view_field
from tongdian.service.look.meters import progress_svg

register = template.Library()

STAR_WORDS = (
    gettext_lazy("非常不满意"),
    gettext_lazy("不满意"),
    gettext_lazy("基本满意"),
    gettext_lazy("满意"),
    gettext_lazy("非常满意"),
)


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """`{% icon "warning" %}`; a word has to stand beside it."""
    return icons.icon(name, css_class)


@register.inclusion_tag("look/field.html")
def field(bound: BoundField, **options: Any) -> dict[str, FieldView]:
    """`{% field form.load_kw suffix="kW" width="6" heading=True hint="…" source="…" %}`."""
    return {"field": view_field(bound, **options)}


@register.inclusion_tag("look/field.html")
def star_input(bound: BoundField, **options: Any) -> dict[str, Any]:
    """Five levels of 好差评 for a field with a RadioSelect whose values are 1 to 5."""
    return {"field": view_field(bound, **options), "stars": True}


@register.inclusion_tag("look/error_summary.html")
def error_summary(*form_list: forms.BaseForm) -> dict[str, Any]:
    """`{% error_summary form %}`: every error of the forms, each a link to its field."""
    items: list[dict[str, str]] = []
    for form in form_list:
        for name, errors in form.errors.items():
            target = _first_control(form, name)
            label = str(form[name].label) if name in form.fields else ""
            items.extend({"target": target, "label": label, "text": str(e)} for e in errors)
    return {"items": items}


def _first_control(form: forms.BaseForm, name: str) -> str:
    """The id of the first control of a field; form-wide errors have none."""
    if name not in form.fields:
        return ""
    bound = form[name]
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id)


@register.inclusion_tag("look/summary_list.html")
def summary_list(rows: Iterable[Any], caption: str = "") -> dict[str, Any]:
    """Rows of question, answer, source, url (of the change link): mappings or objects."""
    return {"rows": list(rows), "caption": caption}


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "") -> SafeString:
    """`{% notice "warning" title="…" %}…{% endnotice %}`: info, success, warning, error."""
    heading = format_html("<p class='notice-title'>{}</p>", title) if title else ""
    role = "alert" if kind == "error" else "note"
    return format_html(
        "<div class='notice notice-{}' role='{}'><div class='notice-icon'>{}</div>"
        "<div class='notice-body'>{}{}</div></div>",
        kind,
        role,
        icons.icon(kind),
        heading,
        content,
    )


@register.simple_block_tag
def panel(content: str, title: str, number: str = "", number_label: str = "") -> SafeString:
    """The confirmation at the end: `{% panel "申请已提交" number="…" %}next step{% endpanel %}`."""
    label = number_label or _("办件编号")
    figure = (
        format_html("<p class='panel-number'>{}<br><strong>{}</strong></p>", label, number)
        if number
        else ""
    )
    return format_html(
        "<div class='panel'><h1>{}</h1>{}<div class='panel-body'>{}</div></div>",
        title,
        figure,
        content,
    )


@register.simple_tag
def tag(status: Any, colour: str = "", icon: str = "") -> SafeString:
    """A status: an object with `label` and `colour`, or a text and a colour."""
    label = getattr(status, "label", status)
    tone = colour or getattr(status, "colour", "grey")
    mark = icon or {"overdue": "warning", "paused": "pause", "energised": "lamp"}.get(tone, "")
    return format_html(
        "<span class='tag tag-{}'>{}{}</span>", tone, icons.icon(mark) if mark else "", label
    )


@register.simple_tag
def lane_chip(lane: str, label: str = "") -> SafeString:
    """Who holds it: the lane's colour, its sign and its name."""
    sign = icons.icon(lane) if lane in lanes.LANES else ""
    text = label or lanes.lane_name(lane, short_language())
    return format_html("<span class='lane lane-{}'>{}{}</span>", lane, sign, text)


@register.inclusion_tag("look/due.html")
def due(
    day: date | datetime | None,
    left: int | None = None,
    why: Deadline | None = None,
    provisional: bool = False,
    *,
    today: date | datetime | None = None,
    start: date | datetime | None = None,
    working_days: int | None = None,
    clause: str = "",
    label: str = "",
    compact: bool = False,
) -> dict[str, Any]:
    """A due date in full, what is left of it, and why it is this date.

    `{% due clock.due clock.left why clock.provisional %}` with the Deadline of `calendar.explain`;
    or `{% due day today=today start=start working_days=5 %}`, where `start` is the day the clock
    (re)started, itself not counted. Without `why` and `start`, or `compact`, no explanation.
    """
    if day is None:
        return {"day": None, "label": label}
    calendar = dates.standard_calendar()
    due_on = dates.local_day(day)
    now = dates.local_day(today) if today is not None else None
    if compact:
        why = None
    elif why is None and start is not None and working_days is not None:
        why = calendar.explain(dates.local_day(start), working_days)
    words = None
    if left is not None:
        words = dates.left_text(left)
    elif now is not None:
        words = dates.time_left(due_on, now, calendar)
    year = now.year if now else None
    return {
        "day": due_on,
        "label": label,
        "text": dates.day_in_full(due_on, this_year=year),
        "left": words,
        "provisional": provisional or calendar.is_provisional(due_on),
        "clause": clause,
        "why": why_due(why, this_year=year) if why is not None else None,
    }


@register.inclusion_tag("look/clause.html")
def clause(reference: str, quotation: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """A quiet link to the clause behind a statement; with `quotation` it opens in place."""
    return {"reference": reference, "quotation": quotation, "url": url, "label": label}


@register.simple_tag
def progress_bar(
    used: int | None, promised: int | None, *, lane: str = "utility", paused: bool = False
) -> SafeString:
    """Time used against promised: a bar and the words."""
    return progress_svg(used, promised, lane=lane, paused=paused)


@register.inclusion_tag("look/pager.html", takes_context=True)
def pager(context: template.Context, page: Page[Any], parameter: str = "page") -> dict[str, Any]:
    """`{% pager page %}` keeps the other query parameters."""
    query = context["request"].GET.copy()
    query.pop(parameter, None)
    prefix = f"?{query.urlencode()}&" if query else "?"
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return {
        "page": page,
        "prefix": f"{prefix}{parameter}=",
        "numbers": list(numbers),
        "ellipsis": page.paginator.ELLIPSIS,
    }


@register.simple_tag
def stars(value: float | None, count: int | None = None) -> SafeString:
    """Five stars and the word: `{% stars 4 %}`, `{% stars 4.6 count=128 %}`."""
    if value is None:
        return format_html("<span class='stars muted'>{}</span>", _("尚未评价"))
    full = max(0, min(5, round(value)))
    signs = [icons.icon("star")] * full + [icons.icon("star-empty")] * (5 - full)
    word = STAR_WORDS[max(full, 1) - 1] if count is None else f"{value:.1f}"
    many = "" if count is None else format_html(" · {}", _("%(n)s 次评价") % {"n": count})
    return format_html(
        "<span class='stars'><span class='stars-row'>{}</span> {}{}</span>",
        SafeString("".join(signs)),
        word,
        many,
    )


@register.filter
def instant(value: datetime | None) -> str:
    """An instant in Shanghai time, to the minute."""
    return dates.instant_in_full(value) if value else ""


@register.filter
def own_language(text: str) -> str:
    """Of `没有连上 / Not reached: ConnectError`, as machines keep it, the reader's part."""
    zh, slash, en = str(text).partition(" / ")
    if not slash or short_language() == "en":
        return en or zh
    detail = en.partition(": ")[2]
    return f"{zh}（{detail}）" if detail else zh


@register.filter
def day(value: date | datetime | None) -> str:
    """`9月26日 星期日（调休上班）`."""
    return dates.day_in_full(value) if value else ""


@register.filter
def working_days(value: float | Decimal | None) -> str:
    """`3 个工作日`."""
    return "" if value is None else dates.working_days_text(value)


@register.filter
def kw(value: Decimal | float | None) -> str:
    """`12.5 kW`, thousands apart, no trailing zeros."""
    if value is None:
        return ""
    number = f"{Decimal(str(value)):,f}"
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}\u00a0kW"


@register.filter
def lane_label(lane: str) -> str:
    return lanes.lane_name(lane, short_language()) if lane else ""


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`{{ names|lookup:case.stage }}`: the value under a key that is itself a variable."""
    return mapping.get(key, "") if mapping else ""
