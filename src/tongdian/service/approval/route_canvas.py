"""The map that people draw a route on: the same picture, wider, with what a pointer needs."""

from dataclasses import dataclass
from typing import Any, Final

import shapely
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tongdian.law.calendar import local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.route_map import legend, route_svg
from tongdian.service.approval.route_objects import city_objects
from tongdian.service.approval.route_window import DRAWING_M, Window
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.look.districts import districts
from tongdian.works.geometry import Route
from tongdian.works.kinds import ROAD
from tongdian.works.projection import city_projection

# As far as one may pan without another page.
LOADED_M: Final = 2400.0


@dataclass(frozen=True)
class Canvas:
    """What the template and the script need. `affine` turns the picture's metres into degrees."""

    svg: SafeString
    legend: SafeString
    affine: dict[str, float]
    lines: list[list[list[float]]]
    route: dict[str, Any] | None


def canvas(case: Case, route: Route | None) -> Canvas:
    """The map around the route, or else around the premises."""
    premises = _premises(case)
    view = Window.of_route(route, DRAWING_M) if route else Window.around(*premises)
    window = view.widened(LOADED_M)
    objects, plan, today = city_objects(), load_plan(case.plan), local_date(clock.now())
    picture = route_svg(
        window, objects, alt=_("画外线路径的地图"), plan=plan, on=today, prefix="draw", view=view,
        mark=(*premises, _("用电地点")), role="group",
    )  # fmt: skip
    return Canvas(
        picture,
        legend(objects, view, plan, today, route=False),
        window.affine(),
        _centre_lines(window),
        route.to_geojson() if route else None,
    )


def _premises(case: Case) -> tuple[float, float]:
    """Where the power is wanted; the middle of the district when only that is known."""
    personal = case.events.get(seq=1).personal or {}
    lon, lat = personal.get("lon"), personal.get("lat")
    if lon is not None and lat is not None:
        return float(lon), float(lat)
    district = districts().get(case.district) or next(iter(districts().values()))
    # A small district's name stands beside it, at the end of a line from its middle.
    return district.leader_from or district.label_at


def _centre_lines(window: Window) -> list[list[list[float]]]:
    """Roads' centre lines on the picture, for snapping; decimetres are enough."""
    objects = city_objects()
    lines = []
    for hit in objects.index.areas.query(window.box, predicate="intersects").tolist():
        row = int(objects.index.area_rows[hit])
        if str(objects.kinds[row]) != ROAD:
            continue
        metres = city_projection().to_metres(objects.geometry[row])
        for piece in shapely.get_parts(shapely.intersection(metres, window.box)):
            if piece.geom_type == "LineString":
                points = [window.to_picture(x, y) for x, y in piece.coords]
                lines.append([[round(x, 1), round(y, 1)] for x, y in points])
    return lines
