"""How an endpoint does, as a small picture: attempts of the last day, hour by hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework import clock
from tongdian.service.exchange.models import Endpoint, EndpointHour
from tongdian.service.look import svg
from tongdian.service.look.lanes import LINE, MUTED, OVERDUE, TEAL

HOURS = 24
HEIGHT, LABELS = 48, 18


@dataclass(frozen=True, slots=True)
class Hour:
    """Attempts of one hour."""

    start: datetime
    delivered: int = 0
    failed: int = 0


def last_day(endpoints: Sequence[Endpoint]) -> dict[int, list[Hour]]:
    """The last 24 hours of each endpoint, oldest first, in one query."""
    top = clock.now().replace(minute=0, second=0, microsecond=0)
    starts = [top - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    rows = EndpointHour.objects.filter(endpoint__in=endpoints, hour__gte=starts[0])
    found = {(row.endpoint_id, row.hour): row for row in rows}
    return {
        endpoint.pk: [
            Hour(start, row.delivered, row.failed)
            if (row := found.get((endpoint.pk, start)))
            else Hour(start)
            for start in starts
        ]
        for endpoint in endpoints
    }


def picture(hours: Sequence[Hour]) -> SafeString:
    """Bars: delivered below in teal, failed above in red with a cross, so that colour is not the
    only sign."""
    top = max([hour.delivered + hour.failed for hour in hours] + [1])
    slot = 100 / len(hours)
    body = [svg.line(0, HEIGHT, 100, HEIGHT, LINE)]
    for place, hour in enumerate(hours):
        x, width = place * slot + slot * 0.12, slot * 0.76
        good, bad = (HEIGHT * n / top for n in (hour.delivered, hour.failed))
        label = hour.start.astimezone(SHANGHAI).strftime("%H:00")
        words = _("%(hour)s：送达 %(good)s，失败 %(bad)s") % {
            "hour": label, "good": hour.delivered, "bad": hour.failed,
        }  # fmt: skip
        if good:
            body.append(svg.rect(x, HEIGHT - good, width, good, TEAL, title=words))
        if bad:
            body.append(svg.rect(x, HEIGHT - good - bad, width, bad, OVERDUE, title=words))
            cross = min(max(HEIGHT - good - bad + 10, 10), HEIGHT - 2)
            body.append(svg.text(x + width / 2, cross, "×", size=11, anchor="middle", fill="#fff"))
        if place % 6 == 0:
            body.append(svg.text(place * slot, HEIGHT + 14, label, size=11, fill=MUTED))
    return mark_safe(svg.document(body, HEIGHT + LABELS, finding(hours)))


def finding(hours: Sequence[Hour]) -> str:
    """What the picture says, in words."""
    good, bad = sum(h.delivered for h in hours), sum(h.failed for h in hours)
    if not good and not bad:
        return _("24 小时内没有投递")
    return _("24 小时内送达 %(good)s 次，失败 %(bad)s 次") % {"good": good, "bad": bad}
