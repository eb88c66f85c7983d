"""What people filed for permits: theirs to see and to take along, destroyed with the case."""

import json
from typing import Any

import pytest
from django.test import Client

from support.cases import staff, today
from support.log import check_log
from support.works import prepared, street_corner
from tongdian.service.approval.route_models import PermitDocument, WorksPlan
from tongdian.service.approval.selectors import BEING_PUT_RIGHT, being_put_right
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.identity.actions import seed_organisations
from tongdian.service.privacy.actions import erase_person

pytestmark = pytest.mark.django_db
CONTACT = "示例·张工"
ADMINISTRATOR = staff("administrator", "GY-FGW")


@pytest.fixture(autouse=True)
def _city() -> None:
    seed_organisations()
    street_corner(today())


@pytest.fixture
def filed(client: Client) -> Case:
    case = prepared(client)
    response = client.post(f"/permits/{case.number}/check/", {})
    assert response.status_code == 302, response.content.decode()
    sequence_all()
    case.refresh_from_db()
    assert case.folded.branches
    return case


def test_the_page_lists_what_is_kept(filed: Case, client: Client) -> None:
    page = client.get(f"/my-data/cases/{filed.number}/").content.decode()
    assert "外线工程许可的材料" in page
    assert "外线路径" in page
    assert "许可申请表" in page
    client.cookies["language"] = "en"
    assert "Form for the permits" in client.get(f"/my-data/cases/{filed.number}/").content.decode()


def test_the_file_to_take_along_has_it_whole(filed: Case, client: Client) -> None:
    found: dict[str, Any] = json.loads(
        client.get(f"/my-data/cases/{filed.number}/my-data.json").content
    )
    (case,) = found["cases"]
    kinds = {row["kind"]: row["content"] for row in case["permits"]}
    assert kinds["form"]["contact_name"] == CONTACT
    assert kinds["route"] == WorksPlan.objects.get().route


def test_erasing_the_case_destroys_it(filed: Case, client: Client) -> None:
    number = filed.number
    for item in list(filed.folded.branches):
        answer = client.post(f"/permits/{number}/{item}/withdraw/", {})
        assert answer.status_code == 302, answer.content.decode()
    ended = client.post(f"/cases/{number}/do/withdrawn/", {"reason_code": "plans_changed"})
    assert ended.status_code == 302
    assert PermitDocument.objects.filter(case__number=number).count() >= 2
    erase_person(number, actor=ADMINISTRATOR, ground="on_request")
    assert not PermitDocument.objects.exists()
    assert not WorksPlan.objects.exists()
    sequence_all()
    check_log()
    for path in (f"/my-data/cases/{number}/", f"/cases/{number}/"):
        assert CONTACT not in client.get(path).content.decode()


def test_works_to_be_put_right_keep_it(filed: Case) -> None:
    assert being_put_right(filed) is None
    filed.state["branches"]["traffic"]["stage"] = "rectifying"
    assert being_put_right(filed) == BEING_PUT_RIGHT
