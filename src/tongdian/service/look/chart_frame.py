"""What every chart shares: the note under it, and its frame."""

from datetime import date, datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.look import dates, svg
from tongdian.service.look.scales import number_text

PLOT = 168
TOP = 56


def value_text(value: float | None) -> str:
    return "—" if value is None else number_text(value)


def note_of(n: int | None, unit: str, as_of: date | datetime | None, extra: str = "") -> str:
    parts = []
    if n is not None:
        parts.append(f"n = {n:,}")
    if unit:
        parts.append(_("单位：%(unit)s") % {"unit": unit})
    if isinstance(as_of, datetime):
        parts.append(_("截至%(at)s") % {"at": dates.instant_in_full(as_of)})
    elif as_of is not None:
        parts.append(_("截至%(at)s") % {"at": dates.date_in_full(as_of)})
    if extra:
        parts.append(extra)
    return " · ".join(parts)


def finish(
    body: list[str],
    height: float,
    *,
    title: str,
    note: str,
    table: svg.Table,
    links: bool,
    width_px: int | None,
    key: str = "",
) -> SafeString:
    picture = svg.document(body, height, title, width_px=width_px, links=links)
    if width_px:
        return mark_safe(picture)
    return svg.figure(picture, title=title, note=note, table=table, key=key)
