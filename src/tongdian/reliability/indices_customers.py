"""Indices of single customers: how many had it, how many had it often, how many had it long.

They need to know who was out each time. That is known where every step takes out a whole unit; a
log with steps of parts of units cannot tell, and then there are none of these indices.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from tongdian.reliability.indices_ieee1366 import sustained
from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints

CEMI_N: Final = (1, 2, 3, 4, 5, 6)
CELID_H: Final = (4.0, 8.0, 12.0, 24.0)


def tells_customers(seen: View) -> bool:
    """Does every sustained step take out all customers of its unit?"""
    unit, _, customers = _steps(seen.only(sustained(seen)))
    return bool((customers == seen.base.counts[unit]).all())


def _steps(seen: View) -> tuple[Ints, Floats, Ints]:
    """Unit, hours and customers of steps; rows that differ in their customers alone are one
    step."""
    same = (seen.interruption, seen.unit, seen.start, np.rint(seen.whole_hours * 3600))
    steps, which = np.unique(np.column_stack(same).astype(np.int64), axis=0, return_inverse=True)
    customers = np.bincount(which.ravel(), seen.customers, len(steps)).astype(np.int64)
    return steps[:, 1], steps[:, 3] / 3600, customers


def indices(
    seen: View,
    unit_key: Ints,
    served: Floats,
    often: Sequence[int] = CEMI_N,
    long_h: Sequence[float] = CELID_H,
) -> dict[str, Floats]:
    """CN (k), CEMI (k, n of `often`), CELID-s and CELID-t (k, hours of `long_h`).

    `unit_key` (u) is the group of each unit. Raises ValueError unless `tells_customers`.
    """
    if not tells_customers(seen):
        raise ValueError("the log does not tell which customers were out")
    units = seen.base.counts.size
    unit, hours, _ = _steps(seen.only(sustained(seen) & seen.begins))
    times = np.bincount(unit, minlength=units)
    in_all = np.bincount(unit, hours, units)
    longest = np.zeros(units)
    np.maximum.at(longest, unit, hours)

    def customers(which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
        return np.bincount(unit_key[which], seen.base.counts[which], served.size).astype(float)

    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "CN": customers(times >= 1),
            "CEMI": np.array([customers(times >= n) / served for n in often]).T,
            "CELID-s": np.array([customers(longest >= h) / served for h in long_h]).T,
            "CELID-t": np.array([customers(in_all >= h) / served for h in long_h]).T,
        }
