"""Momentary interruptions close together are one event (MAIFI_E of IEEE 1366)."""

from typing import Any

import numpy as np

from tongdian.compiled import kernel
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
    first, customers = find_events(
        seen.unit[order], seen.start[order], seen.customers[order], brief[order],
        seen.interruption[order], limit_s, steps=5 * order.size,
    )  # fmt: skip
    places = order[first]
    counted = seen.begins[places]
    return places[counted], customers[counted].astype(np.float64)


@kernel
def find_events(
    unit: Any, start: Any, customers: Any, brief: Any, interruption: Any, limit_s: int
) -> tuple[Any, Any]:
    """Places and customers of the events, of steps sorted by unit, start, momentary ones first."""
    n = unit.shape[0]
    places = np.empty(n, np.int64)
    most = np.empty(n, np.int64)
    found = 0
    at = 0
    while at < n:
        if not brief[at]:
            at += 1
            continue
        until = at
        moment = start[at]
        in_moment = 0
        largest = 0
        is_event = True
        while until < n and unit[until] == unit[at] and start[until] - start[at] <= limit_s:
            if brief[until]:
                if start[until] != moment:
                    moment, in_moment = start[until], 0
                in_moment += customers[until]
                largest = max(largest, in_moment)
            elif interruption[until] != interruption[at]:
                is_event = False
            until += 1
        if is_event:
            places[found], most[found] = at, largest
            found += 1
        at = until
    return places[:found], most[:found]
