"""The read log: one row a look, never rewritten, never lost before its term."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from support.cases import CLERK, SUPERVISOR
from tongdian.service.privacy.actions import record_read
from tongdian.service.privacy.models import ReadRecord

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
READ = {
    "subject": "person-1",
    "case_number": "GY2603020000001A",
    "purpose": "handling",
    "what": "application",
}


@pytest.mark.django_db
def test_a_read_names_who_when_what_and_why() -> None:
    record_read(**READ, actor=CLERK, at=AT)
    row = ReadRecord.objects.get()
    assert (row.at, row.subject, row.case_number) == (AT, "person-1", READ["case_number"])
    assert (row.role, row.organisation, row.pseudonym) == ("clerk", "GYPS-520102", "staff-clerk")
    assert (row.purpose, row.what) == ("handling", ["application"])


@pytest.mark.django_db
def test_the_same_look_within_ten_minutes_is_one_row() -> None:
    for minutes in (0, 5, 9):
        record_read(**READ, actor=CLERK, at=AT + timedelta(minutes=minutes))
    assert ReadRecord.objects.count() == 1
    record_read(**READ, actor=CLERK, at=AT + timedelta(minutes=10))
    assert ReadRecord.objects.count() == 2


@pytest.mark.django_db
def test_another_reader_person_thing_case_or_purpose_is_another_row() -> None:
    record_read(**READ, actor=CLERK, at=AT)
    record_read(**READ, actor=SUPERVISOR, at=AT)
    record_read(**{**READ, "what": ["application", "evidence"]}, actor=CLERK, at=AT)
    record_read(**{**READ, "case_number": "GY2603020000002B"}, actor=CLERK, at=AT)
    record_read(**{**READ, "purpose": "registry"}, actor=CLERK, at=AT)
    record_read(**{**READ, "subject": "person-2"}, actor=CLERK, at=AT)
    assert ReadRecord.objects.count() == 6


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"purpose": "curiosity"}, {"what": ""}, {"what": []}])
def test_a_read_without_purpose_or_thing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"curiosity|has to be named"):
        record_read(**{**READ, **wrong}, actor=CLERK, at=AT)  # type: ignore[arg-type]
    assert not ReadRecord.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE privacy_readrecord SET pseudonym = 'nobody'",
        "DELETE FROM privacy_readrecord",
        "TRUNCATE privacy_readrecord",
    ],
)
def test_nobody_rewrites_it_not_even_the_owner(statement: str) -> None:
    record_read(**READ, actor=CLERK, at=datetime.now(UTC))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ReadRecord.objects.get().pseudonym == "staff-clerk"


@pytest.mark.django_db(transaction=True)
def test_the_web_role_only_adds_and_lets_the_database_take_what_is_old(
    web_database_url: str,
) -> None:
    now = datetime.now(UTC)
    record_read(**READ, actor=CLERK, at=now - timedelta(days=3 * 366))
    record_read(**READ, actor=CLERK, at=now - timedelta(days=3 * 364))
    with psycopg.connect(web_database_url, autocommit=True) as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web.execute("DELETE FROM privacy_readrecord")
        found = web.execute("SELECT privacy_expire_reads()").fetchone()
    assert found == (1,)
    assert ReadRecord.objects.count() == 1
