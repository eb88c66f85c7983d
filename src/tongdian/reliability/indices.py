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
)
from tongdian.reliability.period_view import View, view
from tongdian.reliability.radial import Floats, Ints

Value = float | dict[str, float] | None
Table = dict[str, dict[str, Value]]
WHOLE: Final = "all"


@dataclass(frozen=True, slots=True)
class Grouping:
    """What to group by: the group of each unit, or of each step; `served_by_all` when the average
    is over all customers, whatever the group."""

    names: tuple[str, ...]
    of_unit: Ints | None = None
    of_step: Ints | None = None


def _labels(words: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    names, which = np.unique(np.array(words, object).astype(str), return_inverse=True)
    return tuple(names.tolist()), which.astype(np.int64)


def _by_zone(seen: View, log: InterruptionLog) -> Grouping:
    names, which = _labels(seen.base.zones)
    return Grouping(names, of_unit=which)


def _by_feeder(seen: View, log: InterruptionLog) -> Grouping:
    names, which = _labels(seen.base.feeders)
    return Grouping(names, of_unit=which)


def _by_cause(seen: View, log: InterruptionLog) -> Grouping:
    return Grouping(log.causes, of_step=seen.cause)


def _by_nature(seen: View, log: InterruptionLog) -> Grouping:
    return Grouping(log.natures, of_step=seen.nature)


def _whole(seen: View, log: InterruptionLog) -> Grouping:
    return Grouping((WHOLE,), of_unit=np.zeros(seen.base.counts.size, np.int64))


GROUPINGS: Final[MappingProxyType[str, Callable[[View, InterruptionLog], Grouping]]] = (
    MappingProxyType(
        {
            WHOLE: _whole,
            "zone": _by_zone,
            "feeder": _by_feeder,
            "cause": _by_cause,
            "nature": _by_nature,
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
    seen = view(log, base, period)
    left_out = np.array([day_number(day) for day in without_days], np.int64)
    seen = seen.only(~np.isin(seen.day, left_out))
    return _tables(seen, GROUPINGS[by](seen, log))


def _tables(seen: View, grouping: Grouping) -> dict[str, Table]:
    groups = len(grouping.names)
    if grouping.of_unit is not None:
        key = grouping.of_unit[seen.unit]
        served = np.bincount(grouping.of_unit, seen.base.counts, groups).astype(np.float64)
        kva = np.bincount(grouping.of_unit, seen.base.capacity_kva, groups)
    else:
        assert grouping.of_step is not None
        key = grouping.of_step
        served = np.full(groups, float(seen.base.counts.sum()))
        kva = np.full(groups, float(seen.base.capacity_kva.sum()))
    chinese = indices_dlt836.indices(seen, key, served)
    american = indices_ieee1366.indices(seen, key, served)
    with np.errstate(divide="ignore", invalid="ignore"):
        american["ASIFI"] = american.pop("KVA") / kva
        american["ASIDI"] = american.pop("KVA-HOURS") / kva
    if grouping.of_unit is not None and indices_customers.tells_customers(seen):
        american |= _of_customers(seen, grouping.of_unit, served, american)
    return {
        name: {
            DLT836: {symbol: _value(chinese, symbol, k) for symbol in symbols(DLT836)},
            IEEE1366: {symbol: _value(american, symbol, k) for symbol in symbols(IEEE1366)},
        }
        for k, name in enumerate(grouping.names)
    }


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
