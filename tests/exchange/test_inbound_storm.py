"""10,000 messages over several threads, a tenth sent twice and a fifth out of order."""

import random
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections

from support.sending import TYPE, Sending, sending
from tongdian.service.exchange import inbound
from tongdian.service.exchange.inbound import InboundEvent
from tongdian.service.exchange.models import Inbound, Subject
from tongdian.service.exchange.receiving import receive

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
MESSAGES, SUBJECTS, THREADS = 10_000, 400, 4


def test_exactly_once_and_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE happened (id bigserial, subject text, sequence int)")
    monkeypatch.setattr(inbound, "_handlers", {TYPE: write_down})
    try:
        _storm(sending())
        with connection.cursor() as cursor:
            cursor.execute("SELECT subject, sequence FROM happened ORDER BY id")
            happened = cursor.fetchall()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE happened")
    order: dict[str, list[int]] = defaultdict(list)
    for subject, sequence in happened:
        order[subject].append(sequence)
    assert len(happened) == MESSAGES, "each exactly once"
    each = list(range(1, MESSAGES // SUBJECTS + 1))
    assert all(order[f"S-{n}"] == each for n in range(SUBJECTS)), "in order"
    assert Inbound.objects.filter(state="handled").count() == Inbound.objects.count() == MESSAGES
    assert set(Subject.objects.values_list("waiting", flat=True)) == {0}


def write_down(event: InboundEvent) -> None:
    """Inside the transaction of the message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO happened (subject, sequence) VALUES (%s, %s)",
            [event.subject, event.sequence],
        )


def _storm(them: Sending) -> None:
    chance = random.Random(2021)
    events = [
        them.event(f"S-{n}", sequence)
        for sequence in range(1, MESSAGES // SUBJECTS + 1)
        for n in range(SUBJECTS)
    ]
    for place in chance.sample(range(MESSAGES), MESSAGES // 5):
        # Far enough to overtake some of its own subject.
        other = min(place + chance.randrange(SUBJECTS, 3 * SUBJECTS), MESSAGES - 1)
        events[place], events[other] = events[other], events[place]
    for event in chance.sample(events, MESSAGES // 10):
        events.insert(chance.randrange(len(events)), event)
    waiting = iter([them.signed(event) for event in events])
    lock = threading.Lock()
    with ThreadPoolExecutor(THREADS) as pool:
        done = [pool.submit(_send, them, waiting, lock) for _ in range(THREADS)]
        assert sum(future.result() for future in done) == len(events)


def _send(them: Sending, waiting: Any, lock: threading.Lock) -> int:
    count = 0
    try:
        while True:
            with lock:
                message = next(waiting, None)
            if message is None:
                return count
            assert receive(them.source, message["headers"], message["body"]).status in (200, 202)
            count += 1
    finally:
        connections.close_all()
