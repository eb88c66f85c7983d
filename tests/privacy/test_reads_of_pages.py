"""Where a person's data is shown, the read is on record: who, why, what; once a look."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.cases import CLERK, submit
from support.people import make_user, sign_in
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.connection.actions import act, add_evidence
from tongdian.service.connection.evidence_files import evidence_command
from tongdian.service.identity.access import rotate_party_access
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.privacy.models import ReadRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def number() -> str:
    return submit("resident").case.number


@pytest.fixture
def clerk(client: Client) -> Client:
    return sign_in(client, make_user("clerk-reading", "clerk"))


def reads() -> list[tuple[str, str, list[str]]]:
    rows = ReadRecord.objects.order_by("id")
    return [(row.role, row.purpose, row.what) for row in rows]


def as_party(client: Client, number: str) -> Client:
    code = rotate_party_access(number, "applicant", actor=SYSTEM)
    client.post("/track/", {"number": number, "code": code})
    return client


def test_the_desk_case_page(clerk: Client, number: str) -> None:
    assert "示例·王小丽" in clerk.get(f"/desk/cases/{number}/").content.decode()
    clerk.get(f"/desk/cases/{number}/")
    assert reads() == [("clerk", "handling", ["application"])]
    row = ReadRecord.objects.get()
    assert (row.case_number, row.subject) == (number, "person-1")
    assert row.organisation == "GYPS-520102"


def test_a_page_without_personal_data_is_no_read(client: Client, number: str) -> None:
    sign_in(client, make_user("supervisor-reading", "supervisor"))
    page = client.get(f"/desk/cases/{number}/").content.decode()
    assert "示例·王小丽" not in page
    assert reads() == []


def test_a_case_that_is_not_shown_is_no_read(clerk: Client) -> None:
    other = submit("resident", district="520103").case.number
    assert clerk.get(f"/desk/cases/{other}/").status_code == 404
    assert reads() == []


def test_a_download_of_evidence(clerk: Client, number: str) -> None:
    file = SimpleUploadedFile("现场.pdf", b"%PDF-1.7 example")
    kept = store_evidence(file, actor=CLERK)
    add_evidence(number, evidence_command(kept), actor=CLERK)
    response: Any = clerk.get(f"/desk/cases/{number}/evidence/{kept.digest}/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 example"
    assert reads() == [("clerk", "handling", ["evidence"])]


def test_receipts_and_export_of_a_party(client: Client, number: str) -> None:
    as_party(client, number)
    for what in ("receipts/1.json", "receipts/1.pdf", "receipts/1/", "export.json"):
        assert client.get(f"/cases/{number}/{what}").status_code == 200
    assert reads() == [("applicant", "own", ["receipt"]), ("applicant", "own", ["export"])]


def test_a_receipt_that_holds_nothing_personal_is_no_read(client: Client, number: str) -> None:
    act(number, "application_accepted", {}, actor=CLERK)
    as_party(client, number)
    assert client.get(f"/cases/{number}/receipts/2.json").status_code == 200
    assert reads() == []
