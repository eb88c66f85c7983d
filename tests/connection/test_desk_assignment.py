"""Batch assignment: each case on its own, refusals named, nobody gets what he may not see."""

import pytest
from django.test import Client

from connection.conftest import Desk
from connection.forms import path, send, shown, state_of
from support.cases import WHO, submit
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.connection.assignment import MOST_AT_ONCE


def assign(client: Client, numbers: list[str], assignee: str) -> str:
    sent = {"number": numbers, "assignee": assignee, "query": "state=open"}
    answer = client.post("/desk/assign/", sent)
    assert answer["Location"] == "/desk/?state=open"
    return client.get(answer["Location"]).content.decode()


def test_many_at_once(desk: Desk, staff_of: object) -> None:
    numbers = [submit("resident").case.number for _ in range(3)]
    fieldworker = staff_of("fieldworker")  # type: ignore[operator]
    page = assign(desk("lead"), [*numbers, numbers[0]], fieldworker.pseudonym)
    assert "已派工 3 件" in page
    assert page.count("示例·fieldworker") >= 3
    for number in numbers:
        assert Case.objects.get(number=number).assignee == fieldworker.pseudonym
        assert Event.objects.filter(case__number=number, kind="assigned").count() == 1


def test_a_refusal_does_not_stop_the_others(desk: Desk, staff_of: object) -> None:
    good, closed = submit("resident").case.number, submit("resident").case.number
    foreign = submit("resident", district="520103").case.number
    act(closed, "withdrawn", {}, actor=WHO["applicant"])
    before = state_of(closed), state_of(foreign)
    someone = staff_of("engineer").pseudonym  # type: ignore[operator]
    page = assign(desk("lead"), [closed, foreign, "GY0000000000000X", good], someone)
    assert "已派工 1 件" in page
    assert f"{closed}：" in page
    assert "不能在“已撤回”环节进行" in page
    assert f"{foreign}：没有这件案件" in page
    assert "GY0000000000000X：没有这件案件" in page
    assert (state_of(closed), state_of(foreign)) == before
    assert Case.objects.get(number=good).assignee == someone


def test_headquarters_gives_a_case_to_its_own_office_alone(desk: Desk, staff_of: object) -> None:
    number = submit("resident").case.number
    theirs = staff_of("fieldworker", "GYPS-520103")  # type: ignore[operator]
    ours = staff_of("fieldworker", "GYPS-520102")  # type: ignore[operator]
    before = state_of(number)
    client = desk("lead", "GYPS")
    page = assign(client, [number], theirs.pseudonym)
    assert "这个人不办理该局的案件" in page
    assert state_of(number) == before
    form = client.get(path(number, "assigned")).content.decode()
    assert theirs.pseudonym not in form
    assert ours.pseudonym in form
    crafted = send(client, number, "assigned", {"assignee": theirs.pseudonym})
    assert crafted.status_code == 422
    assert shown(crafted)["assigned-team"] == ""
    assert state_of(number) == before
    assert "已派工 1 件" in assign(client, [number], ours.pseudonym)


@pytest.mark.parametrize("role", ["clerk", "engineer", "fieldworker", "officer", "supervisor"])
def test_only_who_leads_assigns(role: str, desk: Desk, staff_of: object) -> None:
    number = submit("resident").case.number
    someone = staff_of("fieldworker").pseudonym  # type: ignore[operator]
    before = state_of(number)
    client = desk(role)
    assign(client, [number], someone)
    assert state_of(number) == before
    assert 'id="assignee"' not in client.get("/desk/?state=open").content.decode()


def test_nothing_chosen_is_told(desk: Desk) -> None:
    number = submit("resident").case.number
    assert "请先勾选案件" in assign(desk("lead"), [], "x")
    assert "请先选择派给谁" in assign(desk("lead"), [number], "")
    before = state_of(number)
    assert "这个人不办理该局的案件" in assign(desk("lead"), [number], "nobody")
    assert state_of(number) == before


def test_a_batch_is_bounded(desk: Desk) -> None:
    numbers = [f"GY{place:014d}X" for place in range(MOST_AT_ONCE + 50)]
    page = assign(desk("lead"), numbers, "nobody")
    assert page.count("没有这件案件") == 20
