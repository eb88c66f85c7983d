"""Power flow of radial networks by backward and forward sweeps.

Branch-flow equations (Baran and Wu 1989, "Optimal sizing of capacitors placed on a radial
distribution system", eqs. 1–3) per unit: with P + jQ leaving branch r + jx into a node at |V|² = u,

    u = u_above - 2 (r P + x Q) - (r² + x²) (P² + Q²) / u
    P_above = P + r (P² + Q²) / u + what the node above takes and sends elsewhere; Q alike with x.

A backward sweep sums flows with losses at the last voltages, a forward sweep sets voltages from
them. With loads alone (no generation, no capacitance) flows rise and voltages fall from round to
round and bound the solution from its good side, so a voltage that reaches zero proves that no
solution exists. Each round leaves a small share of the error of the last, about 1 % at loss rates
of 5 %; rounds end when the share seen says that half of `tolerance` is left.
"""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.compiled import kernel
from tongdian.grid.radial import Floats, Integers, Radial
from tongdian.grid.refusals import GridError
from tongdian.grid.solution import Solution, Solutions

TOLERANCE: Final = 1e-9
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
    p, q = _loads(p_kw, (1, network.size)), _loads(q_kvar, (1, network.size))
    u, fp, fq = np.empty((3, network.size))
    rounds = np.empty((1, network.trees), np.int32)
    worst = _sweep(
        network, p, q, u, fp, fq, rounds, np.empty((0, 0)), np.empty(0), tolerance, most_rounds
    )
    if worst >= 0:
        _check_finite(p, q)
        tree = int(np.searchsorted(network.starts, worst, side="right")) - 1
        node, collapsed = int(network.node[worst]), not u[worst] > 0
        raise NotConvergedError(node, -int(rounds[0, tree]), collapsed)
    return Solution(network, u, fp * base, fq * base, rounds[0])


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
    shape = (len(np.asarray(p_kw)), network.size)
    p, q = _loads(p_kw, shape), _loads(q_kvar, shape)
    u, fp, fq = np.empty((3, network.size))
    voltages, losses = np.empty(shape), np.empty(len(p))
    rounds = np.empty((len(p), network.trees), np.int32)
    worst = _sweep(network, p, q, u, fp, fq, rounds, voltages, losses, tolerance, most_rounds)
    if worst >= 0:
        _check_finite(p, q)
    losses *= network.base_mva * 1e3
    return Solutions(voltages, losses, np.isfinite(losses), np.abs(rounds).max(axis=1))


def _sweep(
    network: Radial, p: Floats, q: Floats, u: Floats, fp: Floats, fq: Floats, rounds: Integers,
    voltages: Floats, losses: Floats, tolerance: float, most_rounds: int,
) -> int:  # fmt: skip
    worst = sweep(
        network.parent, network.starts, network.node, network.r_pu, network.x_pu, network.g_pu,
        network.b_pu, network.source_pu, network.is_shunted, p, q, 1 / (network.base_mva * 1e3),
        u, fp, fq, np.empty((4, network.size)), rounds, voltages, losses, tolerance, most_rounds,
        steps=12 * p.size,
    )  # fmt: skip
    return int(worst)


@kernel
def sweep(
    parent: Integers, starts: Integers, node: Integers, r: Floats, x: Floats, g: Floats, b: Floats,
    source: Floats, is_shunted: bool, p_kw: Floats, q_kvar: Floats, per_kw: float,
    u: Floats, fp: Floats, fq: Floats, work: Floats, rounds: Integers, voltages: Floats,
    losses: Floats, tolerance: float, most: int,
) -> Any:  # fmt: skip
    """Solves each row of loads, tree by tree: the last one stays in u, fp, fq; |V| by node and the
    loss per unit of each go to the rows of `voltages` and `losses`, unless these are empty.

    The sign of `rounds`, scenarios by trees, tells a tree without solution; its row becomes NaN.
    `work` is 4 by n. Returns -1, or a position of the first tree that has no solution: where
    voltage fell to nothing, or its last.
    """
    p, q, inverse, drop = work[0], work[1], work[2], work[3]
    worst = -1
    for row in range(len(p_kw)):
        is_solved = True
        for tree in range(len(starts) - 1):
            first, last = starts[tree], starts[tree + 1]
            held = source[tree] * source[tree]
            for i in range(first, last):
                p[i] = p_kw[row, node[i]] * per_kw
                q[i] = q_kvar[row, node[i]] * per_kw
                u[i] = held
            moved, left = 1.0, 1.0
            done, lost = 0, -1
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
                    z2 = r[i] * r[i] + x[i] * x[i]
                    drop[i] = 2 * (r[i] * active + x[i] * reactive) + z2 * square
                before, moved = moved, 0.0
                for i in range(first + 1, last):
                    new = u[parent[i]] - drop[i]
                    if not new > 0:
                        u[i] = new
                        lost = i
                        break
                    moved = max(moved, abs(new - u[i]))
                    u[i] = new
                # What later rounds would still move, and as much again.
                share = moved / before if before > 0 else 0.0
                left = 2 * moved * share / (1 - share) if done > 1 and share < 1 else moved
                if done == most and left > tolerance and lost < 0:
                    lost = last - 1
            rounds[row, tree] = done if lost < 0 else -done
            if lost >= 0:
                is_solved = False
                worst = lost if worst < 0 else worst
        if len(voltages) > 0:
            total = 0.0
            for i in range(len(parent)):
                total += r[i] * (fp[i] * fp[i] + fq[i] * fq[i]) / u[i]
                voltages[row, node[i]] = np.sqrt(u[i]) if is_solved else np.nan
            losses[row] = total if is_solved else np.nan
    return worst


def _loads(values: npt.ArrayLike, shape: tuple[int, int]) -> Floats:
    loads = np.asarray(values, float)
    if loads.shape not in (shape, shape[1:] if shape[0] == 1 else shape):
        raise ValueError(f"loads of shape {loads.shape} for {shape[1]} nodes")
    return np.ascontiguousarray(loads).reshape(shape)


def _check_finite(p: Floats, q: Floats) -> None:
    """A load that is no number has no solution either; that is told apart here, once it matters."""
    if not (np.isfinite(p).all() and np.isfinite(q).all()):
        raise ValueError("a load is not finite")
