"""Items are posted to the systems of departments until they are taken, in order, signed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from support.cases import WHO
from support.departments import SECRET, filed, kinds_of, stage_of, systems
from support.people import make_user, sign_in
from support.receiving import Received, Receiver, receiving
from tongdian.service.approval.callbacks_handover import DEPARTMENTS, hand_over_due
from tongdian.service.approval.models import HandOver
from tongdian.service.casework import clock
from tongdian.service.casework.models import Event
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act
from tongdian.service.exchange.following import follow, install
from tongdian.service.exchange.signing import HMAC, Key, verify
from tongdian.service.identity.actions import seed_organisations

pytestmark = pytest.mark.django_db


def taking(received: Received) -> tuple[int, dict[str, str], bytes]:
    """As a department's system answers."""
    return 202, {}, json.dumps({"spsxslbm": received.event["subject"]}).encode()


def told() -> None:
    sequence_all()
    follow(DEPARTMENTS)


@pytest.fixture(autouse=True)
def _follower(settings: Any) -> None:
    settings.EXCHANGE_DEPARTMENTS = systems()
    install()


def posts_to(receiver: Receiver, settings: Any, *departments: str) -> None:
    found = systems(receiver.url)
    settings.EXCHANGE_DEPARTMENTS = {code: found[code] for code in departments}


def test_an_item_is_handed_over_signed_in_the_names_of_the_standard(settings: Any) -> None:
    with receiving(taking) as receiver:
        posts_to(receiver, settings, "GY-GAJG")
        number = filed("traffic", "municipal")
        told()
        assert hand_over_due() == 1
        assert hand_over_due() == 0
    (got,) = receiver.seen
    headers = got.headers
    verify([Key(HMAC, SECRET)], headers["webhook-id"], headers["webhook-timestamp"],
           headers["webhook-signature"], got.body, clock.now())  # fmt: skip
    event = got.event
    assert (event["id"], event["subject"]) == (headers["webhook-id"], f"SL-{number}-traffic")
    data = event["data"]
    assert data["spsxslbm"] == f"SL-{number}-traffic"
    assert (data["spsxbm"], data["spbmbm"], data["spbmmc"]) == (
        "traffic", "GY-GAJG", "市公安交通管理局",
    )  # fmt: skip
    assert (data["blspslbm"], data["sxblsx"], data["event"]) == ("BL-" + number, "5",
                                                                 "permits_filed")  # fmt: skip
    assert data["lxr"] == data["lxrsjh"] == ""
    asked = Event.objects.filter(case__number=number, kind="item_requested")
    assert [one.payload for one in asked] == [
        {"item": "traffic", "department": "GY-GAJG", "request": f"SL-{number}-traffic"}
    ]
    assert stage_of(number, "traffic") == "received"


def test_a_system_that_fails_is_asked_again_under_the_same_id(settings: Any) -> None:
    answers = [(500, {}, b""), (503, {}, b""), (200, {}, b"{}"), (200, {}, b"not json")]

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return answers.pop(0) if answers else taking(received)

    with receiving(answer) as receiver:
        posts_to(receiver, settings, "GY-GAJG")
        number = filed("traffic")
        told()
        now = clock.now()
        for hours in range(0, 60, 12):
            with clock.moved_to(now + timedelta(hours=hours)):
                assert hand_over_due() == 1
                assert hand_over_due() == 0, "not before its time"
    assert len({received.headers["webhook-id"] for received in receiver.seen}) == 1
    assert len(receiver.seen) == 5
    assert HandOver.objects.get().state == "taken"
    assert kinds_of(number).count("item_requested") == 1


def test_a_system_that_refuses_for_good_is_left_until_somebody_tries_again(
    settings: Any, capsys: Any
) -> None:
    answers = [(422, {}, b"{}")]
    with receiving(lambda got: answers.pop() if answers else taking(got)) as receiver:
        posts_to(receiver, settings, "GY-GAJG")
        number = filed("traffic")
        told()
        hand_over_due()
        row = HandOver.objects.get()
        assert (row.state, row.next_at) == ("gave_up", None)
        assert "422" in row.error
        with clock.moved_to(clock.now() + timedelta(days=9)):
            assert hand_over_due() == 0
        call_command("hand_over")
        assert f"GY-GAJG permits_filed {number} traffic gave_up" in capsys.readouterr().out
        call_command("hand_over", again=True)
    assert HandOver.objects.get().state == "taken"
    assert kinds_of(number)[-1] == "item_requested"


def test_what_follows_of_an_item_waits_for_what_was_before(settings: Any) -> None:
    up = False

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return taking(received) if up else (500, {}, b"")

    with receiving(answer) as receiver:
        posts_to(receiver, settings, "GY-GAJG", "GY-LYJ")
        number = filed("traffic", "forest")
        told()
        hand_over_due()
        act(number, "item_withdrawn", {"item": "traffic"}, actor=WHO["engineer"])
        told()
        assert hand_over_due() == 0
        up = True
        with clock.moved_to(clock.now() + timedelta(hours=1)):
            assert hand_over_due() == 3
    taken = [(got.event["data"]["item"], got.event["data"]["event"]) for got in receiver.seen[2:]]
    assert taken.index(("traffic", "permits_filed")) < taken.index(("traffic", "item_withdrawn"))
    requested = Event.objects.filter(case__number=number, kind="item_requested")
    assert [one.payload["item"] for one in requested] == ["forest"], "the other had gone on"


def test_a_department_without_a_system_is_handed_nothing(settings: Any) -> None:
    settings.EXCHANGE_DEPARTMENTS = None
    filed("traffic")
    told()
    assert hand_over_due() == 0
    assert not HandOver.objects.exists()


def test_what_was_given_up_stands_on_a_page_and_can_be_tried_again(settings: Any) -> None:
    seed_organisations()
    posts_to_nobody = systems("http://127.0.0.1:9/packets")
    settings.EXCHANGE_DEPARTMENTS = {"GY-GAJG": posts_to_nobody["GY-GAJG"]}
    number = filed("traffic")
    told()
    HandOver.objects.update(state=HandOver.State.GAVE_UP, next_at=None, error="没有连上")
    url = "/desk/permits/handovers/"
    for role, home in (("officer", "GY-GAJG"), ("administrator", None), ("officer", "GY-ZWZX")):
        client = sign_in(Client(), make_user(f"示例-{role}-{home}", role, home=home))
        shown = client.get(url).content.decode()
        assert number in shown
        assert "没有连上" in shown
        assert "全部重新转送" in shown
    other = sign_in(Client(), make_user("示例-green", "officer", home="GY-ZHZF"))
    assert number not in other.get(url).content.decode()
    assert other.post(url).status_code == 302
    assert HandOver.objects.get().state == HandOver.State.GAVE_UP
    supervisor = sign_in(Client(), make_user("示例-supervisor", "supervisor"))
    assert supervisor.post(url).status_code == 403
    clerk = sign_in(Client(), make_user("示例-clerk", "clerk"))
    assert clerk.get(url).status_code == 403
    assert client.post(url).status_code == 302
    assert HandOver.objects.get().state == HandOver.State.PENDING
