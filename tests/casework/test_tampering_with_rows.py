"""Who goes to the database directly: refused there, and found out where even that is overcome."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from support.cases import carry, journey, submit
from support.log import check_log, run_verify
from tongdian.embedded import SUPERUSER
from tongdian.proof import verify
from tongdian.proof.events import verify_chain
from tongdian.service.casework.models import Case, Erasure, Event, LogLeaf
from tongdian.service.casework.perform import perform
from tongdian.service.casework.planning import EventRequest, fold_events, seal
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import export_for, receipt_for, record_of
from tongdian.service.casework.sequencer import sequence_all, signing_key
from tongdian.service.identity.actors import SYSTEM

REWRITES = [
    "UPDATE casework_event SET payload = payload || '{\"x\": 1}'",
    "UPDATE casework_event SET recorded_at = recorded_at - interval '1 day'",
    "UPDATE casework_event SET occurred_at = occurred_at - interval '1 day'",
    "UPDATE casework_event SET kind = 'energised' WHERE seq = 2",
    "UPDATE casework_event SET actor = '{}'",
    "UPDATE casework_event SET hash = previous_hash, previous_hash = hash",
    "UPDATE casework_event SET personal = NULL, salt = NULL",
    "UPDATE casework_event SET personal = '\\x01'",
    "UPDATE casework_event SET salt = NULL",
    "UPDATE casework_event SET transaction = 0",
    "UPDATE casework_event SET id = id + 1000000",
    "DELETE FROM casework_event WHERE seq = 3",
    "DELETE FROM casework_event",
    "TRUNCATE casework_event CASCADE",
    "TRUNCATE casework_case CASCADE",
    "DELETE FROM casework_case",
    "UPDATE casework_logleaf SET index = index + 1000",
    "UPDATE casework_logleaf SET event_id = event_id",
    "DELETE FROM casework_logleaf",
    "TRUNCATE casework_logleaf",
    "UPDATE casework_treehead SET root_hash = signature",
    "UPDATE casework_treehead SET settled_transaction = 0",
    "DELETE FROM casework_treehead",
    "TRUNCATE casework_treehead",
    "UPDATE casework_logtile SET hashes = substring(hashes FROM 33)",
    "UPDATE casework_logtile SET hashes = substring(hashes FROM 1 FOR 32)",
    "UPDATE casework_logtile SET hashes = overlay(hashes PLACING '\\x00' FROM 5)",
    "UPDATE casework_logtile SET index = index + 1",
    "UPDATE casework_logtile SET level = level + 1",
    "DELETE FROM casework_logtile",
    "TRUNCATE casework_logtile",
    "UPDATE casework_erasure SET reason = 'another'",
    "UPDATE casework_erasure SET erased_by = 'another'",
    "DELETE FROM casework_erasure",
    "TRUNCATE casework_erasure",
]
# Only the owner could try these at all.
OF_THE_WEB_ROLE = [
    "ALTER TABLE casework_event DISABLE TRIGGER ALL",
    "ALTER TABLE casework_event DISABLE TRIGGER event_no_update",
    "DROP TRIGGER event_no_update ON casework_event",
    "DROP TABLE casework_event CASCADE",
    "SET session_replication_role = replica",
    "SET SESSION AUTHORIZATION tongdian_owner",
    "SET ROLE tongdian_owner",
    "CREATE OR REPLACE FUNCTION tongdian_guard_event() RETURNS trigger LANGUAGE plpgsql"
    " AS $$ BEGIN RETURN NEW; END $$",
    "INSERT INTO casework_erasure (event_id, erased_at, erased_by, reason)"
    " VALUES (1, now(), 'x', 'x')",
    "SET tongdian.erasure_reason = 'x'; SET tongdian.erasure_by = 'x';"
    " UPDATE casework_event SET personal = NULL, salt = NULL",
]
PERSONAL: Any = Event._meta.get_field("personal")
HEADER_PARTS = {"header", "kind", "seq", "case", "recorded_at", "occurred_at", "actor"}


@pytest.fixture
def case(db: None) -> Case:
    return a_case()


def a_case() -> Case:
    """A case with all its events in the log, and one erasure of another on record."""
    other = submit("resident")
    number = submit("low_voltage").case.number
    carry(number, journey("low_voltage")[:3])
    erase(other.event)
    sequence_all()
    return Case.objects.get(number=number)


def erase(event: Event, by: str = "staff-9", why: str = "申请人要求删除") -> None:
    """Through the door, with the event that says so."""
    said = {"events": [event.seq], "ground": why, "clause": "个人信息保护法 第四十七条"}
    with transaction.atomic():
        perform(event.case.number, "personal_data_erased", actor=SYSTEM, payload=said)
        through_the_door(event.pk, by, why)


def through_the_door(event_id: int, by: str = "staff-9", why: str = "申请人要求删除") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tongdian_erase_personal(%s, %s, %s)", [event_id, by, why])


def everything() -> list[Any]:
    """All rows of the tables that only grow."""
    found = []
    for table in ("event", "logleaf", "treehead", "logtile", "erasure", "case"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM casework_{table} t ORDER BY 1")
            found.append(cursor.fetchall())
    return found


def records(case: Case) -> list[Any]:
    events = case.events.order_by("seq")
    return [record_of(case, event, with_personal=True) for event in events]


# --- refused in the database ------------------------------------------------------------------


def test_the_owner_of_the_tables_cannot_rewrite_them(
    database_url: str, transactional_db: None
) -> None:
    a_case()
    before = everything()
    said = r"refused|append-only|only grows|violates foreign key"
    with psycopg.connect(database_url, autocommit=True) as owner:
        for statement in REWRITES:
            with pytest.raises(psycopg.Error, match=said):
                owner.execute(statement)
            assert everything() == before, statement


@pytest.fixture
def web(web_database_url: str, transactional_db: None) -> Iterator[psycopg.Connection]:
    """The web role, straight to the database, beside a case that is committed."""
    a_case()
    with psycopg.connect(web_database_url, autocommit=True) as session:
        yield session


def test_the_web_role_cannot_rewrite_them_either(web: psycopg.Connection) -> None:
    before = everything()
    for statement in (*REWRITES, *OF_THE_WEB_ROLE):
        with pytest.raises(psycopg.Error):
            web.execute(statement)
    assert everything() == before


INSERT = (
    "INSERT INTO casework_event (case_id, seq, kind, recorded_at, occurred_at, actor, payload,"
    " payload_digest, previous_hash, hash, transaction)"
    " VALUES (%(case)s, %(seq)s, 'assigned', %(at)s, %(at)s, '{}', '{}', %(digest)s, %(previous)s,"
    " %(hash)s, %(transaction)s)"
)


def row_after(case: Case, **changes: Any) -> dict[str, Any]:
    """An event that would follow the last one of a case, but for `changes`."""
    now = datetime.now(UTC)
    row = seal(
        case.number, case.seq + 1, bytes(case.head_hash), EventRequest("assigned", {}, {}), now
    )
    return {
        "case": case.pk,
        "seq": row.seq,
        "at": now,
        "digest": row.payload_digest,
        "previous": row.previous_hash,
        "hash": row.hash,
        "transaction": 0,
        **changes,
    }


@pytest.mark.parametrize("minutes", [-60 * 24 * 30, -10, -3, 3, 10, 60 * 24 * 30])
def test_the_web_role_cannot_start_a_clock_at_another_time(
    web: psycopg.Connection, minutes: int
) -> None:
    case = Case.objects.latest("pk")
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    before = everything()
    with pytest.raises(psycopg.Error, match="not the present"):
        web.execute(INSERT, row_after(case, at=at))
    assert everything() == before


def test_what_the_web_role_adds_gets_its_place_in_the_log(web: psycopg.Connection) -> None:
    """It cannot hide an event from the sequencer behind an old transaction number."""
    case = Case.objects.latest("pk")
    web.execute(INSERT, row_after(case, transaction=0))
    added = Event.objects.get(case=case, seq=case.seq + 1)
    assert added.transaction > 0
    assert sequence_all() == 1
    assert LogLeaf.objects.filter(event=added).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"previous": bytes(32)},
        {"previous": b"\x01" * 32},
        {"seq": 1},
        {"seq": 2},
        {"seq": 99},
        {"seq": 0, "previous": bytes(32)},
        {"seq": -1},
    ],
    ids=str,
)
def test_an_event_that_does_not_follow_the_last_is_refused(
    case: Case, changes: dict[str, Any]
) -> None:
    before = everything()
    with (
        pytest.raises(DatabaseError, match=r"does not follow|duplicate key"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(INSERT, row_after(case, **changes))
    assert everything() == before


# --- the one door -----------------------------------------------------------------------------


def test_the_door_erases_personal_data_and_says_so(case: Case, tmp_path: Path) -> None:
    event = case.events.get(seq=1)
    assert event.personal["name"] == "贵阳示例餐饮有限公司"
    before = {e.pk: (e.personal, e.salt) for e in Event.objects.exclude(pk=event.pk)}
    erase(event, "staff-9", "依申请删除")
    event.refresh_from_db()
    case.refresh_from_db()
    assert (event.personal, event.salt) == (None, None)
    assert event.sealed_digest is not None
    audit = Erasure.objects.get(event_id=event.pk)
    assert (audit.erased_by, audit.reason) == ("staff-9", "依申请删除")
    after = Event.objects.filter(pk__in=before)
    assert {e.pk: (e.personal, e.salt) for e in after} == before
    assert (case.applicant_masked, case.address_masked, case.applicant_digest) == ("—", "—", "")
    assert verify_chain(records(case)) == []
    folded = fold_events(definition_of(case.process), case.events.order_by("seq"))
    assert folded.to_json() == case.state
    sequence_all()
    check_log()
    receipt = receipt_for(case, event, with_personal=True)
    assert "贵阳示例餐饮有限公司" not in json.dumps(receipt, ensure_ascii=False)
    status, answer = run_verify(tmp_path, receipt, key=signing_key().public_bytes.hex())
    assert (status, answer["personal"]) == (0, "withheld")
    assert run_verify(tmp_path, export_for(case, with_personal=True))[0] == 0


def test_an_old_receipt_still_verifies_after_the_erasure(case: Case) -> None:
    event = case.events.get(seq=1)
    receipt = receipt_for(case, event, with_personal=True)
    erase(event)
    assert verify.check_receipt(receipt)["personal"] == "checked"


@pytest.mark.parametrize(("by", "why"), [("", "x"), ("x", ""), ("", "")])
def test_no_erasure_without_a_name_and_a_reason(case: Case, by: str, why: str) -> None:
    before = everything()
    with pytest.raises(DatabaseError, match="a name and a reason"), transaction.atomic():
        erase(case.events.get(seq=1), by, why)
    assert everything() == before


def test_no_erasure_without_an_event_that_names_what_goes(case: Case) -> None:
    before, first = everything(), case.events.get(seq=1)
    with pytest.raises(DatabaseError, match="no event personal_data_erased"), transaction.atomic():
        through_the_door(first.pk)
    said = {"events": [2, 3], "ground": "x", "clause": "y"}
    perform(case.number, "personal_data_erased", actor=SYSTEM, payload=said)
    before = everything()
    with pytest.raises(DatabaseError, match="no event personal_data_erased"), transaction.atomic():
        through_the_door(first.pk)
    assert everything() == before


def test_the_door_is_shut_again_behind_each_erasure(case: Case) -> None:
    first, other = Event.objects.filter(personal__isnull=False)[:1].get(), case.events.get(seq=1)
    erase(first)
    after = everything()
    through_the_door(first.pk)
    assert everything() == after, "nothing to erase, nothing to audit"
    for statement in REWRITES[:9]:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement.split(' WHERE')[0]} WHERE id = {other.pk}")
    assert everything() == after


def test_even_the_owner_cannot_go_through_the_door_unseen(case: Case) -> None:
    event = case.events.get(seq=1)
    alone = "UPDATE casework_event SET personal = NULL, salt = NULL WHERE id = %s"
    more = "UPDATE casework_event SET personal = NULL, salt = NULL, payload = '{}' WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL tongdian.erasure_by = 'owner'")
        cursor.execute("SET LOCAL tongdian.erasure_reason = 'quietly'")
        for statement in (alone, more):
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute(statement, [event.pk])
        said = {"events": [1], "ground": "x", "clause": "y"}
        perform(case.number, "personal_data_erased", actor=SYSTEM, payload=said)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(more, [event.pk])
        cursor.execute(alone, [event.pk])
    assert Erasure.objects.get(event_id=event.pk).reason == "quietly"


def test_the_web_role_erases_only_through_the_door(web: psycopg.Connection) -> None:
    event = Event.objects.filter(personal__isnull=False).latest("pk")
    before = everything()
    with pytest.raises(psycopg.Error, match="no event personal_data_erased"):
        web.execute("SELECT tongdian_erase_personal(%s, 'staff-1', '依申请删除')", [event.pk])
    with pytest.raises(psycopg.Error, match="permission denied"):
        web.execute("UPDATE casework_event SET personal = NULL, salt = NULL")
    assert everything() == before


# --- found out --------------------------------------------------------------------------------


@pytest.fixture
def superuser(postgres: Any, database_url: str, transactional_db: None) -> Iterator[Any]:
    """Somebody with the server in hand: guards off, everything possible."""
    if postgres is None:
        pytest.skip("only the server of the run itself has a superuser that tests may use")
    name = connection.settings_dict["NAME"]
    with psycopg.connect(postgres.dsn(SUPERUSER, name), autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        yield session


# what is changed on event 2 or 3, which event and which parts are named
CHANGES = [
    ('payload = payload || \'{"note": "x"}\'', 3, {"payload"}),
    ("payload = payload - 'external_works'", 3, {"payload"}),
    ("personal = decode('SEALED-ANEW', 'hex')", 1, {"personal"}),
    ("salt = overlay(salt PLACING '\\x00' FROM 1)", 1, {"personal", "salt"}),
    ("sealed_digest = overlay(sealed_digest PLACING '\\x0011' FROM 7)", 1, None),
    ("kind = 'application_not_accepted'", 2, HEADER_PARTS),
    ("recorded_at = recorded_at - interval '1 microsecond'", 2, HEADER_PARTS),
    ("occurred_at = occurred_at - interval '1 day'", 2, HEADER_PARTS),
    ("actor = jsonb_set(actor, '{pseudonym}', '\"staff-2\"')", 2, HEADER_PARTS),
    ("payload_digest = overlay(payload_digest PLACING '\\x0011' FROM 9)", 2, None),
    ("previous_hash = overlay(previous_hash PLACING '\\x0011' FROM 9)", 2, None),
    ("hash = overlay(hash PLACING '\\x0011' FROM 9)", 2, None),
]


@pytest.mark.parametrize(("change", "seq", "parts"), CHANGES, ids=[c[0] for c in CHANGES])
def test_one_changed_byte_is_found_and_named(
    superuser: Any, change: str, seq: int, parts: set[str] | None
) -> None:
    case = a_case()
    export = export_for(case, with_personal=True)
    assert verify.check(export)
    another = {**case.events.get(seq=1).personal, "name": "示例·别人"}
    change = change.replace("SEALED-ANEW", PERSONAL.seal(another).hex())
    superuser.execute(
        f"UPDATE casework_event SET {change} WHERE case_id = %s AND seq = %s", [case.pk, seq]
    )
    problems = verify_chain(records(case))
    assert problems
    assert seq in {problem.seq for problem in problems}
    assert min(problem.seq for problem in problems) == seq
    if parts is not None:
        assert problems[0].part in parts
    assert all(f"第 {problem.seq} 条" in problem.zh for problem in problems)
    with pytest.raises(verify.Tampered) as found:
        verify.check(export_for(case, with_personal=True))
    assert f"第 {seq} 条" in found.value.zh
    assert f"events[{seq - 1}]" in found.value.part
    with pytest.raises(verify.Tampered):
        verify.check_receipt(receipt_for(case, case.events.get(seq=seq), with_personal=True))


def test_a_removed_event_is_missed(superuser: Any) -> None:
    case = a_case()
    superuser.execute("DELETE FROM casework_event WHERE case_id = %s AND seq = 2", [case.pk])
    assert verify_chain(records(case))[0].seq in (2, 3)
    with pytest.raises(verify.Tampered):
        verify.check(export_for(case, with_personal=True))
    with pytest.raises(AssertionError):
        check_log()


def test_a_history_rewritten_and_sealed_anew_does_not_fit_the_log(
    superuser: Any, tmp_path: Path
) -> None:
    """Every hash recomputed: the chain holds, but neither the tree nor the receipts in hand do."""
    case = a_case()
    event = case.events.get(seq=case.seq)
    in_hand = receipt_for(case, event, with_personal=True)
    request = EventRequest(event.kind, {**event.payload, "capacity_kva": "9"}, event.actor)
    forged = seal(case.number, event.seq, bytes(event.previous_hash), request, event.recorded_at)
    superuser.execute(
        "UPDATE casework_event SET payload = %s, payload_digest = %s, hash = %s WHERE id = %s",
        [json.dumps(forged.payload), forged.payload_digest, forged.hash, event.pk],
    )
    superuser.execute(
        "UPDATE casework_case SET head_hash = %s WHERE id = %s", [forged.hash, case.pk]
    )
    assert verify_chain(records(case)) == []
    event.refresh_from_db()
    with pytest.raises(verify.Tampered) as found:
        verify.check_receipt(receipt_for(case, event, with_personal=True))
    assert "inclusion" in found.value.part
    with pytest.raises(AssertionError):
        check_log()
    assert run_verify(tmp_path, in_hand, key=signing_key().public_bytes.hex())[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE casework_logleaf SET index = -1 - index; "
        "UPDATE casework_logleaf SET index = (SELECT count(*) FROM casework_logleaf) + index",
        "UPDATE casework_logtile SET hashes = overlay(hashes PLACING '\\x0102' FROM 40)"
        " WHERE level = 0",
        "UPDATE casework_treehead SET root_hash = overlay(root_hash PLACING '\\x0102' FROM 3)",
        "UPDATE casework_treehead SET signed_at = signed_at - interval '1 day'",
        "UPDATE casework_treehead SET signature = overlay(signature PLACING '\\x0102' FROM 3)",
        "UPDATE casework_treehead SET log_id = 'another-log'",
    ],
)
def test_a_changed_log_proves_nothing_any_more(superuser: Any, change: str) -> None:
    case = a_case()
    superuser.execute(change)
    with pytest.raises((AssertionError, ValueError)):
        check_log()
    found = 0
    for event in case.events.all():
        try:
            verify.check_receipt(receipt_for(case, event, with_personal=False))
        except verify.Tampered:
            found += 1
    assert found
