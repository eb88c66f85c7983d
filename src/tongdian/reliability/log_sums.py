"""The sums behind the indices, in one pass over a log."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

from tongdian.compiled import kernel
from tongdian.reliability.interruption_log import Customers, InterruptionLog, Period
from tongdian.reliability.natures import FAULT, NATURES
from tongdian.reliability.radial import Floats, Ints

# Rows that one thread adds up at a time.
PART: Final = 1_000_000
SHORT_S: Final = 180
MOMENTARY_S: Final = 300
_FAULT, _EXTERNAL, _SHORTAGE = 1, 2, 4

# A step's cell: bits of its nature (8), short, momentary or sustained (3), begins before the period
# or in it (2).
_LENGTHS: Final = 3
_CELLS: Final = 8 * _LENGTHS * 2
_BITS, _LENGTH, _BEGINS = np.unravel_index(np.arange(_CELLS), (8, _LENGTHS, 2))


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
    """Sums by group and cell of the steps that touch a period; `key_of[column]` is the group of
    each step, `counts_as` six times the bits of each nature.

    First (groups, cells, 3), exact: customers, customer-seconds inside the period, and from start
    to end. Second (groups, cells, 3): kW-seconds inside, kVA, kVA-seconds from start to end; NaN
    where the customers do not tell, left out when there are no `kw_each` and `kva_each`.
    """
    exact = np.zeros((groups, 48, 3), np.int64)
    weighted = np.zeros((groups, 48, 3))
    weighs = kw_each.shape[0] > 0
    for i in range(start.shape[0]):
        begun = start[i]
        over = end[i]
        if begun >= until_s or over <= from_s:
            continue
        if over > 1 << 60:
            over = until_s
        whole = over - begun
        inside = min(over, until_s) - max(begun, from_s)
        key = key_of[column[i]]
        cell = counts_as[nature[i]]
        cell += 0 if whole <= short_s else 2 if whole <= momentary_s else 4
        cell += 1 if begun >= from_s else 0
        n = customers[i]
        exact[key, cell, 0] += n
        exact[key, cell, 1] += n * inside
        exact[key, cell, 2] += n * whole
        if weighs:
            kva = n * kva_each[unit[i]]
            weighted[key, cell, 0] += n * inside * kw_each[unit[i]]
            weighted[key, cell, 1] += kva
            weighted[key, cell, 2] += kva * whole
    return exact, weighted


def sums(
    log: InterruptionLog,
    base: Customers,
    period: Period,
    column: Ints,
    key_of: Ints,
    groups: int,
) -> dict[str, Floats]:
    """Sums by name, each (groups). Step i belongs to group `key_of[column[i]]`: `column` is the
    log's units, causes or natures, `key_of` says the group of each of them.

    By DL/T 836, customer-hours inside the period and customers of what begins in it: hours and
    number, _internal without external causes, _supplied without shortage of generation, _lasting
    without what is short, _fault, _scheduled; number_short; energy_kwh. By IEEE 1366, of what
    begins in the period with all its hours: sustained_hours, sustained, momentary,
    sustained_kva_hours, sustained_kva. Energy and kVA are NaN where the customers do not tell.
    """
    bits = np.array(
        [
            _FAULT * (NATURES[code].part == FAULT)
            + _EXTERNAL * NATURES[code].external
            + _SHORTAGE * NATURES[code].shortage
            for code in log.natures
        ],
        np.int64,
    )
    each = np.column_stack((base.average_kw, base.capacity_kva)) / base.counts[:, None]
    if np.isnan(each).all():
        each = each[:0]
    columns = (log.start, log.end, log.customers, log.unit, log.nature, column)
    fixed = (
        key_of, groups, bits * 2 * _LENGTHS, each[:, 0].copy(), each[:, 1].copy(),
        period.start_s, period.end_s, SHORT_S, MOMENTARY_S,
    )  # fmt: skip
    rows = log.start.size
    if rows <= PART:
        exact, weighted = sum_up(*columns, *fixed, steps=10 * rows)
    else:
        exact, weighted = _in_parts(columns, fixed, rows)
    if not each.size:
        weighted = np.full_like(weighted, np.nan)
    return _by_name(exact, weighted)


def _in_parts(columns: tuple[Ints, ...], fixed: tuple[Any, ...], rows: int) -> tuple[Ints, Floats]:
    """A long log in parts of fixed length, so that any number of threads gives the same to the
    last bit."""
    summed = sum_up.compiled()

    def part(first: int) -> tuple[Ints, Floats]:
        found: tuple[Ints, Floats] = summed(*(c[first : first + PART] for c in columns), *fixed)
        return found

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        parts = list(pool.map(part, range(0, rows, PART)))
    exact = np.sum([one for one, _ in parts], axis=0)
    weighted = np.sum([other for _, other in parts], axis=0)
    return exact, weighted


def _by_name(exact: Ints, weighted: Floats) -> dict[str, Floats]:
    """The cells added up to what the indices are made of."""
    begins = _BEGINS == 1
    lasting, sustained = _LENGTH >= 1, _LENGTH == _LENGTHS - 1
    chosen = {
        "": np.ones(_CELLS, np.bool_),
        "_internal": _BITS & _EXTERNAL == 0,
        "_supplied": _BITS & _SHORTAGE == 0,
        "_lasting": lasting,
        "_fault": _BITS & _FAULT > 0,
        "_scheduled": _BITS & _FAULT == 0,
        "_short": ~lasting,
    }
    found: dict[str, Floats] = {}
    for name, cells in chosen.items():
        found[f"hours{name}"] = exact[:, cells, 1].sum(axis=1) / 3600
        found[f"number{name}"] = exact[:, cells & begins, 0].sum(axis=1).astype(np.float64)
    found["energy_kwh"] = weighted[:, :, 0].sum(axis=1) / 3600
    found["sustained_hours"] = exact[:, sustained & begins, 2].sum(axis=1) / 3600
    found["sustained"] = exact[:, sustained & begins, 0].sum(axis=1).astype(np.float64)
    found["momentary"] = exact[:, ~sustained & begins, 0].sum(axis=1).astype(np.float64)
    found["sustained_kva"] = weighted[:, sustained & begins, 1].sum(axis=1)
    found["sustained_kva_hours"] = weighted[:, sustained & begins, 2].sum(axis=1) / 3600
    return found
