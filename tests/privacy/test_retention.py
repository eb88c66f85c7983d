"""What is past its term: a dry run changes nothing, --apply takes exactly that."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from support.cases import CLERK, carry, journey, person, submit
from support.people import make_user
from tongdian.service.casework import clock
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case, Evidence
from tongdian.service.connection.actions import act
from tongdian.service.identity.models import AccessAttempt, UserSession
from tongdian.service.portal.models import Draft
from tongdian.service.privacy.actions import record_read
from tongdian.service.privacy.models import ReadRecord
from tongdian.service.privacy.retention import Line, apply, due

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
YEAR = timedelta(days=365)
LONG_AGO = NOW - 3 * YEAR - timedelta(days=3)


def withdrawn(at: datetime) -> str:
    with clock.moved_to(at):
        number = submit("resident").case.number
        act(number, "withdrawn", {}, actor=person())
    return number


def energised(at: datetime) -> str:
    with clock.moved_to(at):
        number = submit("resident").case.number
        carry(number, journey("resident"))
    return number


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> dict[str, str]:
    """Of everything, one that is past its term and one that is not."""
    settings.MEDIA_ROOT = tmp_path
    numbers = {
        "old": withdrawn(LONG_AGO),
        "new": withdrawn(NOW - 2 * YEAR),
        "contract": energised(LONG_AGO),
    }
    user = make_user("somebody")
    for place, age in enumerate((LONG_AGO, NOW)):
        Draft.objects.create(
            key_digest=f"k{place}", return_digest=f"r{place}", created_at=age, updated_at=age,
            expires_at=age + timedelta(days=30), answers={"name": "示例·甲"},
        )  # fmt: skip
        AccessAttempt.objects.create(subject=f"s{place}", failures=1, window_started_at=age)
        UserSession.objects.create(
            token=f"t{place}", user=user, started_at=age, last_seen_at=age, ended_at=age
        )
        record_read(
            subject="person-1", case_number=numbers["contract"], actor=CLERK, purpose="handling",
            what="application", at=age,
        )  # fmt: skip
        file = store_evidence(SimpleUploadedFile("a.pdf", f"%PDF-{place}".encode()), actor=CLERK)
        Evidence.objects.filter(pk=file.pk).update(uploaded_at=age)
    return numbers


EXPECTED = {
    "closed_cases": 1, "reads": 1, "loose_files": 1, "erased_files": 0, "orphan_files": 0,
    "sessions": 1, "attempts": 1, "drafts": 1,
}  # fmt: skip


def counted(lines: list[Line]) -> dict[str, int]:
    """By kind. Rooms above have kinds of their own; here they keep nothing that is due."""
    found = {line.name: line.count for line in lines}
    assert not any(found[name] for name in found.keys() - EXPECTED.keys())
    return {name: found[name] for name in EXPECTED}


def everything() -> list[Any]:
    found = []
    tables = [m._meta.db_table for m in apps.get_models() if m.__module__.startswith("tongdian")]
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY 1")
            found.append((table, cursor.fetchall()))
    return found


def test_a_dry_run_lists_and_changes_nothing(kept: dict[str, str], tmp_path: Path) -> None:
    before, files = everything(), sorted(tmp_path.rglob("*"))
    assert counted(due()) == EXPECTED
    assert everything() == before
    assert sorted(tmp_path.rglob("*")) == files


def test_what_is_past_its_term_goes_and_nothing_else(
    kept: dict[str, str], tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert counted(apply()) == EXPECTED
    assert {line.count for line in due()} == {0}
    left = {
        name: Case.objects.get(number=number).events.get(seq=1).personal is not None
        for name, number in kept.items()
    }
    assert left == {"old": False, "new": True, "contract": True}
    counts = [m.objects.count() for m in (Draft, AccessAttempt, UserSession, ReadRecord, Evidence)]
    assert counts == [1, 1, 1, 1, 1]
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    event = Case.objects.get(number=kept["old"]).events.latest("seq")
    assert event.payload["ground"] == "term_over"
    assert event.actor["role"] == "system"


def test_files_that_a_killed_process_left_go_next_time(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = store_evidence(SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=CLERK)
    path = Path(kept.file.path)
    Evidence.objects.update(erased_at=NOW)
    assert [line.count for line in due() if line.name == "erased_files"] == [1]
    with django_capture_on_commit_callbacks(execute=True):
        apply()
    assert not path.exists()
    assert [line.count for line in due() if line.name == "erased_files"] == [0]


def test_a_file_that_no_row_speaks_of_goes_after_a_day(
    settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    known = store_evidence(SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=CLERK)
    name = default_storage.save("ab/abcd", ContentFile(b"%PDF-2"))
    assert [line.count for line in due() if line.name == "orphan_files"] == [0]
    later = NOW + timedelta(days=2)
    assert [line.count for line in due(later) if line.name == "orphan_files"] == [1]
    with django_capture_on_commit_callbacks(execute=True):
        apply(later)
    assert not default_storage.exists(name)
    assert default_storage.exists(known.file.name)
