"""What departments and the window see and do at `/desk/permits/`."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from support.cases import WHO, carry, journey, submit, today
from support.people import make_user, sign_in
from support.works import prepared, street_corner
from tongdian.service.approval.drafting import GROUNDS, draft
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.approval.similar import Works, likeness, most_alike
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import act
from tongdian.service.exchange.registries.configuration import Configuration, use
from tongdian.service.identity.actions import seed_organisations

pytestmark = pytest.mark.django_db
BOARD = "/desk/permits/"


@pytest.fixture(autouse=True)
def _units() -> None:
    seed_organisations()


def filed(*items: str, received: bool = True) -> Case:
    number = str(submit("zero_lv_external").case.number)
    carry(number, journey("zero_lv_external")[:3])
    act(number, "permits_filed", {"items": list(items)}, actor=WHO["engineer"])
    if received:
        act(number, "permits_received", {}, actor=WHO["window"])
    return Case.objects.get(number=number)


def officer_of(department: str) -> Client:
    return sign_in(Client(), make_user(f"officer-{department}", "officer", home=department))


def page(case: Case, item: str) -> str:
    return f"{BOARD}{case.number}/{item}/"


def stage(case: Case, item: str) -> str:
    return Case.objects.get(pk=case.pk).folded.branches[item].stage


# --- the page of an item ----------------------------------------------------------------------


def test_a_department_sees_its_own_item_alone() -> None:
    case = filed("municipal", "forest")
    forester = officer_of("GY-LYJ")
    assert forester.get(page(case, "forest")).status_code == 200
    assert forester.get(page(case, "municipal")).status_code == 403
    assert forester.get(page(case, "green")).status_code == 404
    assert forester.get(page(case, "nonsense")).status_code == 404
    assert officer_of("GY-GAJG").get(page(case, "traffic")).status_code == 404
    assert Client().get(page(case, "forest")).status_code in (302, 401, 403, 404)


def test_its_clocks_and_the_joint_one_stand_on_the_page() -> None:
    case = filed("forest")
    bars = {bar.name: bar for bar in officer_of("GY-LYJ").get(page(case, "forest")).context["bars"]}
    assert (bars["本事项（方案）"].limit, bars["本事项（法定）"].limit) == (5, 20)
    assert (bars["受理（内部目标）"].limit, bars["审查（内部目标）"].limit) == (1, 3)
    assert bars["并联审批合计"].limit == 5
    assert bars["审查（内部目标）"].running
    assert not bars["受理（内部目标）"].running


def test_it_is_granted_on_the_page() -> None:
    case = filed("forest")
    client = officer_of("GY-LYJ")
    shown = client.get(page(case, "forest"))
    conditions = shown.context["typed"]["conditions"]
    assert "采伐" in conditions
    data = {"result": "granted", "conditions": conditions, "clause": "森林法 第五十六条",
            "expected_seq": str(case.seq)}  # fmt: skip
    assert client.post(page(case, "forest"), data).headers["Location"] == BOARD
    decided = case.events.get(kind="item_decided")
    assert (stage(case, "forest"), decided.payload["conditions"]) == ("granted", conditions)
    assert not decided.payload.get("clause"), "a grant needs no clause of refusal"
    again = client.post(page(case, "forest"), data)
    assert again.status_code == 409


@pytest.mark.parametrize("missing", ["reason", "clause", "remedy"])
def test_a_refusal_says_reason_clause_and_remedy(missing: str) -> None:
    case = filed("forest")
    client = officer_of("GY-LYJ")
    data = {"result": "refused", "reason": "涉及公益林", "clause": "森林法 第五十五条",
            "remedy": "改线后重新申报"}  # fmt: skip
    refused = client.post(page(case, "forest"), {**data, missing: ""})
    assert refused.status_code == 422
    assert stage(case, "forest") == "reviewing"
    kept = [value for name, value in data.items() if name not in (missing, "result")]
    assert all(value in refused.content.decode() for value in kept)
    assert client.post(page(case, "forest"), data).status_code == 302
    assert stage(case, "forest") == "refused"
    shown = client.get(page(case, "forest")).content.decode()
    assert "涉及公益林" in shown


def test_no_result_is_no_decision() -> None:
    case = filed("forest")
    answer = officer_of("GY-LYJ").post(page(case, "forest"), {})
    assert answer.status_code == 422
    assert "请选择一种结果" in answer.content.decode()
    assert stage(case, "forest") == "reviewing"


def test_a_special_procedure_shows_that_the_clock_stands() -> None:
    case = filed("forest")
    client = officer_of("GY-LYJ")
    kinds = dict(client.get(page(case, "forest")).context["besides"])
    assert set(kinds) == {"item_correction_listed", "item_special_started", "item_not_accepted"}
    start = {"item": "forest", "ground": "expert_review", "evidence": "评审通知书 2026-1 号"}
    act(case.number, "item_special_started", start, actor=_forester())
    shown = client.get(page(case, "forest"))
    assert "计时已停" in shown.content.decode()
    assert not shown.context["may_decide"]
    assert set(dict(shown.context["besides"])) == {"item_special_ended"}


def _forester() -> Any:
    from support.cases import staff

    return staff("officer", "GY-LYJ")


def test_what_was_filed_is_on_the_page(client: Client) -> None:
    street_corner(today())
    with use(Configuration({})):
        case = prepared(client)
        client.post(f"/permits/{case.number}/check/", {})
    shown = officer_of("GY-ZHZF").get(page(case, "municipal"))
    text = shown.content.decode()
    assert "沟宽 0.8 米" in text
    assert "示例老街" in text
    names = [paper["name"] for paper in shown.context["papers"]]
    assert "地下管线查询结果" in names
    assert not any("标志" in name and "交通组织" not in name for name in names)
    assert "示例老街" in shown.context["draft"].conditions


def test_oversight_reads_and_decides_nothing() -> None:
    case = filed("forest")
    supervisor = sign_in(Client(), make_user("sup", "supervisor", home="GY-FGW"))
    shown = supervisor.get(page(case, "forest"))
    assert shown.status_code == 200
    assert not shown.context["may_decide"]
    answer = supervisor.post(page(case, "forest"), {"result": "granted"})
    assert answer.status_code == 403
    assert stage(case, "forest") == "reviewing"


# --- the board --------------------------------------------------------------------------------


def numbers(client: Client, view: str = "open") -> list[str]:
    return [row.case.number for row in client.get(f"{BOARD}?view={view}").context["rows"]]


def test_each_sees_what_waits_for_them() -> None:
    both = filed("municipal", "forest")
    fresh = filed("municipal", received=False)
    forester, window = officer_of("GY-LYJ"), officer_of("GY-ZWZX")
    assert numbers(forester) == [both.number]
    assert set(numbers(window)) == {both.number, fresh.number}
    assert numbers(window, "intake") == [fresh.number]
    granted = {"item": "forest", "result": "granted"}
    act(both.number, "item_decided", granted, actor=_forester())
    assert numbers(forester) == []
    assert numbers(window, "issue") == []
    act(both.number, "item_decided", {**granted, "item": "municipal"}, actor=WHO["officer"])
    assert numbers(window, "issue") == [both.number]


def test_a_row_has_the_bars_of_those_who_may_see_them() -> None:
    filed("municipal", "forest")
    (row,) = officer_of("GY-LYJ").get(BOARD).context["rows"]
    assert [cell.item for cell in row.cells] == ["forest"]
    (row,) = officer_of("GY-ZWZX").get(BOARD).context["rows"]
    assert [(cell.item, cell.bar.limit) for cell in row.cells] == [("municipal", 5), ("forest", 5)]


def test_more_cases_need_no_more_queries() -> None:
    filed("municipal", "forest")
    client = officer_of("GY-ZWZX")
    client.get(BOARD)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(BOARD)
        counts.append(len(queries))
        for _more in range(3):
            filed("municipal", "green", "traffic")
    assert counts[0] == counts[1]


def test_applicants_and_the_utility_have_no_board() -> None:
    assert WHO["engineer"]
    engineer = sign_in(Client(), make_user("engineer", "engineer", home="GYPS-520102"))
    assert engineer.get(BOARD).status_code == 403


# --- the joint decision -----------------------------------------------------------------------


def test_the_joint_decision_has_the_result_of_each_item() -> None:
    case = filed("municipal", "forest")
    act(case.number, "item_decided", {"item": "municipal", "result": "granted",
        "document_number": "示例许 1 号"}, actor=WHO["officer"])  # fmt: skip
    act(case.number, "item_decided", {"item": "forest", "result": "refused", "reason": "涉及公益林",
        "clause": "森林法 第五十五条", "remedy": "改线"}, actor=_forester())  # fmt: skip
    window = officer_of("GY-ZWZX")
    joint = f"{BOARD}{case.number}/joint/"
    assert window.get(joint).context["may_issue"]
    act(
        case.number, "permits_decided", {"document_number": "联审〔2026〕9 号"}, actor=WHO["window"]
    )
    shown = window.get(joint)
    text = shown.content.decode()
    for words in ("联审〔2026〕9 号", "示例许 1 号", "涉及公益林", "森林法 第五十五条", "改线"):
        assert words in text
    assert not shown.context["may_issue"]
    paper = window.get(f"/permits/{case.number}/joint.pdf").content
    assert paper.startswith(b"%PDF")
    again = {"items": ["forest"], "changes": "改线避开公益林"}
    act(case.number, "items_resubmitted", again, actor=WHO["engineer"])
    window.cookies["language"] = "en"
    assert window.get(f"/permits/{case.number}/joint.pdf").content == paper, "as it was issued"
    assert Client().get(f"/permits/{case.number}/joint.pdf").status_code == 404


def test_before_the_window_has_issued_it_there_is_no_paper() -> None:
    case = filed("forest")
    window = officer_of("GY-ZWZX")
    assert window.get(f"/permits/{case.number}/joint.pdf").status_code == 404
    shown = window.get(f"{BOARD}{case.number}/joint/")
    assert "尚未出文" in shown.content.decode()


# --- words and likeness -----------------------------------------------------------------------


@pytest.mark.parametrize("item", sorted(AUTHORITIES))
def test_a_draft_says_only_what_is_known(item: str) -> None:
    facts = {"length_m": "120.0", "voltage_kv": "10"}
    words = draft(item, facts, ["示例路"], english=False)
    assert "120.0 米" in words.conditions
    assert "示例路" in words.conditions
    assert words.clause == GROUNDS[item][0]
    bare = draft(item, {}, [], english=False).conditions
    assert bare.startswith("请遵守：")
    assert "None" not in bare
    assert "metre" not in draft(item, facts, [], english=True).conditions


def test_likeness() -> None:
    one = Works(100, "10kV", "cable", "520102")
    assert likeness(one, one) == 1
    half = Works(200, "10kV", "cable", "520102")
    assert likeness(one, half) == likeness(half, one) == pytest.approx(0.8)
    assert likeness(one, Works(None, "", "", "")) == 0
    assert [f.key for f in most_alike(one, [("far", half), ("near", one)], 1)] == ["near"]
    assert Works.of({"route_length_m": "x"}, "520102").length_m is None
