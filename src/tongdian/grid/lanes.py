"""The sweep of `powerflow` for many scenarios of one network, eight side by side.

What is read of the network serves eight scenarios, and the sums of one don't wait for those of
another.
"""

from typing import Any

import numpy as np

from tongdian.grid.compiled import kernel
from tongdian.grid.radial import Floats, Integers


@kernel
def sweep_lanes(
    parent: Integers, node: Integers, r: Floats, x: Floats, g: Floats, b: Floats,
    source: Floats, is_shunted: bool, p_kw: Floats, q_kvar: Floats, base_kw: float,
    voltages: Floats, losses: Floats, rounds: Integers, tolerance: float, most: int,
) -> Any:  # fmt: skip
    """Solves each row of loads into a row of voltages, by node, and its loss in kW. A row without
    solution holds NaN. `source` is by position, read at roots."""
    n = len(parent)
    lanes = 8
    # Of each node: flow P and Q, 1 / u, drop, u, load P and Q.
    state = np.empty((n, 7, lanes))
    moved, before, left, lowest = np.empty(lanes), np.empty(lanes), np.empty(lanes), np.empty(lanes)
    for block in range(0, len(p_kw), lanes):
        for k in range(lanes):
            # The last block is filled up with copies of its last row.
            row = min(block + k, len(p_kw) - 1)
            for i in range(n):
                state[i, 4, k] = source[i] * source[i]
                state[i, 5, k] = p_kw[row, node[i]] / base_kw
                state[i, 6, k] = q_kvar[row, node[i]] / base_kw
            moved[k], left[k] = 1.0, 1.0
        done = 0
        while done < most and left.max() > tolerance:
            done += 1
            for k in range(lanes):
                before[k], moved[k], lowest[k] = moved[k], 0.0, np.inf
            for i in range(n):
                for k in range(lanes):
                    state[i, 0, k] = state[i, 5, k]
                    state[i, 1, k] = state[i, 6, k]
                    state[i, 2, k] = 1 / state[i, 4, k]
            if is_shunted:
                for i in range(n):
                    for k in range(lanes):
                        state[i, 0, k] += g[i] * state[i, 4, k]
                        state[i, 1, k] -= b[i] * state[i, 4, k]
            for i in range(n - 1, -1, -1):
                above, resistance, reactance = parent[i], r[i], x[i]
                squared = resistance * resistance + reactance * reactance
                if above < 0:
                    continue
                for k in range(lanes):
                    active, reactive = state[i, 0, k], state[i, 1, k]
                    square = (active * active + reactive * reactive) * state[i, 2, k]
                    state[above, 0, k] += active + resistance * square
                    state[above, 1, k] += reactive + reactance * square
                    state[i, 3, k] = (
                        2 * (resistance * active + reactance * reactive) + squared * square
                    )
            for i in range(n):
                above = parent[i]
                if above < 0:
                    continue
                for k in range(lanes):
                    new = state[above, 4, k] - state[i, 3, k]
                    moved[k] = max(moved[k], abs(new - state[i, 4, k]))
                    lowest[k] = min(lowest[k], new)
                    state[i, 4, k] = new
            for k in range(lanes):
                share = moved[k] / before[k] if before[k] > 0 else 0.0
                if left[k] > tolerance:  # what is settled or fallen stays so
                    left[k] = 2 * moved[k] * share if done > 1 and share < 0.1 else moved[k]
                if not lowest[k] > 0:
                    left[k] = -1.0
        for k in range(min(lanes, len(p_kw) - block)):
            row = block + k
            is_solved = 0 <= left[k] <= tolerance
            rounds[row] = done
            lost = 0.0
            for i in range(n):
                active, reactive, u = state[i, 0, k], state[i, 1, k], state[i, 4, k]
                lost += r[i] * (active * active + reactive * reactive) / u
                voltages[row, node[i]] = np.sqrt(u) if is_solved else np.nan
            losses[row] = lost * base_kw if is_solved else np.nan
    return 0
