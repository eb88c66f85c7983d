"""The sweeps of `bounds`, in its letters.

Forms are linear in D: row 0 the fall of voltage, 1 and 2 the half planes of voltage and of current,
3 and 4 the active and reactive power that is added at the source.
"""

import numpy as np
import numpy.typing as npt

from tongdian.grid.compiled import kernel
from tongdian.grid.radial import Floats, Integers


@kernel
def losses_below(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats,
    lp: Floats, lq: Floats, square: Floats,
) -> None:  # fmt: skip
    """Fills L_p, L_q below each branch, and l."""
    for i in range(len(parent)):
        square[i] = (fp[i] * fp[i] + fq[i] * fq[i]) / u[i]
        lp[i] = 0.0
        lq[i] = 0.0
    for i in range(len(parent) - 1, -1, -1):
        above = parent[i]
        if above >= 0:
            lp[above] += lp[i] + r[i] * square[i]
            lq[above] += lq[i] + x[i] * square[i]


@kernel
def growths(
    parent: Integers, u: Floats, fp: Floats, fq: Floats, lp: Floats, lq: Floats, lowest: Floats,
    head: Integers, worst: Floats, share: Floats, grown: Floats,
) -> None:  # fmt: skip
    """Fills e for each position: one for each feeder, infinite where none serves; at a root the
    largest of its feeders. `head` becomes the first position of each one's feeder."""
    for i in range(len(parent)):
        above = parent[i]
        head[i] = i if above < 0 or parent[above] < 0 else head[above]
        worst[i], share[i] = 1.0, 0.0
        top = head[i]
        worst[top] = max(worst[top], u[i] / lowest[i])
        flow = fp[i] * fp[i] + fq[i] * fq[i]
        if flow > 0:
            share[top] = max(share[top], np.sqrt((lp[i] * lp[i] + lq[i] * lq[i]) / flow))
    for i in range(len(parent)):
        grown[i] = 0.0
        if head[i] != i:
            grown[i] = grown[head[i]]
        elif parent[i] >= 0:
            e = worst[i] - 1
            for _ in range(60):
                e = (1 + e * share[i]) ** 2 * worst[i] - 1 + 1e-9
                if e > 3:
                    break
            serves = (1 + e * share[i]) ** 2 * worst[i] <= 1 + e
            grown[i] = e if serves else np.inf
            if serves:
                grown[parent[i]] = max(grown[parent[i]], e)


