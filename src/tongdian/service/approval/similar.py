"""Past items of the same kind whose facts are like those of a case: what was decided then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

WEIGHTS: Final = {"length": 4.0, "voltage": 3.0, "laying": 2.0, "district": 1.0}


@dataclass(frozen=True, slots=True)
class Works:
    """What is compared: metres of external line, voltage as the scheme names it, how it is laid,
    and the district."""

    length_m: float | None
    voltage: str
    laying: str
    district: str

    @classmethod
    def of(cls, scheme: Mapping[str, Any], district: str) -> "Works":
        """From the facts of a supply scheme."""
        try:
            length = float(Decimal(str(scheme.get("route_length_m", ""))))
        except InvalidOperation:
            length = None
        return cls(length, str(scheme.get("voltage", "")), str(scheme.get("laying", "")), district)


@dataclass(frozen=True, slots=True)
class Similar:
    """A past item and how alike it is, from 0 to 1."""

    key: Any
    likeness: float


def likeness(one: Works, other: Works) -> float:
    """1 for the same facts; a length of half or double counts half. Symmetric."""
    total = 0.0
    if one.length_m and other.length_m:
        short, long = sorted((one.length_m, other.length_m))
        total += WEIGHTS["length"] * short / long
    for name in ("voltage", "laying", "district"):
        mine = getattr(one, name)
        total += WEIGHTS[name] * bool(mine and mine == getattr(other, name))
    return total / sum(WEIGHTS.values())


def most_alike(wanted: Works, past: Iterable[tuple[Any, Works]], most: int = 3) -> list[Similar]:
    """The past items most alike, the likest first; of equals the one that came first."""
    scored = [Similar(key, likeness(wanted, works)) for key, works in past]
    scored.sort(key=lambda found: -found.likeness)
    return scored[:most]
