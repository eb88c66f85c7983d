"""Indices of a period side by side, by DL/T 836 and by IEEE 1366, for a city and its parts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from tongdian.reliability import indices_customers, indices_dlt836, indices_ieee1366
from tongdian.reliability.definitions import DLT836, IEEE1366, symbols
from tongdian.reliability.interruption_log import (
    Customers,
    InterruptionLog,
    Period,
    day_number,
    day_numbers,
)
from tongdian.reliability.log_sums import sums
from tongdian.reliability.period_view import View, view
from tongdian.reliability.radial import Floats, Ints

Value = float | dict[str, float] | None
Table = dict[str, dict[str, Value]]
WHOLE: Final = "all"


@dataclass(frozen=True, slots=True)
class Grouping:
    """What to group by. Step i is in group `key_of[column[i]]` of those named; `of_unit` says the
    group of each unit of customers, None when averages are over all customers whatever the
    group."""

    names: tuple[str, ...]
    column: str
    key_of: Ints
    of_unit: Ints | None


def _labelled(words: tuple[str, ...]) -> Grouping:
    names, which = np.unique(np.array(words, str), return_inverse=True)
    key = which.astype(np.int64)
    return Grouping(tuple(names.tolist()), "unit", key, key)


GROUPINGS: Final[MappingProxyType[str, Callable[[InterruptionLog, Customers], Grouping]]] = (
    MappingProxyType(
        {
            WHOLE: lambda log, base: _labelled((WHOLE,) * base.counts.size),
            "zone": lambda log, base: _labelled(base.zones),
            "feeder": lambda log, base: _labelled(base.feeders),
            "cause": lambda log, base: Grouping(
                log.causes, "cause", np.arange(len(log.causes)), None
            ),
            "nature": lambda log, base: Grouping(
                log.natures, "nature", np.arange(len(log.natures)), None
            ),
        }
    )
)


def measure(
    log: InterruptionLog,
    base: Customers,
    period: Period,
    by: str = WHOLE,
    without_days: Iterable[date] = (),
) -> dict[str, Table]:
    """Indices by group, standard and symbol of definitions.DEFINITIONS.

    `by` is one of GROUPINGS, or month. Averages by zone and feeder are over the customers there, by
    cause, nature and month over all. Interruptions that begin on `without_days` are left out. A
    value is None where there is nothing to divide by, or where the tables do not tell what it
    needs: average_kw for AENS, capacity_kva for ASIFI and ASIDI, steps of whole units for CN,
    CTAIDI, CAIFI, CEMI and CELID. Raises ValueError for another `by`.
    """
    if by == "month":
        return {
            f"{month.first:%Y-%m}": measure(log, base, month, WHOLE, without_days)[WHOLE]
            for month in months(period)
        }
    if by not in GROUPINGS:
        raise ValueError(f"by is one of {(*GROUPINGS, 'month')}, not {by!r}")
    left_out = [day_number(day) for day in without_days]
    if left_out:
        log = log.only(~np.isin(day_numbers(log.start), left_out))
    return _tables(log, base, period, GROUPINGS[by](log, base))


def _tables(
    log: InterruptionLog, base: Customers, period: Period, grouping: Grouping
) -> dict[str, Table]:
    groups = len(grouping.names)
    column, key_of = getattr(log, grouping.column), grouping.key_of
    seen = view(log, base, period)
    key = key_of[getattr(seen, grouping.column)]
    served, kva = _served(base, grouping, base.counts), _served(base, grouping, base.capacity_kva)
    summed = sums(log, base, period, column, key_of, groups)
    chinese = indices_dlt836.averages(summed, served, period.hours)
    chinese |= indices_dlt836.of_interruptions(seen, key, groups)
    american: dict[str, Any] = indices_ieee1366.averages(summed, served, kva, period.hours)
    american |= indices_ieee1366.of_events(seen, key, served)
    if grouping.of_unit is not None and indices_customers.tells_customers(seen):
        american |= _of_customers(seen, grouping.of_unit, served, american)
    return {
        name: {
            DLT836: {symbol: _value(chinese, symbol, k) for symbol in symbols(DLT836)},
            IEEE1366: {symbol: _value(american, symbol, k) for symbol in symbols(IEEE1366)},
        }
        for k, name in enumerate(grouping.names)
    }


def _served(base: Customers, grouping: Grouping, of_units: Floats | Ints) -> Floats:
    """Customers, or their kVA, that the averages of each group are over."""
    groups = len(grouping.names)
    if grouping.of_unit is None:
        return np.full(groups, float(of_units.sum()))
    return np.bincount(grouping.of_unit, of_units, groups).astype(np.float64)


def _of_customers(
    seen: View, of_unit: Ints, served: Floats, american: dict[str, Floats]
) -> dict[str, Any]:
    found: dict[str, Any] = indices_customers.indices(seen, of_unit, served)
    interrupted = found.pop("CN")
    with np.errstate(divide="ignore", invalid="ignore"):
        found["CTAIDI"] = american["SAIDI"] * served / interrupted
        found["CAIFI"] = american["SAIFI"] * served / interrupted
    return found


_STEPS: Final[dict[str, tuple[float, ...]]] = {
    "CEMI": indices_customers.CEMI_N,
    "CELID-s": indices_customers.CELID_H,
    "CELID-t": indices_customers.CELID_H,
}


def _value(found: dict[str, Floats], symbol: str, k: int) -> Value:
    if symbol not in found:
        return None
    if symbol in _STEPS:
        return {
            f"{step:g}": float(share)
            for step, share in zip(_STEPS[symbol], found[symbol][k], strict=True)
        }
    value = float(found[symbol][k])
    return value if np.isfinite(value) else None


def months(period: Period) -> list[Period]:
    """The calendar months of a period, the first and last of them cut to it."""
    found = []
    first = period.first
    while first <= period.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Period(first, min(following - timedelta(days=1), period.last)))
        first = following
    return found
