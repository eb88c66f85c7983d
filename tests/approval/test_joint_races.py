"""Four departments decide at the same instant: whoever is last closes the joint stage, and no
decision and no join is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from support.cases import WHO, carry, journey, staff, submit
from support.log import check_cases
from support.processes import FORK, PATIENCE_SECONDS, race
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework.errors import NotAllowed
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.connection.actions import act

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ITEMS = tuple(AUTHORITIES)
ROUNDS = 30
Report = Callable[[Any], None]
REFUSED = {
    "result": "refused",
    "reason": "路径穿越泄洪通道",
    "clause": "城市道路管理条例 第三十三条",
    "remedy": "改线后重新申报",
}


def received() -> str:
    """A case that is with all four departments."""
    number = str(submit("zero_lv_external").case.number)
    carry(number, journey("zero_lv_external")[:3])
    act(number, "permits_filed", {"items": list(ITEMS)}, actor=WHO["engineer"])
    act(number, "permits_received", {}, actor=WHO["window"])
    return number


def test_four_departments_at_the_same_instant_lose_no_join() -> None:
    numbers = [received() for _ in range(ROUNDS)]
    gate = FORK.Barrier(len(ITEMS))

    def department(item: str) -> Callable[[Report], None]:
        officer = staff("officer", AUTHORITIES[item], f"officer-{item}")

        def run(report: Report) -> None:
            for turn, number in enumerate(numbers):
                gate.wait(PATIENCE_SECONDS)
                result = REFUSED if turn % 4 == ITEMS.index(item) else {"result": "granted"}
                done = act(number, "item_decided", {"item": item, **result}, actor=officer)
                report([number, done.event.seq, done.case.stage])

        return run

    reports = race([department(item) for item in ITEMS])
    for turn, number in enumerate(numbers):
        lines = sorted(line for lines in reports for line in lines if line[0] == number)
        assert [seq for _, seq, _ in lines] == [7, 8, 9, 10]
        assert [stage for *_, stage in lines] == ["permits"] * 3 + ["permits_issue"]
        stages = dict(CaseBranch.objects.filter(case__number=number).values_list("name", "stage"))
        refused = ITEMS[turn % 4]
        assert stages == {item: "refused" if item == refused else "granted" for item in ITEMS}
        assert Case.objects.get(number=number).stage == "permits_issue"
    check_cases()


def test_two_officers_of_one_department_decide_an_item_once() -> None:
    numbers = [received() for _ in range(10)]
    gate = FORK.Barrier(2)

    def officer(name: str, result: dict[str, str]) -> Callable[[Report], None]:
        actor = staff("officer", "GY-LYJ", name)

        def run(report: Report) -> None:
            for number in numbers:
                gate.wait(PATIENCE_SECONDS)
                try:
                    act(number, "item_decided", {"item": "forest", **result}, actor=actor)
                except NotAllowed:
                    report([number, "refused"])
                else:
                    report([number, result["result"]])

        return run

    reports = race([officer("a", {"result": "granted"}), officer("b", REFUSED)])
    for number in numbers:
        said = sorted(how for lines in reports for at, how in lines if at == number)
        stage = CaseBranch.objects.get(case__number=number, name="forest").stage
        assert said in (["granted", "refused"], ["refused", "refused"])
        assert stage in ("granted", "refused")
        decided = Case.objects.get(number=number).events.filter(kind="item_decided").count()
        assert decided == 1
    check_cases()
