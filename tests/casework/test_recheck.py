"""A case row rewritten behind the back of the one write path is found, by case and event."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from support.cases import carry, journey, submit
from tongdian.service.casework.models import Case, Event, LogLeaf
from tongdian.service.casework.recheck import LogDiffers, recheck
from tongdian.service.casework.sequencer import sequence_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def number() -> str:
    submit("resident")
    number = submit("low_voltage").case.number
    carry(number, journey("low_voltage")[:2])
    sequence_all()
    return number


def rewrite(number: str, **columns: Any) -> None:
    assert Case.objects.filter(number=number).update(**columns) == 1


def test_honest_cases_have_no_difference(number: str) -> None:
    assert recheck() == (2, None)
    looked_at, found = recheck(sample=1)
    assert (looked_at <= 1, found) == (True, None)
    carry(number, journey("low_voltage")[2:])
    assert recheck() == (2, None), "neither for a closed case, nor for events not yet in the log"


def test_shorter_holds_in_the_cached_state(number: str) -> None:
    """What the next event would build on: days of the utility moved to the applicant."""
    state = Case.objects.get(number=number).state
    state["holds"][0]["lane"] = "applicant"
    rewrite(number, state=state)
    _, found = recheck()
    assert found is not None
    assert (found.case, found.seq) == (number, None)
    assert "state" in found.en


@pytest.mark.parametrize(
    "columns",
    [
        {"due_on": None},
        {"office": "GYPS-520199"},
        {"assignee": "nobody"},
        {"applicant_pseudonym": "somebody-else"},
        {"head_hash": bytes(32)},
        {"stage": "metering"},
        {"late": False},
    ],
)
def test_any_column_that_hides_time_or_the_case(number: str, columns: dict[str, Any]) -> None:
    rewrite(number, **columns)
    _, found = recheck()
    assert found is not None
    assert (found.case, *columns) == (number, found.en.split()[0])


def test_a_later_opening(number: str) -> None:
    rewrite(number, opened_at=Case.objects.get(number=number).opened_at + timedelta(days=3))
    assert recheck()[1] is not None


def test_an_event_rewritten_by_the_owner_of_the_tables(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_event DISABLE TRIGGER event_no_update")
        cursor.execute(
            "UPDATE casework_event SET recorded_at = recorded_at + interval '1 hour'"
            " WHERE seq = 2 AND case_id = (SELECT id FROM casework_case WHERE number = %s)",
            [number],
        )
    _, found = recheck()
    assert found is not None
    assert (found.case, found.seq) == (number, 2)


def test_a_leaf_that_keeps_an_event_out_of_the_log(number: str) -> None:
    """The web role may add leaves; one with a number of its own would hide an event for ever."""
    carry(number, journey("low_voltage")[2:3])
    event = Event.objects.get(case__number=number, seq=Case.objects.get(number=number).seq)
    LogLeaf.objects.create(event=event, index=10**9)
    assert sequence_all() == 0
    _, found = recheck()
    assert found is not None
    assert (found.case, found.seq) == (number, event.seq)


def test_a_head_over_other_tiles(number: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE casework_logtile DISABLE TRIGGER tile_only_grows")
        cursor.execute(
            "UPDATE casework_logtile SET hashes = overlay(hashes PLACING '\\x00' FROM 5)"
        )
    with pytest.raises(LogDiffers, match="tree head"):
        recheck()
