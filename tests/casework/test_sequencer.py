"""The log: every event its place, whatever the order of commits; receipts anybody can check."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from support.cases import CLERK, WHO, carry, journey, submit
from support.log import check_cases, check_log, run_verify
from support.processes import FORK, PATIENCE_SECONDS, fork
from tongdian.proof import verify
from tongdian.proof.merkle import leaf_hash, verify_consistency, verify_inclusion
from tongdian.service.casework.models import Case, Event, LogLeaf, LogTile, TreeHead
from tongdian.service.casework.receipts import (
    NotYetSequenced,
    consistency_of,
    export_for,
    head_of_size,
    inclusion_of,
    receipt_for,
)
from tongdian.service.casework.sequencer import (
    LOCK,
    sequence_all,
    sequence_once,
    signing_key,
)
from tongdian.service.connection.actions import act

REAL = pytest.mark.django_db(transaction=True)


def journeys(count: int = 2) -> list[Case]:
    cases = []
    for _ in range(count):
        number = submit("resident").case.number
        carry(number, journey("resident"))
        cases.append(Case.objects.get(number=number))
    return cases


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 2, 5, 7, 1000])
def test_every_event_gets_one_place_in_batches_of_any_size(batch: int) -> None:
    journeys()
    total = Event.objects.count()
    assert sequence_all(batch) == total
    assert check_log() == total
    assert sequence_all(batch) == 0
    assert TreeHead.objects.count() == -(-total // batch)


@pytest.mark.django_db
def test_a_log_that_grows_past_a_tile_stays_one_tree() -> None:
    journeys(40)
    assert Event.objects.count() > 256
    sequence_all(100)
    check_log()
    assert sorted(LogTile.objects.values_list("level", "index")) == [(0, 0), (0, 1), (1, 0)]
    journeys(5)
    sequence_all()
    check_log()


@pytest.mark.django_db
def test_every_event_proves_its_inclusion_in_every_later_tree() -> None:
    journeys(2)
    sequence_all(6)
    sizes = list(TreeHead.objects.order_by("tree_size").values_list("tree_size", flat=True))
    for leaf in LogLeaf.objects.select_related("event"):
        for size in (size for size in sizes if size > leaf.index):
            head = head_of_size(size)
            assert head is not None
            verify_inclusion(
                leaf_hash(bytes(leaf.event.hash)),
                leaf.index,
                size,
                inclusion_of(leaf.index, size),
                head.root_hash,
            )


@pytest.mark.django_db
def test_every_two_trees_prove_that_the_later_only_adds() -> None:
    journeys(2)
    sequence_all(3)
    sizes = list(TreeHead.objects.order_by("tree_size").values_list("tree_size", flat=True))
    for old in sizes:
        for new in (size for size in sizes if size >= old):
            first, second = head_of_size(old), head_of_size(new)
            assert first is not None
            assert second is not None
            path = consistency_of(old, new)
            verify_consistency(old, new, first.root_hash, second.root_hash, path)


@pytest.mark.django_db
@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (0, 999), (5, 4)])
def test_proofs_outside_the_log_are_refused(index: int, size: int) -> None:
    journeys(1)
    sequence_all()
    with pytest.raises(ValueError, match="needed"):
        inclusion_of(index, size)


@pytest.mark.django_db
@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (1, 999), (-1, 2)])
def test_consistency_outside_the_log_is_refused(old: int, new: int) -> None:
    journeys(1)
    sequence_all()
    with pytest.raises(ValueError, match="needed"):
        consistency_of(old, new)


@pytest.mark.django_db
def test_every_receipt_verifies_with_and_without_the_personal_part() -> None:
    (case,) = journeys(1)
    key = signing_key().public_bytes.hex()
    for event in case.events.order_by("seq"):
        for with_personal in (True, False):
            receipt = receipt_for(case, event, with_personal=with_personal)
            result = verify.check_receipt(receipt, key)
            assert (result["case"], result["seq"]) == (case.number, event.seq)
            has = event.personal is not None
            expected = ("checked" if with_personal else "withheld") if has else "none"
            assert result["personal"] == expected


@pytest.mark.django_db
def test_anybody_can_check_receipt_case_and_log_with_one_file(tmp_path: Path) -> None:
    first, second = journeys(2)
    key = signing_key().public_bytes.hex()
    old = receipt_for(first, first.events.get(seq=1), with_personal=True)
    act(second.number, "step_rated", {"step": "energisation", "stars": 5}, actor=WHO["applicant"])
    new = receipt_for(second, second.events.order_by("-seq")[0], with_personal=False)
    sizes = old["tree_head"]["tree_size"], new["tree_head"]["tree_size"]
    assert sizes[0] < sizes[1]
    proof = {
        "first": sizes[0],
        "second": sizes[1],
        "path": [part.hex() for part in consistency_of(*sizes)],
    }
    status, answer = run_verify(tmp_path, old, key=key)
    assert (status, answer["verified"], answer["case"]) == (0, True, first.number)
    assert run_verify(tmp_path, export_for(first, with_personal=True))[0] == 0
    assert run_verify(tmp_path, old, new, proof, key=key)[0] == 0
    proof["path"] = proof["path"][::-1]
    assert run_verify(tmp_path, old, new, proof)[0] == 1
    old["event"]["header"]["recorded_at"] = old["event"]["header"]["recorded_at"].replace(
        "20", "19"
    )
    status, answer = run_verify(tmp_path, old)
    assert (status, answer["verified"]) == (1, False)
    assert "header" in answer["part"]


@pytest.mark.django_db
def test_a_receipt_asked_at_once_waits_for_nobody() -> None:
    performed = submit("resident")
    receipt = receipt_for(performed.case, performed.event, with_personal=False)
    assert receipt["inclusion"]["leaf_index"] == 0
    assert check_log() == 1


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_gap_in_the_log() -> None:
    journeys(1)
    for _ in range(3):
        with transaction.atomic():
            submit("resident")
            transaction.set_rollback(True)
        submit("low_voltage")
        sequence_all()
    check_log()
    check_cases()


@REAL
def test_a_transaction_open_across_batches_still_gets_its_place() -> None:
    """It began before and ends after several batches of others: commit order is not id order."""
    written, may_commit = FORK.Event(), FORK.Event()

    def slow(report: Callable[[Any], None]) -> None:
        with transaction.atomic():
            number = submit("resident").case.number
            act(number, "application_accepted", {}, actor=CLERK)
            written.set()
            assert may_commit.wait(PATIENCE_SECONDS)
        report(number)

    submit("resident")
    child = fork(slow)
    assert written.wait(PATIENCE_SECONDS)
    for _ in range(3):
        submit("resident")
        assert sequence_all(1) >= 1
    assert LogLeaf.objects.count() == Event.objects.count() == 4
    may_commit.set()
    assert child.wait() == 0
    number = child.lines()[0]
    slow_ids = Event.objects.filter(case__number=number).values_list("id", flat=True)
    fast_ids = Event.objects.exclude(case__number=number).values_list("id", flat=True)
    assert min(slow_ids) < max(fast_ids)
    assert sequence_all() == 2
    assert check_log() == 6
    case = Case.objects.get(number=number)
    for event in case.events.all():
        verify.check_receipt(receipt_for(case, event, with_personal=True))


@REAL
def test_an_aborted_transaction_across_batches_leaves_no_trace() -> None:
    written, may_end = FORK.Event(), FORK.Event()

    def failing(report: Callable[[Any], None]) -> None:
        with transaction.atomic():
            submit("resident")
            written.set()
            assert may_end.wait(PATIENCE_SECONDS)
            transaction.set_rollback(True)

    child = fork(failing)
    assert written.wait(PATIENCE_SECONDS)
    submit("resident")
    sequence_all()
    may_end.set()
    assert child.wait() == 0
    submit("resident")
    sequence_all()
    assert check_log() == 2
    check_cases()


@REAL
def test_only_one_sequencer_works_and_writers_do_not_wait() -> None:
    holding, may_end = FORK.Event(), FORK.Event()

    def other(report: Callable[[Any], None]) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            holding.set()
            assert may_end.wait(PATIENCE_SECONDS)

    child = fork(other)
    assert holding.wait(PATIENCE_SECONDS)
    performed = submit("resident")
    assert sequence_once() == 0
    with pytest.raises(NotYetSequenced):
        receipt_for(performed.case, performed.event, with_personal=False)
    may_end.set()
    assert child.wait() == 0
    assert sequence_once() == 1
    assert check_log() == 1


@pytest.mark.django_db
def test_after_a_restore_from_a_dump_new_events_are_found() -> None:
    """A dump keeps the numbers of transactions; the server that reads it counts its own anew."""
    journeys(1)
    sequence_all()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE casework_treehead DISABLE TRIGGER head_append_only")
        cursor.execute("UPDATE casework_treehead SET settled_transaction = 2^60::bigint")
        cursor.execute("ALTER TABLE casework_treehead ENABLE TRIGGER head_append_only")
    later = submit("resident")
    assert sequence_all() == 1
    assert LogLeaf.objects.filter(event=later.event).exists()
    check_log()
