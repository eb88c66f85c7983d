"""Motor starting and fluctuating loads, for customers who declare them.

A starting motor is a constant impedance of k times its rated power at nominal voltage; the voltage
at the customer's supply point must not fall under the share of GB 50055-2011, 2.2.2. A fluctuating
load moves the voltage by d = (R ΔP + X ΔQ) / U² (GB/T 12326-2008, annex A), which its table 2
limits by how often it swings. Both see the busbar's fault level behind the network's own impedance.
"""

from math import sqrt
from typing import Final

from tongdian.grid.network import Network
from tongdian.grid.schemes.checks import Check, base_kv_of, node_of
from tongdian.grid.schemes.extension import Extended
from tongdian.grid.schemes.request import Fluctuation, Motor
from tongdian.grid.schemes.rules import Rules

STEPS: Final = ((1, "fluctuation_1"), (10, "fluctuation_10"), (100, "fluctuation_100"),
                (1000, "fluctuation_1000"))  # fmt: skip
ROUNDS: Final = 40
SETTLED: Final = 1e-7


def motor_check(
    network: Network, feeder: Extended, rules: Rules, motor: Motor, p_pu: float, q_pu: float,
    nominal_kv: float,
) -> Check:  # fmt: skip
    """The voltage at the customer while the motor starts beside a load of `p_pu` + j `q_pu`."""
    place, mva = feeder.place(feeder.end), feeder.base.radial.base_mva
    table, name = node_of(network, feeder, place)
    kv = base_kv_of(network, feeder, place)
    starting = motor.rated_kva * rules[f"motor_{motor.start}"] / 1e3 / mva
    factor = rules["motor_start_factor"]
    active, reactive = starting * factor, starting * sqrt(1 - factor**2)
    nominal = nominal_kv / kv
    limit = rules["motor_dip_often" if motor.is_often else "motor_dip_seldom"] * nominal_kv
    held, voltage, value = feeder.source, nominal, 0.0
    for _ in range(ROUNDS):
        share = (voltage / nominal) ** 2
        # What the system behind the busbar loses of its voltage by the starting current.
        dip = reactive * share * mva / rules["busbar_fault_mva"]
        feeder.source = held - dip
        p, q = feeder.p.copy(), feeder.q.copy()
        p[place] += p_pu + active * share
        q[place] += q_pu + reactive * share
        if not feeder.solve(p, q):
            value = 0.0
            break
        found = sqrt(feeder.u[place])
        value = found * kv
        if abs(found - voltage) < SETTLED:
            break
        voltage = found
    feeder.source = held
    helps = ("请改用软起动或变频起动，或提高短路容量",
             "start it softly or by a converter, or raise the fault level")  # fmt: skip
    holds = value >= limit
    return Check("motor", table, name, value, limit, "kV", holds, ("", "") if holds else helps)


def fluctuation_check(
    network: Network, feeder: Extended, rules: Rules, swing: Fluctuation, nominal_kv: float
) -> Check:
    """How far the voltage at the customer swings, of nominal."""
    place, mva = feeder.place(feeder.end), feeder.base.radial.base_mva
    table, name = node_of(network, feeder, place)
    r, x = feeder.fault_pu()
    x += mva / rules["busbar_fault_mva"]
    nominal = nominal_kv / base_kv_of(network, feeder, place)
    value = (r * swing.swing_kw + x * swing.swing_kvar) / 1e3 / mva / nominal**2
    limit = next(rules[rule] for most, rule in STEPS if swing.times_an_hour <= most)
    helps = ("请装设补偿装置，或从短路容量更大的点接入",
             "compensate it, or connect where the fault level is higher")  # fmt: skip
    holds = value <= limit
    return Check("fluctuation", table, name, value, limit, "1", holds, ("", "") if holds else helps)
