"""The ten districts of Guiyang as a sketch: names, outlines, label points.

The outlines are simplified, their origin is in GCJ-02 coordinates: good for a sketch, not a survey.
An official map replaces `data/guiyang-districts.json`, and nothing else changes.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tongdian.service.look.context import short_language

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class District:
    """GB/T 2260 code, names, outline in degrees, and where its label stands.

    A district too small for its name has `leader_from`, where a line to the label begins."""

    code: str
    zh: str
    en: str
    rings: tuple[Ring, ...]
    label_at: tuple[float, float]
    leader_from: tuple[float, float] | None = None

    @property
    def name(self) -> str:
        return self.en if short_language() == "en" else self.zh


@cache
def districts() -> dict[str, District]:
    source = files("tongdian.service.look").joinpath("data/guiyang-districts.json")
    data = json.loads(source.read_text(encoding="utf-8"))
    return {
        item["code"]: District(
            item["code"],
            item["zh"],
            item["en"],
            tuple(tuple((x, y) for x, y in ring) for ring in item["rings"]),
            _pair(item["label_at"]),
            _pair(item["leader_from"]) if "leader_from" in item else None,
        )
        for item in data["districts"]
    }


def _pair(values: list[float]) -> tuple[float, float]:
    longitude, latitude = values
    return longitude, latitude


def district_name(code: str) -> str:
    """The name of a code; what is no code is its own name."""
    district = districts().get(code)
    return district.name if district else code


def district_at(longitude: float, latitude: float) -> District | None:
    """The district whose outline holds a point, None outside the city. Even-odd rule."""
    for district in districts().values():
        if sum(_crossings(ring, longitude, latitude) for ring in district.rings) % 2:
            return district
    return None


def _crossings(ring: Ring, x: float, y: float) -> int:
    """How often a ray to the east from (x, y) crosses the ring."""
    crossed = 0
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossed += 1
    return crossed
