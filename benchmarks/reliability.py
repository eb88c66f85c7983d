"""Prediction, indices of a log, least-cost measures: against failures followed one by one, one scan
of the columns and pandas, the certified bound."""

import numpy as np
import pandas as pd

from benchmarks.one_by_one import one_by_one
from benchmarks.support import best_of, line
from tongdian.reliability.interruption_log import Customers, InterruptionLog, year
from tongdian.reliability.log_sums import sums
from tongdian.reliability.measures import Options, certified_bound, least_cost
from tongdian.reliability.predict import predict
from tongdian.reliability.radial import RadialSystem

SECTIONS = 50
ROWS = 10_000_000
PANDAS_ROWS = 2_000_000
FEEDERS = 20_000


def main() -> None:
    _prediction()
    _indices()
    _measures()


def feeders(count: int, shuffled: bool = False) -> RadialSystem:
    """Feeders of fifty sections below one source: a main line with laterals behind fuses, switches
    on two fifths of the main line, ties between the far ends of neighbours."""
    rng = np.random.default_rng(1)
    half = SECTIONS // 2
    base = 1 + np.arange(count)[:, None] * SECTIONS
    place = np.arange(half)
    downstream = base + np.arange(SECTIONS)
    upstream = np.hstack((np.zeros((count, 1), np.int64), base + place[:-1], base + place))
    protection = np.zeros((count, SECTIONS), np.int8)
    protection[:, 0] = protection[:, half:] = 1
    isolation = np.zeros((count, SECTIONS), np.int8)
    isolation[:, 1:half] = rng.random((count, half - 1)) < 0.4
    transformers = np.zeros((count, SECTIONS))
    transformers[:, half:] = 0.015
    n = count * SECTIONS
    order = rng.permutation(n) if shuffled else np.arange(n)
    ends = downstream[:, half - 1]
    left, right = ends[0 : count - 1 : 2], ends[1:count:2]
    loads = downstream[:, half:].ravel()
    return RadialSystem(
        n + 1, upstream.ravel()[order], downstream.ravel()[order], protection.ravel()[order],
        isolation.ravel()[order], rng.uniform(0.02, 0.08, n), np.full(n, 3.073), np.full(n, 2.0),
        transformers.ravel()[order], np.full(n, 10.0), np.array([0]), left, right,
        np.full(left.size, 0.557), loads, np.full(loads.size, 40), np.full(loads.size, 120.0),
        tuple(map(str, range(loads.size))),
    )  # fmt: skip


def _prediction() -> None:
    small = feeders(10)
    predict(feeders(300))  # compiled from here on
    slow = one_by_one(small)
    found = predict(small)
    assert np.allclose(slow, np.column_stack((found.failures, found.hours)))
    ours = best_of(lambda: predict(small))
    theirs = best_of(lambda: one_by_one(small), 2)
    line(
        f"prediction, {small.upstream.size} sections",
        f"{ours * 1e3:.2f} ms",
        f"one by one {theirs * 1e3:.0f} ms ({theirs / ours:.0f} ×)",
        "≥ 100 ×",
    )
    for shuffled in (False, True):
        large = feeders(20_000, shuffled)
        columns = [getattr(large, name) for name in (
            "upstream", "downstream", "protection", "isolation", "failures", "repair_h",
            "switch_h", "transformer_failures", "transformer_repair_h",
        )]  # fmt: skip
        ours = best_of(lambda system=large: predict(system))
        scan = best_of(lambda given=columns: [column.sum() for column in given])
        line(
            "prediction, 1,000,000 sections" + (" in random order" if shuffled else ""),
            f"{ours:.3f} s",
            f"one scan of the columns {scan * 1e3:.0f} ms ({ours / scan:.0f} ×)",
            "" if shuffled else "≤ 0.2 s",
        )


