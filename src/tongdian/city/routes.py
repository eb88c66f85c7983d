"""Plausible routes of external works: from a customer's house to its street, and along it."""

from typing import Any, Final

import numpy as np
import shapely
from shapely import ops

from tongdian.city.areas import Floats
from tongdian.city.model import City
from tongdian.city.places import RURAL
from tongdian.city.roads import street_line
from tongdian.works.geometry import EXISTING_DUCT, OVERHEAD, PULLED, TRENCH, Route
from tongdian.works.projection import city_projection
from tongdian.works.refusals import RouteError

MEDIAN_M, SPREAD = 130.0, 0.9
SHORTEST_M, LONGEST_M = 25.0, 1500.0
TOWN_LAYINGS: Final = ((TRENCH, EXISTING_DUCT, PULLED), (0.55, 0.25, 0.20))
VILLAGE_LAYINGS: Final = ((OVERHEAD, TRENCH), (0.65, 0.35))
CHAMBER_SHARE: Final = 0.12
CLOSE_M: Final = 2.0
# The longest line where there is no street to follow.
STRAIGHT_M: Final = 300.0


def route_for(city: City, customer: int, source: np.random.Generator) -> Route:
    """A route that supplies a customer: along the street from where there is power, then in.

    Half of them are shorter than 130 m or so, a fifth longer than 300 m. The same route for the
    same state of `source`.
    """
    house = _metres(float(city.lon[customer]), float(city.lat[customer]))
    street = int(city.street[customer])
    layings, shares = VILLAGE_LAYINGS if city.streets.zone[street] == RURAL else TOWN_LAYINGS
    laying = str(source.choice(layings, p=shares))
    wanted = float(np.clip(MEDIAN_M * np.exp(source.normal(0, SPREAD)), SHORTEST_M, LONGEST_M))
    chamber = source.random() < CHAMBER_SHARE
    turn = float(source.uniform(0, 2 * np.pi))
    line = street_line(city.streets, street)
    if line is not None:
        try:
            return _along(line, house, wanted, laying, chamber)
        except RouteError:  # a street that crosses itself
            pass
    away = house + min(wanted, STRAIGHT_M) * np.array([np.cos(turn), np.sin(turn)])
    return Route.of([(_degrees([away, house]), laying)])


def _along(line: Any, house: Floats, wanted_m: float, laying: str, chamber: bool) -> Route:
    """From `wanted_m` along the street to the place before the house, and in."""
    at = line.project(shapely.Point(house))
    end = at + wanted_m if at + wanted_m <= line.length or at < line.length / 2 else at - wanted_m
    way = ops.substring(line, min(max(end, 0.0), line.length), at)
    points = list(shapely.get_coordinates(way))
    inside = laying if laying == OVERHEAD else TRENCH
    close = float(np.hypot(*(points[-1] - house))) < CLOSE_M
    corner = points[-1]
    if close:
        parts = [(_degrees(points), laying)]
    elif inside == laying:
        parts = [(_degrees([*points, house]), laying)]
    else:
        parts = [(_degrees(points), laying), (_degrees([corner, house]), inside)]
    wells = _degrees([corner]) if chamber and laying != OVERHEAD else []
    return Route.of(parts, wells)


def _metres(lon: float, lat: float) -> Floats:
    found: Floats = city_projection().forward(np.array([[lon, lat]]))[0]
    return found


def _degrees(points: list[Floats]) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in city_projection().inverse(np.array(points))]
