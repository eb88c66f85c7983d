"""Whoever filed sees how far each permit is, completes the one list, and takes a permit back."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from support.cases import staff, today
from support.works import PDF, prepared, street_corner
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.identity.actions import seed_organisations

pytestmark = pytest.mark.django_db
WINDOW = staff("officer", "GY-ZWZX")
TRAFFIC = staff("officer", "GY-GAJG")
LIST = [
    {"field": "traffic_plan", "problem": "没有夜间警示灯的位置", "remedy": "在图上标出并注明间距"},
    {"field": "works_plan", "problem": "工期与申请表不一致", "remedy": "改成一致的日期"},
]


@pytest.fixture(autouse=True)
def _city() -> None:
    seed_organisations()
    street_corner(today())


@pytest.fixture
def filed(client: Client) -> Case:
    case = prepared(client)
    assert client.post(f"/permits/{case.number}/check/", {}).status_code == 302
    act(case.number, "permits_received", {}, actor=WINDOW)
    case.refresh_from_db()
    return case


@pytest.fixture
def asked(filed: Case) -> Case:
    data = {"item": "traffic", "items": LIST}
    act(filed.number, "item_correction_listed", data, actor=TRAFFIC)
    filed.refresh_from_db()
    return filed


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response
    return str(response.content.decode())


def test_the_case_says_who_has_each_permit_and_until_when(filed: Case, client: Client) -> None:
    shown = page(client, f"/cases/{filed.number}/")
    assert "市公安" in shown
    assert shown.count("最迟") >= 3
    assert "政务服务中心统一收件" in shown
    for kind in ("permits_filed", "permits_received"):
        assert kind not in shown
    assert f'href="/permits/{filed.number}/traffic/withdraw/"' in shown


def test_the_list_is_answered_line_by_line(asked: Case, client: Client) -> None:
    url = f"/permits/{asked.number}/traffic/correct/"
    assert url in page(client, f"/cases/{asked.number}/")
    assert client.get(f"/cases/{asked.number}/do/item_corrected/").headers["Location"] == url
    shown = page(client, url)
    assert all(line["problem"] in shown and line["remedy"] in shown for line in LIST)
    half = client.post(url, {"answer-0": "已标出，每 20 米一盏", "expected_seq": asked.seq})
    assert half.status_code == 422
    assert list(half.context["form"].errors) == ["answer-1"]
    assert "已标出，每 20 米一盏" in half.content.decode()
    sent: dict[str, Any] = {
        "answer-0": "已标出，每 20 米一盏",
        "file-1": SimpleUploadedFile("计划.pdf", PDF),
        "expected_seq": asked.seq,
    }
    assert client.post(url, sent).status_code == 302
    event = Event.objects.get(case=asked, kind="item_corrected")
    assert event.personal == {"answer": "1. 已标出，每 20 米一盏\n2. 计划.pdf"}
    (material,) = event.payload["materials"]
    assert material["kind"] == "works_plan"
    assert asked.evidence.filter(digest=material["digest"]).exists()
    asked.refresh_from_db()
    assert asked.folded.branches["traffic"].stage == "reviewing"
    assert client.get(url).status_code == 409


def test_a_file_of_the_wrong_kind_stands_at_its_field(asked: Case, client: Client) -> None:
    url = f"/permits/{asked.number}/traffic/correct/"
    sent = {"answer-0": "已改", "answer-1": "已改", "file-1": SimpleUploadedFile("a.pdf", b"MZ")}
    refused = client.post(url, sent)
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["file-1"]
    assert not Event.objects.filter(case=asked, kind="item_corrected").exists()


def test_the_department_reads_the_answers(asked: Case, client: Client) -> None:
    from support.people import make_user, sign_in

    url = f"/permits/{asked.number}/traffic/correct/"
    sent = {"answer-0": "警示灯已标出", "file-1": SimpleUploadedFile("计划.pdf", PDF)}
    assert client.post(url, sent).status_code == 302
    officer = sign_in(Client(), make_user("traffic", "officer", home="GY-GAJG"))
    shown = page(officer, f"/desk/permits/{asked.number}/traffic/")
    assert "警示灯已标出" in shown
    assert Event.objects.get(kind="item_corrected").payload["materials"][0]["digest"] in shown


def test_one_permit_is_taken_back_and_the_others_stand(filed: Case, client: Client) -> None:
    url = f"/permits/{filed.number}/traffic/withdraw/"
    assert "其他部门的审查和决定不变" in page(client, url)
    stale = client.post(url, {"expected_seq": filed.seq - 1})
    assert stale.status_code == 409
    assert client.post(url, {"reason": "改走人行道", "expected_seq": filed.seq}).status_code == 302
    filed.refresh_from_db()
    stages = {name: branch.stage for name, branch in filed.folded.branches.items()}
    assert stages == {"municipal": "reviewing", "traffic": "withdrawn"}
    assert client.get(url).status_code == 409
    shown = page(client, f"/cases/{filed.number}/")
    assert "改走人行道" in shown
    assert "修改后重新申报" in shown


def test_strangers_and_unknown_items_get_404(filed: Case, client: Client) -> None:
    path = f"/permits/{filed.number}"
    assert Client().get(f"{path}/traffic/withdraw/").status_code == 404
    assert client.get(f"{path}/forest/correct/").status_code == 404
