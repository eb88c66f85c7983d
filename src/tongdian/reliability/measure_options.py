"""What each measure would save on each feeder, predicted: the table from which the cheapest are
chosen.

Feeders fail by themselves, so one prediction of the whole system with a measure everywhere tells
what the measure saves on every single feeder. All combinations of a few measures are so many
predictions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

import numpy as np

from tongdian.reliability.measures import Options
from tongdian.reliability.predict import predict, walk_down
from tongdian.reliability.predict_cases import is_lateral, switched_within
from tongdian.reliability.predict_kernels import feeder_numbers
from tongdian.reliability.radial import MOMENTARY_H, UPSTREAM_END, Floats, Ints, RadialSystem
from tongdian.reliability.refusals import ReliabilityError

MOST_MEASURES: Final = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of measure: the system with it everywhere, and what that costs on each section (n),
    so that a feeder's cost is the sum over its sections."""

    code: str
    applied: Callable[[RadialSystem], RadialSystem]
    cost: Floats


@dataclass(frozen=True, slots=True)
class FeederOptions:
    """Options of every feeder, in the order of `least_cost`; option i of a feeder is the measures
    `combinations[i]`. `feeder_of_section` (n) numbers the feeders, `hours` (feeders) are customer
    hours without any measure."""

    options: Options
    combinations: tuple[tuple[str, ...], ...]
    feeder_of_section: Ints
    hours: Floats

    def codes(self, chosen: int) -> tuple[str, ...]:
        """The measures of a chosen option, none for −1."""
        return () if chosen < 0 else self.combinations[chosen % len(self.combinations)]


def feeder_options(
    system: RadialSystem, measures: Sequence[Measure], zone_of_feeder: Ints
) -> FeederOptions:
    """Every combination of the measures on every feeder.

    A feeder is a section that begins at a source, with all below; `feeders` numbers them.
    Raises ReliabilityError for more than six measures, or zones of another number of feeders.
    """
    if not 0 < len(measures) <= MOST_MEASURES:
        raise ReliabilityError(
            "wrong_number",
            "measures",
            (f"应有 1 到 {MOST_MEASURES} 种措施，现有 {len(measures)} 种",
             f"there are {len(measures)}, it has to be 1 to {MOST_MEASURES}"),
            ("请合并或分批计算。", "Put some of them together."),
        )  # fmt: skip
    of_section, of_load = feeders(system)
    count = int(of_section.max()) + 1
    if zone_of_feeder.size != count:
        raise ReliabilityError(
            "wrong_table",
            "zone_of_feeder",
            (f"有 {zone_of_feeder.size} 个地区、{count} 条馈线",
             f"names {zone_of_feeder.size} zones for {count} feeders"),
            ("请给每条馈线一个地区。", "Give one zone for each feeder."),
        )  # fmt: skip
    before = _hours(system, of_load, count)
    sets = [chosen for k in range(1, len(measures) + 1) for chosen in combinations(measures, k)]
    cost, saved = np.empty((2, count, len(sets)))
    for i, chosen in enumerate(sets):
        better = system
        for measure in chosen:
            better = measure.applied(better)
        saved[:, i] = np.maximum(before - _hours(better, of_load, count), 0.0)
        cost[:, i] = np.bincount(of_section, sum(m.cost for m in chosen), count)
    options = Options(
        np.repeat(np.arange(count), len(sets)), cost.ravel(), saved.ravel(), zone_of_feeder
    )
    codes = tuple(tuple(measure.code for measure in chosen) for chosen in sets)
    return FeederOptions(options, codes, of_section, before)


def feeders(system: RadialSystem) -> tuple[Ints, Ints]:
    """Feeder of each section (n) and of each load point (p; −1 at a source itself), numbered in the
    order of their first sections in the table."""
    of_section, of_node = feeder_numbers(
        walk_down(system), system.upstream, system.downstream, system.sources, system.nodes,
        steps=5 * system.upstream.size,
    )  # fmt: skip
    return of_section, of_node[system.load_node]


def _hours(system: RadialSystem, of_load: Ints, count: int) -> Floats:
    hours: Floats = predict(system).hours * system.customers
    there = of_load >= 0
    return np.bincount(of_load[there], hours[there], count).astype(np.float64)


def automation(cost: Floats, hours: float = MOMENTARY_H) -> Measure:
    """Switches that operate by themselves within so many hours; within three minutes the customers
    beyond the fault hardly notice."""
    return Measure("automation", lambda system: switched_within(system, hours), cost)


def sectionalising(cost: Floats) -> Measure:
    """A switch at the head of every section of the main lines."""

    def applied(system: RadialSystem) -> RadialSystem:
        heads = np.where(is_lateral(system), 0, UPSTREAM_END).astype(np.int8)
        return replace(system, isolation=system.isolation | heads)

    return Measure("sectionalising", applied, cost)


def cabling(cost: Floats, failures: Floats) -> Measure:
    """Lines laid as cable, with so many failures per year on each section (n) instead; where that
    is more, the line stays."""

    def applied(system: RadialSystem) -> RadialSystem:
        return replace(system, failures=np.minimum(system.failures, failures))

    return Measure("cabling", applied, cost)


def ties(cost: Floats, a: Ints, b: Ints, hours: Floats) -> Measure:
    """More normally open switches, between the nodes a and b (t), closed within so many hours."""

    def applied(system: RadialSystem) -> RadialSystem:
        return replace(
            system,
            tie_a=np.concatenate((system.tie_a, a)),
            tie_b=np.concatenate((system.tie_b, b)),
            tie_h=np.concatenate((system.tie_h, hours)),
        )

    return Measure("ties", applied, cost)
