"""Who can open a case: an anonymous session by valid codes alone, an account as its own."""

import pytest
from django.test import Client

from portal.helpers import submit
from support.people import make_user
from tongdian.service.identity.access import revoke_party_access, rotate_party_access
from tongdian.service.identity.actors import SYSTEM

pytestmark = pytest.mark.django_db


def opens(client: Client, number: str) -> bool:
    status = client.get(f"/cases/{number}/").status_code
    assert status in (200, 404)
    return status == 200


def test_who_filed_without_an_account_goes_on_until_the_code_ends(client: Client) -> None:
    number = submit(client, "resident").number
    assert opens(client, number)
    assert client.get(f"/cases/{number}/receipts/1.json").json()["event"]["personal"]
    revoke_party_access(number, "applicant", actor=SYSTEM)
    assert not opens(client, number)
    for page in ("receipts/1.json", "export.json", "do/withdrawn/"):
        assert client.get(f"/cases/{number}/{page}").status_code == 404
    assert client.post(f"/cases/{number}/do/withdrawn/", {"expected_seq": 1}).status_code == 404


def test_a_new_code_ends_the_session_that_filed(client: Client) -> None:
    number = submit(client, "resident").number
    rotate_party_access(number, "applicant", actor=SYSTEM)
    client.post("/apply/submit/")
    assert not opens(client, number), "submitting again brings no right back"


def test_an_ended_code_of_one_party_leaves_the_others(client: Client) -> None:
    number = submit(client, "resident", "contractor").number
    owner = Client()
    code = rotate_party_access(number, "owner", actor=SYSTEM)
    owner.post("/track/", {"number": number, "code": code})
    assert opens(owner, number)
    revoke_party_access(number, "contractor", actor=SYSTEM)
    assert not opens(client, number)
    assert opens(owner, number)


def test_who_files_for_an_owner_is_not_the_owner(client: Client) -> None:
    number = submit(client, "resident", "contractor").number
    assert opens(client, number)
    assert client.get(f"/cases/{number}/do/owner_confirmed/").status_code in (403, 404, 409)


def test_an_account_keeps_its_own_case_when_a_code_ends(client: Client) -> None:
    client.force_login(make_user("applicant-with-account"))
    number = submit(client, "resident").number
    revoke_party_access(number, "applicant", actor=SYSTEM)
    assert opens(client, number)
    assert not opens(Client(), number)
