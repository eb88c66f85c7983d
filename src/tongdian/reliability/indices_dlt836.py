"""Indices of DL/T 836 for any grouping of the steps: zones, feeders, causes, months."""

import numpy as np

from tongdian.reliability.interruption_log import Mask
from tongdian.reliability.period_view import View
from tongdian.reliability.radial import Floats, Ints

SHORT_H = 3 / 60
# Of the durations of steps only whole seconds count: 3 minutes are short to the second.
_HALF_SECOND_H = 0.5 / 3600


def indices(seen: View, key: Ints, served: Floats) -> dict[str, Floats]:
    """By symbol of definitions.DEFINITIONS, each (k).

    `key` (m) is the group of each step, `served` (k) the customers whose average is taken. NaN
    where an average has nothing to divide by.
    """
    groups = served.size
    lasting = seen.whole_hours > SHORT_H + _HALF_SECOND_H
    everything = np.ones(key.size, np.bool_)

    def hours(chosen: Mask) -> Floats:
        weighted: Floats = (seen.hours * seen.customers)[chosen]
        return np.bincount(key[chosen], weighted, groups).astype(np.float64)

    def number(chosen: Mask) -> Floats:
        counted = chosen & seen.begins
        return np.bincount(key[counted], seen.customers[counted], groups).astype(np.float64)

    found: dict[str, Floats] = {"CUSTOMER-HOURS": hours(everything)}
    kinds = (everything, ~seen.external, ~seen.shortage, lasting)
    with np.errstate(divide="ignore", invalid="ignore"):
        for k, chosen in enumerate(kinds, 1):
            found[f"SAIDI-{k}"] = hours(chosen) / served
            found[f"SAIFI-{k}"] = number(chosen) / served
            found[f"ASAI-{k}"] = 1 - found[f"SAIDI-{k}"] / seen.period.hours
        for part, chosen in (("F", seen.fault), ("S", ~seen.fault)):
            found[f"SAIDI-{part}"] = hours(chosen) / served
            found[f"SAIFI-{part}"] = number(chosen) / served
            found |= _of_interruptions(seen, key, groups, chosen & seen.begins, part)
        found["MAIFI"] = number(~lasting) / served
        found["AENS"] = (
            np.bincount(key, seen.hours * seen.customers * _kw_of_a_customer(seen), groups) / served
        )
    return found


def _of_interruptions(
    seen: View, key: Ints, groups: int, chosen: Mask, part: str
) -> dict[str, Floats]:
    """Mean duration and customers of interruptions; one lasts from its first start to the last
    restoration within a group."""
    number = int(seen.interruption.max()) + 1 if seen.interruption.size else 0
    pair = key[chosen] * number + seen.interruption[chosen]
    pairs, which = np.unique(pair, return_inverse=True)
    first = np.full(pairs.size, np.inf)
    last = np.full(pairs.size, -np.inf)
    start_h = seen.start[chosen] / 3600
    np.minimum.at(first, which, start_h)
    np.maximum.at(last, which, start_h + seen.whole_hours[chosen])
    group = pairs // max(number, 1)
    events = np.bincount(group, minlength=groups)
    return {
        f"MID-{part}": np.bincount(group, last - first, groups) / events,
        f"MIC-{part}": np.bincount(key[chosen], seen.customers[chosen], groups) / events,
    }


def _kw_of_a_customer(seen: View) -> Floats:
    """Average demand of one customer of each step's unit; NaN where the customers do not tell."""
    each: Floats = (seen.base.average_kw / seen.base.counts)[seen.unit]
    return each
