"""Links and words of the board."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext

from tongdian.service.supervision.charts import cases_url
from tongdian.service.supervision.names import chinese, district_name, figure_name
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import Cell

register = template.Library()
register.filter("district_name", district_name)
register.filter("figure_name", figure_name)


@register.filter
def formula(figure: Any) -> str:
    return str(figure.formula_zh if chinese() else figure.formula_en)


@register.filter
def short_name(figure: Any) -> str:
    """The name of a figure below the heading of its group."""
    if figure.id.endswith("_median"):
        return gettext("中位数")
    return gettext("九成") if figure.id.endswith("_p90") else figure_name(figure)


@register.simple_tag
def cell_url(cell: Cell, wanted: BoardFilter) -> str:
    """The cases behind a number."""
    return cases_url(cell.figure.id, wanted.query(track=cell.track, district=cell.district))


@register.simple_tag
def figure_url(figure: Any, wanted: BoardFilter) -> str:
    """The cases behind a figure over all that is chosen, with its formula."""
    return cases_url(figure.id, wanted.query())


@register.simple_tag
def findings_url(wanted: BoardFilter, kind: str = "") -> str:
    return f"{reverse('board-findings')}?{urlencode(wanted.query(kind=kind))}"


@register.simple_tag
def board_query(wanted: BoardFilter, **changes: Any) -> str:
    return urlencode(wanted.query(**changes))


@register.filter
def translated(text: str) -> str:
    """A unit in the language of the request."""
    return gettext(text)
