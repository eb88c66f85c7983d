"""Predicted reliability of radial feeders, by enumeration of their failure modes.

Every failure is followed through: the nearest breaker or fuse upstream interrupts, the zone between
switches around the failure waits for repair, what lies above is switched on again, what lies below
is supplied through a tie if there is one, else waits for repair too (Billinton and Allan,
Reliability Evaluation of Power Systems, 2nd ed. 1996, chapter 7). All failures together take one
walk down and one up the trees: the work grows with the number of sections, not with its square.

Assumed: failures are rare enough never to overlap, devices always work, a tie carries whatever it
is asked to, and breakers and fuses may also isolate.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from tongdian.reliability import predict_kernels as kernels
from tongdian.reliability.radial import MOMENTARY_H, Floats, Ints, RadialSystem
from tongdian.reliability.refusals import ReliabilityError

HOURS_PER_YEAR: Final = 8760.0
# Each different closing time of ties takes a pass of its own.
MOST_TIE_TIMES: Final = 16


@dataclass(frozen=True, slots=True)
class Prediction:
    """Indices of a system and of its load points, per year; (p) load points in the system's order.

    SAIFI, SAIDI (h), CAIDI (h), ASAI as IEEE Std 1366 defines them, with the interruptions that
    last longer than the momentary limit; MAIFI counts the others. `ens_kwh` is energy not supplied.
    CAIDI is None when nothing is ever interrupted.
    """

    failures: Floats
    hours: Floats
    momentary: Floats
    customers: int
    saifi: float
    saidi: float
    caidi: float | None
    asai: float
    maifi: float
    ens_kwh: float
    aens_kwh: float


def predict(system: RadialSystem, momentary_h: float = MOMENTARY_H) -> Prediction:
    """The prediction for a system.

    `momentary_h`: interruptions of at most so many hours are momentary: three minutes in DL/T 836,
    so that a network which heals itself within them counts as such. Raises ReliabilityError for
    sections that no source reaches, for meshes, and for a system without customers.
    """
    customers = int(system.customers.sum())
    if customers <= 0:
        raise ReliabilityError(
            "no_customers",
            "load_points",
            ("没有用户，无法求每户的平均", "there are no customers to take an average over"),
            ("请填写负荷点的 customers。", "Give the customers of the load points."),
        )
    failures, hours, momentary = _at_loads(system, momentary_h)
    ens = float(hours @ system.average_kw)
    weights = system.customers / customers
    saifi = float(failures @ weights)
    saidi = float(hours @ weights)
    return Prediction(
        failures=failures,
        hours=hours,
        momentary=momentary,
        customers=customers,
        saifi=saifi,
        saidi=saidi,
        caidi=saidi / saifi if saifi > 0 else None,
        asai=1 - saidi / HOURS_PER_YEAR,
        maifi=float(momentary @ weights),
        ens_kwh=ens,
        aens_kwh=ens / customers,
    )


def _at_loads(system: RadialSystem, momentary_h: float) -> Floats:
    """(3, p): interruptions, hours and momentary interruptions per year of each load point."""
    steps = 20 * system.upstream.size
    order = walk_down(system)
    zone_of_section, zone_of_node, parent, region, region_parent = kernels.divide(
        order, system.upstream, system.downstream, system.protection, system.isolation,
        system.sources, system.nodes, steps=steps,
    )  # fmt: skip

    closing_h = _closing_times(system)
    sums, every = kernels.zone_sums(
        zone_of_section, parent.size, system.failures, system.repair_h,
        system.transformer_failures, system.transformer_repair_h,
        system.switch_h, np.concatenate(([0.0], closing_h)), momentary_h, steps=steps,
    )  # fmt: skip
    # The quickest tie that serves a zone while its parent waits for repair; repair where none does.
    way = np.full(parent.size, closing_h.size + 1, np.int64)
    tie_a, tie_b = zone_of_node[system.tie_a], zone_of_node[system.tie_b]
    below = kernels.sizes(parent, steps=steps)
    for k in range(closing_h.size, 0, -1):
        closed = system.tie_h <= closing_h[k - 1]
        way[kernels.restored(parent, below, tie_a[closed], tie_b[closed], steps=steps)] = k
    values = kernels.gather(parent, region, region_parent, sums, every, way, steps=steps)
    found: Floats = kernels.at_loads(values, zone_of_node, system.load_node, steps=steps)
    return found


def _closing_times(system: RadialSystem) -> Floats:
    times: Floats = np.unique(system.tie_h)
    if times.size > MOST_TIE_TIMES:
        raise ReliabilityError(
            "too_many_tie_times",
            "ties.switch_h",
            (f"联络开关有 {times.size} 种不同的操作时间，最多 {MOST_TIE_TIMES} 种",
             f"the ties have {times.size} different switching times, {MOST_TIE_TIMES} at most"),
            ("请按操作方式归并（自动、遥控、人工）。",
             "Give each way of switching one time: automatic, remote, by hand."),
        )  # fmt: skip
    return times


def walk_down(system: RadialSystem) -> Ints:
    """The sections from the sources down. Raises ReliabilityError unless they form trees."""
    order: Ints = kernels.walk(
        system.upstream, system.downstream, system.sources, system.nodes,
        steps=5 * system.upstream.size,
    )  # fmt: skip
    if order.size == system.upstream.size:
        return order
    raise ReliabilityError(
        "not_radial",
        "sections",
        (f"{system.upstream.size} 段中有 {system.upstream.size - order.size} 段不在电源向下的树上",
         f"{system.upstream.size - order.size} of {system.upstream.size} sections are not on trees"
         " below the sources"),
        ("请检查 up、down 的方向，环网的常开点请写为 ties。",
         "Check which end is up and which is down; write normally open points as ties."),
    )  # fmt: skip
