"""Links and words of the board."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from tongdian.service.supervision.names import chinese, district_name, figure_name
from tongdian.service.supervision.selectors import BoardFilter, Cell

register = template.Library()
register.filter("district_name", district_name)
register.filter("figure_name", figure_name)


@register.filter
def formula(figure: Any) -> str:
    return str(figure.formula_zh if chinese() else figure.formula_en)


@register.simple_tag
def cell_url(cell: Cell, wanted: BoardFilter) -> str:
    """The cases behind a number."""
    parts = {"days": wanted.days, "track": cell.track, "district": cell.district}
    query = urlencode({name: value for name, value in parts.items() if value})
    return f"{reverse('board-cases', args=[cell.figure.id])}?{query}"


@register.simple_tag
def board_query(wanted: BoardFilter, **changes: str) -> str:
    parts = {"days": wanted.days, "track": wanted.track, "district": wanted.district, **changes}
    return urlencode({name: value for name, value in parts.items() if value})


@register.filter
def translated(text: str) -> str:
    """A unit in the language of the request."""
    from django.utils.translation import gettext

    return gettext(text)
