"""The people who work: offices with clerks, engineers and field crews, and their habits."""

from collections.abc import Mapping
from dataclasses import dataclass

import simpy

# Office time that a case takes of one person, in working days.
TOUCH_DAYS = {"clerk": 0.03, "engineer": 0.10, "fieldworker": 0.16}
UTILISATION = 0.62
# Steps of an average case by role, for sizing an office to its load.
STEPS = {"clerk": 2.0, "engineer": 1.2, "fieldworker": 3.0}

# Waiting before each step in working days: median of a lognormal, by track.
WAITS: Mapping[str, Mapping[str, float]] = {
    "resident": {"accept": 0.12, "survey": 0.45, "scheme": 0.12, "contract": 0.1, "meter": 0.5},
    "zero_lv": {"accept": 0.2, "survey": 0.9, "scheme": 0.6, "contract": 0.3, "meter": 1.2},
    "zero_lv_external": {
        "accept": 0.2, "survey": 0.8, "scheme": 0.6, "permits": 2.4, "works": 1.5,
        "contract": 0.2, "meter": 0.8,
    },
    "low_voltage": {
        "accept": 0.25, "survey": 0.8, "scheme": 0.9, "inspection": 0.6, "contract": 0.25,
        "meter": 0.7, "permits": 2.8,
    },
    "high_voltage_single": {
        "accept": 0.4, "survey": 2.2, "scheme": 4.6, "inspection": 2.0, "contract": 0.8,
        "meter": 1.8, "permits": 3.0,
    },
    "high_voltage_dual": {
        "accept": 0.5, "survey": 3.4, "scheme": 7.2, "inspection": 2.6, "contract": 1.0,
        "meter": 2.2, "permits": 3.2,
    },
}  # fmt: skip
SPREAD = 0.32
SLOW_SHARE, SLOW_FACTOR = 0.03, 2.6

# Habits that leave traces on the clocks; findings should surface them.
HEAPING_OFFICE = "GYPS-520121"
HEAPING_SHARE = 0.75
BURST_OFFICE = "GYPS-520181"
BURST_SHARE = 0.10
BACKDATING_SHARE = 0.015


@dataclass
class Office:
    """An office of the utility with its people as SimPy resources."""

    code: str
    resources: dict[str, simpy.Resource]
    counts: dict[str, int]

    def pseudonym(self, role: str, draw: int) -> str:
        return f"{self.code}-{role}-{1 + draw % self.counts[role]}"


def open_office(environment: simpy.Environment, code: str, cases_per_working_day: float) -> Office:
    """An office sized to its load, so that queues are short on most days and long on some."""
    counts = {
        role: max(1, round(cases_per_working_day * STEPS[role] * days / UTILISATION + 0.35))
        for role, days in TOUCH_DAYS.items()
    }
    resources = {role: simpy.Resource(environment, count) for role, count in counts.items()}
    return Office(code, resources, counts)
