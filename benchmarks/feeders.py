"""Feeders and cities for the benchmarks of the network engine."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from tongdian.grid import Radial, catalogue
from tongdian.grid.tables import Lines, Loads, Nodes, Sources, Tables

BASE_MVA = BASE_KV = 10.0
OHM = BASE_KV**2 / BASE_MVA
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Feeder:
    """A trunk of JKLYJ-240 with laterals: node i + 1 hangs on `above[i]`, the source is first."""

    above: Array
    length_km: Array
    p_kw: Array
    q_kvar: Array

    @property
    def size(self) -> int:
        return len(self.above) + 1

    @cached_property
    def network(self) -> Radial:
        """Ours."""
        return Radial.build(
            nodes=self.size, start=self.above, end=np.arange(1, self.size),
            r_pu=0.125 * self.length_km / OHM, x_pu=0.308 * self.length_km / OHM, roots=[0],
            base_mva=BASE_MVA,
        )  # fmt: skip


def feeder(nodes: int, seed: int = 1) -> Feeder:
    """4 MW on some ten kilometres of trunk, whatever the number of nodes."""
    source = np.random.default_rng(seed)
    away = source.random(nodes - 1) < 0.25
    before = np.arange(nodes - 1)
    back = source.integers(0, 50, nodes - 1)
    above = np.where(away, np.maximum(before - back, 0), before)
    length = source.uniform(0.2, 1.8, nodes - 1) * 60 / nodes
    p = source.uniform(0, 2, nodes) * 4000 / nodes
    p[0] = 0
    return Feeder(above, length, p, p * 0.33)


def city(feeders: int, size: int, seed: int = 1) -> Tables:
    """Feeders of overhead line or of cable, 0.5 to 5.5 MW each, at busbars of 12 MVA."""
    source = np.random.default_rng(seed)
    conductors = catalogue.conductors()
    nodes = feeders * size
    before = np.arange(size - 1)
    shape = (feeders, size - 1)
    back = source.integers(0, 40, shape)
    away = source.random(shape) < 0.2
    above = np.where(away, np.maximum(before - back, 0), before)
    first = (np.arange(feeders) * size)[:, None]
    cable = np.repeat(source.random(feeders) < 0.5, size - 1)
    overhead, cabled = (
        catalogue.row_of(conductors, name) for name in ("JKLYJ-10-240", "YJV22-10-300")
    )
    names = np.arange(nodes).astype(np.str_)
    p = np.repeat(source.uniform(500, 5500, feeders) / size, size) * source.uniform(0, 2, nodes)
    return Tables.of(
        nodes=Nodes.of(
            id=names, kind="pole", nominal_kv=10.0, lon=106 + source.random(nodes),
            lat=26 + source.random(nodes),
        ),
        lines=Lines.of(
            id=names[: len(cable)], start=(first + above).ravel(), end=(first + before + 1).ravel(),
            conductor=np.where(cable, cabled, overhead), laying=np.where(cable, 3, 0),
            length_m=source.uniform(5, 60, len(cable)),
        ),
        sources=Sources.of(
            id=names[:feeders], node=first.ravel(), substation="S", capacity_mva=12.0
        ),
        loads=Loads.of(id=names, node=np.arange(nodes), p_kw=p, q_kvar=p * 0.33),
        conductors=conductors,
        transformer_types=catalogue.transformer_types(),
    )  # fmt: skip
