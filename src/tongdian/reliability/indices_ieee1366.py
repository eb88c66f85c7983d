"""Indices of IEEE 1366 for any grouping of the steps."""

import numpy as np

from tongdian.reliability.interruption_log import Mask
from tongdian.reliability.momentary_events import momentary_events
from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints

MOMENTARY_S = 300


def sustained(seen: View) -> Mask:
    """(m): which steps last longer than five minutes."""
    found: Mask = np.rint(seen.whole_hours * 3600) > MOMENTARY_S
    return found


def indices(seen: View, key: Ints, served: Floats) -> dict[str, Floats]:
    """By symbol, each (k); `key` (m) and `served` (k) as in `indices_dlt836.indices`.

    Steps that begin in the period count, with all their hours.
    """
    groups = served.size
    lasting = sustained(seen) & seen.begins
    brief = ~sustained(seen) & seen.begins

    def total(chosen: Mask, values: Floats | Ints) -> Floats:
        return np.bincount(key[chosen], values[chosen], groups).astype(np.float64)

    kva = (seen.base.capacity_kva / seen.base.counts)[seen.unit] * seen.customers
    hours = total(lasting, seen.whole_hours * seen.customers)
    number = total(lasting, seen.customers)
    events, event_customers = momentary_events(seen, MOMENTARY_S)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "SAIDI": hours / served,
            "SAIFI": number / served,
            "CAIDI": hours / number,
            "ASAI": 1 - hours / served / seen.period.hours,
            "MAIFI": total(brief, seen.customers) / served,
            "MAIFI_E": np.bincount(key[events], event_customers, groups) / served,
            "KVA": total(lasting, kva),
            "KVA-HOURS": total(lasting, seen.whole_hours * kva),
        }
