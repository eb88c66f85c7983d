"""The sweeps of `bounds`, in its letters.

A form holds A, B, C of A D_p + B D_q + C |D|²: row 0 the fall of voltage, 1 and 2 what limits of
voltage and of current allow, as a share and straight (C = 0), 3 and 4 active and reactive power
added at the source.
"""

import numpy as np
import numpy.typing as npt

from tongdian.compiled import kernel
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
    parent: Integers, u: Floats, fp: Floats, fq: Floats, lp: Floats, lq: Floats, floor: Floats,
    head: Integers, worst: Floats, share: Floats, grown: Floats,
) -> None:  # fmt: skip
    """Fills e for each position when u falls to `floor` at most: one for each feeder, infinite
    where none serves; at a root the largest of its feeders. `head` becomes the first position of
    each one's feeder."""
    for i in range(len(parent)):
        above = parent[i]
        head[i] = i if above < 0 or parent[above] < 0 else head[above]
        worst[i], share[i] = 1.0, 0.0
        top = head[i]
        worst[top] = max(worst[top], u[i] / floor[i])
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
def falls(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, lp: Floats,
    lq: Floats, grown: Floats, sunk: Floats, lowest: Floats, cap: Floats,
    cap_p: float, cap_q: float, forms: Floats, sag: Floats, floor: Floats,
) -> None:  # fmt: skip
    """Fills `floor`: under what u falls nowhere while D keeps the caps of where it passes. `forms`,
    n by 3, are coarse ones of the fall, `sag` the largest fall on the way. Until it is known better
    `lowest` is the floor."""
    for i in range(len(parent)):
        above = parent[i]
        if above < 0:
            forms[i] = 0.0
            sag[i], floor[i] = 0.0, u[i]
            continue
        if not grown[i] < np.inf:
            floor[i] = lowest[i]
            continue
        p, q = cap_p * cap[i], cap_q * cap[i]
        size = p * p + q * q
        a = 2 * (fp[i] + grown[i] * lp[i]) / lowest[i]
        b = 2 * (fq[i] + grown[i] * lq[i]) / lowest[i]
        z2 = r[i] * r[i] + x[i] * x[i]
        kappa = 1 + np.sqrt(z2) * (np.sqrt(a * a + b * b) + np.sqrt(size) / lowest[i])
        step = forms[above, 0] * r[i] + forms[above, 1] * x[i] + z2
        forms[i, 0] = forms[above, 0] + 2 * r[i] + step * a
        forms[i, 1] = forms[above, 1] + 2 * x[i] + step * b
        forms[i, 2] = forms[above, 2] * kappa * kappa + step / lowest[i]
        sag[i] = max(sag[above], forms[i, 0] * p + forms[i, 1] * q + forms[i, 2] * size)
        floor[i] = max(lowest[i], u[i] - grown[i] * sunk[i] - sag[i])


@kernel
def ways(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, lp: Floats,
    lq: Floats, grown: Floats, sunk: Floats, low: Floats, floor: Floats, cap: Floats,
    cap_p: float, cap_q: float, edges: Floats, forms: Floats,
) -> None:  # fmt: skip
    """Fills rows 0, 3 and 4 of the forms, n by 5 by 3, and for each branch a, b, w and the square
    of kappa."""
    for i in range(len(parent)):
        above = parent[i]
        if above < 0:
            forms[i] = 0.0
            forms[i, 3, 0] = forms[i, 4, 1] = 1.0
            continue
        if not grown[i] < np.inf:
            continue
        sp, sq = fp[i] + grown[i] * lp[i], fq[i] + grown[i] * lq[i]
        s = np.sqrt(sp * sp + sq * sq)
        least = max(floor[i], low[i])
        upper = max(u[i] - grown[i] * sunk[i], least)
        size = np.sqrt(cap_p * cap_p + cap_q * cap_q) * cap[i]
        z2 = r[i] * r[i] + x[i] * x[i]
        z = np.sqrt(z2)
        # The fall down to here at most, as a multiple of |D|: what 1 / u rises by.
        f, g, h = forms[above, 0, 0], forms[above, 0, 1], forms[above, 0, 2]
        step = f * r[i] + g * x[i] + z2
        kappa = 1 + z * (2 * s + size) / least
        f, g = f + 2 * r[i] + step * 2 * sp / least, g + 2 * x[i] + step * 2 * sq / least
        fall = np.sqrt(f * f + g * g) + (h * kappa * kappa + step / least) * size
        a, b = 2 * sp / upper, 2 * sq / upper
        w = 1 / least + 2 * s * fall / (upper * least)
        kappa = 1 + z * (2 * s / upper + w * size)
        edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3] = a, b, w, kappa * kappa
        for k in (0, 3, 4):
            step = forms[above, k, 0] * r[i] + forms[above, k, 1] * x[i]
            forms[i, k, 0] = forms[above, k, 0] + step * a
            forms[i, k, 1] = forms[above, k, 1] + step * b
            forms[i, k, 2] = forms[above, k, 2] * edges[i, 3] + step * w
        forms[i, 0, 0] += 2 * r[i] + z2 * a
        forms[i, 0, 1] += 2 * x[i] + z2 * b
        forms[i, 0, 2] += z2 * w


