"""Momentary interruptions close together are one event (MAIFI_E of IEEE 1366)."""

import numpy as np

from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints


def momentary_events(seen: View, limit_s: int) -> tuple[Ints, Floats]:
    """The first step of each momentary event that begins in the period, and its customers.

    An event is the momentary interruptions of one unit that begin within `limit_s` seconds of its
    first; it counts with the most customers of a moment in it. When another interruption of the
    unit begins within that time and is sustained, there was no momentary event.
    """
    brief = np.rint(seen.whole_hours * 3600) <= limit_s
    order = np.lexsort((seen.interruption, ~brief, seen.start, seen.unit))
    firsts: list[int] = []
    customers: list[float] = []
    at = 0
    unit, start, n = seen.unit[order], seen.start[order], seen.customers[order]
    brief, interruption = brief[order], seen.interruption[order]
    while at < order.size:
        if not brief[at]:
            at += 1
            continue
        until = at
        at_start: dict[int, int] = {}
        ended_in_sustained = False
        while until < order.size and unit[until] == unit[at] and (
            start[until] - start[at] <= limit_s
        ):  # fmt: skip
            if brief[until]:
                moment = int(start[until])
                at_start[moment] = at_start.get(moment, 0) + int(n[until])
            elif interruption[until] != interruption[at]:
                ended_in_sustained = True
            until += 1
        if not ended_in_sustained and seen.begins[order[at]]:
            firsts.append(int(order[at]))
            customers.append(float(max(at_start.values())))
        at = until
    return np.array(firsts, np.int64), np.array(customers)
