"""Reliability of radial feeders with every failure followed by itself, as RELRAD does: the peer.

The algorithm of Kjølle and Sand (RELRAD, IEEE Trans. Power Delivery 7(2), 1992): for each component
the load points that its failure interrupts, and for how long, by search in the graph.
"""

from collections.abc import Iterable

import numpy as np

from tongdian.reliability.radial import RadialSystem

Ways = list[list[int]]


def one_by_one(system: RadialSystem) -> np.ndarray:
    """(load points, 2): interruptions and hours per year. Ties of one closing time."""
    whole, protected, divided = _ways(system, 0), _ways(system, 1), _ways(system, 2)
    tied = [list(others) for others in whole]
    for a, b in zip(system.tie_a.tolist(), system.tie_b.tolist(), strict=True):
        tied[a].append(b)
        tied[b].append(a)
    sources, loads = system.sources.tolist(), system.load_node.tolist()
    tie_h = float(system.tie_h[0]) if system.tie_h.size else 0.0
    found = np.zeros((len(loads), 2))
    for i in range(system.upstream.size):
        place = system.nodes + i
        supplied = _spread(sources, whole, _spread([place], protected, ()))
        waiting = _spread([place], divided, ())
        switched = _spread(sources, whole, waiting)
        by_tie = _spread(sources, tied, waiting)
        switch_h = float(system.switch_h[i])
        for rate, repair_h in (
            (system.failures[i], float(system.repair_h[i])),
            (system.transformer_failures[i], float(system.transformer_repair_h[i])),
        ):
            for k, node in enumerate(loads):
                if node in supplied:
                    continue
                hours = repair_h
                if node in switched:
                    hours = min(hours, switch_h)
                elif node in by_tie:
                    hours = min(hours, max(switch_h, tie_h))
                found[k] += rate, rate * hours
    return found


def _ways(system: RadialSystem, devices: int) -> Ways:
    """Neighbours of nodes and sections, where no breaker (1), no switch at all (2) is between."""
    ways: Ways = [[] for _ in range(system.nodes + system.upstream.size)]
    for i in range(system.upstream.size):
        bits = 0
        if devices:
            bits |= int(system.protection[i])
        if devices == 2:
            bits |= int(system.isolation[i])
        for node, end in ((int(system.upstream[i]), 1), (int(system.downstream[i]), 2)):
            if not bits & end:
                ways[node].append(system.nodes + i)
                ways[system.nodes + i].append(node)
    return ways


def _spread(starts: Iterable[int], ways: Ways, without: Iterable[int]) -> set[int]:
    barred = set(without)
    met = set(starts) - barred
    left = list(met)
    while left:
        for place in ways[left.pop()]:
            if place not in met and place not in barred:
                met.add(place)
                left.append(place)
    return met
