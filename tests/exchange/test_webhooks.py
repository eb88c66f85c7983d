"""Webhooks out, against a real receiver: signed, in order, tried again, given up visibly."""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from cloudevents.v1.http import from_json
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks.webhooks import Webhook

from support.cases import CLERK, LEAD, journey
from support.endpoints import Company, company, follow
from support.receiving import Received, Receiver, receiving
from tongdian.service.casework import clock
from tongdian.service.connection.actions import act
from tongdian.service.exchange import endpoints, following, schedule
from tongdian.service.exchange.models import Delivery, Endpoint, Message
from tongdian.service.exchange.sender import Sender
from tongdian.service.identity.actors import SYSTEM

pytestmark = pytest.mark.django_db
OK = (200, {}, b"thank you")


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.EXCHANGE_LOOPBACK = True


@pytest.fixture
def acme() -> Company:
    following.install()
    return company()


@pytest.fixture
def sender() -> Iterator[Sender]:
    found = Sender(slots=8, per_endpoint=8)
    yield found
    found.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def answering(status: int, **headers: str) -> Any:
    return lambda received: (status, headers, b"")


def accept(number: str) -> None:
    act(number, "application_accepted", {}, actor=CLERK)


def test_a_delivery_is_a_cloud_event_that_both_signatures_prove(
    acme: Company, receiver: Receiver, sender: Sender
) -> None:
    _, shown = acme.endpoint(receiver.url)
    number = acme.submit(address="贵阳市南明区示例路 12 号", phone="19900000077")
    follow()
    assert sender.drain() == 1
    (received,) = receiver.seen
    assert received.headers["content-type"] == "application/cloudevents+json"
    Webhook(shown.secret).verify(received.body, received.headers)
    signed = f"{received.headers['webhook-id']}.{received.headers['webhook-timestamp']}.".encode()
    signature = next(
        part for part in received.headers["webhook-signature"].split() if part.startswith("v1a,")
    )
    public = Ed25519PublicKey.from_public_bytes(
        base64.b64decode(shown.public_key.removeprefix("whpk_"))
    )
    public.verify(base64.b64decode(signature[4:]), signed + received.body)

    event = from_json(received.body)
    assert event["id"] == received.headers["webhook-id"] == "guiyang-0"
    assert event["type"] == "cn.tongdian.case.application_submitted.v1"
    assert event["subject"] == number
    assert event["sequence"] == "00000001"
    assert event.data["payload"]["track"] == "resident"
    for personal in ("示例", "19900000077", "王小丽", acme.client.pseudonym):
        assert personal not in received.body.decode()
    row = Delivery.objects.get()
    assert (row.state, row.status, row.attempts, row.response) == ("delivered", 200, 1, "ok")


def test_a_later_event_of_a_case_waits_for_the_earlier_and_other_cases_do_not(
    acme: Company, sender: Sender
) -> None:
    broken: set[str] = set()

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        return (503, {}, b"") if received.event["subject"] in broken else OK

    with receiving(answer) as receiver:
        acme.endpoint(receiver.url)
        held, free = acme.submit(), acme.submit()
        accept(held)
        accept(free)
        broken.add(held)
        follow()
        sender.drain()
        assert [e["subject"] for e in receiver.accepted()] == [free, free]
        assert sum(r.event["subject"] == held for r in receiver.seen) == 1, "the second waits"
        broken.clear()
        assert sender.drain() == 0, "not before its time"
        with clock.moved_to(clock.now() + timedelta(seconds=6)):
            sender.drain()
        kinds = [e["data"]["kind"] for e in receiver.accepted() if e["subject"] == held]
        assert kinds == ["application_submitted", "application_accepted"]