@kernel
def joined(
    parent: Integers, r: Floats, x: Floats, u: Floats, fp: Floats, fq: Floats, lp: Floats,
    lq: Floats, grown: Floats, sunk: Floats, low: Floats, floor: Floats, current: Floats,
    margin: Floats, least: Integers, is_ample: npt.NDArray[np.bool_], edges: Floats,
    tangent: float, flat: float, steep: float, forms: Floats, strict: Floats,
    kind: npt.NDArray[np.int8], where: Integers,
) -> None:  # fmt: skip
    """Fills rows 1 and 2 of the forms, what binds, and of that 1 / h (`strict`)."""
    for i in range(len(parent)):
        above = parent[i]
        kind[i], where[i], strict[i] = 3, i, np.inf
        if not grown[i] < np.inf:
            continue
        strict[i] = 0.0
        if above < 0:
            kind[i] = 1
            forms[i, 1:3] = 0.0
        else:
            for k in (1, 2):
                # Handed down it is a little more than linear: the line through what it allows
                # on either ray again.
                step = forms[above, k, 0] * r[i] + forms[above, k, 1] * x[i]
                one = forms[above, k, 0] + step * edges[i, 0]
                two = forms[above, k, 1] + step * edges[i, 1]
                three = step * edges[i, 2]
                half = one + flat * two
                near = (half + np.sqrt(half * half + 4 * (1 + flat * flat) * three)) / 2
                half = one + steep * two
                far = (half + np.sqrt(half * half + 4 * (1 + steep * steep) * three)) / 2
                forms[i, k, 1] = (far - near) / (steep - flat)
                forms[i, k, 0] = max(near - flat * forms[i, k, 1], 0.0)
                strict[i] = max(strict[i], forms[i, k, 0] + tangent * forms[i, k, 1])
            kind[i], where[i] = kind[above], where[above]
        sp, sq = fp[i] + grown[i] * lp[i], fq[i] + grown[i] * lq[i]
        first_a = first_b = first_found = np.inf
        for k in (1, 2, 3):
            if k == 1:
                one, two, three = forms[i, 0, 0], forms[i, 0, 1], forms[i, 0, 2]
                spare = margin[least[i]]
            elif k == 2:
                # |S + e L + D|² <= current times the least that u falls to
                one, two, three = 2 * sp, 2 * sq, 1.0
                spare = current[i] * max(floor[i], low[i]) - sp * sp - sq * sq
            else:
                # … or times what D leaves of u, where that is more.
                one, two = one + current[i] * forms[i, 0, 0], two + current[i] * forms[i, 0, 1]
                three += current[i] * forms[i, 0, 2]
                spare = current[i] * (u[i] - grown[i] * sunk[i]) - sp * sp - sq * sq
            if not spare < np.inf or one + two + three == 0:
                continue
            spare = max(spare, 1e-30)
            # 1 / D_p where the rays leave the convex set, and the line through both points.
            half = (one + flat * two) / spare
            near = (half + np.sqrt(half * half + 4 * (1 + flat * flat) * three / spare)) / 2
            half = (one + steep * two) / spare
            far = (half + np.sqrt(half * half + 4 * (1 + steep * steep) * three / spare)) / 2
            b = (far - near) / (steep - flat)
            a = max(near - flat * b, 0.0)
            found = a + tangent * b
            if k == 2 and found > strict[i]:
                first_a, first_b, first_found = a, b, found
                continue
            if k == 3 and first_found < found:
                a, b, found = first_a, first_b, first_found
            row = min(k, 2)
            forms[i, row, 0] = max(forms[i, row, 0], a)
            forms[i, row, 1] = max(forms[i, row, 1], b)
            if found > strict[i]:
                strict[i] = found
                kind[i], where[i] = (is_ample[least[i]], least[i]) if k == 1 else (1, i)
            if k == 2:
                break


@kernel
def answers(
    cap: Floats, cap_p: float, cap_q: float, grown: Floats, forms: Floats, tangent: float,
    growth: float, steep: float, most: float, capacity: Floats, is_cut: npt.NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fills h for each position: what both forms admit, while D at the source keeps caps and rays;
    and whether these cut it."""
    size = 1 + tangent * tangent
    for i in range(len(cap)):
        capacity[i], is_cut[i] = 0.0, False
        if not grown[i] < np.inf:
            continue
        volt = forms[i, 1, 0] + tangent * forms[i, 1, 1]
        ampere = forms[i, 2, 0] + tangent * forms[i, 2, 1]
        full = h = 1 / max(volt, ampere, 1 / most)
        # D at the source, as a multiple of h, is once + twice h.
        once, twice = forms[i, 3, 0] + tangent * forms[i, 3, 1], size * forms[i, 3, 2]
        h = min(h, cap_p * cap[i] / (once + twice * full))
        if once + twice * h > growth:
            h = (growth - once) / twice
        once, twice = forms[i, 4, 0] + tangent * forms[i, 4, 1], size * forms[i, 4, 2]
        if once + twice * full > 0:
            h = min(h, cap_q * cap[i] / (once + twice * full))
        if once + twice * h > steep:
            h = (steep - once) / twice
        is_cut[i] = h < full
        # What the base state is uncertain by.
        capacity[i] = h * (1 - 1e-6) if h > 1e-12 else 0.0
