"""A scheme: one supply or several, what it costs whom, and which schemes none other beats."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.schemes.checks import Check
from tongdian.grid.schemes.costs import NOTHING, Band, total
from tongdian.grid.schemes.supply import Supply
from tongdian.grid.schemes.terms import Terms

PERMITS: Final = {
    "occupy": ("占用城市道路", "occupying a road"),
    "dig": ("挖掘城市道路", "digging a road"),
    "attach": ("依附城市道路建设杆线", "lines built along a road"),
    "moratorium": ("禁挖期内挖掘，须市政府批准", "digging within a moratorium: city government"),
    "green": ("临时占用城市绿地", "occupying green land"),
    "bridge": ("城市桥梁上架设管线，转法律审查", "lines on a bridge: legal review"),
}


@dataclass(frozen=True)
class Scheme:
    """Supplies that are built together; `apart` says what two of them may not share, and
    `shares_way` whether routes share a segment. `is_pareto`: no other feasible scheme of the answer
    is at least as good in cost, days, losses and reserve, and better in one."""

    supplies: tuple[Supply, ...]
    terms: Terms
    is_pareto: bool = False
    shares_way: bool = False

    @cached_property
    def is_feasible(self) -> bool:
        """Whether each supply alone holds every check with the whole load (N-1 of the supplies)."""
        return (
            all(supply.is_feasible for supply in self.supplies)
            and len(self.supplies) >= self.terms.supplies
        )

    @cached_property
    def cost(self) -> Band:
        """Of all works, yuan: the sum of the lines of the bills."""
        return sum((supply.cost for supply in self.supplies), NOTHING)

    @cached_property
    def customer_pays(self) -> Band:
        """The customer's part: nothing where the supply is free."""
        if self.terms.is_free:
            return NOTHING
        lines = [line for supply in self.supplies for line in supply.bill]
        if self.terms_say_red_line:
            lines = [line for line in lines if line.is_inside]
        return total(lines)

    @cached_property
    def utility_pays(self) -> Band:
        """The rest."""
        whole, own = self.cost, self.customer_pays
        return Band(whole.low - own.low, whole.high - own.high)

    @property
    def terms_say_red_line(self) -> bool:
        """Whether the utility builds up to the red line."""
        return bool(self.supplies[0].world.rules["utility_builds_to_red_line"])

    @cached_property
    def days(self) -> Band:
        """Working days; supplies are built side by side."""
        return Band(
            max(supply.days.low for supply in self.supplies),
            max(supply.days.high for supply in self.supplies),
        )

    @property
    def length_m(self) -> float:
        """Metres along the streets."""
        return sum(supply.street_m for supply in self.supplies)

    @cached_property
    def loss_kw(self) -> float:
        """Losses the customer adds by the supply that adds most."""
        return max(supply.loss_kw for supply in self.supplies)

    @cached_property
    def reserve(self) -> float:
        """The smallest reserve of the supplies."""
        return min(supply.reserve for supply in self.supplies)

    @cached_property
    def permits(self) -> tuple[str, ...]:
        """Items to be granted."""
        return tuple(one for one in PERMITS if any(one in s.crossed.permits for s in self.supplies))

    @property
    def binding(self) -> Check:
        """What stands against it, or is nearest to doing so."""
        supply = next((one for one in self.supplies if not one.is_feasible), None)
        lacking = len(self.supplies) < self.terms.supplies
        if supply is None and lacking:
            return Check(
                "supplies", "", "", len(self.supplies), self.terms.supplies, "", False,
                ("请从另一母线或变电站新建线路，或打通另一条路径",
                 "build a line from another busbar or substation, or open another way"),
            )  # fmt: skip
        return (supply or self.supplies[0]).binding

    @property
    def aims(self) -> tuple[float, float, float, float]:
        """Cost, days, losses and reserve with its sign turned: less is better."""
        return float(self.cost.middle), float(self.days.middle), self.loss_kw, -self.reserve


def pareto(aims: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Which rows of (n, k), less is better, no other row beats: none is nowhere worse and somewhere
    better."""
    values = np.asarray(aims, float)
    if not len(values):
        return np.zeros(0, np.bool_)
    nowhere_worse = (values[:, None] <= values[None]).all(axis=2)
    somewhere_better = (values[:, None] < values[None]).any(axis=2)
    return np.asarray(~(nowhere_worse & somewhere_better).any(axis=0))


def ranked(schemes: Sequence[Scheme]) -> tuple[Scheme, ...]:
    """Cheapest first, by the middle of the band, then days and the row of the attachment; Pareto
    points marked."""
    order = sorted(
        schemes,
        key=lambda s: (s.cost.middle, s.days.middle, [one.route.attachment for one in s.supplies]),
    )
    marks = pareto([scheme.aims for scheme in order])
    return tuple(
        replace(scheme, is_pareto=bool(mark)) for scheme, mark in zip(order, marks, strict=True)
    )


def share_way(supplies: Sequence[Supply]) -> bool:
    """Whether two routes have a segment in common."""
    return any(
        bool(np.isin(one.route.edges, other.route.edges).any())
        for one, other in combinations(supplies, 2)
    )


def cents(band: Band) -> dict[str, Any]:
    """A band of yuan, JSON-able, to the fen."""
    fen = Decimal("0.01")
    return {"low": str(band.low.quantize(fen)), "high": str(band.high.quantize(fen))}
