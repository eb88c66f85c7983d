"""How far works reach: strips and protection distances in metres, from the plan."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from tongdian.law.plan import Plan, load_plan


@dataclass(frozen=True, slots=True)
class Reach:
    """Metres to each side of the line: `strip_m` of ground that is worked on, `corridor_m` of an
    overhead line through trees; `street_m` from the line to a street tree. Ancient and big trees
    are protected as far as their crown and `ancient_m` or `big_m` beyond; a tree of `ancient_years`
    is ancient whatever its grade says."""

    strip_m: float
    corridor_m: float
    street_m: float
    big_m: float
    ancient_m: float
    ancient_years: int

    @classmethod
    def of(cls, plan: Plan | None = None, on: date | None = None) -> "Reach":
        """As the plan has them on a day; the shipped plan's latest by default."""
        return _shipped() if plan is None else _read(plan, on)


def _read(plan: Plan, on: date | None) -> Reach:
    def metres(key: str) -> float:
        return float(str(plan.value(key, on).value))

    return Reach(
        strip_m=metres("works.strip_m"),
        corridor_m=metres("works.corridor_m"),
        street_m=metres("tree.street_protection_m"),
        big_m=metres("tree.big_protection_m"),
        ancient_m=metres("tree.ancient_protection_m"),
        ancient_years=int(str(plan.value("tree.ancient_years", on).value)),
    )


@cache
def _shipped() -> Reach:
    return _read(load_plan(), None)
