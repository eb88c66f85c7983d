"""A route as pieces of line: what is laid how and how far, in the order from the grid.

A route's cable in a free duct, line on poles, and cable in a trench become sections of one
conductor and one laying. From the street to the customer the way of the last piece goes on; out of
a duct, in a trench.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.graph import BRIDGE, CROSSING, GREEN, MORATORIUM
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import IN_DUCT, IN_TRENCH, NO_WAY, ON_POLES
from tongdian.grid.paths.routes import Route
from tongdian.grid.schemes.costs import Costs
from tongdian.grid.tables import LAYINGS, Conductors

LINE_LAYING: Final = {
    IN_DUCT: LAYINGS.index("duct"), ON_POLES: LAYINGS.index("overhead"),
    IN_TRENCH: LAYINGS.index("soil"), NO_WAY: LAYINGS.index("soil"),
}  # fmt: skip
FAMILIES: Final = {
    (True, "overhead"): "JKLYJ", (True, "cable"): "YJV22",
    (False, "overhead"): "JKLY", (False, "cable"): "YJV22-0.6/1",
}  # fmt: skip
# A place that stands on the street's line is not beside it.
SHORTEST_M: Final = 0.001


@dataclass(frozen=True)
class Piece:
    """Metres laid in one way (a place in `prices.LAYINGS`), `is_inside` on the customer's land."""

    way: int
    length_m: float
    is_inside: bool = False


@dataclass(frozen=True)
class Crossed:
    """What a trench, or on bridges any line, meets: metres, and the number of carriageways."""

    trench_m: float
    crossings: int
    moratorium_m: float
    green_m: float
    bridge_m: float
    overhead_m: float

    @property
    def permits(self) -> tuple[str, ...]:
        """Items to be granted, as far as the streets tell."""
        found = []
        if self.trench_m > 0 or self.crossings:
            found += ["occupy", "dig"]
        elif self.overhead_m > 0:
            found += ["attach"]
        if self.moratorium_m > 0:
            found.append("moratorium")
        if self.green_m > 0:
            found.append("green")
        if self.bridge_m > 0:
            found.append("bridge")
        return tuple(found)


def pieces_of(route: Route, network: RouteNetwork) -> tuple[tuple[Piece, ...], Crossed]:
    """The pieces from the attachment to the customer, and what they cross."""
    edges, metres = _edges(route, network)
    ways = network.prices.laying[edges]
    turns = np.flatnonzero(np.diff(ways)) + 1
    pieces = [
        Piece(int(ways[begin]), float(metres[begin:stop].sum()))
        for begin, stop in zip([0, *turns], [*turns, len(ways)], strict=True)
        if stop > begin
    ]
    if route.origin.aside_m >= SHORTEST_M:
        last = pieces[-1].way if pieces else IN_TRENCH
        pieces.append(
            Piece(ON_POLES if last == ON_POLES else IN_TRENCH, route.origin.aside_m, True)
        )
    flags = network.graph.flags[edges]
    is_trench = (ways == IN_TRENCH) | (ways == NO_WAY)

    def over(flag: int, where: npt.NDArray[np.bool_]) -> float:
        return float(metres[((flags & flag) != 0) & where].sum())

    every = np.ones(len(ways), np.bool_)
    return tuple(pieces), Crossed(
        float(metres[is_trench].sum()), int((((flags & CROSSING) != 0) & is_trench).sum()),
        over(MORATORIUM, is_trench), over(GREEN, is_trench), over(BRIDGE, every),
        float(metres[ways == ON_POLES].sum()),
    )  # fmt: skip


def _edges(
    route: Route, network: RouteNetwork
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """Segments from the attachment on, and their metres."""
    edges = route.edges[::-1]
    metres = np.asarray(network.graph.length_m[edges])
    if route.lead is None:
        return edges, metres
    begin, end = route.lead
    edges = np.append(edges, np.int32(route.origin.edge))
    return edges, np.append(metres, (end - begin) * network.graph.length_m[route.origin.edge])


@dataclass(frozen=True)
class Grade:
    """A pair of conductors of one step of size: rows of the catalogue, -1 where none is offered,
    and how many circuits are laid side by side."""

    overhead: int
    cable: int
    circuits: int = 1

    def row(self, way: int) -> int:
        """The conductor for a way of laying."""
        return self.overhead if way == ON_POLES else self.cable


def offered(table: Conductors, costs: Costs, is_medium: bool) -> tuple[list[int], list[int]]:
    """Rows of the catalogue that have a price, smallest first: overhead lines and cables."""
    lists: list[list[int]] = []
    for kind in ("overhead", "cable"):
        family = FAMILIES[is_medium, kind]
        rows = [
            row for row in np.flatnonzero(table.family == family).tolist()
            if str(table.id[row]) in costs.offered
        ]  # fmt: skip
        lists.append(sorted(rows, key=lambda row: float(table.section_mm2[row])))
    return lists[0], lists[1]
