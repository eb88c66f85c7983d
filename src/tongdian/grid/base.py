"""The state of a network on which questions are asked: what more it can carry, and where it ends.

It is on the safe side: generation counts as nothing, capacitance too, iron losses and magnetising
current are loads at the source's voltage.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.limits import Limits
from tongdian.grid.powerflow import MOST_ROUNDS, sweep
from tongdian.grid.radial import Floats, Integers, Radial

# No more is ever said to fit, per unit of power: where nothing limits, this is the answer.
MOST_PU: Final = 1e3
# No voltage under this share of the source's is admitted, whatever the limits say.
FLOOR: Final = 0.8
# Of the sweeps, on |V|²: small against every margin that is taken for it.
TOLERANCE: Final = 1e-11


@dataclass(frozen=True)
class Base:
    """Loads and state by position, per unit, and which trees have a state; the others are without
    loads."""

    radial: Radial
    p: Floats
    q: Floats
    u: Floats
    fp: Floats
    fq: Floats
    is_solved: npt.NDArray[np.bool_]


def base_state(radial: Radial, p_kw: npt.ArrayLike, q_kvar: npt.ArrayLike) -> Base:
    """The state on which capacity is asked, from the loads of the nodes as given.

    A tree without a solution is kept, and marked. Raises ValueError for loads that are not finite.
    """
    held = np.repeat(radial.source_pu, np.diff(radial.starts)) ** 2
    base = radial.base_mva * 1e3
    p = np.maximum(np.asarray(p_kw, float)[radial.node] / base, 0) + radial.g_pu * held
    q = np.maximum(np.asarray(q_kvar, float)[radial.node] / base, 0)
    q += np.maximum(-radial.b_pu, 0) * held
    if not (np.isfinite(p).all() and np.isfinite(q).all()):
        raise ValueError("a load is not finite")
    u, fp, fq = np.empty((3, radial.size))
    rounds = swept(radial.parent, radial.starts, radial.r_pu, radial.x_pu, radial.source_pu,
                    p, q, u, fp, fq)  # fmt: skip
    unsolved = np.repeat(rounds < 0, np.diff(radial.starts))
    u[unsolved], fp[unsolved], fq[unsolved] = held[unsolved], 0, 0
    return Base(radial, p, q, u, fp, fq, rounds > 0)


def lowest_squared(
    radial: Radial, limits: Limits, at: Integers | None = None, source_pu: float | None = None
) -> Floats:
    """|V|² that must be kept: by position, or at some positions that have one source."""
    if at is None or source_pu is None:
        held = np.repeat(radial.source_pu, np.diff(radial.starts))
        return np.asarray(np.maximum(limits.lowest_pu, FLOOR * held) ** 2)
    return np.asarray(np.maximum(limits.lowest_pu[at], FLOOR * source_pu) ** 2)


def swept(
    parent: Integers, starts: Integers, r: Floats, x: Floats, source: Floats, p: Floats, q: Floats,
    u: Floats, fp: Floats, fq: Floats,
) -> Integers:  # fmt: skip
    """Sweeps loads by position, without shunts; fills u, fp, fq. Returns rounds."""
    n = len(parent)
    rounds = np.empty((1, len(starts) - 1), np.int32)
    nothing = np.zeros(1)
    sweep(
        parent, starts, np.arange(n, dtype=np.int32), r, x, nothing, nothing, source, False,
        p.reshape(1, n), q.reshape(1, n), 1.0, u, fp, fq, np.empty((4, n)), rounds,
        np.empty((0, 0)), np.empty(0), TOLERANCE, MOST_ROUNDS, steps=12 * n,
    )  # fmt: skip
    return np.asarray(rounds[0])
