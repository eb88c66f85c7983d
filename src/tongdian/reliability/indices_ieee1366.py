"""Indices of IEEE 1366 for any grouping of the steps."""

import numpy as np

from tongdian.reliability.interruption_log import Mask
from tongdian.reliability.log_sums import MOMENTARY_S
from tongdian.reliability.momentary_events import momentary_events
from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints


def sustained(seen: View) -> Mask:
    """(m): which steps last longer than five minutes."""
    found: Mask = np.rint(seen.whole_hours * 3600) > MOMENTARY_S
    return found


def averages(
    sums: dict[str, Floats], served: Floats, capacity_kva: Floats, period_h: float
) -> dict[str, Floats]:
    """By symbol of definitions.DEFINITIONS, each (k), from `log_sums.sums`; `served` (k) customers
    and `capacity_kva` (k) are those whose average is taken. Steps that begin in the period count,
    with all their hours."""
    hours, number = sums["sustained_hours"], sums["sustained"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "SAIDI": hours / served,
            "SAIFI": number / served,
            "CAIDI": hours / number,
            "ASAI": 1 - hours / served / period_h,
            "MAIFI": sums["momentary"] / served,
            "ASIFI": sums["sustained_kva"] / capacity_kva,
            "ASIDI": sums["sustained_kva_hours"] / capacity_kva,
        }


def of_events(seen: View, key: Ints, served: Floats) -> dict[str, Floats]:
    """MAIFI_E (k); `key` (m) is the group of each step."""
    events, customers = momentary_events(seen, MOMENTARY_S)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"MAIFI_E": np.bincount(key[events], customers, served.size) / served}
