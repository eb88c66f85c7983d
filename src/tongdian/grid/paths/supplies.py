"""Attachments that look like a city's, for tests and benchmarks: substations with two busbars,
feeders in sectors around them, poles and ring-main units along the streets."""

from typing import Final

import numpy as np

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph, metres_per_degree

FEEDERS: Final = 16
BUSBARS: Final = 2
# Own costs of a pole switch to a ring-main unit, fen: invented, like all of this city.
COST_FEN: Final = (3_000_000, 30_000_000)


def city_supply(
    graph: StreetGraph, substations: int, seed: int = 1, share: float = 0.03, spare: int = 64
) -> Attachments:
    """Attachments on `share` of the nodes, each fed from the nearest of `substations` by the feeder
    of its sector; feeders take turns on the two busbars."""
    source = np.random.default_rng([seed, 23])
    count = max(1, round(graph.nodes * share))
    node = np.sort(source.choice(graph.nodes, count, replace=False))
    sites = source.choice(graph.nodes, substations, replace=False)
    per_east, per_north = metres_per_degree(graph.lat.mean())
    place = np.column_stack([graph.lon * per_east, graph.lat * per_north])
    best = np.full(count, np.inf)
    substation = np.zeros(count, dtype=np.int32)
    for number, site in enumerate(sites):
        distance = np.hypot(*(place[node] - place[site]).T)
        nearer = distance < best
        best[nearer], substation[nearer] = distance[nearer], number
    offset = place[node] - place[sites[substation]]
    turn = (np.arctan2(offset[:, 1], offset[:, 0]) / (2 * np.pi)) % 1.0
    sector = np.minimum((turn * FEEDERS).astype(np.int32), FEEDERS - 1)
    return Attachments.build(
        graph.nodes,
        node,
        source.integers(*COST_FEN, count),
        feeder=substation * FEEDERS + sector,
        busbar=substation * BUSBARS + sector % BUSBARS,
        substation=substation,
        spare=spare,
    )
