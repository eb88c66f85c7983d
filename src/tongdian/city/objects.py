"""What works may touch in the synthetic city: roads, bridges, green land, forest and trees."""

from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.city.greenery import lay_green, lay_recorded_trees, lay_street_trees
from tongdian.city.model import City
from tongdian.city.roads import lay_bridges, lay_roads
from tongdian.works.objects import CityObjects
from tongdian.works.projection import DECIMALS, Floats, city_projection

# A tree of record or on a street for so many customers, within bounds.
CUSTOMERS_PER_OBJECT: Final = 5
FEWEST, MOST = 2_000, 100_000
STREAM: Final = 3


def demo_objects(city: City, until: date, wanted: int | None = None) -> CityObjects:
    """The objects of a city as they stand on a day: the same ones for the same city and day.

    About `wanted` of them, street trees making up the number; by default one for five customers,
    2,000 to 100,000. Geometry in EPSG:4490 with seven decimals.
    """
    source = np.random.default_rng([city.seed, STREAM])
    roads = lay_roads(city.streets, until, source)
    rows = [*roads.rows, *lay_bridges(roads, source), *lay_green(roads, source)]
    rows += lay_recorded_trees(roads, source)
    total = wanted or int(np.clip(city.customers // CUSTOMERS_PER_OBJECT, FEWEST, MOST))
    rows += lay_street_trees(roads, total - len(rows), source)
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row["geometry"] for row in rows]
    for row, shape in zip(rows, _stored(geometry), strict=True):
        row["geometry"] = shape
    return CityObjects.from_rows(rows)


def _stored(metres: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Geometries in degrees, rounded as they are stored."""

    def rounded(points: Floats) -> Floats:
        return city_projection().inverse(points).round(DECIMALS)

    moved: npt.NDArray[np.object_] = shapely.transform(metres, rounded)
    return moved
