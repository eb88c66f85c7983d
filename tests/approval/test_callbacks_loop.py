"""The whole way over real HTTP: a packet is filed, handed over to the sandbox's approval system,
decided there, pushed back, and the joint stage joins."""

from collections.abc import Iterator
from typing import Any

import pytest

from support.cases import WHO
from support.departments import filed, kinds_of, stage_of
from support.people import organisation
from support.sandbox import Sandbox, government, sandbox, secret
from tongdian.service.approval.callbacks import EVENT_TYPE
from tongdian.service.approval.callbacks_handover import DEPARTMENTS, hand_over_due
from tongdian.service.approval.callbacks_systems import forget_systems
from tongdian.service.approval.models import HandOver
from tongdian.service.casework.models import Case
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act
from tongdian.service.exchange.following import follow, install
from tongdian.service.exchange.sources import create_source
from tongdian.service.identity.actors import SYSTEM

__all__ = ["government", "sandbox"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def linked(sandbox: Sandbox, live_server: Any, settings: Any) -> Iterator[Sandbox]:
    """The sandbox and this service, each knowing where the other is and its secret."""
    settings.SANDBOX_URL, settings.TONGDIAN_DEMO, settings.EXCHANGE_FILE = sandbox.url, True, ""
    forget_systems()
    create_source(
        source_id="spgl",
        organisation=organisation("GY-ZJJ"),
        name="示例审批系统",
        kinds=(EVENT_TYPE,),
        actor=SYSTEM,
        key=secret("approvals"),
    )
    install()
    sandbox.post("/control/target", {"target": live_server.url})
    yield sandbox
    sandbox.post("/control/target", {"target": ""})
    forget_systems()


def hand_over() -> int:
    sequence_all()
    follow(DEPARTMENTS)
    return hand_over_due()


def push(sandbox: Sandbox, number: str, item: str, code: int) -> int:
    """How the service answers a status that the sandbox pushes in its own words."""
    data = {"kind": "item_status", "spsxslbm": f"SL-{number}-{item}", "blzt": code}
    return int(sandbox.post("/control/push", data).json()["status"])


def test_filed_handed_over_decided_there_and_joined_here(linked: Sandbox) -> None:
    number = filed("traffic", "forest", "municipal")
    assert hand_over() == 2, "the third department works at the desk"
    for item in ("traffic", "forest"):
        packet = linked.get(f"/approvals/packets/SL-{number}-{item}").json()
        assert (packet["signature"], packet["blzt"]) == ("ok", [1])
        assert packet["body"]["data"]["blspslbm"] == f"BL-{number}"
    assert kinds_of(number).count("item_requested") == 2
    for code in (3, 8, 9, 10, 11):
        assert push(linked, number, "traffic", code) == 200
    assert stage_of(number, "traffic") == "granted"
    for code in (3, 6):
        assert push(linked, number, "forest", code) == 200
    data = {"item": "forest", "answer": "已补充"}
    act(number, "item_corrected", data, actor=WHO["engineer"])
    assert hand_over() == 1
    packet = linked.get(f"/approvals/packets/SL-{number}-forest").json()
    assert packet["body"]["data"]["event"] == "item_corrected"
    for code in (7, 13):
        assert push(linked, number, "forest", code) == 200
    assert push(linked, number, "forest", 11) == 422
    assert push(linked, number, "municipal", 3) == 422, "nobody speaks for it but its officers"
    assert stage_of(number, "forest") == "refused"
    assert Case.objects.get(number=number).stage == "permits"
    act(number, "item_accepted", {"item": "municipal"}, actor=WHO["officer"])
    act(number, "item_decided", {"item": "municipal", "result": "granted"}, actor=WHO["officer"])
    assert Case.objects.get(number=number).stage == "permits_issue"
    assert kinds_of(number).count("callback_refused") == 2


def test_a_system_that_is_down_or_pushes_out_of_order_loses_nothing(linked: Sandbox) -> None:
    number = filed("traffic")
    linked.fault("approvals", "error_500", times=1)
    assert hand_over() == 1
    row = HandOver.objects.get()
    assert (row.state, row.attempts) == ("pending", 1)
    assert "500" in row.error
    HandOver.objects.update(next_at=row.created_at)
    assert hand_over() == 1
    assert kinds_of(number).count("item_requested") == 1
    linked.fault("approvals", "out_of_order", times=1)
    push(linked, number, "traffic", 3)
    assert stage_of(number, "traffic") == "received"
    push(linked, number, "traffic", 11)
    assert stage_of(number, "traffic") == "granted"
    linked.fault("approvals", "duplicate", times=1)
    before = kinds_of(number)
    push(linked, number, "traffic", 11)
    assert kinds_of(number) == before
