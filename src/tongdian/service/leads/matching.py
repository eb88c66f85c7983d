"""Whether an application belongs to a permitted building: grounds, and how sure. Pure.

Sure are the permit's own number with its builder, the same real-estate unit, and the same builder
with the same project, address or place. All else is a hint for an engineer, who decides.
"""

import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.works.projection import geodesic_m

CERTAIN = ("permit", "unit", "project", "address", "place")
POSSIBLE = ("builder", "same_project", "same_address", "nearby")
# A shop beside a building site is no hint: what may be the building's draws a fair part of it.
LEAST_SHARE = Decimal("0.25")
_CITY = ("贵州省", "贵阳市")


@dataclass(frozen=True, slots=True)
class Described:
    """A building as a permit describes it, or a place as an application does. Texts are empty and
    the place None where nothing is said; `load_kw` is expected or applied for."""

    permit: str
    project_code: str
    unit: str
    uscc: str
    address: str
    lon: float | None
    lat: float | None
    load_kw: Decimal


@dataclass(frozen=True, slots=True)
class Match:
    """On which ground, one of CERTAIN or POSSIBLE, and how far apart the two places are."""

    ground: str
    distance_m: int | None

    @property
    def is_certain(self) -> bool:
        return self.ground in CERTAIN


def compare(lead: Described, request: Described, within_m: float) -> Match | None:
    """The best ground on which they belong together; None for none."""
    distance = distance_m(lead, request)
    close = distance is not None and distance <= within_m
    same_builder = _same(lead.uscc, request.uscc)
    same_project = _same(lead.project_code, request.project_code)
    same_address = _same(plain_address(lead.address), plain_address(request.address))
    large = request.load_kw >= lead.load_kw * LEAST_SHARE
    grounds = {
        "permit": same_builder and _same(lead.permit, request.permit),
        "unit": _same(lead.unit, request.unit),
        "project": same_builder and same_project,
        "address": same_builder and same_address,
        "place": same_builder and close,
        "builder": same_builder,
        "same_project": same_project,
        "same_address": same_address and large,
        "nearby": close and large,
    }
    ground = next((name for name in (*CERTAIN, *POSSIBLE) if grounds[name]), None)
    return None if ground is None else Match(ground, distance)


def distance_m(one: Described, other: Described) -> int | None:
    """Metres between the two, None when either says no place."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return round(geodesic_m([one.lon, other.lon], [one.lat, other.lat]))


def plain_address(address: str) -> str:
    """An address without what differs from writer to writer: blanks, marks, city and district."""
    text = unicodedata.normalize("NFKC", address)
    for name in (*_CITY, *(place.zh for place in GUIYANG_DIVISIONS.values())):
        text = text.replace(name, "", 1)
    return "".join(sign for sign in text if sign.isalnum()).upper()


def _same(one: str, other: str) -> bool:
    return bool(one) and one == other
