"""The tracking page and the applicant's actions, through HTTP."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.helpers import PDF, act, codes_of, submit
from support.cases import (
    CLERK,
    ENGINEER,
    FIELD,
    LEAD,
    OFFICER,
    WINDOW,
    carry,
    day,
    journey,
    scheme,
    today,
)
from tongdian.service.connection.actions import act as staff_act
from tongdian.service.identity.actions import seed_organisations
from tongdian.service.portal.progress import what_next

pytestmark = pytest.mark.django_db
WHO = {"clerk": CLERK, "engineer": ENGINEER, "fieldworker": FIELD, "lead": LEAD, "officer": OFFICER,
       "window": WINDOW}  # fmt: skip
APPLICANTS = {
    "scheme_accepted": {},
    "completion_reported": {"completed_on": ""},
}
ALL_TRACKS = (
    "resident",
    "zero_lv",
    "zero_lv_external",
    "low_voltage",
    "high_voltage_single",
    "high_voltage_dual",
)


@pytest.fixture(autouse=True)
def _organisations() -> None:
    seed_organisations()


def url(number: str) -> str:
    return reverse("portal:case", args=[number])


def shown(client: Client, number: str) -> Any:
    response = client.get(url(number))
    assert response.status_code == 200
    return response


def to_decision(client: Client) -> str:
    """A case at the applicant's decision on the scheme."""
    number = submit(client, "low_voltage").number
    carry(number, journey("low_voltage")[:3])
    return number


@pytest.mark.parametrize("track", ALL_TRACKS)
def test_applicants_side_of_each_journey(client: Client, track: str) -> None:
    """From application to power on: the applicant acts through pages, staff through actions."""
    number = submit(client, track).number
    for kind, role, data in journey(track):
        if role != "applicant":
            page = shown(client, number)
            assert page.context["now"].quiet, kind
            staff_act(number, kind, data, actor=WHO[role])
            continue
        page = shown(client, number)
        assert page.context["now"].kind == kind
        response = act(client, number, kind, {"completed_on": day()})
        assert response.headers["Location"] == url(number)
    page = shown(client, number)
    assert page.context["energised"]
    assert "favicon-lit" in page.content.decode()
    steps = page.context["unrated"]
    assert "energisation" in steps
    for step in steps:
        response = act(client, number, "step_rated", {"step": step, "stars": "5"})
        assert response.status_code == 302
    page = shown(client, number)
    assert page.context["unrated"] == []
    assert "step_rated" not in {rule.kind for rule in page.context["actions"]}


def test_page_of_a_fresh_case(client: Client) -> None:
    case = submit(client, "resident")
    page = shown(client, case.number)
    text = page.content.decode()
    assert "现在不用您做任何事" in text
    assert page.context["due"].day == case.due_on
    assert page.context["due"].working_days == 3
    assert "为什么是这一天" in text
    names = [total.name for total in page.context["totals"]]
    assert names == ["全过程", "供电企业各环节合计", "世界银行口径"], (
        "no permits, no joint approval"
    )
    assert "示例·王小丽" not in text
    assert "示例·王**" in text
    assert what_next(page.context["view"]) in text


def test_events_newest_first_with_office_and_never_a_name(client: Client) -> None:
    number = submit(client, "resident").number
    staff_act(number, "application_accepted", {}, actor=CLERK)
    lines = shown(client, number).context["lines"]
    assert [line.kind for line in lines] == ["application_accepted", "application_submitted"]
    assert "南明" in lines[0].who
    assert "受理员" in lines[0].who
    assert "staff-clerk" not in shown(client, number).content.decode()


def test_pause_shows_its_ground_and_stops_the_date(client: Client) -> None:
    number = submit(client, "resident").number
    data = {"ground": "force_majeure", "evidence": "气象灾害预警 2026-11 号"}
    staff_act(number, "clock_paused", data, actor=LEAD)
    page = shown(client, number)
    text = page.content.decode()
    assert page.context["due"].day is None
    assert page.context["paused"]
    assert "不可抗力" in text
    assert "气象灾害预警" in text


@pytest.mark.parametrize("number", ["GY2611240000001X", "nonsense", "GY"])
def test_unknown_and_foreign_cases_look_the_same(client: Client, number: str) -> None:
    case = submit(client, "resident")
    stranger = Client()
    for name, extra in (
        ("case", []),
        ("receipt", [1]),
        ("receipt-json", [1]),
        ("receipt-pdf", [1]),
        ("export", []),
        ("action", ["withdrawn"]),
    ):
        foreign = stranger.get(reverse(f"portal:{name}", args=[case.number, *extra]))
        unknown = stranger.get(reverse(f"portal:{name}", args=[number, *extra]))
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.content == unknown.content


def test_foreign_post_changes_nothing(client: Client) -> None:
    case = submit(client, "resident")
    address = reverse("portal:action", args=[case.number, "withdrawn"])
    assert Client().post(address, {"reason_code": "other"}).status_code == 404
    case.refresh_from_db()
    assert case.outcome == ""


def test_wrong_query_code_and_wrong_number_get_one_answer(client: Client) -> None:
    case = submit(client, "resident")
    (code,) = codes_of(client)
    wrong_code = Client().post(
        reverse("portal:track"), {"number": case.number, "code": "00000-00000"}
    )
    wrong_number = Client().post(
        reverse("portal:track"), {"number": "GY2611240009999X", "code": code}
    )
    assert wrong_code.status_code == wrong_number.status_code == 422
    assert wrong_code.context["form"].errors == wrong_number.context["form"].errors


def test_own_cases_are_listed(client: Client) -> None:
    number = submit(client, "resident").number
    assert number in client.get(reverse("portal:track")).content.decode()
    assert number not in Client().get(reverse("portal:track")).content.decode()


