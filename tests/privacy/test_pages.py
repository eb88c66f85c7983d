"""The my-data pages: one's own data and nobody else's, who read it, what can be done."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertRedirects

from portal.helpers import submit
from support.cases import CLERK, person
from support.cases import submit as file_case
from support.log import run_verify
from support.people import make_user, sign_in
from tongdian.proof import verify
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all, signing_key
from tongdian.service.connection.actions import act
from tongdian.service.identity.access import rotate_party_access
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.privacy.actions import record_read
from tongdian.service.privacy.field_map import entries
from tongdian.service.privacy.models import ErasureRequest, ReadRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def number(client: Client) -> str:
    """A case filed by an account that `client` is signed in to."""
    client.force_login(make_user("applicant-of-case"))
    return submit(client, "resident").number


def page_of(client: Client, address: str, status: int = 200, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def test_a_stranger_learns_how_to_get_in_and_nothing_else(client: Client) -> None:
    number = file_case("resident").case.number
    page = page_of(client, "/my-data/")
    assert "用编号和查询码打开" in page
    assert number not in page
    there = client.get("/my-data/my-data.json")
    assertRedirects(there, "/account/login/?next=/my-data/my-data.json")


def test_what_is_kept_is_shown_masked_with_purpose_ground_and_term(
    client: Client, number: str
) -> None:
    page = page_of(client, f"/my-data/cases/{number}/")
    for part in (
        "示例·王**", "订立和履行供用电合同", "《个人信息保护法》第十三条第一款第（二）项",
        "办件还没有办结", "第四十七条", "谁能打开我的办件",
    ):  # fmt: skip
        assert part in page, part
    personal = Case.objects.get(number=number).events.get(seq=1).personal
    for secret in ("id_number", "phone", "name"):
        assert personal[secret] not in page, secret
    assert number in page_of(client, "/my-data/")


def test_pages_speak_english(client: Client, number: str) -> None:
    client.cookies["language"] = "en"
    page = page_of(client, f"/my-data/cases/{number}/")
    assert "Who can open my case" in page
    assert "needed to make or perform a contract" in page
    assert "Limitation" in page_of(client, "/my-data/what-we-keep/").title()


def test_who_read_it_is_told_in_plain_words(client: Client, number: str) -> None:
    record_read(
        subject="x", case_number=number, actor=CLERK, purpose="handling", what="application"
    )
    page = page_of(client, f"/my-data/cases/{number}/")
    for part in ("受理员", "申请内容", "办理用电报装", "当事人自己"):
        assert part in page, part
    assert CLERK.pseudonym not in page


def test_reading_ones_own_data_is_on_record_too(client: Client, number: str) -> None:
    page_of(client, f"/my-data/cases/{number}/")
    page_of(client, f"/my-data/cases/{number}/")
    row = ReadRecord.objects.get(case_number=number)
    assert (row.purpose, row.what) == ("own", ["my_data"])


@pytest.mark.parametrize("address", ["", "my-data.json", "erasure/", "codes/applicant/"], ids=str)
@pytest.mark.parametrize("role", ["", "clerk", "administrator", "supervisor"])
def test_nobody_else_sees_it(client: Client, role: str, address: str) -> None:
    number = file_case("resident").case.number
    if role:
        sign_in(client, make_user(f"other-{role}", role))
    else:
        client.force_login(make_user("other"))
    call = client.post if address.startswith("codes") else client.get
    assert call(f"/my-data/cases/{number}/{address}").status_code == 404
    assert not ReadRecord.objects.exists()


def test_a_contractor_opens_the_case_but_not_the_owners_data(client: Client) -> None:
    number = submit(client, "resident", "contractor").number
    assert client.get(f"/cases/{number}/").status_code == 200
    assert client.get(f"/my-data/cases/{number}/").status_code == 404


def test_the_download_holds_everything_and_its_proof(
    client: Client, number: str, tmp_path: Path
) -> None:
    sequence_all()
    body = client.get("/my-data/my-data.json").json()
    assert body["format"] == "tongdian-my-data-1"
    assert body["account"]["username"] == "applicant-of-case"
    (case,) = body["cases"]
    values = {row["field"]: row["value"] for row in case["personal_data"] if row["event"] == 1}
    assert values == Case.objects.get(number=number).events.get(seq=1).personal
    phone = next(row for row in case["personal_data"] if row["field"] == "phone")
    assert phone["label"] == {"zh": "联系电话", "en": "Telephone"}
    assert phone["ground"]["zh"].startswith("《个人信息保护法》第十三条")
    status, answer = run_verify(tmp_path, case["proof"], key=signing_key().public_bytes.hex())
    assert (status, answer["personal"]) == (0, "checked")
    one = client.get(f"/my-data/cases/{number}/my-data.json").json()
    assert one["cases"][0]["proof"] == case["proof"]
    assert verify.check(one["cases"][0]["proof"])


def test_a_new_query_code_is_shown_once_and_the_old_one_ends(client: Client, number: str) -> None:
    old = rotate_party_access(number, "applicant", actor=SYSTEM)
    other = Client()
    other.post("/track/", {"number": number, "code": old})
    assert other.get(f"/my-data/cases/{number}/").status_code == 200
    page = client.post(f"/my-data/cases/{number}/codes/applicant/").content.decode()
    assert "只显示这一次" in page
    assert other.get(f"/my-data/cases/{number}/").status_code == 404


def test_a_session_that_replaces_its_own_code_stays(client: Client) -> None:
    number = submit(client, "resident").number
    response = client.post(f"/my-data/cases/{number}/codes/applicant/")
    assert response.status_code == 200
    assert client.get(f"/my-data/cases/{number}/").status_code == 200


def test_the_applicant_ends_the_code_of_another_party(client: Client, number: str) -> None:
    from tongdian.service.identity.access import issue_party_access

    code = issue_party_access(number, "contractor", actor=SYSTEM)
    other = Client()
    other.post("/track/", {"number": number, "code": code})
    assert other.get(f"/cases/{number}/").status_code == 200
    client.post(f"/my-data/cases/{number}/codes/contractor/")
    assert other.get(f"/cases/{number}/").status_code == 404
    assert client.post(f"/my-data/cases/{number}/codes/nobody/").status_code == 403


def test_erasure_is_asked_for_on_a_page_and_decided_on_another(client: Client, number: str) -> None:
    assert "还没有办结" in page_of(client, f"/my-data/cases/{number}/erasure/")
    assert client.post(f"/my-data/cases/{number}/erasure/").status_code == 409
    case = Case.objects.get(number=number)
    act(number, "withdrawn", {}, actor=person(case.applicant_pseudonym))
    assert "button-danger" in page_of(client, f"/my-data/cases/{number}/erasure/")
    client.post(f"/my-data/cases/{number}/erasure/")
    (asked,) = ErasureRequest.objects.all()
    admin = sign_in(Client(), make_user("the-administrator", "administrator"))
    page = page_of(admin, "/my-data/requests/")
    assert number in page
    assert "示例·王" not in page
    answer = {"decision": "refuse", "answer": ""}
    admin.post(f"/my-data/requests/{asked.pk}/", answer)
    assert case.events.get(seq=1).personal
    admin.post(f"/my-data/requests/{asked.pk}/", {"decision": "erase"})
    assert case.events.get(seq=1).personal is None
    assert "已经删除" in page_of(client, f"/my-data/cases/{number}/")
    assert "示例" not in json.dumps(client.get("/my-data/my-data.json").json()["cases"])
    assert client.get(f"/cases/{number}/").status_code == 200


@pytest.mark.parametrize("role", ["", "clerk", "lead", "supervisor", "auditor"])
def test_only_administrators_see_and_decide_requests(client: Client, role: str) -> None:
    if role:
        sign_in(client, make_user(f"not-{role}", role))
    assert client.get("/my-data/requests/").status_code == 403
    assert client.post("/my-data/requests/1/").status_code == 403


def test_the_public_table_says_everything_that_is_mapped(client: Client) -> None:
    page = page_of(client, "/my-data/what-we-keep/")
    missing: list[Any] = [e.place for e in entries() if not e.empty and e.label.zh not in page]
    assert missing == []