def test_a_receiver_that_is_down_for_an_hour_gets_everything_once_and_in_order(
    acme: Company, sender: Sender
) -> None:
    """The hour is of the movable clock; the receiver forgets at random what it has answered."""
    start = clock.now()
    now = start
    down = True
    count = 0

    def answer(received: Received) -> tuple[int, dict[str, str], bytes]:
        nonlocal count
        count += 1
        return (503, {}, b"") if down else OK

    with receiving(answer) as receiver:
        acme.endpoint(receiver.url)
        numbers = [acme.submit() for _ in range(12)]
        for minute in range(0, 60, 5):
            now = start + timedelta(minutes=minute)
            with clock.moved_to(now):
                for kind, role, data in journey("resident")[minute // 20 : minute // 20 + 1]:
                    if minute % 20 == 0:
                        for number in numbers:
                            _act(number, kind, role, data)
                follow()
                sender.drain()
        assert receiver.seen
        before = len(receiver.seen)
        down = False
        with clock.moved_to(start + timedelta(minutes=61)):
            sender.drain()
        with clock.moved_to(start + timedelta(hours=4)):
            sender.drain()
        came = [r.event for r in receiver.seen[before:]]
        assert len(came) == len({e["id"] for e in came}) == 12 * 4
        for number in numbers:
            order = [e["sequence"] for e in came if e["subject"] == number]
            assert order == ["00000001", "00000002", "00000003", "00000004"]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


def _act(number: str, kind: str, role: str, data: dict[str, Any]) -> None:
    from support.cases import WHO

    act(number, kind, data, actor=WHO[role])


def test_given_up_visibly_after_the_published_schedule_and_resumed(
    acme: Company, sender: Sender
) -> None:
    status = 500
    with receiving(lambda _: (status, {}, b"example failure")) as receiver:
        endpoint, _ = acme.endpoint(receiver.url, contact="it@example.cn")
        number = acme.submit()
        follow()
        now = clock.now()
        waits = []
        while Delivery.objects.get().state == "pending":
            due = Delivery.objects.get().next_at
            assert due is not None
            waits.append((due - now).total_seconds())
            now = max(due, now)
            with clock.moved_to(now):
                sender.drain()
        assert len(receiver.seen) == schedule.ATTEMPTS == len(waits)
        for waited, published in zip(waits[1:], schedule.DELAYS, strict=True):
            assert 1.0 <= waited / published.total_seconds() <= 1.1
        endpoint.refresh_from_db()
        assert endpoint.state == "failing"
        row = Delivery.objects.get()
        assert (row.state, row.status, row.response) == ("gave_up", 500, "example failure")
        assert {m.channel for m in Message.objects.filter(template="endpoint_failing")} == {
            "in_app", "email",
        }  # fmt: skip
        with clock.moved_to(now):
            accept(number)
            follow()
            assert sender.drain() == 0, "nothing is sent, and nothing is lost"
            status = 200
            assert endpoints.resume(endpoint, actor=SYSTEM) == 2
            sender.drain()
    assert [e["data"]["seq"] for e in receiver.accepted()] == [1, 2]


def test_gone_disables_at_once(acme: Company, sender: Sender) -> None:
    with receiving(answering(410)) as receiver:
        endpoint, _ = acme.endpoint(receiver.url)
        number = acme.submit()
        accept(number)
        follow()
        sender.drain()
        assert len(receiver.seen) == 1
        endpoint.refresh_from_db()
        assert endpoint.state == "disabled"
        assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
        act(number, "assigned", {"assignee": CLERK.pseudonym}, actor=LEAD)
        follow()
        assert Delivery.objects.count() == 2, "no more are queued"


def test_a_redirect_is_no_delivery_and_is_not_followed(acme: Company, sender: Sender) -> None:
    with (
        receiving() as elsewhere,
        receiving(answering(302, Location=elsewhere.url)) as receiver,
    ):
        acme.endpoint(receiver.url)
        acme.submit()
        follow()
        sender.drain()
        assert elsewhere.seen == []
        row = Delivery.objects.get()
        assert (row.state, row.status) == ("pending", 302)
        assert "Redirects are not followed" in row.error


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("900", 900, 900),
        ("1", 5, 5.6),
        ("999999999", 86_400, 86_400),
        ("date", 595, 600),
        ("soon", 5, 5.6),
        ("-5", 5, 5.6),
    ],
)
def test_a_receiver_may_ask_for_more_time_up_to_a_day(
    acme: Company, sender: Sender, asked: str, least: float, most: float
) -> None:
    now = clock.now().replace(microsecond=0)
    if asked == "date":
        asked = (now + timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    headers = {"Retry-After": asked}
    with receiving(lambda _: (429, headers, b"")) as receiver, clock.moved_to(now):
        acme.endpoint(receiver.url)
        acme.submit()
        follow()
        sender.drain()
        due = Delivery.objects.get().next_at
        assert due is not None
        assert least <= (due - now).total_seconds() <= most


def test_old_secrets_sign_for_a_day_and_only_the_last_two_generations(
    acme: Company, receiver: Receiver, sender: Sender
) -> None:
    endpoint, first = acme.endpoint(receiver.url)
    second = endpoints.rotate_secrets(endpoint, actor=SYSTEM)
    now = clock.now()
    assert _signers(acme, receiver, sender, [first, second]) == [True, True]
    third = endpoints.rotate_secrets(endpoint, actor=SYSTEM)
    assert _signers(acme, receiver, sender, [first, second, third]) == [False, True, True]
    with clock.moved_to(now + timedelta(hours=24, minutes=1)):
        assert _signers(acme, receiver, sender, [second, third]) == [False, True]


def _signers(acme: Company, receiver: Receiver, sender: Sender, shown: list[Any]) -> list[bool]:
    acme.submit()
    follow()
    sender.drain()
    headers, body = receiver.seen[-1].headers, receiver.seen[-1].body
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), clock.now().tzinfo)
    return [
        Webhook(one.secret).sign(headers["webhook-id"], at, body.decode())
        in headers["webhook-signature"].split()
        for one in shown
    ]


