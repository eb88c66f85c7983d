"""A small city in the database, written once for all tests of a module and rolled back after it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from support.people import make_user, sign_in
from tongdian.city import generate, simulate
from tongdian.law.calendar import SHANGHAI, default_calendar
from tongdian.law.plan import load_plan
from tongdian.service.casework import clock
from tongdian.service.casework.bulk import write_histories
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.process import CONNECTION
from tongdian.service.supervision.inspection import inspect

# A Wednesday afternoon; the year before it holds a Spring Festival and a National Day.
NOW = datetime(2026, 11, 25, 17, 30, tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A year of some 1,200 cases, in the log, looked through."""
    with django_db_blocker.unblock(), transaction.atomic():
        histories = simulate(
            generate(2000, 7),
            load_plan(),
            default_calendar(),
            seed=7,
            start=NOW - timedelta(days=365),
            until=NOW,
            rate=0.6,
        )
        write_histories(CONNECTION.id, histories)
        sequence_all()
        inspect()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def at_now(city: None, db: None) -> Iterator[None]:
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def supervisor(at_now: None) -> Client:
    """A signed-in supervisor, at the city's present."""
    return sign_in(Client(), make_user("board-supervisor", "supervisor"))
