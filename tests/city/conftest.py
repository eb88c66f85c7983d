"""A year of a small city, simulated once."""

from datetime import datetime, timedelta
from functools import cache

import pytest

from tongdian.city import CaseHistory, City, generate, simulate
from tongdian.law.calendar import SHANGHAI, default_calendar
from tongdian.law.plan import load_plan

UNTIL = datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)
START = UNTIL - timedelta(days=365)


@cache
def made(customers: int, seed: int) -> City:
    return generate(customers, seed)


def year(customers: int = 500, seed: int = 7, rate: float = 0.6) -> list[CaseHistory]:
    """A year of cases up to UNTIL."""
    histories = simulate(
        made(customers, seed),
        load_plan(),
        default_calendar(),
        seed=seed,
        start=START,
        until=UNTIL,
        rate=rate,
    )
    return list(histories)


@pytest.fixture(scope="session")
def histories() -> list[CaseHistory]:
    """Some 3,000 cases of a year."""
    return year(5000, 7, 0.6)
