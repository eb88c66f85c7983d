"""Within a case, the order of the log is the order of its events, whoever began first."""

import threading

import pytest
from django.db import connection, connections, transaction

from support.cases import CLERK, LEAD, submit
from tongdian.service.casework.models import LogLeaf
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_a_transaction_that_began_first_and_wrote_last() -> None:
    number = submit("resident").case.number
    sequence_all()
    begun, written = threading.Event(), threading.Event()

    def first_to_begin() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_current_xact_id()")
                begun.set()
                assert written.wait(10)
                act(number, "assigned", {"assignee": CLERK.pseudonym}, actor=LEAD)
        finally:
            connections.close_all()

    thread = threading.Thread(target=first_to_begin)
    thread.start()
    assert begun.wait(10)
    act(number, "application_accepted", {}, actor=CLERK)
    written.set()
    thread.join()
    sequence_all()
    leaves = LogLeaf.objects.order_by("index")
    transactions = list(leaves.values_list("event__transaction", flat=True))
    assert transactions != sorted(transactions), "the younger transaction wrote first"
    assert list(leaves.values_list("event__seq", flat=True)) == [1, 2, 3]
