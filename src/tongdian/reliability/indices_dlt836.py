"""Indices of DL/T 836 for any grouping of the steps: zones, feeders, causes, months."""

import numpy as np

from tongdian.reliability.interruption_log import Mask
from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints


def averages(sums: dict[str, Floats], served: Floats, period_h: float) -> dict[str, Floats]:
    """By symbol of definitions.DEFINITIONS, each (k), from `log_sums.sums`; `served` (k) are the
    customers whose average is taken. NaN where there are none."""
    found: dict[str, Floats] = {"CUSTOMER-HOURS": sums["hours"]}
    with np.errstate(divide="ignore", invalid="ignore"):
        for k, which in enumerate(("", "_internal", "_supplied", "_lasting"), 1):
            found[f"SAIDI-{k}"] = sums[f"hours{which}"] / served
            found[f"SAIFI-{k}"] = sums[f"number{which}"] / served
            found[f"ASAI-{k}"] = 1 - found[f"SAIDI-{k}"] / period_h
        for part, which in (("F", "_fault"), ("S", "_scheduled")):
            found[f"SAIDI-{part}"] = sums[f"hours{which}"] / served
            found[f"SAIFI-{part}"] = sums[f"number{which}"] / served
        found["MAIFI"] = sums["number_short"] / served
        found["AENS"] = sums["energy_kwh"] / served
    return found


def of_interruptions(seen: View, key: Ints, groups: int) -> dict[str, Floats]:
    """Mean duration and customers of the interruptions that begin in the period, faults and
    scheduled, each (k); `key` (m) is the group of each step. One lasts from its first start to the
    last restoration within a group."""
    faults = _means(seen, key, groups, seen.fault & seen.begins)
    scheduled = _means(seen, key, groups, ~seen.fault & seen.begins)
    return {"MID-F": faults[0], "MIC-F": faults[1], "MID-S": scheduled[0], "MIC-S": scheduled[1]}


def _means(seen: View, key: Ints, groups: int, chosen: Mask) -> tuple[Floats, Floats]:
    number = int(seen.interruption.max()) + 1 if seen.interruption.size else 1
    pairs, which = np.unique(key[chosen] * number + seen.interruption[chosen], return_inverse=True)
    first = np.full(pairs.size, np.inf)
    last = np.full(pairs.size, -np.inf)
    start_h = seen.start[chosen] / 3600
    np.minimum.at(first, which, start_h)
    np.maximum.at(last, which, start_h + seen.whole_hours[chosen])
    group = pairs // number
    events = np.bincount(group, minlength=groups)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (
            np.bincount(group, last - first, groups) / events,
            np.bincount(key[chosen], seen.customers[chosen], groups) / events,
        )
