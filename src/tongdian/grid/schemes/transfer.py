"""N-1: can all of a feeder, with the new load, be taken over by a neighbour through one open tie
when the branch at its head is out?

That is the worst single outage of a feeder. It is asked of each tie by itself, without splitting
the feeder among several: a tie that passes proves that load can be transferred; where none does,
splitting might still help, and is said to be unknown. Voltages may then fall as far as abnormal
states allow (GB/T 12325), currents not above what conductors carry.
"""

from typing import Final

import numpy as np

from tongdian.grid.base import swept
from tongdian.grid.feeder import Feeder, feeder_of
from tongdian.grid.radial import Floats, Radial
from tongdian.grid.schemes.checks import Check
from tongdian.grid.schemes.extension import Extended
from tongdian.grid.schemes.world import Ties, World

MOST_TIES: Final = 12


def transfer_check(world: World, feeder: Extended, p_pu: float, q_pu: float) -> Check:
    """The best tie: how far its worst limit is overstepped, as a share; it holds at 0 or below."""
    ties = world.ties
    head = int(world.heads_of(np.array([feeder.from_position], np.int32))[0])
    # A line of its own from the busbar hangs on no feeder.
    is_own = world.network.radial.parent[head] < 0
    found = [] if is_own else np.argwhere(ties.head == head)[:MOST_TIES].tolist()
    best, best_name = np.inf, ""
    for row, side in found:
        over = _overstepped(world, feeder, ties, row, side, p_pu, q_pu)
        if over < best or not best_name:
            best, best_name = over, str(world.network.tables.lines.id[ties.line[row]])
    helps = (
        ("没有联络线：请新建联络，或选有联络的馈线",
         "there is no tie: build one, or take a feeder that has one")
        if not best_name else
        (f"经联络线 {best_name} 转供时越限：请分段由多条联络线分担，或加大对侧导线",
         f"through tie {best_name} a limit is overstepped: split the feeder among several ties, or"
         " use larger conductors beyond it")
    )  # fmt: skip
    holds = best <= 0
    return Check(
        "transfer", "lines", best_name, float(best), 0.0, "1", holds, ("", "") if holds else helps
    )


def _overstepped(
    world: World, feeder: Extended, ties: Ties, row: int, side: int, p_pu: float, q_pu: float
) -> float:
    radial = world.network.radial
    near, far = int(ties.position[row, side]), int(ties.position[row, 1 - side])
    tree, first, stop = feeder_of(radial, far)
    other = Feeder(world.base, world.limits, tree, first, stop)
    count, own = len(other.at), len(feeder.at) - 1
    place_far, place_near = other.place(far), count + feeder.place(near) - 1
    kept = np.flatnonzero(feeder.parent > 0)
    line = int(ties.line[row])
    r, x, most = _tie(world, line)
    if tree == int(np.searchsorted(radial.starts, feeder.from_position, side="right")) - 1:
        # The neighbour's busbar no longer gives what the lost feeder took.
        other.p[0] -= _taken(feeder, feeder.base.fp, feeder.r)
        other.q[0] -= _taken(feeder, feeder.base.fq, feeder.x)
    built = Radial.build(
        nodes=count + own,
        start=np.concatenate([other.parent[1:], count + feeder.parent[kept] - 1, [place_far]]),
        end=np.concatenate([np.arange(1, count), count + kept - 1, [place_near]]),
        r_pu=np.concatenate([other.r[1:], feeder.r[kept], [r]]),
        x_pu=np.concatenate([other.x[1:], feeder.x[kept], [x]]),
        roots=[0], source_pu=other.source[0], base_mva=radial.base_mva,
    )  # fmt: skip
    p, q = (
        np.concatenate([one, two[1:]]) for one, two in ((other.p, feeder.p), (other.q, feeder.q))
    )
    customer = count + feeder.place(feeder.end) - 1
    p[customer] += p_pu
    q[customer] += q_pu
    u, fp, fq = np.empty((3, built.size))
    rounds = swept(
        built.parent, built.starts, built.r_pu, built.x_pu, built.source_pu,
        np.ascontiguousarray(p[built.node]), np.ascontiguousarray(q[built.node]), u, fp, fq,
    )  # fmt: skip
    if rounds[0] <= 0:
        return float("inf")
    current = np.concatenate([other.current[1:], feeder.current[kept], [most**2]])
    square = (fp**2 + fq**2) / u
    hung = built.branch >= 0
    over = float((square[hung] / current[built.branch[hung]]).max(initial=0.0)) - 1
    over = max(over, float(square[0] / other.current[0]) - 1)
    relax = (1 - world.rules["abnormal_deviation"]) / (1 - world.rules["deviation"])
    lowest: Floats = np.concatenate([other.lowest, feeder.lowest[1:]]) * relax**2
    low = float(((lowest[built.node] - u) / u[0])[1:].max(initial=-1.0))
    return max(over, low)


def _tie(world: World, line: int) -> tuple[float, float, float]:
    """Impedance of a line and what it may carry, per unit."""
    network, lines, conductors = (
        world.network, world.network.tables.lines, world.network.tables.conductors,
    )  # fmt: skip
    kv, mva = float(network.base_kv[lines.start[line]]), network.radial.base_mva
    km = float(lines.length_m[line]) / 1e3 / int(lines.parallel[line])
    kind, ohm = int(lines.conductor[line]), kv * kv / mva
    amperes = conductors.ampacity()[kind, lines.laying[line]] * lines.parallel[line]
    most = float(amperes) / 1e3 * np.sqrt(3) * kv / mva
    return (
        float(conductors.r_ohm_km[kind]) * km / ohm, float(conductors.x_ohm_km[kind]) * km / ohm,
        most,
    )  # fmt: skip


def _taken(feeder: Extended, flow: Floats, series: Floats) -> float:
    """What the feeder's head takes from its root in the base state, per unit."""
    return float(flow[feeder.at[1]] + series[1] * feeder.base_square[1])