def test_an_endless_answer_is_cut_and_made_printable(acme: Company, sender: Sender) -> None:
    with receiving(lambda _: (200, {}, b"\x00\xff" + b"x" * 100_000)) as receiver:
        acme.endpoint(receiver.url)
        acme.submit()
        follow()
        sender.drain()
    row = Delivery.objects.get()
    assert row.state == "delivered"
    assert len(row.response) == 2048
    assert row.response.startswith("\ufffd\ufffdxx")


def test_kinds_and_payload_are_asked_for(acme: Company, receiver: Receiver, sender: Sender) -> None:
    acme.endpoint(receiver.url, kinds=["application_accepted"])
    acme.endpoint(receiver.url + "/resident", match={"track": "resident"})
    acme.endpoint(receiver.url + "/low", match={"track": "low_voltage"})
    accept(acme.submit())
    follow()
    sender.drain()
    came = sorted((r.path.removeprefix("/webhooks/test"), r.event["data"]["kind"])
                  for r in receiver.seen)  # fmt: skip
    assert came == [("", "application_accepted"), ("/resident", "application_submitted")]


def test_a_paused_endpoint_keeps_what_happens_meanwhile(
    acme: Company, receiver: Receiver, sender: Sender
) -> None:
    endpoint, _ = acme.endpoint(receiver.url)
    endpoints.pause(endpoint, actor=SYSTEM)
    acme.submit()
    follow()
    assert sender.drain() == 0
    endpoints.resume(endpoint, actor=SYSTEM)
    assert sender.drain() == 1


def test_one_is_delivered_again_under_its_old_id_and_a_range_even_if_it_never_was(
    acme: Company, receiver: Receiver, sender: Sender
) -> None:
    acme.submit()
    follow()
    endpoint, _ = acme.endpoint(receiver.url)
    accept(acme.submit())
    follow()
    sender.drain()
    assert len(receiver.seen) == 2
    endpoints.replay(Delivery.objects.earliest("index"), actor=SYSTEM)
    sender.drain()
    assert receiver.seen[2].event["id"] == receiver.seen[0].event["id"]
    assert endpoints.replay_range(endpoint, 0, 2, actor=SYSTEM) == 3
    sender.drain()
    assert sorted(r.event["id"] for r in receiver.seen[3:]) == [f"guiyang-{n}" for n in range(3)]


def test_a_test_message_says_that_it_is_one(
    acme: Company, receiver: Receiver, sender: Sender
) -> None:
    endpoint, _ = acme.endpoint(receiver.url)
    endpoints.send_test(endpoint, actor=SYSTEM)
    sender.drain()
    assert receiver.seen[0].event["type"] == "cn.tongdian.test.v1"


def test_health_is_counted_by_the_hour(acme: Company, sender: Sender) -> None:
    with receiving(lambda r: OK if r.event["data"]["seq"] == 1 else (500, {}, b"")) as receiver:
        endpoint, _ = acme.endpoint(receiver.url)
        accept(acme.submit())
        follow()
        sender.drain()
    hour = endpoint.hours.get()
    assert (hour.delivered, hour.failed) == (1, 1)
    assert Endpoint.objects.get().failures == 1
