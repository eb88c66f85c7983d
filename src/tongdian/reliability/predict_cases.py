"""The same feeders equipped otherwise: what disconnectors, fuses, ties, quicker hands are worth.

The studies of Allan, Billinton, Sjarief, Goel and So (IEEE Trans. Power Systems 6(2), 1991) vary
their system in this way: with and without disconnectors, fuses in the laterals and an alternative
supply, transformers repaired or replaced.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongdian.reliability.radial import RadialSystem

DISCONNECTORS: Final = "disconnectors"
FUSES: Final = "fuses"
TIES: Final = "ties"
PARTS: Final = (DISCONNECTORS, FUSES, TIES)


def without(system: RadialSystem, *parts: str) -> RadialSystem:
    """The system without some of PARTS.

    A fuse is the protection of a lateral: of a section with a load point and nothing more below it
    that does not start at a source. Raises ValueError for what is none of PARTS.
    """
    unknown = set(parts) - set(PARTS)
    if unknown:
        raise ValueError(f"one of {PARTS}, not {sorted(unknown)}")
    if DISCONNECTORS in parts:
        system = replace(system, isolation=np.zeros_like(system.isolation))
    if FUSES in parts:
        system = replace(
            system, protection=np.where(is_lateral(system), 0, system.protection).astype(np.int8)
        )
    if TIES in parts:
        nothing = np.empty(0, np.int64)
        system = replace(system, tie_a=nothing, tie_b=nothing, tie_h=np.empty(0))
    return system


def transformers_back_in(system: RadialSystem, hours: float) -> RadialSystem:
    """The system with transformers that are repaired or replaced within so many hours."""
    return replace(system, transformer_repair_h=np.full_like(system.transformer_repair_h, hours))


def switched_within(system: RadialSystem, hours: float) -> RadialSystem:
    """The system with switches, ties among them, that are operated within so many hours; those that
    are quicker already stay so. Three minutes or less make its switching momentary."""
    return replace(
        system,
        switch_h=np.minimum(system.switch_h, hours),
        tie_h=np.minimum(system.tie_h, hours),
    )


def is_lateral(system: RadialSystem) -> NDArray[np.bool_]:
    """(n): sections with a load point and nothing more below them that do not start at a source."""
    goes_on = np.isin(system.downstream, system.upstream)
    supplies = np.isin(system.downstream, system.load_node)
    at_source = np.isin(system.upstream, system.sources)
    found: NDArray[np.bool_] = supplies & ~goes_on & ~at_source
    return found
