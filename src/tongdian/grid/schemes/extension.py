"""A feeder with a new line at its end, and perhaps a new transformer: a feeder like any other.

The new nodes get positions beyond those of the network, so that whatever asks feeders (`hosting`,
`FeederState`) can ask it too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tongdian.grid.feeder import Feeder


@dataclass(frozen=True)
class Section:
    """A new branch, per unit of the network's base: impedance, the most current, the lowest |V| of
    the node it leads to, and what a transformer's iron takes, half at either end. `name` is the
    catalogue's, laid in so many `circuits`; `way` of laying as in `prices.LAYINGS`; `base_kv` of
    the node."""

    name: str
    way: int
    length_m: float
    r_pu: float
    x_pu: float
    current_pu: float
    lowest_pu: float
    base_kv: float
    p_pu: float = 0.0
    q_pu: float = 0.0
    is_transformer: bool = False
    circuits: int = 1


class Extended(Feeder):
    """`feeder` with `sections` one after another from a position of it."""

    def __init__(self, feeder: Feeder, position: int, sections: Sequence[Section]) -> None:
        self.base, self.sections, self.from_position = feeder.base, tuple(sections), position
        old, count = len(feeder.at), len(sections)
        foot = feeder.place(position)
        first = feeder.base.radial.size
        self.at = np.concatenate([feeder.at, first + np.arange(count, dtype=np.int32)])
        self.is_solved = feeder.is_solved
        above = np.array([foot, *range(old, old + count - 1)][:count], np.int32)
        self.parent = np.concatenate([feeder.parent, above])
        new = np.array(
            [(s.r_pu, s.x_pu, 0.0, 0.0, s.lowest_pu**2, s.current_pu**2) for s in sections]
        ).reshape(count, 6).T  # fmt: skip
        self.r, self.x, self.p, self.q, self.lowest, self.current = (
            np.concatenate([one, more])
            for one, more in zip(
                (feeder.r, feeder.x, feeder.p, feeder.q, feeder.lowest, feeder.current), new,
                strict=True,
            )
        )  # fmt: skip
        self.source = feeder.source
        for number, section in enumerate(self.sections):
            if section.is_transformer:
                # As in the network: at the source's voltage, half at either end.
                for place in (above[number], old + number):
                    self.p[place] += section.p_pu / 2 * self.source[0] ** 2
                    self.q[place] += section.q_pu / 2 * self.source[0] ** 2
        self.u, self.fp, self.fq = np.empty((3, old + count))
        self.starts = np.array([0, old + count], np.int32)
        self.base_u = np.concatenate([feeder.base_u, np.full(count, feeder.base_u[foot])])
        self.base_square = np.concatenate([feeder.base_square, np.zeros(count)])

    @property
    def end(self) -> int:
        """The position of the customer: the last new node, or where the feeder was left."""
        return int(self.at[-1]) if self.sections else self.from_position

    def way_to(self, position: int) -> list[int]:
        """Places from the root to a position, in order."""
        place = self.place(position)
        found = [place]
        while place > 0:
            place = int(self.parent[place])
            found.append(place)
        return found[::-1]

    def fault_pu(self) -> tuple[float, float]:
        """Resistance and reactance from the root to the customer."""
        places = self.way_to(self.end)
        return float(self.r[places].sum()), float(self.x[places].sum())
