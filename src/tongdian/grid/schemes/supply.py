"""One way to supply a customer: a source point, a line to it, and what becomes of its feeder."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.prices import LAYINGS
from tongdian.grid.paths.routes import Route
from tongdian.grid.schemes.checks import (
    Check,
    Profile,
    element_of,
    fits_kw,
    loss_kw,
    profile_of,
)
from tongdian.grid.schemes.costs import Band, Line, total
from tongdian.grid.schemes.extension import Extended
from tongdian.grid.schemes.sections import Crossed, Piece
from tongdian.grid.schemes.world import World
from tongdian.grid.tables import NODE_KINDS, SWITCH_KINDS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SourcePoint:
    """Where it is fed from: ids of substation, busbar, feeder (the line at its head), node and its
    kind, and the next switch above it, by which it can be made dead; empty for none. The line to
    the customer gets a switch of its own: it is in the bill."""

    substation: str
    busbar: str
    feeder: str
    node: str
    kind: str
    switch: str
    switch_kind: str

    def to_dict(self) -> dict[str, str]:
        """JSON-able."""
        return dict(vars(self))


@dataclass(frozen=True)
class Supply:
    """A candidate. `feeder` holds the state with the customer; `checks` what was asked, the limits
    first; `bill`, `days` and `permits` of its works; `is_new_transformer` if a public transformer
    is built for it."""

    world: World = field(repr=False)
    route: Route
    source: SourcePoint
    pieces: tuple[Piece, ...]
    crossed: Crossed
    feeder: Extended = field(repr=False)
    checks: tuple[Check, ...]
    bill: tuple[Line, ...]
    days: Band
    is_new_transformer: bool
    p_pu: float
    q_pu: float
    state: tuple[Floats, Floats, Floats] = field(repr=False)

    @property
    def is_feasible(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    @property
    def binding(self) -> Check:
        """The first check that does not hold; the limit that is nearest if all do."""
        return next((check for check in self.checks if not check.holds), self.checks[0])

    @property
    def cost(self) -> Band:
        """Of all works, yuan."""
        return total(self.bill)

    @property
    def circuits(self) -> int:
        """How many are laid side by side."""
        return max((section.circuits for section in self.feeder.sections), default=1)

    @property
    def street_m(self) -> float:
        """Metres along the streets."""
        return sum(piece.length_m for piece in self.pieces if not piece.is_inside)

    @property
    def inside_m(self) -> float:
        """Metres from the street to the customer."""
        return sum(piece.length_m for piece in self.pieces if piece.is_inside)

    @cached_property
    def loss_kw(self) -> float:
        """Losses that the customer adds, kW."""
        if self.checks[0].kind == "unsolved":
            return float("inf")
        self._restore()
        before, after = loss_kw(self.feeder)
        return after - before

    @cached_property
    def reserve(self) -> float:
        """What is left of the most loaded element on the way, as a share of its limit."""
        if self.checks[0].kind == "unsolved":
            return float("-inf")
        places = self.feeder.way_to(self.feeder.end)
        u, fp, fq = self.state
        square = (fp[places] ** 2 + fq[places] ** 2) / u[places]
        return 1 - float(np.sqrt(square / self.feeder.current[places]).max())

    @cached_property
    def fits_kw(self) -> float:
        """The most that would fit by this line at the customer's power factor, kW."""
        sure = self.p_pu if self.checks[0].holds else 0.0
        unit = self.feeder.base.radial.base_mva * 1e3
        tangent = self.q_pu / self.p_pu
        found = fits_kw(self.feeder, tangent, sure * unit)
        self._restore()
        return found

    @cached_property
    def profile(self) -> Profile:
        """Voltage along the way from the busbar, before and after."""
        self._restore()
        return profile_of(self.world.network, self.feeder)

    def loading(self) -> list[dict[str, Any]]:
        """Every element of the feeder, of the busbar and of the new line: loading before and after,
        as shares of their limits (before is 0 for what is new); nothing for those without one."""
        network, feeder = self.world.network, self.feeder
        u, fp, fq = self.state
        after = np.sqrt((fp**2 + fq**2) / u / feeder.current)
        before = np.sqrt(feeder.base_square / feeder.current)
        found = []
        for place in np.flatnonzero(np.isfinite(feeder.current)).tolist():
            table, name = element_of(network, feeder, place)
            found.append({
                "table": table, "id": name, "before": float(before[place]),
                "after": float(after[place]),
            })  # fmt: skip
        return found

    def lonlat(self) -> npt.NDArray[np.float64]:
        """The line on the map from the customer's foot on the street to the source point."""
        return self.route.lonlat(self.world.routes)

    def metres_by_laying(self) -> dict[str, float]:
        """Metres along the streets by way of laying."""
        return self.route.metres_by_laying(self.world.routes)

    def _restore(self) -> None:
        """The state that was solved with the customer, after other questions were asked."""
        self.feeder.u[:], self.feeder.fp[:], self.feeder.fq[:] = self.state


def source_point(world: World, route: Route) -> SourcePoint:
    """The source point of a route's attachment, named by the tables."""
    row = route.attachment
    network, tables = world.network, world.network.tables
    tree, node = int(world.tree[row]), int(world.node[row])
    head = int(world.head[row])
    if network.radial.branch[head] >= 0:
        table, place = network.element(head)
        feeder = str(getattr(tables, table).id[place])
    else:
        feeder = ""
    switch = _switch_above(world, int(world.position[row]))
    has_switch = switch >= 0
    return SourcePoint(
        str(tables.sources.substation[tree]), str(tables.sources.id[tree]), feeder,
        str(tables.nodes.id[node]), NODE_KINDS[tables.nodes.kind[node]],
        str(tables.switches.id[switch]) if has_switch else "",
        SWITCH_KINDS[tables.switches.kind[switch]] if has_switch else "",
    )  # fmt: skip


def _switch_above(world: World, position: int) -> int:
    """The row of the first switch on the way to the source, -1 for none."""
    radial, lines = world.network.radial, len(world.network.tables.lines)
    while position >= 0:
        branch = int(radial.branch[position])
        if 0 <= branch < lines and world.switch_of_line[branch] >= 0:
            return int(world.switch_of_line[branch])
        position = int(radial.parent[position])
    return -1


def way_word(way: int) -> str:
    """How a piece is laid, in a word."""
    return LAYINGS[way]
