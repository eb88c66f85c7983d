"""The pictures of the board: each title states the finding."""

from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian.service.casework import clock
from tongdian.service.connection.labels import label
from tongdian.service.look.charts import Series, histogram, trend
from tongdian.service.supervision.selectors import BoardFilter, Histogram


def days_histogram(data: Histogram, wanted: BoardFilter) -> SafeString:
    """Days used by the cases of a track against its promise; each column opens its cases."""
    within = sum(n for days, n in data.counts.items() if days <= data.limit)
    words = {
        "track": label(data.track),
        "share": round(100 * within / data.cases, 1),
        "limit": data.limit,
    }
    title = _("%(track)s：%(share)s%% 在 %(limit)s 个工作日内通电") % words

    def url_for(days: int) -> str:
        query = {"days": wanted.days, "track": data.track, "district": wanted.district}
        query = {name: value for name, value in query.items() if value} | {"used": str(days)}
        return f"{reverse('board-cases', args=['done'])}?{urlencode(query)}"

    return histogram(data.counts, data.limit, title=title, as_of=clock.now(), url_for=url_for)


def monthly_trend(rows: list[tuple[date, float, float]]) -> SafeString | str:
    """Share within the limit by month; empty for fewer than two months."""
    if len(rows) < 2:
        return ""
    first, last = rows[0][2], rows[-1][2]
    change = round(last - first, 1)
    words = {"last": round(last, 1), "change": abs(change)}
    if change >= 0:
        title = _("按时率 %(last)s%%，比期初高 %(change)s 个百分点") % words
    else:
        title = _("按时率 %(last)s%%，比期初低 %(change)s 个百分点") % words
    return trend(
        [f"{day:%Y-%m}" for day, _days, _share in rows],
        [Series(_("按时率"), [share for _day, _days, share in rows])],
        title=title,
        unit="%",
        as_of=clock.now(),
    )