@kernel
def margins(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, lp: Floats,
    lq: Floats, square: Floats, grown: Floats, lowest: Floats, current: Floats, guard: float,
    low: Floats, sunk: Floats, margin: Floats, least: Integers, is_ample: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fills what u must keep (`low`, and whether a current asks for it), how far it is from that,
    and at which position below each one it is least so."""
    for i in range(len(parent)):
        above = parent[i]
        sp, sq = fp[i] + grown[i] * lp[i], fq[i] + grown[i] * lq[i]
        needed = (sp * sp + sq * sq) / current[i] if grown[i] < np.inf else np.inf
        is_ample[i] = needed > lowest[i]
        low[i] = max(lowest[i], needed)
        least[i] = i
        if above < 0:
            sunk[i], margin[i] = 0.0, np.inf
            continue
        z2 = r[i] * r[i] + x[i] * x[i]
        sunk[i] = sunk[above] + 2 * (r[i] * lp[i] + x[i] * lq[i]) + z2 * square[i]
        margin[i] = u[i] - low[i] - grown[i] * sunk[i] - guard if grown[i] < np.inf else -1.0
    for i in range(len(parent) - 1, -1, -1):
        above = parent[i]
        if above >= 0 and margin[least[i]] < margin[least[above]]:
            least[above] = least[i]


@kernel
def caps(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, grown: Floats,
    current: Floats, margin: Floats, least: Integers, tangent: float, most: float, along: Floats,
    cap: Floats,
) -> None:  # fmt: skip
    """Fills c, what would fit if nothing more were lost."""
    size = 1 + tangent * tangent
    for i in range(len(parent)):
        above = parent[i]
        if above < 0:
            along[i], cap[i] = 0.0, most
            continue
        along[i] = along[above] + r[i] + tangent * x[i]
        if not grown[i] < np.inf:
            cap[i] = 0.0
            continue
        fits = cap[above]
        if along[i] > 0:
            fits = min(fits, max(margin[least[i]], 0.0) / (2 * along[i]))
        room = max(current[i] * u[i] - fp[i] * fp[i] - fq[i] * fq[i], 0.0)
        if room < np.inf:
            both = fp[i] + tangent * fq[i]
            fits = min(fits, (np.sqrt(both * both + size * room) - both) / size)
        cap[i] = fits


@kernel
def ways(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, lp: Floats,
    lq: Floats, grown: Floats, sunk: Floats, low: Floats, cap: Floats, steep: float,
    floor: Floats, forms: Floats,
) -> None:  # fmt: skip
    """Fills the forms of fall and of what is added at the source, n by 5 by 2, and `floor`: what u
    at most falls to while D passes."""
    for i in range(len(parent)):
        above = parent[i]
        if above < 0:
            forms[i] = 0.0
            forms[i, 3, 0] = forms[i, 4, 1] = 1.0
            floor[i] = u[i]
            continue
        if not grown[i] < np.inf:
            continue
        c, d = cap[i], steep * cap[i]
        top_p = 2 * (fp[i] + grown[i] * lp[i]) + c
        top_q = 2 * (fq[i] + grown[i] * lq[i]) + d
        z2 = r[i] * r[i] + x[i] * x[i]
        # What m costs in voltage down to here, and with it the fall of u when D is at its cap.
        step = forms[above, 0, 0] * r[i] + forms[above, 0, 1] * x[i] + z2
        fall = (forms[above, 0, 0] + 2 * r[i]) * c + (forms[above, 0, 1] + 2 * x[i]) * d
        fall += step * (top_p * c + top_q * d) / low[i]
        floor[i] = max(low[i], u[i] - grown[i] * sunk[i] - fall)
        a, b = top_p / floor[i], top_q / floor[i]
        for k in (0, 3, 4):
            step = forms[above, k, 0] * r[i] + forms[above, k, 1] * x[i]
            forms[i, k, 0] = forms[above, k, 0] + step * a
            forms[i, k, 1] = forms[above, k, 1] + step * b
        forms[i, 0, 0] += 2 * r[i] + z2 * a
        forms[i, 0, 1] += 2 * x[i] + z2 * b


@kernel
def half_planes(
    parent: Integers, r: Floats, x: Floats, fp: Floats, fq: Floats, lp: Floats, lq: Floats,
    grown: Floats, current: Floats, margin: Floats, least: Integers,
    is_ample: npt.NDArray[np.bool_], cap: Floats, floor: Floats, tangent: float, steep: float,
    flat: float, forms: Floats, kind: npt.NDArray[np.int8], where: Integers,
) -> None:  # fmt: skip
    """Fills the forms of voltage and of current, and what binds."""
    for i in range(len(parent)):
        above = parent[i]
        kind[i], where[i] = 3, i
        if not grown[i] < np.inf:
            continue
        sp, sq = fp[i] + grown[i] * lp[i], fq[i] + grown[i] * lq[i]
        if above < 0:
            kind[i] = 1
        else:
            a, b = (2 * sp + cap[i]) / floor[i], (2 * sq + steep * cap[i]) / floor[i]
            for k in (1, 2):
                step = forms[above, k, 0] * r[i] + forms[above, k, 1] * x[i]
                forms[i, k, 0] = forms[above, k, 0] + step * a
                forms[i, k, 1] = forms[above, k, 1] + step * b
            kind[i], where[i] = kind[above], where[above]
        strict = max(
            forms[i, 1, 0] + tangent * forms[i, 1, 1], forms[i, 2, 0] + tangent * forms[i, 2, 1]
        )
        if forms[i, 0, 0] + forms[i, 0, 1] > 0:
            spare = max(margin[least[i]], 1e-30)
            p, q = forms[i, 0, 0] / spare, forms[i, 0, 1] / spare
            if p + tangent * q > strict:
                strict = p + tangent * q
                kind[i], where[i] = is_ample[least[i]], least[i]
            forms[i, 1, 0], forms[i, 1, 1] = max(forms[i, 1, 0], p), max(forms[i, 1, 1], q)
        room = max(current[i] * floor[i] - sp * sp - sq * sq, 1e-60)
        if room < np.inf:
            # Where the rays leave the disk, and the line through both points.
            both, size = sp + flat * sq, 1 + flat * flat
            near = room / (np.sqrt(both * both + size * room) + both)
            both, size = sp + steep * sq, 1 + steep * steep
            far = room / (np.sqrt(both * both + size * room) + both)
            q = (1 / far - 1 / near) / (steep - flat)
            p = 1 / near - flat * q
            if p + tangent * q > strict:
                kind[i], where[i] = 1, i
            forms[i, 2, 0], forms[i, 2, 1] = max(forms[i, 2, 0], p), max(forms[i, 2, 1], q)


@kernel
def answers(
    cap: Floats, grown: Floats, forms: Floats, tangent: float, steep: float, growth: float,
    most: float, capacity: Floats, kind: npt.NDArray[np.int8],
) -> None:  # fmt: skip
    """Fills h for each position; where G and T do not suffice it is nothing, and weak."""
    for i in range(len(cap)):
        capacity[i] = 0.0
        if not grown[i] < np.inf:
            continue
        taken_p = forms[i, 3, 0] + tangent * forms[i, 3, 1]
        taken_q = forms[i, 4, 0] + tangent * forms[i, 4, 1]
        if not (taken_p <= growth and taken_q <= steep):
            kind[i] = 3
            continue
        strict = max(
            forms[i, 1, 0] + tangent * forms[i, 1, 1], forms[i, 2, 0] + tangent * forms[i, 2, 1]
        )
        fits = min(1 / max(strict, 1 / most), cap[i] / taken_p)
        if taken_q > 0:
            fits = min(fits, steep * cap[i] / taken_q)
        # What the base state is uncertain by.
        capacity[i] = fits * (1 - 1e-6) if fits > 1e-12 else 0.0
