"""A piece of city that is drawn by hand, so that every distance is known."""

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from tongdian.works.objects import CityObjects
from tongdian.works.projection import city_projection
from tongdian.works.routes import Route

ORIGIN = (106.7135, 26.5783)
ON = date(2026, 11, 25)


def degrees(*metres: tuple[float, float]) -> list[tuple[float, float]]:
    """Points east and north of the origin, metres, as stored."""
    projection = city_projection()
    base = projection.forward(np.array([ORIGIN]))[0]
    points = projection.inverse(base + np.array(metres, dtype=float)).round(7)
    return [(float(x), float(y)) for x, y in points]


def route(
    *metres: tuple[float, float], laying: str = "trench", chambers: Any = (), **more: Any
) -> Route:
    """A route of one part, metres from the origin."""
    wells = degrees(*chambers) if chambers else ()
    return Route.of([(degrees(*metres), laying)], wells, **more)


def road(identifier: str, x: float, **more: Any) -> dict[str, Any]:
    """A road from south to north at x, 20 m wide, old unless said otherwise."""
    return {
        "ids": identifier, "kinds": "road", "grades": "secondary", "names": f"示例{identifier}路",
        "width_m": 20.0, "built_on": date(2000, 5, 1), "built_as": "new",
        "geometry": shapely.LineString(degrees((x, -500), (x, 500))), **more,
    }  # fmt: skip


def square(identifier: str, kind: str, x: float, y: float, side: float) -> dict[str, Any]:
    """A square of green land or forest with its south-western corner at x, y."""
    corners = degrees((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    grade = "park" if kind == "green" else "forest"
    return {"ids": identifier, "kinds": kind, "grades": grade, "geometry": shapely.Polygon(corners)}


def tree(identifier: str, x: float, y: float, grade: str, **more: Any) -> dict[str, Any]:
    point = shapely.Point(degrees((x, y))[0])
    return {"ids": identifier, "kinds": "tree", "grades": grade, "geometry": point, **more}


@pytest.fixture(scope="session")
def quarter() -> CityObjects:
    """An old road at 100, a new one at 200, an overhauled one at 300, a bridge on the first at
    y 200 to 260, a park at 400 to 450, a forest at 500 to 600, a village road at 700, trees."""
    return CityObjects.from_rows(
        [
            road("R1", 100),
            road("R2", 200, built_on=date(2022, 11, 25)),
            road("R3", 300, overhauled_on=date(2023, 12, 1)),
            {
                "ids": "B1", "kinds": "bridge", "grades": "bridge", "width_m": 20.0,
                "on_road": "R1", "geometry": shapely.LineString(degrees((100, 200), (100, 260))),
            },
            square("G1", "green", 400, -25, 50),
            square("W1", "forest", 500, -50, 100),
            road("R4", 700, grades="village", width_m=5.0),
            tree("T1", 20, 40, "ancient", age_years=300, crown_m=6.0),
            tree("T2", 20, -40, "big", crown_m=4.0),
            tree("T3", 50, 80, "street", age_years=120),
            tree("T4", 60, 0.5, "street"),
        ]
    )  # fmt: skip
