"""The distribution network as tables and arrays, and what can be computed on them.

Pure: plain data in, plain data out; nothing of the service. Coordinates are EPSG:4490 (CGCS2000),
degrees, longitude first; lengths metres; powers kW or MW, kvar or Mvar by the name; voltages per
unit of a base that is told. Loads are constant power, three phases in balance.

>>> feeder = Radial.build(nodes=2, start=[0], end=[1], r_pu=[0.01], x_pu=[0.02], roots=[0])
>>> round(solve(feeder, p_kw=[0, 1000], q_kvar=[0, 0]).min_voltage_pu, 6)
0.989692
"""

from tongdian.grid.casefiles import Case, read_case
from tongdian.grid.powerflow import NotConvergedError, solve, solve_many
from tongdian.grid.radial import NotRadialError, Radial
from tongdian.grid.refusals import GridError
from tongdian.grid.solution import Solution, Solutions

__all__ = [
    "Case",
    "GridError",
    "NotConvergedError",
    "NotRadialError",
    "Radial",
    "Solution",
    "Solutions",
    "read_case",
    "solve",
    "solve_many",
]
