"""Pictures of leads: load to come by month and by district, and where one building is."""

import math
from collections.abc import Callable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongdian.service.casework import clock
from tongdian.service.leads.selectors import Expected
from tongdian.service.look import svg
from tongdian.service.look.chart_frame import note_of
from tongdian.service.look.charts import Bar, bars
from tongdian.service.look.district_map import choropleth, outline, to_xy
from tongdian.service.look.districts import District, district_at, districts
from tongdian.service.look.lanes import INK, MIST, MUTED, TEAL
from tongdian.service.look.scales import number_text

MARGIN = 6


def months_picture(months: Sequence[Expected], url_for: Callable[[str], str]) -> SafeString:
    """Expected load by the month of planned completion; the title says the sum and the peak."""
    total = sum(month.load_kw for month in months)
    if not total:
        return mark_safe("")
    peak = max(months, key=lambda month: month.load_kw)
    title = _("今后 12 个月预计新增 %(total)s kW，%(month)s最多") % {
        "total": number_text(float(total)), "month": month_name(peak.key),
    }  # fmt: skip
    rows = [
        Bar(month_name(m.key), float(m.load_kw), url_for(m.key) if m.n else "", m.n) for m in months
    ]
    return bars(rows, title=title, unit="kW", as_of=clock.now())


def month_name(month: str) -> str:
    """`2027年6月`."""
    year, number = month.split("-")
    return _("%(year)s年%(month)s月") % {"year": year, "month": int(number)}


def districts_picture(found: Sequence[Expected], url_for: Callable[[str], str]) -> SafeString:
    """Expected load by district, for those who see the whole city."""
    values = {one.key: float(one.load_kw) for one in found if one.key in districts()}
    if not values:
        return mark_safe("")
    top = max(values, key=lambda code: values[code])
    title = _("预计负荷最多：%(district)s，%(load)s kW") % {
        "district": districts()[top].name, "load": number_text(values[top]),
    }  # fmt: skip
    return choropleth(
        {code: values.get(code) for code in districts()},
        title=title,
        unit="kW",
        as_of=clock.now(),
        n=sum(one.n for one in found),
        url_for=url_for,
    )


def place_picture(lon: float, lat: float, code: str) -> SafeString:
    """The building within the outline of its district, and the districts around."""
    home = district_at(lon, lat) or districts().get(code)
    if home is None:
        return mark_safe("")
    left, top, width, height = _frame(home)
    x, y = to_xy(lon, lat)
    unit = max(width, height) / 100  # a hundredth of the picture
    shapes = "".join(_shape(district, district is home, unit) for district in districts().values())
    pin = (
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{2.6 * unit:.2f}" fill="{TEAL}" stroke="#fff" '
        f'stroke-width="{0.8 * unit:.2f}"/>'
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{5 * unit:.2f}" fill="none" stroke="{TEAL}" '
        f'stroke-width="{0.7 * unit:.2f}"/>'
    )
    title = _("在%(district)s，离区中心 %(km)s 公里") % {
        "district": home.name, "km": f"{_kilometres((lon, lat), _middle(home)):.1f}",
    }  # fmt: skip
    picture = (
        f'<svg viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}" role="img" '
        f'class="lead-place" aria-label="{escape(title)}" font-family="{svg.FONT}">'
        f"{shapes}{pin}</svg>"
    )
    table = svg.Table([_("经度"), _("纬度")], [[f"{lon:.6f}", f"{lat:.6f}"]], frozenset({0, 1}))
    note = note_of(None, "", None, _("区划为示意"))
    return mark_safe(
        f'<div class="map">{svg.figure(picture, title=title, note=note, table=table)}</div>'
    )


def _shape(district: District, is_home: bool, unit: float) -> str:
    fill = "#e3efef" if is_home else MIST
    width = (0.9 if is_home else 0.4) * unit
    path = (
        f'<path d="{outline(district)}" fill="{fill}" stroke="{MUTED}" stroke-width="{width:.2f}"/>'
    )
    if not is_home:
        return path
    x, y = to_xy(*_middle(district))
    return path + (
        f'<text x="{x:.2f}" y="{y:.2f}" font-size="{5 * unit:.2f}" fill="{INK}" '
        f'text-anchor="middle">{escape(district.name)}</text>'
    )


def _middle(district: District) -> tuple[float, float]:
    """Within the district, where a small one's name may stand outside."""
    return district.leader_from or district.label_at


def _frame(district: District) -> tuple[float, float, float, float]:
    """Left, top, width and height around a district, in map pixels."""
    points = [to_xy(lon, lat) for ring in district.rings for lon, lat in ring]
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    margin = MARGIN * max(max(xs) - min(xs), max(ys) - min(ys)) / 100
    return (
        min(xs) - margin,
        min(ys) - margin,
        max(xs) - min(xs) + 2 * margin,
        max(ys) - min(ys) + 2 * margin,
    )


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * 111.32 * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, (one[1] - other[1]) * 110.9)
