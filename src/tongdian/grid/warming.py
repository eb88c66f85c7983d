"""Compiles every kernel of the room ahead of the first question."""

import numpy as np

from tongdian.grid import catalogue
from tongdian.grid.hosting import base_state, conservative
from tongdian.grid.limits import Limits
from tongdian.grid.network import assemble
from tongdian.grid.powerflow import solve, solve_many
from tongdian.grid.radial import Radial
from tongdian.grid.tables import Lines, Nodes, Sources, Tables


def warm() -> None:
    """Solves three nodes with every kernel: some ten seconds once on a machine, one later."""
    import numba  # noqa: F401  (from here on nothing is interpreted)

    feeder = Radial.build(
        nodes=3, start=[0, 1], end=[1, 2], r_pu=[0.01, 0.01], x_pu=[0.01, 0.01], roots=[0]
    )
    loads = np.array([0.0, 100.0, 100.0])
    _ = solve(feeder, loads, loads).angles_rad
    solve_many(feeder, [loads], [loads])
    limits = Limits(np.full(3, 0.93), np.full(3, np.inf))
    conservative(base_state(feeder, loads, loads), limits)
    assemble(
        Tables.of(
            nodes=Nodes.of(id=["a", "b"], kind="pole", nominal_kv=10, lon=106.7, lat=26.6),
            lines=Lines.of(
                id=["ab"], start=0, end=1, conductor=0, laying="overhead", length_m=1000
            ),
            sources=Sources.of(id=["a"], node=0, substation="a"),
            conductors=catalogue.conductors(),
        )
    )
