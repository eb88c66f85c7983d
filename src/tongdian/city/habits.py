"""Habits and accidents that leave traces on the clocks, for supervisors to find.

Each has its numbers here and nowhere else: at which office, how often, how strongly.
"""

from collections.abc import Generator, Iterator
from datetime import date, timedelta
from typing import Any, Final

import simpy

from tongdian.city.staff import Crew, away
from tongdian.city.workclock import WorkClock, at_hour

# Residents' cases are finished on the last day of the promise, whatever day they could be.
HEAPING_DIVISION: Final = "520121"
HEAPING_SHARE: Final = 0.8

# Work is done as it comes and typed in afterwards, all in a minute.
SITTING_DIVISION: Final = "520181"
SITTING_SHARE: Final = 0.22
SITTING_SHARE_ELSEWHERE: Final = 0.004
SITTING_TRACKS: Final = frozenset({"resident", "zero_lv"})

# Cases that are late are said to have been energised on the due day.
BACKDATING_DIVISION: Final = "520123"
BACKDATING_SHARE: Final = 0.8
# Anywhere, a survey is sometimes typed in a day or two after it was done.
LATE_SURVEY_SHARE: Final = 0.012

# Power comes first and the papers later: it is even said so.
EARLY_POWER_DIVISION: Final = "5201JK"
EARLY_POWER_SHARE: Final = 0.12
EARLY_POWER_TRACKS: Final = frozenset({"zero_lv", "resident"})

# Contracts are copied from a model, its number included; a new model each quarter.
MODEL_CONTRACT_DIVISION: Final = "520122"
MODEL_CONTRACT_SHARE: Final = 0.08

# What is missing is told in the last hour of the statutory period.
LAST_HOUR_DIVISION: Final = "520111"
LAST_HOUR_SHARE: Final = 0.4
LAST_HOUR_TRACKS: Final = frozenset({"high_voltage_single", "high_voltage_dual"})

# Freezing rain (凝冻) in January: in these divisions field crews mend lines for some days.
ICE_DIVISIONS: Final = frozenset({"520121", "520122", "520123", "520112", "520113"})
ICE_START: Final = (1, 12)
ICE_WORKING_DAYS: Final = 4
ICE_PAUSE_SHARE: Final = 0.5

# The field crew of one office is lent to another city until the end of the story: its cases wait.
LENT_DIVISION: Final = "520113"
LENT_WORKING_DAYS: Final = 7


def ice_days(first: date, last: date) -> Iterator[date]:
    """The first day of each spell of freezing rain between two days."""
    for year in range(first.year, last.year + 1):
        start = date(year, *ICE_START)
        if first <= start <= last:
            yield start


def is_ice(day: date, work: WorkClock) -> bool:
    """Whether field crews are at the lines on that day."""
    start = date(day.year, *ICE_START)
    return start <= day and work.calendar.count(start, day) < ICE_WORKING_DAYS


def freezing_rain(
    environment: simpy.Environment, crew: Crew, work: WorkClock, start: date
) -> Generator[simpy.Event, Any, None]:
    """One person of a field crew is called to the lines."""
    yield environment.timeout(max(at_hour(start, 8) - environment.now, 0))
    yield from away(environment, crew, work, ICE_WORKING_DAYS)


def lent(
    environment: simpy.Environment, crew: Crew, work: WorkClock, last: date
) -> Generator[simpy.Event, Any, None]:
    """One person of a field crew is lent for the working days up to and beyond the last day."""
    start = last
    while work.calendar.count(start, last) < LENT_WORKING_DAYS:
        start -= timedelta(days=1)
    yield environment.timeout(max(at_hour(start, 8) - environment.now, 0))
    yield from away(environment, crew, work, 2 * LENT_WORKING_DAYS)