def log_of(rows: int) -> tuple[InterruptionLog, Customers]:
    """A year of restoration steps of 50,000 units in four zones."""
    rng = np.random.default_rng(2)
    units = 50_000
    zones = ("core", "urban", "town", "rural")
    base = Customers(
        tuple(map(str, range(units))), ("F",) * units, tuple(zones[i % 4] for i in range(units)),
        np.full(units, 80), np.full(units, 60.0), np.full(units, 400.0), True,
    )  # fmt: skip
    start = year(2021).start_s + rng.integers(-86_400, 365 * 86_400, rows)
    return InterruptionLog(
        np.arange(rows), rng.integers(0, units, rows), start,
        start + rng.integers(30, 20_000, rows), rng.integers(1, 81, rows),
        rng.integers(0, 3, rows), np.zeros(rows, np.int64), ("",) * 1,
        ("fault", "works", "shortage"), ("unknown",),
    ), base  # fmt: skip


def _indices() -> None:
    log, base = log_of(ROWS)
    zone_of = np.arange(base.counts.size) % 4
    period = year(2021)

    def ours(given: InterruptionLog = log) -> dict[str, np.ndarray]:
        return sums(given, base, period, given.unit, zone_of, 4)

    def scan() -> list[float]:
        columns = (log.start, log.end, log.customers, log.unit, log.nature)
        return [float(column.sum()) for column in columns]

    part = log.only(np.arange(ROWS) < PANDAS_ROWS)
    frame = pd.DataFrame({
        name: getattr(part, name) for name in ("start", "end", "customers", "unit", "nature")
    })  # fmt: skip
    frame["zone"] = pd.Categorical.from_codes(zone_of[part.unit], list("abcd"))

    def with_pandas() -> pd.DataFrame:
        f = frame[(frame.start < period.end_s) & (frame.end > period.start_s)].copy()
        inside = f.end.clip(upper=period.end_s) - f.start.clip(lower=period.start_s)
        f["hours"] = f.customers * inside / 3600
        f["number"] = f.customers.where(f.start >= period.start_s, 0)
        lasting, fault, supplied = f.end - f.start > 180, f.nature == 0, f.nature != 2
        for name, which in (("lasting", lasting), ("fault", fault), ("supplied", supplied)):
            f["hours_" + name] = f.hours.where(which, 0.0)
            f["number_" + name] = f.number.where(which, 0)
        f["momentary"] = f.number.where(f.end - f.start <= 300, 0)
        f["energy"] = f.hours * 0.75
        return f.groupby("zone", observed=False)[
            [c for c in f.columns if c not in ("start", "end", "unit", "nature", "zone")]
        ].sum()  # fmt: skip

    assert np.allclose(ours(part)["hours_lasting"], with_pandas()["hours_lasting"])
    mine, one, theirs = best_of(ours, 3), best_of(scan, 3), best_of(with_pandas, 2)
    per_row = theirs / PANDAS_ROWS / (mine / ROWS)
    line(
        f"sums by zone, {ROWS:,} rows in memory",
        f"{mine:.3f} s",
        f"one scan of the columns {one * 1e3:.0f} ms ({mine / one:.1f} ×)",
        "≤ 5 ×",
    )
    line("", "", f"pandas, {PANDAS_ROWS:,} rows {theirs:.2f} s ({per_row:.0f} × a row)", "≥ 50 ×")


def _measures() -> None:
    rng = np.random.default_rng(7)
    feeder = np.repeat(np.arange(FEEDERS), rng.integers(2, 9, FEEDERS))
    cost = rng.lognormal(4, 1, feeder.size)
    saved = cost**0.7 * rng.lognormal(2, 0.8, feeder.size)
    options = Options(feeder, cost, saved, rng.integers(0, 4, FEEDERS))
    most = np.zeros(FEEDERS)
    np.maximum.at(most, feeder, saved)
    needed = np.bincount(options.zone, most, 4) / 3
    seconds = best_of(lambda: least_cost(options, needed), 3)
    found = least_cost(options, needed)
    bound = certified_bound(options, needed, found.price).sum()
    line(
        f"least-cost measures, {FEEDERS:,} feeders, {feeder.size:,} options",
        f"{seconds:.3f} s",
        f"above the bound by {found.cost.sum() / bound - 1:.4%}",
        "≤ 1 s, ≤ 0.5 %",
    )
