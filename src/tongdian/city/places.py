"""Divisions, zones and streets: where people live, inside the outlines of their districts."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape

from tongdian.law.identifiers import GUIYANG_DIVISIONS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OUTLINES = Path(__file__).with_name("data") / "guiyang-districts.geojson"
DIVISION_CODES = tuple(GUIYANG_DIVISIONS)
DIVISION_NAMES = {code: division.zh for code, division in GUIYANG_DIVISIONS.items()}
ZONES = ("central_urban", "urban", "town", "rural")

# Rough shares of customers, and the district whose outline a development zone lies in.
SHARES = {
    "520102": 0.165, "520103": 0.155, "520111": 0.145, "520112": 0.06, "520113": 0.08,
    "520115": 0.105, "520121": 0.06, "520122": 0.04, "520123": 0.05, "520181": 0.08,
    "5201GX": 0.018, "5201JK": 0.015, "5201ZB": 0.005, "5201SL": 0.01, "5201GA": 0.012,
}  # fmt: skip
HOSTS = {
    "5201GX": "520115", "5201JK": "520111", "5201ZB": "520113", "5201SL": "520102",
    "5201GA": "520111",
}  # fmt: skip
COUNTIES = frozenset({"520121", "520122", "520123", "520181"})
# Shares of central urban, urban, town and rural streets.
ZONE_SHARES = {
    "520102": (0.7, 0.3, 0.0, 0.0), "520103": (0.75, 0.25, 0.0, 0.0),
    "520111": (0.1, 0.55, 0.2, 0.15), "520112": (0.0, 0.5, 0.25, 0.25),
    "520113": (0.1, 0.6, 0.2, 0.1), "520115": (0.5, 0.45, 0.05, 0.0),
}  # fmt: skip
COUNTY_ZONES = (0.0, 0.05, 0.45, 0.5)
DEVELOPMENT_ZONES = (0.0, 0.9, 0.1, 0.0)

FIRST = "云山清林松竹梅兰桂枫柳杉龙凤鹤鹿溪湖泉江岭石花果茶谷星月晨阳"
SECOND = "安宁和泰兴盛祥瑞康乐平顺新丰源华景秀明远"
KINDS = ("路", "街", "巷", "大道")


@dataclass(frozen=True)
class Streets:
    """Streets as straight lines from (lon, lat) by (along_lon, along_lat)."""

    names: tuple[str, ...]
    division: Ints
    zone: Ints
    weight: Floats
    lon: Floats
    lat: Floats
    along_lon: Floats
    along_lat: Floats
    is_county: npt.NDArray[np.bool_]

    def place(
        self, street: Ints, along: Floats, source: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Points beside a street, moved onto its start where they would leave the district."""
        beside = source.normal(0, 0.00035, (2, len(street)))
        lon = self.lon[street] + along * self.along_lon[street] + beside[0]
        lat = self.lat[street] + along * self.along_lat[street] + beside[1]
        for index, code in enumerate(DIVISION_CODES):
            mine = np.flatnonzero(self.division[street] == index)
            outline = outlines()[HOSTS.get(code, code)]
            shapely.prepare(outline)
            outside = mine[~shapely.contains_xy(outline, lon[mine], lat[mine])]
            lon[outside], lat[outside] = self.lon[street[outside]], self.lat[street[outside]]
        return np.round(lon, 6), np.round(lat, 6)


@cache
def outlines() -> dict[str, Any]:
    """District outlines by GB/T 2260 code."""
    features = json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
    return {str(_code(f["properties"])): shape(f["geometry"]) for f in features}


def _code(properties: dict[str, Any]) -> Any:
    return next(v for v in properties.values() if str(v).startswith("5201") and len(str(v)) == 6)


def lay_streets(customers: int, source: np.random.Generator) -> Streets:
    """Streets for a number of customers: about one for each 250, a few in each division."""
    columns: dict[str, list[Any]] = {
        name: []
        for name in ("names", "division", "zone", "weight", "lon", "lat", "dx", "dy", "county")
    }
    for index, code in enumerate(DIVISION_CODES):
        count = int(np.clip(customers * SHARES[code] / 250, 3, 500))
        lon, lat = _starts(code, count, source)
        angle = source.random(count) * 2 * np.pi
        length = source.uniform(0.003, 0.018, count)
        weight = source.gamma(2.0, 1.0, count)
        columns["names"] += _names(count, index)
        columns["division"] += [index] * count
        columns["zone"] += list(source.choice(4, size=count, p=_zone_shares(code)))
        columns["weight"] += list(SHARES[code] * weight / weight.sum())
        columns["lon"] += list(lon)
        columns["lat"] += list(lat)
        columns["dx"] += list(length * np.cos(angle))
        columns["dy"] += list(length * np.sin(angle) * 0.9)
        columns["county"] += [code in COUNTIES] * count
    weight = np.array(columns["weight"])
    return Streets(
        tuple(columns["names"]),
        np.array(columns["division"]),
        np.array(columns["zone"]),
        weight / weight.sum(),
        *(np.array(columns[name]) for name in ("lon", "lat", "dx", "dy")),
        np.array(columns["county"]),
    )


def _zone_shares(code: str) -> tuple[float, ...]:
    if code in COUNTIES:
        return COUNTY_ZONES
    return ZONE_SHARES.get(code, DEVELOPMENT_ZONES)


def _starts(code: str, count: int, source: np.random.Generator) -> tuple[Floats, Floats]:
    """Points inside the district, denser near its middle."""
    outline = outlines()[HOSTS.get(code, code)]
    shapely.prepare(outline)
    west, south, east, north = outline.bounds
    middle = outline.representative_point()
    found: list[tuple[float, float]] = []
    while len(found) < count:
        near = source.random(count * 4) < 0.6
        lon = np.where(
            near,
            source.normal(middle.x, (east - west) / 8, count * 4),
            source.uniform(west, east, count * 4),
        )
        lat = np.where(
            near,
            source.normal(middle.y, (north - south) / 8, count * 4),
            source.uniform(south, north, count * 4),
        )
        inside = shapely.contains_xy(outline, lon, lat)
        found += list(zip(lon[inside], lat[inside], strict=True))
    chosen = np.array(found[:count])
    return np.round(chosen[:, 0], 6), np.round(chosen[:, 1], 6)


def _names(count: int, offset: int) -> list[str]:
    names = []
    for index in range(count):
        number = index * 7 + offset * 131
        first = FIRST[number % len(FIRST)]
        second = SECOND[number // len(FIRST) % len(SECOND)]
        cycle = number // (len(FIRST) * len(SECOND))
        part = "" if cycle == 0 else "东南西北中"[cycle % 5]
        names.append(f"{first}{second}{part}{KINDS[index % len(KINDS)]}")
    return names
