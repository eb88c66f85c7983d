"""The sums behind the indices, in one pass over a log."""

from types import MappingProxyType
from typing import Any, Final

import numpy as np

from tongdian.reliability.compiled import kernel
from tongdian.reliability.interruption_log import Customers, InterruptionLog, Period
from tongdian.reliability.natures import FAULT, NATURES
from tongdian.reliability.radial import Floats, Ints

SHORT_S: Final = 180
MOMENTARY_S: Final = 300
_FAULT, _EXTERNAL, _SHORTAGE = 1, 2, 4

# Columns of the sums. Hours inside the period and numbers that begin in it, by DL/T 836; whole
# hours and numbers of what begins in it, by IEEE 1366.
COLUMNS: Final = MappingProxyType(
    {
        name: index
        for index, name in enumerate(
            (
                "hours", "hours_internal", "hours_supplied", "hours_lasting", "hours_fault",
                "hours_scheduled", "number", "number_internal", "number_supplied",
                "number_lasting", "number_fault", "number_scheduled", "number_short", "energy_kwh",
                "sustained_hours", "sustained", "momentary", "sustained_kva_hours",
                "sustained_kva",
            )
        )
    }
)  # fmt: skip


@kernel
def sum_up(
    start: Any,
    end: Any,
    customers: Any,
    unit: Any,
    nature: Any,
    column: Any,
    key_of: Any,
    groups: int,
    counts_as: Any,
    kw_each: Any,
    kva_each: Any,
    from_s: int,
    until_s: int,
    short_s: int,
    momentary_s: int,
) -> Any:
    """(groups, COLUMNS): `key_of[column]` is the group of each step, `counts_as` bits by nature."""
    sums = np.zeros((groups, 19))
    for i in range(start.shape[0]):
        begun = start[i]
        over = end[i]
        if begun >= until_s or over <= from_s:
            continue
        if over > until_s and over > 1 << 60:
            over = until_s
        to = sums[key_of[column[i]]]
        n = float(customers[i])
        bits = counts_as[nature[i]]
        whole = over - begun
        hours = n * (min(over, until_s) - max(begun, from_s)) / 3600.0
        number = n if begun >= from_s else 0.0
        to[0] += hours
        to[6] += number
        if not bits & 2:
            to[1] += hours
            to[7] += number
        if not bits & 4:
            to[2] += hours
            to[8] += number
        if whole > short_s:
            to[3] += hours
            to[9] += number
        else:
            to[12] += number
        if bits & 1:
            to[4] += hours
            to[10] += number
        else:
            to[5] += hours
            to[11] += number
        to[13] += hours * kw_each[unit[i]]
        if whole > momentary_s:
            to[14] += number * whole / 3600.0
            to[15] += number
            to[17] += number * whole / 3600.0 * kva_each[unit[i]]
            to[18] += number * kva_each[unit[i]]
        else:
            to[16] += number
    return sums


def sums(
    log: InterruptionLog,
    base: Customers,
    period: Period,
    column: Ints,
    key_of: Ints,
    groups: int,
) -> dict[str, Floats]:
    """By name of COLUMNS, each (groups). Step i belongs to group `key_of[column[i]]`: `column` is
    the log's units, causes or natures, `key_of` says the group of each of them.

    Energy in kWh and kVA are NaN where the customers do not tell.
    """
    counts_as = np.array(
        [
            _FAULT * (NATURES[code].part == FAULT)
            + _EXTERNAL * NATURES[code].external
            + _SHORTAGE * NATURES[code].shortage
            for code in log.natures
        ],
        np.int8,
    )
    found = sum_up(
        log.start, log.end, log.customers, log.unit, log.nature, column, key_of, groups, counts_as,
        base.average_kw / base.counts, base.capacity_kva / base.counts,
        period.start_s, period.end_s, SHORT_S, MOMENTARY_S, steps=10 * log.start.size,
    )  # fmt: skip
    return {name: found[:, index] for name, index in COLUMNS.items()}
