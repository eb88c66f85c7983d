"""Divisions: their outlines, and where in them people live. The figures are in `data/`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tongdian.city.areas import Area
from tongdian.law.identifiers import GUIYANG_DIVISIONS

DATA: Final = Path(__file__).with_name("data")
ZONES: Final = ("central_urban", "urban", "town", "rural")
CENTRAL_URBAN, URBAN, TOWN, RURAL = range(4)

TOWN_RADIUS_KM: Final = 0.6


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where people live close together. `zone` indexes ZONES; `share` is of the division."""

    lon: float
    lat: float
    radius_km: float
    zone: int
    share: float


@dataclass(frozen=True, slots=True)
class Place:
    """A district, county or development zone of the synthetic city.

    `area` is its outline; that of a development zone lies within its host's. Who lives in no
    settlement and no town lives in villages all over the area.
    """

    code: str
    name: str
    host: str
    share: float
    area: Area
    settlements: tuple[Settlement, ...]
    town_count: int
    town_share: float

    @property
    def is_development_zone(self) -> bool:
        return self.host != self.code

    @property
    def village_share(self) -> float:
        settled = sum(settlement.share for settlement in self.settlements)
        return max(0.0, 1 - settled - self.town_share)


@cache
def places() -> tuple[Place, ...]:
    """All divisions, in the order of GUIYANG_DIVISIONS."""
    figures: Mapping[str, Any] = yaml.safe_load((DATA / "guiyang.yaml").read_text("utf-8"))
    return tuple(_place(code, figures[code]) for code in GUIYANG_DIVISIONS)


def _place(code: str, figures: Mapping[str, Any]) -> Place:
    host = str(figures.get("host", code))
    area = outlines()[host]
    disc = figures.get("disc")
    if disc:
        area = area.within(disc["lon"], disc["lat"], disc["radius_km"])
    towns = figures.get("towns", {"count": 0, "share": 0.0})
    settlements = tuple(
        Settlement(s["lon"], s["lat"], s["radius_km"], ZONES.index(s["zone"]), s["share"])
        for s in figures["settlements"]
    )
    return Place(
        code,
        GUIYANG_DIVISIONS[code].zh,
        host,
        figures["share"],
        area,
        settlements,
        towns["count"],
        towns["share"],
    )


@cache
def outlines() -> Mapping[str, Area]:
    """Outlines of the districts and counties by GB/T 2260 code."""
    text = (DATA / "guiyang-districts.geojson").read_text("utf-8")
    return {
        feature["properties"]["adcode"]: Area.of(feature["geometry"])
        for feature in json.loads(text)["features"]
    }
