"""N-1: can all of a feeder, with the new load, be taken over by its neighbours through open ties
when the branch at its head is out?

That is the worst single outage of a feeder. It is asked of each tie by itself, then of two ties at
once, with the feeder cut between them at a line that has a switch. What passes proves that load can
be transferred; where nothing does, three ties might still help, and that is not known. Asked are
the 10 kV network and its busbars: voltages may fall as far as abnormal states allow (GB/T 12325),
lines carry no more than they are rated for.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.base import swept
from tongdian.grid.feeder import Feeder, feeder_of
from tongdian.grid.limits import LOW_KV
from tongdian.grid.radial import Floats, Radial
from tongdian.grid.schemes.checks import Check, base_kv_of
from tongdian.grid.schemes.extension import Extended
from tongdian.grid.schemes.world import World

MOST_TIES: Final = 6
MOST_CUTS: Final = 8
Flags = npt.NDArray[np.bool_]


def transfer_check(world: World, feeder: Extended, p_pu: float, q_pu: float) -> Check:
    """The best way found: how far its worst limit is overstepped, as a share; it holds at 0 or
    below. `id` names the ties, and the line at which the feeder is cut."""
    transfer = Transfer(world, feeder, p_pu, q_pu)
    best, name = np.inf, ""
    for over, ways in transfer.ways():
        if over < best or not name:
            best, name = over, ways
        if best <= 0:
            break
    helps = (
        ("没有联络线：请新建联络，或选有联络的馈线",
         "there is no tie: build one, or take a feeder that has one")
        if not name else
        (f"经 {name} 转供时越限：请新增联络，或加大对侧导线",
         f"transferred through {name} a limit is overstepped: build another tie, or use larger"
         " conductors beyond it")
    )  # fmt: skip
    holds = best <= 0
    return Check(
        "transfer", "lines", name, float(best), 0.0, "1", holds, ("", "") if holds else helps
    )


class Transfer:
    """One feeder whose head is out; places are those of the feeder."""

    def __init__(self, world: World, feeder: Extended, p_pu: float, q_pu: float) -> None:
        self.world, self.feeder, self.load = world, feeder, (p_pu, q_pu)
        radial = world.network.radial
        self.tree = int(np.searchsorted(radial.starts, feeder.from_position, side="right")) - 1
        head = int(world.heads_of(np.array([feeder.from_position], np.int32))[0])
        # A line of its own from the busbar hangs on no feeder.
        is_own = radial.parent[head] < 0
        self.ties = [] if is_own else np.argwhere(world.ties.head == head)[:MOST_TIES].tolist()
        size = radial.size
        self.is_medium = np.array(
            [base_kv_of(world.network, feeder, place) > LOW_KV for place in range(len(feeder.at))]
        )
        old = feeder.at < size
        branch = radial.branch[feeder.at[old]]
        self.has_switch = np.zeros(len(feeder.at), np.bool_)
        lines = len(world.network.tables.lines)
        switched = np.zeros(lines + 1, np.bool_)
        switched[world.network.tables.switches.line] = True
        self.has_switch[old] = switched[np.where((branch >= 0) & (branch < lines), branch, lines)]

    def ways(self) -> Iterator[tuple[float, str]]:
        """How far limits are overstepped, and by which ties: one tie, then two."""
        names = self.world.network.tables.lines.id
        every = np.arange(len(self.feeder.at)) > 0
        for tie in self.ties:
            yield self.overstepped(every, tie), str(names[self._line(tie)])
        for one, other in combinations(self.ties, 2):
            if self._far_tree(one) == self._far_tree(other):
                continue  # one busbar would have to give both, which is not asked here
            for cut in self._cuts(one, other):
                below = self._below(cut)
                first = one if below[self._near(one)] else other
                second = other if first is one else one
                over = self.overstepped(below, first)
                if over <= 0:
                    over = max(over, self.overstepped(every & ~below, second))
                ids = [str(names[self._line(tie)]) for tie in (one, other)]
                row = self.world.network.radial.branch[self.feeder.at[cut]]
                yield over, f"{ids[0]} + {ids[1]} / {names[row]}"

    def overstepped(self, part: Flags, tie: list[int]) -> float:
        """How far the worst limit is overstepped when a tie takes over a part of the feeder."""
        feeder, radial = self.feeder, self.world.network.radial
        far = self._far(tie)
        tree, first, stop = feeder_of(radial, far)
        other = Feeder(self.world.base, self.world.limits, tree, first, stop)
        if not other.is_solved:
            return float("inf")
        if tree == self.tree:
            # The busbar no longer gives what the lost feeder took.
            other.p[0] -= _taken(feeder, feeder.base.fp, feeder.r)
            other.q[0] -= _taken(feeder, feeder.base.fq, feeder.x)
        count, places = len(other.at), np.flatnonzero(part)
        index = np.full(len(part), -1)
        index[places] = count + np.arange(len(places))
        kept = places[part[feeder.parent[places]]]
        foot = other.place(far)
        r, x, most = _rated(self.world, self._line(tie))
        built = Radial.build(
            nodes=count + len(places),
            start=np.concatenate([other.parent[1:], index[feeder.parent[kept]], [foot]]),
            end=np.concatenate([np.arange(1, count), index[kept], [index[self._near(tie)]]]),
            r_pu=np.concatenate([other.r[1:], feeder.r[kept], [r]]),
            x_pu=np.concatenate([other.x[1:], feeder.x[kept], [x]]),
            roots=[0], source_pu=other.source[0], base_mva=radial.base_mva,
        )  # fmt: skip
        p, q = (
            np.concatenate([one, two[places]])
            for one, two in ((other.p, feeder.p), (other.q, feeder.q))
        )
        customer = int(index[feeder.place(feeder.end)])
        if customer >= 0:
            p[customer] += self.load[0]
            q[customer] += self.load[1]
        u, fp, fq = np.empty((3, built.size))
        rounds = swept(
            built.parent, built.starts, built.r_pu, built.x_pu, built.source_pu,
            np.ascontiguousarray(p[built.node]), np.ascontiguousarray(q[built.node]), u, fp, fq,
        )  # fmt: skip
        if rounds[0] <= 0:
            return float("inf")
        kv = self.world.network.tables.nodes.nominal_kv[radial.node[other.at]]
        medium = np.concatenate([kv > LOW_KV, self.is_medium[places]])[built.node]
        current = np.concatenate([other.current[1:], feeder.current[kept], [most**2]])
        limit = np.append(current, other.current[0])[built.branch]
        relax = (1 - self.world.rules["abnormal_deviation"]) / (1 - self.world.rules["deviation"])
        lowest = np.concatenate([other.lowest, feeder.lowest[places]])[built.node] * relax**2
        over = (fp**2 + fq**2) / u / limit - 1
        low = (lowest - u) / u[0]
        low[0] = -1.0
        return float(max(over[medium].max(), low[medium].max()))

    def _near(self, tie: list[int]) -> int:
        return self.feeder.place(int(self.world.ties.position[tie[0], tie[1]]))

    def _far(self, tie: list[int]) -> int:
        return int(self.world.ties.position[tie[0], 1 - tie[1]])

    def _far_tree(self, tie: list[int]) -> int:
        starts = self.world.network.radial.starts
        return int(np.searchsorted(starts, self._far(tie), side="right")) - 1

    def _line(self, tie: list[int]) -> int:
        return int(self.world.ties.line[tie[0]])

    def _cuts(self, one: list[int], other: list[int]) -> list[int]:
        """Places between two ties whose branch has a switch: some of them, spread evenly."""
        ways = [set(self._up(self._near(tie))) for tie in (one, other)]
        between = sorted(place for place in ways[0] ^ ways[1] if self.has_switch[place])
        step = max(1, -(-len(between) // MOST_CUTS))
        return between[::step]

    def _up(self, place: int) -> Iterator[int]:
        while place > 0:
            yield place
            place = int(self.feeder.parent[place])

    def _below(self, cut: int) -> Flags:
        """The places that hang on a branch."""
        parent = self.feeder.parent.tolist()
        below = [False] * len(parent)
        below[cut] = True
        for place in range(cut + 1, len(parent)):
            below[place] = below[parent[place]]
        return np.array(below)


def _rated(world: World, line: int) -> tuple[float, float, float]:
    """Impedance of a line and what it may carry, per unit."""
    network, lines, conductors = (
        world.network, world.network.tables.lines, world.network.tables.conductors,
    )  # fmt: skip
    kv, mva = float(network.base_kv[lines.start[line]]), network.radial.base_mva
    km = float(lines.length_m[line]) / 1e3 / int(lines.parallel[line])
    kind, ohm = int(lines.conductor[line]), kv * kv / mva
    amperes = conductors.ampacity()[kind, lines.laying[line]] * lines.parallel[line]
    return (
        float(conductors.r_ohm_km[kind]) * km / ohm, float(conductors.x_ohm_km[kind]) * km / ohm,
        float(amperes) / 1e3 * np.sqrt(3) * kv / mva,
    )  # fmt: skip


def _taken(feeder: Extended, flow: Floats, series: Floats) -> float:
    """What the feeder's head takes from its root in the base state, per unit."""
    return float(flow[feeder.at[1]] + series[1] * feeder.base_square[1])
