"""Erasure: asked by one, done by another, refused while the law needs the data; the log holds."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction

from support.cases import CLERK, carry, journey, person, staff, submit
from support.log import check_log, run_verify
from tongdian.proof import verify
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case, Erasure, Event, Evidence
from tongdian.service.casework.planning import fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import export_for, receipt_for
from tongdian.service.casework.recheck import recheck
from tongdian.service.casework.sequencer import sequence_all, signing_key
from tongdian.service.connection.actions import act, add_evidence
from tongdian.service.connection.evidence_files import evidence_command
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import AuditEntry
from tongdian.service.portal.models import Draft
from tongdian.service.privacy.actions import (
    ErasureRefused,
    StillNeeded,
    decide_erasure,
    erase_person,
    request_erasure,
)
from tongdian.service.privacy.models import ErasureRequest

pytestmark = pytest.mark.django_db
ADMINISTRATOR = staff("administrator", "GY-FGW")
PDF = b"%PDF-1.7 the papers of somebody"
OWNER = person()


@pytest.fixture
def withdrawn() -> Case:
    """A closed case without a contract, with a file and the rest of a draft."""
    number = submit("low_voltage").case.number
    act(number, "application_accepted", {}, actor=CLERK)
    kept = store_evidence(SimpleUploadedFile("执照.pdf", PDF), actor=CLERK)
    add_evidence(number, evidence_command(kept), actor=CLERK)
    act(number, "withdrawn", {}, actor=OWNER)
    now = datetime.now(UTC)
    Draft.objects.create(
        key_digest="k", return_digest="r", created_at=now, updated_at=now,
        expires_at=now + timedelta(days=9), answers={}, case_number=number,
    )  # fmt: skip
    sequence_all()
    return Case.objects.get(number=number)


def asked(case: Case) -> int:
    return request_erasure(case, actor=OWNER).pk


def personal_of(case: Case) -> list[Any]:
    return [event.personal for event in case.events.order_by("seq")]


def test_what_was_asked_for_is_destroyed_by_another(
    withdrawn: Case, django_capture_on_commit_callbacks: Any
) -> None:
    kept = Evidence.objects.get()
    path = Path(kept.file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        erased = decide_erasure(asked(withdrawn), actor=ADMINISTRATOR, erase=True)
    assert erased is not None
    assert erased.events == (1, 3)
    assert erased.files == (kept.digest,)
    assert personal_of(withdrawn) == [None] * 5
    said = withdrawn.events.get(seq=5)
    assert said.kind == "personal_data_erased"
    assert said.payload == {
        "events": [1, 3],
        "files": 1,
        "ground": "on_request",
        "clause": "个人信息保护法 第四十七条",
    }
    assert (said.actor["role"], said.actor["pseudonym"]) == ("administrator", "staff-administrator")
    assert Erasure.objects.count() == 2
    kept.refresh_from_db()
    assert (kept.name, bool(kept.file), path.exists()) == ("", False, False)
    assert not Draft.objects.exists()
    withdrawn.refresh_from_db()
    assert (withdrawn.applicant_masked, withdrawn.address_masked) == ("—", "—")
    assert withdrawn.applicant_digest == ""
    assert ErasureRequest.objects.get().state == "done"
    assert AuditEntry.objects.filter(kind="erasure_done", subject=withdrawn.number).count() == 1


def test_the_log_and_every_receipt_hold_before_and_after(withdrawn: Case, tmp_path: Path) -> None:
    key = signing_key().public_bytes.hex()
    export = export_for(withdrawn, with_personal=True)
    receipt = receipt_for(withdrawn, withdrawn.events.get(seq=1), with_personal=True)
    status, before = run_verify(tmp_path, export, key=key)
    assert (status, before["personal"]) == (0, "checked")
    erase_person(withdrawn.number, actor=ADMINISTRATOR, ground="on_request")
    sequence_all()
    withdrawn.refresh_from_db()
    check_log()
    status, after = run_verify(tmp_path, export_for(withdrawn, with_personal=True), key=key)
    assert (status, after["personal"]) == (0, "withheld")
    assert run_verify(tmp_path, export, key=key)[0] == 0, "an old export still verifies"
    assert verify.check_receipt(receipt)["personal"] == "checked"
    now = receipt_for(withdrawn, withdrawn.events.get(seq=1), with_personal=True)
    assert verify.check_receipt(now)["personal"] == "withheld"
    assert "示例" not in json.dumps(now, ensure_ascii=False)
    folded = fold_events(definition_of(withdrawn.process), withdrawn.events.order_by("seq"))
    assert folded.to_json() == withdrawn.state
    assert withdrawn.outcome == "withdrawn"
    assert recheck() == (1, None)


def test_it_is_done_once(withdrawn: Case) -> None:
    first = erase_person(withdrawn.number, actor=ADMINISTRATOR, ground="on_request")
    again = erase_person(withdrawn.number, actor=ADMINISTRATOR, ground="on_request")
    assert (first.seq, again.seq) == (5, None)
    assert withdrawn.events.count() == 5


def test_an_open_case_keeps_what_it_needs() -> None:
    case = submit("resident").case
    with pytest.raises(StillNeeded) as refused:
        request_erasure(case, actor=OWNER)
    assert refused.value.clause == "个人信息保护法 第四十七条第一款第（一）项"
    with pytest.raises(StillNeeded):
        erase_person(case.number, actor=ADMINISTRATOR, ground="on_request")
    assert personal_of(case)[0]["name"] == "示例·王小丽"
    assert not ErasureRequest.objects.exists()


def test_a_contract_in_force_keeps_what_it_needs() -> None:
    number = submit("resident").case.number
    carry(number, journey("resident"))
    case = Case.objects.get(number=number)
    assert case.outcome == "energised"
    with pytest.raises(StillNeeded) as refused:
        erase_person(number, actor=ADMINISTRATOR, ground="on_request")
    assert "供用电合同" in refused.value.zh
    assert personal_of(case)[0]


@pytest.mark.parametrize(
    "who",
    [
        person("person-2"),
        CLERK,
        ADMINISTRATOR,
        Actor(frozenset({"applicant"}), "", "person-1", by_session=True),
        Actor(frozenset({"applicant"}), "", "x", parties=frozenset({("N", "contractor")})),
    ],
    ids=["another", "clerk", "administrator", "session without a code", "contractor"],
)
def test_only_the_applicant_or_the_owner_asks(withdrawn: Case, who: Actor) -> None:
    if who.parties:
        who = Actor(
            who.roles, "", who.pseudonym, parties=frozenset({(withdrawn.number, "contractor")})
        )
    with pytest.raises(ErasureRefused, match="Only the applicant or the owner"):
        request_erasure(withdrawn, actor=who)


@pytest.mark.parametrize("role", ["clerk", "lead", "supervisor", "auditor", "applicant", "officer"])
def test_only_an_administrator_decides(withdrawn: Case, role: str) -> None:
    wanted = asked(withdrawn)
    with pytest.raises(ErasureRefused, match="Only an administrator"):
        decide_erasure(wanted, actor=staff(role), erase=True)
    assert personal_of(withdrawn)[0]


def test_nobody_decides_on_what_they_asked_for(withdrawn: Case) -> None:
    wanted = asked(withdrawn)
    same = Actor(frozenset({"administrator"}), "GY-FGW", OWNER.pseudonym)
    with pytest.raises(ErasureRefused, match="a request of their own"):
        decide_erasure(wanted, actor=same, erase=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.filter(pk=wanted).update(decided_by=OWNER.pseudonym)
    assert personal_of(withdrawn)[0]


def test_asked_once_decided_once(withdrawn: Case) -> None:
    wanted = asked(withdrawn)
    with pytest.raises(ErasureRefused, match="asked for already"):
        asked(withdrawn)
    with pytest.raises(ErasureRefused, match="Say why"):
        decide_erasure(wanted, actor=ADMINISTRATOR, erase=False)
    decide_erasure(wanted, actor=ADMINISTRATOR, erase=False, answer="涉诉，须留存")
    assert personal_of(withdrawn)[0]
    with pytest.raises(ErasureRefused, match="has been decided"):
        decide_erasure(wanted, actor=ADMINISTRATOR, erase=True)
    assert asked(withdrawn) > wanted, "it may be asked for again"


def test_a_file_keeps_its_digest_and_its_case(withdrawn: Case) -> None:
    other = submit("resident").case
    for change in ({"digest": "0" * 64}, {"case": other}, {"case": None}):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            Evidence.objects.update(**change)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Evidence.objects.all().delete()
    assert Evidence.objects.get().case == withdrawn


@pytest.mark.django_db(transaction=True)
def test_a_failure_on_the_way_destroys_nothing(
    withdrawn: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongdian.service.privacy import erasing

    def fails() -> Any:
        raise RuntimeError("on the way")

    monkeypatch.setattr(erasing, "holdings", fails)
    path = Path(Evidence.objects.get().file.path)
    with pytest.raises(RuntimeError):
        erase_person(withdrawn.number, actor=ADMINISTRATOR, ground="on_request")
    assert personal_of(withdrawn)[0]
    assert path.exists()
    assert not Erasure.objects.exists()
    assert Event.objects.filter(kind="personal_data_erased").count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_web_role_cannot_go_around_it(withdrawn: Case, web_database_url: str) -> None:
    event = withdrawn.events.get(seq=1)
    said = "no event personal_data_erased names event 1"
    with (
        psycopg.connect(web_database_url, autocommit=True) as web,
        pytest.raises(psycopg.Error, match=said),
    ):
        web.execute("SELECT tongdian_erase_personal(%s, 'x', 'y')", [event.pk])
    assert personal_of(withdrawn)[0]
