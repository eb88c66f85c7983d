"""Streets as short polylines inside their division, and the places of houses along them."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.areas import KM_PER_LAT, KM_PER_LON, Area, Floats
from tongdian.city.names import street_names
from tongdian.city.places import RURAL, TOWN, TOWN_RADIUS_KM, Place, Settlement, places

Ints = npt.NDArray[np.int32]

VERTICES: Final = 4
CUSTOMERS_PER_STREET: Final = 160
STREETS_PER_PLACE: Final = (4, 900)
SETBACK_KM: Final = 0.02


@dataclass(frozen=True, slots=True)
class Streets:
    """Columns of equal length; `lon` and `lat` have VERTICES columns more, EPSG:4490.

    `division` indexes `places()`, `zone` indexes ZONES, `weight` sums to 1.
    """

    name: npt.NDArray[np.str_]
    division: Ints
    zone: Ints
    weight: Floats
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.division)

    def polyline(self, street: int) -> list[tuple[float, float]]:
        """The street's vertices as (lon, lat)."""
        lon, lat = self.lon[street].tolist(), self.lat[street].tolist()
        return list(zip(lon, lat, strict=True))


def lay_streets(
    customers: int,
    source: np.random.Generator,
    progress: Callable[[float], None] = lambda share: None,
) -> Streets:
    """Streets for a number of customers, a few at least in each division."""
    parts = []
    for index, place in enumerate(places()):
        parts.append(_lay(index, place, customers, source))
        progress((index + 1) / len(places()))
    columns = (
        np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Streets)
    )
    return Streets(*columns)


def _lay(index: int, place: Place, customers: int, source: np.random.Generator) -> Streets:
    """The streets of one division: settlement by settlement, then towns, then villages."""
    wanted = customers * place.share / CUSTOMERS_PER_STREET
    count = int(np.clip(round(wanted), *STREETS_PER_PLACE))
    centres = [*place.settlements, *_towns(place, source)]
    shares = np.array([centre.share for centre in centres] + [place.village_share])
    quotas = source.multinomial(count, shares / shares.sum())
    lon, lat, zone = [], [], []
    for centre, quota in zip(centres, quotas, strict=False):
        points = place.area.cluster((centre.lon, centre.lat), centre.radius_km, int(quota), source)
        lon.append(points[0])
        lat.append(points[1])
        zone.append(np.full(quota, centre.zone))
    points = place.area.scatter(int(quotas[-1]), source)
    lon.append(points[0])
    lat.append(points[1])
    zone.append(np.full(quotas[-1], RURAL))
    zones = np.concatenate(zone).astype(np.int32)
    lines = _walk(place.area, np.concatenate(lon), np.concatenate(lat), source)
    weight = source.gamma(3.0, 1.0, count)
    return Streets(
        street_names(index, zones),
        np.full(count, index, dtype=np.int32),
        zones,
        place.share * weight / weight.sum(),
        *lines,
    )


def _towns(place: Place, source: np.random.Generator) -> list[Settlement]:
    count = place.town_count
    if not count:
        return []
    lon, lat = place.area.scatter(count, source)
    share = place.town_share / count
    return [
        Settlement(float(x), float(y), TOWN_RADIUS_KM, TOWN, share)
        for x, y in zip(lon, lat, strict=True)
    ]


def _walk(
    area: Area, lon: Floats, lat: Floats, source: np.random.Generator
) -> tuple[Floats, Floats]:
    """Polylines from their starts: a heading that bends a little, and stops at the outline."""
    count = len(lon)
    heading = source.uniform(0, 2 * np.pi, count)
    step_km = source.uniform(0.1, 0.5, count)
    lons, lats = [lon], [lat]
    for _ in range(VERTICES - 1):
        heading = heading + source.normal(0, 0.3, count)
        next_lon = (lons[-1] + step_km * np.cos(heading) / KM_PER_LON).round(6)
        next_lat = (lats[-1] + step_km * np.sin(heading) / KM_PER_LAT).round(6)
        good = area.contains(next_lon, next_lat)
        lons.append(np.where(good, next_lon, lons[-1]))
        lats.append(np.where(good, next_lat, lats[-1]))
    return np.stack(lons, axis=1), np.stack(lats, axis=1)


def place_houses(
    streets: Streets, street: Ints, along: Floats, source: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points beside the streets at `along` (0 to 1), degrees to six decimals.

    A point that would leave its division moves to the start of its street.
    """
    segment = np.minimum((along * (VERTICES - 1)).astype(np.int32), VERTICES - 2)
    part = along * (VERTICES - 1) - segment
    aside = source.normal(0, SETBACK_KM, (2, len(street)))
    columns = []
    for values, offset in (
        (streets.lon, aside[0] / KM_PER_LON),
        (streets.lat, aside[1] / KM_PER_LAT),
    ):
        start, end = values[street, segment], values[street, segment + 1]
        columns.append((start + part * (end - start) + offset).round(6))
    lon, lat = columns
    bounds = np.searchsorted(streets.division[street], np.arange(len(places()) + 1))
    for index, place in enumerate(places()):
        mine = slice(int(bounds[index]), int(bounds[index + 1]))
        out = np.flatnonzero(~place.area.contains(lon[mine], lat[mine])) + mine.start
        lon[out], lat[out] = streets.lon[street[out], 0], streets.lat[street[out], 0]
    return lon, lat
