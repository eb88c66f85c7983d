"""Followers of the log: every event once, in order; a bad one stops nobody but its own case."""

from datetime import timedelta

import pytest
from django.db import connection

from support.cases import CLERK, submit
from tongdian.service.casework import clock
from tongdian.service.casework.models import Event
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act
from tongdian.service.exchange import consumers, following
from tongdian.service.exchange.consumers import CaseEvent, Consumer
from tongdian.service.exchange.models import Follower, SetAside

pytestmark = pytest.mark.django_db


class Notes:
    """A consumer that writes each event to a table of its own, and stumbles where it is told."""

    def __init__(self) -> None:
        self.seen: list[CaseEvent] = []
        self.stumble: set[tuple[str, str]] = set()

    def __call__(self, event: CaseEvent) -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO noted (index) VALUES (%s)", [event.index])
        if (event.case, event.kind) in self.stumble:
            raise RuntimeError("示例: not this one")
        self.seen.append(event)

    @property
    def stored(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT index FROM noted ORDER BY index")
            return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    monkeypatch.setattr(consumers, "_consumers", {})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE noted (index bigint PRIMARY KEY)")
    found = Notes()
    consumers.register(Consumer("notes", None, found))
    following.install()
    return found


def follow() -> int:
    sequence_all()
    return following.follow_all()


def test_each_event_once_and_in_order(notes: Notes) -> None:
    numbers = [submit("resident").case.number for _ in range(3)]
    for number in numbers:
        act(number, "application_accepted", {}, actor=CLERK)
    assert follow() == 6
    assert follow() == 0
    assert [event.index for event in notes.seen] == list(range(6))
    assert [e.kind for e in notes.seen if e.case == numbers[0]] == [
        "application_submitted", "application_accepted",
    ]  # fmt: skip
    first = notes.seen[0]
    assert first.personal["phone"] == "19900000001"
    assert "示例" not in str(first.payload)
    assert first.role == "applicant"
    assert first.event_id == Event.objects.get(case__number=first.case, seq=1).pk


def test_only_the_kinds_that_are_wanted(notes: Notes) -> None:
    consumers.register(Consumer("notes", frozenset({"application_accepted"}), notes))
    number = submit("resident").case.number
    act(number, "application_accepted", {}, actor=CLERK)
    assert follow() == 1
    assert Follower.objects.get(pk="notes").cursor == 1


def test_a_new_consumer_starts_at_the_present_end(notes: Notes) -> None:
    submit("resident")
    late: list[int] = []
    consumers.register(Consumer("late", None, lambda event: late.append(event.index)))
    following.install()
    assert late == []
    submit("resident")
    follow()
    assert late == [1]
    assert [event.index for event in notes.seen] == [0, 1]


def test_one_that_fails_waits_with_its_case_and_stops_nobody_else(notes: Notes) -> None:
    bad, good = submit("resident").case.number, submit("resident").case.number
    notes.stumble = {(bad, "application_submitted")}
    for number in (bad, good):
        act(number, "application_accepted", {}, actor=CLERK)
    assert follow() == 2
    assert {event.case for event in notes.seen} == {good}
    assert notes.stored == [event.index for event in notes.seen], "nothing of a failed one stays"
    waiting = list(SetAside.objects.order_by("index"))
    assert [(row.kind, row.attempts) for row in waiting] == [
        ("application_submitted", 1), ("application_accepted", 0),
    ]  # fmt: skip
    assert "示例: not this one" in waiting[0].error

    notes.stumble = set()
    assert follow() == 0, "not before its time"
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        assert follow() == 2
    assert [e.kind for e in notes.seen if e.case == bad] == [
        "application_submitted", "application_accepted",
    ]  # fmt: skip
    assert not SetAside.objects.exists()


def test_one_that_always_fails_is_set_aside_for_good_and_can_be_tried_again(notes: Notes) -> None:
    bad = submit("resident").case.number
    notes.stumble = {(bad, "application_submitted")}
    follow()
    now = clock.now()
    for _ in range(10):
        now += timedelta(hours=3)
        with clock.moved_to(now):
            follow()
    row = SetAside.objects.get()
    assert row.dead
    assert row.attempts == len(following.RETRY_AFTER) + 1
    act(bad, "application_accepted", {}, actor=CLERK)
    assert follow() == 1, "its case goes on without it"
    notes.stumble = set()
    following.retry_now(row.pk)
    assert follow() == 1
    assert not SetAside.objects.exists()
