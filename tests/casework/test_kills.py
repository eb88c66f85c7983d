"""kill -9 in the middle of work: what was acknowledged is there, and nothing is there by half."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from support.cases import WHO, carry, journey, submit
from support.log import check_cases, check_log
from support.processes import PATIENCE_SECONDS, Child, fork
from tongdian.proof import verify
from tongdian.service.casework.models import Case, Event, LogLeaf
from tongdian.service.casework.receipts import receipt_for
from tongdian.service.casework.sequencer import sequence_all, sequence_once
from tongdian.service.connection.actions import act
from tongdian.service.identity.models import PartyAccess

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
Report = Callable[[Any], None]
ROUNDS = 25


def killed_soon(child: Child, chance: random.Random, after: int = 1) -> list[Any]:
    """Let it work for a moment, kill it, and give what it had acknowledged."""
    child.await_report(after)
    time.sleep(chance.uniform(0, 0.02))
    assert not child.ended(), "it was to be killed at work"
    child.kill()
    until_gone()
    return child.lines()


def until_gone() -> None:
    """Until the server has ended what killed processes had open."""
    end = time.monotonic() + PATIENCE_SECONDS
    others = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone()[0] == 0:
                return
        assert time.monotonic() < end, "a killed process still holds a transaction"
        time.sleep(0.002)


def test_killed_while_submitting() -> None:
    """Each submission is acknowledged only once it is committed."""
    chance = random.Random(1)
    acknowledged = [submit("low_voltage").case.number]

    def submit_for_ever(report: Report) -> None:
        while True:
            report(submit("low_voltage").case.number)

    for _ in range(ROUNDS):
        acknowledged += killed_soon(fork(submit_for_ever), chance)
    assert len(set(acknowledged)) == len(acknowledged) >= ROUNDS
    stored = set(Case.objects.values_list("number", flat=True))
    assert stored >= set(acknowledged)
    assert len(stored) <= len(acknowledged) + ROUNDS
    check_cases()
    assert set(PartyAccess.objects.values_list("case_number", flat=True)) == stored
    assert submit("resident").case.number not in stored


def test_killed_while_acting() -> None:
    """A case stands after a whole step, and can be taken on from there."""
    chance = random.Random(2)
    steps = journey("resident")

    def act_for_ever(report: Report) -> None:
        while True:
            number = submit("resident").case.number
            report([number, 1])
            for kind, role, data in steps:
                done = act(number, kind, data, actor=WHO[role])
                report([number, done.event.seq])

    reached: dict[str, int] = {}
    for _ in range(ROUNDS):
        reached |= dict(killed_soon(fork(act_for_ever), chance, chance.randint(1, 12)))
    check_cases()
    for number, seq in reached.items():
        case = Case.objects.get(number=number)
        assert case.seq in (seq, seq + 1)
        if case.outcome == "":
            carry(number, steps[case.seq - 1 :])
    assert not Case.objects.filter(number__in=reached).exclude(outcome="energised").exists()


def test_killed_while_sequencing() -> None:
    """A batch is in the log as a whole or not at all, and the next sequencer goes on."""
    chance = random.Random(3)
    for _ in range(12):
        carry(submit("resident").case.number, journey("resident"))
    total = Event.objects.count()

    def sequence_for_ever(report: Report) -> None:
        while True:
            report(sequence_once(1))

    for _ in range(ROUNDS):
        acknowledged = killed_soon(fork(sequence_for_ever), chance)
        size = LogLeaf.objects.count()
        assert size >= sum(acknowledged)
        assert check_placed() == size
        if size > total - 5:
            carry(submit("resident").case.number, journey("resident"))
            total = Event.objects.count()
    sequence_all()
    assert check_log() == total


def check_placed() -> int:
    """The leaves so far have no gap and belong to heads; others may still wait."""
    indices = list(LogLeaf.objects.order_by("index").values_list("index", flat=True))
    assert indices == list(range(len(indices)))
    return len(indices)


def test_killed_while_submitting_and_sequencing_at_once() -> None:
    chance = random.Random(4)
    acknowledged: list[str] = []

    def submit_for_ever(report: Report) -> None:
        while True:
            report(submit("resident").case.number)

    def sequence_for_ever(report: Report) -> None:
        while True:
            report(sequence_once(2))

    for _ in range(ROUNDS // 2):
        writer, sequencer = fork(submit_for_ever), fork(sequence_for_ever)
        sequencer.await_report()
        writer.await_report()
        time.sleep(chance.uniform(0, 0.03))
        for child in chance.sample([writer, sequencer], 2):
            child.kill()
        acknowledged += writer.lines()
    until_gone()
    sequence_all()
    check_cases()
    assert check_log() == Event.objects.count() >= len(acknowledged)
    for number in chance.sample(acknowledged, 5):
        case = Case.objects.get(number=number)
        verify.check_receipt(receipt_for(case, case.events.get(seq=1), with_personal=True))