def test_deficiency_list_is_answered_item_by_item(client: Client) -> None:
    number = submit(client, "zero_lv").number
    items = [
        {"field": "licence", "problem": "执照照片看不清", "remedy": "请重新拍照上传"},
        {"field": "address", "problem": "缺门牌号", "remedy": "请写明门牌号"},
    ]
    staff_act(number, "deficiency_listed", {"items": items}, actor=CLERK)
    page = shown(client, number)
    assert page.context["now"].kind == "deficiency_answered"
    assert page.context["due"].day is None
    assert "执照照片看不清" in page.content.decode()

    address = reverse("portal:action", args=[number, "deficiency_answered"])
    half = client.post(address, {"answer-1": "示例路 12 号"})
    assert half.status_code == 422
    assert "answer-0" in half.context["form"].errors
    assert "示例路 12 号" in half.content.decode()

    bad = SimpleUploadedFile("a.pdf", b"MZ")
    refused = client.post(address, {"file-0": bad, "answer-1": "示例路 12 号"})
    assert refused.status_code == 422
    assert "file-0" in refused.context["form"].errors

    good = SimpleUploadedFile("a.pdf", PDF)
    response = act(
        client, number, "deficiency_answered", {"file-0": good, "answer-1": "示例路 12 号"}
    )
    assert response.status_code == 302
    page = shown(client, number)
    assert page.context["now"].quiet
    assert page.context["evidence"][0].name == "a.pdf"


def test_scheme_is_shown_in_full_before_the_decision(client: Client) -> None:
    number = to_decision(client)
    address = reverse("portal:action", args=[number, "scheme_accepted"])
    text = client.get(address).content.decode()
    for part in (scheme()["source_point"], scheme()["ownership_boundary"], "35.5 m", "380V"):
        assert part in text
    assert "不计入供电企业时间" in text


def test_disputed_scheme_goes_back(client: Client) -> None:
    number = to_decision(client)
    bare = client.post(
        reverse("portal:action", args=[number, "scheme_disputed"]), {"reason_code": "route"}
    )
    assert bare.status_code == 422
    response = act(
        client, number, "scheme_disputed", {"reason_code": "route", "reason": "请换一条近的路"}
    )
    assert response.status_code == 302
    page = shown(client, number)
    assert page.context["view"].state.stage == "scheme"
    # Free text is personal: it is not repeated on the page.
    assert "请换一条近的路" not in page.content.decode()


def test_future_completion_is_refused(client: Client) -> None:
    number = to_decision(client)
    act(client, number, "scheme_accepted")
    tomorrow = (today() + timedelta(days=1)).isoformat()
    address = reverse("portal:action", args=[number, "completion_reported"])
    response = client.post(address, {"completed_on": tomorrow})
    assert response.status_code == 422
    assert "不能晚于今天" in str(response.context["form"].errors["completed_on"])
    assert tomorrow in response.content.decode()


def test_withdrawing(client: Client) -> None:
    case = submit(client, "resident")
    assert act(client, case.number, "withdrawn", {"reason_code": "cost"}).status_code == 302
    page = shown(client, case.number)
    assert page.context["now"].title == "申请已撤回"
    assert page.context["actions"] == []


def test_adding_evidence(client: Client) -> None:
    number = submit(client, "resident").number
    file = SimpleUploadedFile("现场.pdf", PDF)
    assert (
        act(client, number, "evidence_added", {"file": file, "about": "现场照片"}).status_code
        == 302
    )
    assert "现场.pdf" in shown(client, number).content.decode()
    none = client.post(reverse("portal:action", args=[number, "evidence_added"]), {})
    assert none.status_code == 422


def test_action_that_is_not_possible_is_409_and_says_what_is(client: Client) -> None:
    number = submit(client, "resident").number
    address = reverse("portal:action", args=[number, "scheme_accepted"])
    for response in (client.get(address), client.post(address)):
        assert response.status_code == 409
        text = response.content.decode()
        assert "受理审核" in text
        assert "撤回申请" in text


def test_stale_page_is_409_and_says_what_happened(client: Client) -> None:
    number = submit(client, "resident").number
    address = reverse("portal:action", args=[number, "withdrawn"])
    seen = client.get(address).context["expected_seq"]
    staff_act(number, "application_accepted", {}, actor=CLERK)
    response = client.post(address, {"expected_seq": seen, "reason_code": "other"})
    assert response.status_code == 409
    assert "受理了申请" in response.content.decode()
    assert shown(client, number).context["view"].state.outcome is None


def test_staff_actions_are_no_pages_here(client: Client) -> None:
    number = submit(client, "resident").number
    for kind in ("energised", "clock_paused", "nonsense"):
        assert client.get(reverse("portal:action", args=[number, kind])).status_code == 404


def test_rating_twice_is_409(client: Client) -> None:
    number = submit(client, "resident").number
    staff_act(number, "application_accepted", {}, actor=CLERK)
    data = {"step": "application", "stars": "4", "comment": "很快"}
    assert act(client, number, "step_rated", data).status_code == 302
    again = client.post(reverse("portal:action", args=[number, "step_rated"]), data)
    assert again.status_code == 409
    text = shown(client, number).content.decode()
    assert "4 星" in text
    assert "很快" not in text


CASE_QUERIES = 7  # one for the messages that were sent


def test_queries_of_the_tracking_page(client: Client, django_assert_num_queries: Any) -> None:
    """Session, case, events, offices, evidence; the same however many events there are."""
    number = submit(client, "high_voltage_single").number
    with django_assert_num_queries(CASE_QUERIES, exact=False):
        client.get(url(number))
    carry(number, journey("high_voltage_single")[:3])
    with django_assert_num_queries(CASE_QUERIES, exact=False):
        client.get(url(number))
