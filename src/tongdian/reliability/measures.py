"""The least-cost measures that bring every zone to its target, with a bound that proves how near.

Each feeder may get one of its options: automation, sections, cables, a tie, live-line work, or
several of them together; an option costs something and saves customer-hours each year. A zone needs
a certain number of customer-hours saved. That is a multiple-choice covering problem for each zone.
For any price λ ≥ 0 of a customer-hour, letting each feeder take what is cheapest at that price
gives

    L(λ) = λ · needed + Σ over feeders of min over options (cost − λ · saved) ≤ the least cost

(weak duality), so whatever λ is, L(λ) is a proof. The best λ is found by bisection; there the
choices of the feeders are a solution up to the last few, which `measures_rounding` mends.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongdian.reliability.measures_rounding import Choice, Zone, improved, rounded
from tongdian.reliability.radial import Floats, Ints
from tongdian.reliability.refusals import ReliabilityError

ROUNDS: Final = 80
# What is missing by so little of what is needed is rounding, not a missed target.
TOLERANCE: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Options:
    """Options of feeders, sorted by feeder; doing nothing is always one more, at no cost.

    feeder  (n) which feeder, 0 … feeders − 1
    cost    (n) yuan, or any money, above zero or zero
    saved   (n) customer-hours saved each year
    zone    (feeders) which zone a feeder counts in, 0 … zones − 1
    """

    feeder: Ints
    cost: Floats
    saved: Floats
    zone: Ints


@dataclass(frozen=True, slots=True)
class Measures:
    """What is chosen. Shapes: (feeders) options, (z) zones.

    chosen   index into Options for each feeder, −1 for nothing
    cost     by zone
    bound    by zone: no choice that reaches the target costs less
    saved    by zone, customer-hours each year
    reached  by zone: False where even all that can be done is too little; then that is chosen, at
             the least cost, and the bound is NaN
    price    by zone: what one more customer-hour costs there
    """

    chosen: Ints
    cost: Floats
    bound: Floats
    saved: Floats
    reached: NDArray[np.bool_]
    price: Floats

    @property
    def gap(self) -> float:
        """How much dearer than the bound all zones that reach their target are together, as a share
        of the bound; the least cost is between. 0 when nothing is needed."""
        cost = float(self.cost[self.reached].sum())
        bound = float(self.bound[self.reached].sum())
        return (cost - bound) / bound if bound > 0 else 0.0


def needed_hours(saidi_h: Floats, target_h: Floats, customers: Ints) -> Floats:
    """Customer-hours to save in each zone, so that its SAIDI comes down to the target."""
    found: Floats = np.maximum(saidi_h - target_h, 0.0) * customers
    return found


def least_cost(options: Options, needed: Floats) -> Measures:
    """The measures for what each zone needs (z), customer-hours each year. Raises ReliabilityError
    for tables that are not as Options says."""
    _check(options, needed)
    zones = needed.size
    chosen = np.full(options.zone.size, -1, np.int64)
    cost, bound, saved, price = np.zeros((4, zones))
    reached = np.ones(zones, np.bool_)
    zone_of_option = options.zone[options.feeder]
    for z in range(zones):
        feeders = np.flatnonzero(options.zone == z)
        rows = np.flatnonzero(zone_of_option == z)
        zone = _zone(options, feeders, rows, float(needed[z]))
        most = zone.most_saved()
        if most.saved < zone.needed * (1 - TOLERANCE):
            best, reached[z], bound[z], price[z] = most, False, np.nan, np.nan
        else:
            zone = replace(zone, needed=min(zone.needed, most.saved))
            best, bound[z], price[z] = _solve(zone)
        cost[z], saved[z] = best.cost, best.saved
        picked = best.option
        real = ~zone.is_nothing[picked]
        chosen[feeders[zone.feeder[picked[real]]]] = zone.row[picked[real]]
    return Measures(chosen, cost, bound, saved, reached, price)


def certified_bound(options: Options, needed: Floats, price: Floats) -> Floats:
    """(z): L(λ) for prices λ of a customer-hour in each zone. Nothing here depends on how the
    prices were found, so that a bound can be proved again by anybody."""
    reduced = options.cost - price[options.zone[options.feeder]] * options.saved
    best = np.zeros(options.zone.size)
    np.minimum.at(best, options.feeder, reduced)
    found: Floats = price * needed + np.bincount(options.zone, best, needed.size)
    return found


def _zone(options: Options, feeders: Ints, rows: Ints, needed: float) -> Zone:
    """One zone as a table of its own, with doing nothing as the first option of each feeder."""
    local = np.zeros(options.zone.size, np.int64)
    local[feeders] = np.arange(feeders.size)
    count = np.bincount(local[options.feeder[rows]], minlength=feeders.size) + 1
    first = np.cumsum(count) - count
    n = int(count.sum())
    is_nothing = np.zeros(n, np.bool_)
    is_nothing[first] = True
    row, cost, saved = np.full(n, -1, np.int64), np.zeros(n), np.zeros(n)
    row[~is_nothing], cost[~is_nothing] = rows, options.cost[rows]
    saved[~is_nothing] = options.saved[rows]
    feeder = np.repeat(np.arange(feeders.size), count)
    return Zone(feeder, first, cost, saved, row, is_nothing, needed)


def _solve(zone: Zone) -> tuple[Choice, float, float]:
    """The choice, the bound and the price of one zone that can reach its target."""
    if zone.needed <= 0:
        return zone.at_price(0.0, generous=False), 0.0, 0.0
    low, high = 0.0, 1.0
    while zone.at_price(high, generous=True).saved < zone.needed:
        low, high = high, high * 2
        if high > 1e300:
            break
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        if not low < middle < high:
            break
        if zone.at_price(middle, generous=True).saved >= zone.needed:
            high = middle
        else:
            low = middle
    best = improved(zone, rounded(zone, high))
    bounds = [zone.lagrangian(price) for price in (low, high)]
    price = (low, high)[int(np.argmax(bounds))]
    return best, max(0.0, *bounds), price


def _check(options: Options, needed: Floats) -> None:
    n = options.feeder.size
    numbers = np.concatenate((options.cost, options.saved, needed))
    rules = (
        (options.cost.size == n and options.saved.size == n, "cost", "列的长度不同",
         "columns differ in length"),
        (bool((np.diff(options.feeder) >= 0).all()), "feeder", "没有按馈线排序",
         "is not sorted by feeder"),
        (not n or (options.feeder[0] >= 0 and options.feeder[-1] < options.zone.size), "feeder",
         "有不认识的馈线", "names a feeder that has no zone"),
        (not options.zone.size or (options.zone.min() >= 0 and options.zone.max() < needed.size),
         "zone", "有不认识的地区", "names a zone that has no target"),
        (bool(np.isfinite(numbers).all() and (numbers >= 0).all()), "cost",
         "费用、节省和需要都不能为负", "costs, savings and needs have to be numbers from zero up"),
    )  # fmt: skip
    for good, field, zh, en in rules:
        if not good:
            raise ReliabilityError(
                "wrong_table", field, (zh, en), ("请改正表格。", "Mend the table.")
            )
