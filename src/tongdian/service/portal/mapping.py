"""A place picked on the map, with and without scripts."""

from typing import Any

from django.http import QueryDict
from django.utils.safestring import SafeString

from tongdian.service.look.district_map import read_pick, render_picker
from tongdian.service.look.districts import district_at

PICK_NAMES = ("map.x", "map.y", "edit")


def was_picked(query: QueryDict) -> bool:
    return read_pick(query) is not None


def sent_with_pick(query: QueryDict) -> QueryDict:
    """What was sent, with the point that was pressed on the map (without scripts) in its fields."""
    point = read_pick(query)
    if point is None:
        return query
    data = query.copy()
    for name in PICK_NAMES:
        data.pop(name, None)
    data["lon"], data["lat"] = f"{point.longitude:.5f}", f"{point.latitude:.5f}"
    district = district_at(point.longitude, point.latitude)
    if district is not None:
        data["district"] = district.code
    return data


def picker(lon: Any, lat: Any) -> SafeString:
    """The map with the point on it, if there is one."""
    try:
        place = (float(lon), float(lat))
    except (TypeError, ValueError):
        return render_picker(longitude_field="lon", latitude_field="lat")
    return render_picker(*place, longitude_field="lon", latitude_field="lat")
