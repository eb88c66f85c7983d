"""Hosting capacity: how many more kW fit at each node, and what binds.

Asked for is a constant load at one node, with a power factor, on top of the loads of an operating
state. It fits if the power flow has a solution in which every node keeps its lowest voltage, every
line and transformer its current, and every source its capacity. Where the base state itself breaks
a limit, nothing fits at any node whose load would make it worse.

`base_state` solves the state that is asked on. `conservative` answers for the whole network at once
and never says more than `exact`, which asks the power flow node by node. All leave out what would
flatter or blur the answer: generation counts as nothing, capacitance too, iron losses and
magnetising current as loads at the source's voltage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.base import Base, base_state
from tongdian.grid.feeder import Feeder, feeder_of
from tongdian.grid.hosting.bounds import BINDINGS, UNSOLVED, bounds
from tongdian.grid.hosting.elements import TABLES, binding_elements
from tongdian.grid.hosting.exact import search
from tongdian.grid.limits import Limits
from tongdian.grid.radial import Floats, Integers

POWER_FACTOR: Final = 0.9


@dataclass(frozen=True)
class Hosting:
    """By node as given: `capacity_kw`; `binding`, a place in `bounds.BINDINGS`; and
    `position` of what binds: a node's voltage, or the branch that leads to it."""

    capacity_kw: Floats
    binding: npt.NDArray[np.int8]
    position: Integers

    def word(self, node: int) -> str:
        """voltage, current, unsolved (the base state has no solution) or weak (losses are so high
        that only the power flow can tell)."""
        return BINDINGS[self.binding[node]]


def conservative(base: Base, limits: Limits, *, power_factor: float = POWER_FACTOR) -> Hosting:
    """A bound for every node, never above the exact answer; see `bounds` for the proof.

    `power_factor` is of what is added, lagging, above 0. Raises ValueError.
    """
    radial = base.radial
    capacity, kind, where = bounds(base, limits, tangent_of(power_factor))
    order, unit = radial.position, radial.base_mva * 1e3
    unsolved = np.repeat(~base.is_solved, np.diff(radial.starts))
    capacity[unsolved], kind[unsolved] = 0, UNSOLVED
    return Hosting(capacity[order] * unit, kind[order], where[order])


def exact(
    base: Base,
    limits: Limits,
    nodes: Sequence[int] | Integers,
    *,
    power_factor: float = POWER_FACTOR,
    start_kw: npt.ArrayLike | None = None,
    precision: float = 1e-6,
) -> Hosting:
    """Capacity of some `nodes` by power flow of their feeders, in the order of `nodes`.

    Bisects until the answer is known to `precision` of itself, and says its lower end. `start_kw`
    are capacities of these nodes known to fit. Raises ValueError.
    """
    radial, tangent = base.radial, tangent_of(power_factor)
    count, unit = len(nodes), radial.base_mva * 1e3
    begun = np.zeros(count) if start_kw is None else np.asarray(start_kw, float) / unit
    capacity, kind, where = np.empty(count), np.empty(count, np.int8), np.empty(count, np.int32)
    feeders: dict[int, Feeder] = {}
    for k, node in enumerate(nodes):
        position = int(radial.position[node])
        tree, first, stop = feeder_of(radial, position)
        if first not in feeders:
            feeders = {first: Feeder(base, limits, tree, first, stop)}
        capacity[k], kind[k], where[k] = search(
            feeders[first], position, tangent, float(begun[k]), precision
        )
    return Hosting(capacity * unit, kind, where)


def tangent_of(power_factor: float) -> float:
    """Q / P of a load. Raises ValueError."""
    if not 0 < power_factor <= 1:
        raise ValueError(f"a power factor of {power_factor}")
    return float(np.sqrt(1 / power_factor**2 - 1))


__all__ = [
    "BINDINGS",
    "POWER_FACTOR",
    "TABLES",
    "Base",
    "Hosting",
    "base_state",
    "binding_elements",
    "conservative",
    "exact",
    "tangent_of",
]
