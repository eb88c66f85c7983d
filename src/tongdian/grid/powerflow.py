"""Power flow of radial networks by backward and forward sweeps.

Branch-flow equations (Baran and Wu 1989, "Optimal sizing of capacitors placed on a radial
distribution system", eqs. 1–3) per unit: with P + jQ leaving branch r + jx into a node at |V|² = u,

    u = u_above - 2 (r P + x Q) - (r² + x²) (P² + Q²) / u
    P_above = P + r (P² + Q²) / u + what the node above takes and sends elsewhere; Q alike with x.

A backward sweep sums flows with losses at the last voltages, a forward sweep sets voltages from
them. With loads alone (no generation, no capacitance) flows rise and voltages fall from round to
round and bound the solution from its good side, so a voltage that reaches zero proves that no
solution exists. Each round leaves a small share of the error of the last, about 1 % at loss rates
of 5 %; rounds end when the share seen says that less than `tolerance` is left.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.compiled import kernel
from tongdian.grid.lanes import sweep_lanes
from tongdian.grid.radial import Floats, Integers, Radial
from tongdian.grid.refusals import GridError
from tongdian.grid.solution import Solution, Solutions

TOLERANCE: Final = 1e-10
MOST_ROUNDS: Final = 200


class NotConvergedError(GridError):
    """No solution was found: the network can't carry these loads, or is close to that.

    `node` is where voltage fell to nothing, or one of the tree that did not settle, as given, from
    0; `rounds` how many sweeps were made; `name` what people call the node.
    """

    def __init__(self, node: int, rounds: int, collapsed: bool, name: object = None) -> None:
        named = f"#{node}" if name is None else name
        why_zh = "电压崩溃，网络带不动这些负荷" if collapsed else "电压仍未稳定"
        why_en = "voltage collapses, the load can't be carried," if collapsed else "no settling"
        super().__init__(
            "not_converged",
            (f"潮流不收敛：迭代 {rounds} 次后，节点 {named} {why_zh}",
             f"the power flow does not converge: {why_en} at node {named} after {rounds} rounds"),
            ("请减小负荷，或检查阻抗和功率的单位。",
             "Reduce the load, or check the units of impedance and power."),
        )  # fmt: skip
        self.node, self.rounds, self.collapsed = node, rounds, collapsed


def solve(
    network: Radial,
    p_kw: npt.ArrayLike,
    q_kvar: npt.ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Solution:
    """The state under loads `p_kw` + j `q_kvar` of the nodes, as given (generation below 0).

    `tolerance` is on |V|² per unit. Raises NotConvergedError, and ValueError for loads of another
    shape or that are not finite.
    """
    base = network.base_mva * 1e3
    p, q = _loads(p_kw, network.size), _loads(q_kvar, network.size)
    u, fp, fq = np.empty((3, network.size))
    work = np.empty((4, network.size))
    rounds = np.empty(network.trees, np.int32)
    worst = sweep(
        network.parent, network.starts, network.node, network.r_pu, network.x_pu, network.g_pu,
        network.b_pu, network.source_pu, network.is_shunted, p, q, base,
        u, fp, fq, work, rounds, tolerance, most_rounds, steps=12 * network.size,
    )  # fmt: skip
    if worst >= 0:
        if not (np.isfinite(p).all() and np.isfinite(q).all()):
            raise ValueError("a load is not finite")
        tree = int(np.searchsorted(network.starts, worst, side="right")) - 1
        node, collapsed = int(network.node[worst]), not u[worst] > 0
        raise NotConvergedError(node, -int(rounds[tree]), collapsed)
    return Solution(network, u, fp * base, fq * base, rounds)


def solve_many(
    network: Radial,
    p_kw: npt.ArrayLike,
    q_kvar: npt.ArrayLike,
    *,
    tolerance: float = TOLERANCE,
    most_rounds: int = MOST_ROUNDS,
) -> Solutions:
    """The states under loads of shape (scenarios, nodes). A scenario without solution is marked,
    not raised. Raises ValueError as `solve` does."""
    p, q = np.atleast_2d(np.asarray(p_kw, float)), np.atleast_2d(np.asarray(q_kvar, float))
    if p.shape != q.shape or p.shape[1] != network.size:
        raise ValueError(f"loads of shape {p.shape} and {q.shape} for {network.size} nodes")
    if not (np.isfinite(p).all() and np.isfinite(q).all()):
        raise ValueError("a load is not finite")
    voltages, losses = np.empty(p.shape), np.empty(len(p))
    rounds = np.empty(len(p), np.int32)
    sweep_lanes(
        network.parent, network.node, network.r_pu, network.x_pu, network.g_pu, network.b_pu,
        _source_by_position(network), network.is_shunted, p, q, network.base_mva * 1e3,
        voltages, losses, rounds, tolerance, most_rounds, steps=max(p.size, 8 * network.size) * 12,
    )  # fmt: skip
    return Solutions(voltages, losses, np.isfinite(losses), rounds)


@kernel
def sweep(
    parent: Integers, starts: Integers, node: Integers, r: Floats, x: Floats, g: Floats, b: Floats,
    source: Floats, is_shunted: bool, p_kw: Floats, q_kvar: Floats, base_kw: float,
    u: Floats, fp: Floats, fq: Floats, work: Floats, rounds: Integers, tolerance: float, most: int,
) -> Any:  # fmt: skip
    """Solves each tree into u, fp, fq and rounds, whose sign tells a tree without solution.

    `work` is 4 by n. Returns -1, or a position of the first tree that has no solution: where
    voltage fell to nothing, or its last.
    """
    p, q, inverse, drop = work[0], work[1], work[2], work[3]
    worst = -1
    for tree in range(len(rounds)):
        first, last = starts[tree], starts[tree + 1]
        held = source[tree] * source[tree]
        for i in range(first, last):
            p[i] = p_kw[node[i]] / base_kw
            q[i] = q_kvar[node[i]] / base_kw
            u[i] = held
        moved = 1.0
        left = 1.0
        done = 0
        lost = -1
        while left > tolerance and lost < 0:
            done += 1
            for i in range(first, last):
                fp[i] = p[i]
                fq[i] = q[i]
                inverse[i] = 1 / u[i]
            if is_shunted:
                for i in range(first, last):
                    fp[i] += g[i] * u[i]
                    fq[i] -= b[i] * u[i]
            for i in range(last - 1, first, -1):
                active, reactive, above = fp[i], fq[i], parent[i]
                square = (active * active + reactive * reactive) * inverse[i]
                fp[above] += active + r[i] * square
                fq[above] += reactive + x[i] * square
                drop[i] = (
                    2 * (r[i] * active + x[i] * reactive) + (r[i] * r[i] + x[i] * x[i]) * square
                )
            before, moved = moved, 0.0
            for i in range(first + 1, last):
                new = u[parent[i]] - drop[i]
                if not new > 0:
                    u[i] = new
                    lost = i
                    break
                moved = max(moved, abs(new - u[i]))
                u[i] = new
            # What later rounds would still move, once rounds are seen to shrink quickly.
            share = moved / before if before > 0 else 0.0
            left = 2 * moved * share if done > 1 and share < 0.1 else moved
            if done == most and left > tolerance and lost < 0:
                lost = last - 1
        rounds[tree] = done if lost < 0 else -done
        if lost >= 0 and worst < 0:
            worst = lost
    return worst


def _loads(values: npt.ArrayLike, size: int) -> Floats:
    loads = np.asarray(values, float)
    if loads.shape != (size,):
        raise ValueError(f"loads of shape {loads.shape} for {size} nodes")
    return loads


def _source_by_position(network: Radial) -> Floats:
    return np.repeat(network.source_pu, np.diff(network.starts))
