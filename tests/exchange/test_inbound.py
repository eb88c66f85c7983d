"""Signed messages in: proved, once, in order, and every refusal says what and how."""

import json
from datetime import timedelta
from typing import Any

import pytest

from support.cases import submit
from support.sending import TYPE, Sending, sending
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError
from tongdian.service.casework.perform import perform
from tongdian.service.exchange import inbound
from tongdian.service.exchange.inbound import InboundEvent, Refused
from tongdian.service.exchange.models import Inbound, Source, Subject
from tongdian.service.exchange.receiving import go_on_with_parked
from tongdian.service.exchange.signing import Key, new_pair, sign
from tongdian.service.exchange.sources import add_key, switch_source
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.models import Organisation

pytestmark = pytest.mark.django_db


class Handler:
    """Writes down what it is given; does what it is told."""

    def __init__(self) -> None:
        self.seen: list[InboundEvent] = []
        self.refuse: dict[int, Exception] = {}

    def __call__(self, event: InboundEvent) -> dict[str, Any]:
        self.seen.append(event)
        if (error := self.refuse.get(event.sequence or 0)) is not None:
            Organisation.objects.create(code=f"X{event.sequence}", kind="company")
            raise error
        return {"noted": event.sequence}

    @property
    def order(self) -> list[int | None]:
        return [event.sequence for event in self.seen]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Handler:
    found = Handler()
    monkeypatch.setattr(inbound, "_handlers", {TYPE: found})
    return found


@pytest.fixture
def them(handler: Handler) -> Sending:
    return sending()


def told(response: Any, status: int, slug: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = dict(response.json())
    assert body["status"] == status
    assert body["type"] == f"urn:tongdian:problem:{slug}"
    assert " / " in body["title"]
    assert body["detail"]
    return body


def test_a_message_is_handled_and_answered(them: Sending, handler: Handler) -> None:
    event = them.event("P-1", 1)
    response = them.post(event)
    assert response.status_code == 200
    assert response.json() == {"id": event["id"], "state": "handled", "result": {"noted": 1}}
    (seen,) = handler.seen
    assert (seen.source, seen.organisation, seen.subject) == ("example-system", "GY-FGW", "P-1")
    assert seen.data == {"number": 1}


def test_the_same_again_is_answered_the_same_and_handled_once(
    them: Sending, handler: Handler
) -> None:
    event = them.event("P-1", 1)
    first, again = them.post(event), them.post(event)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert handler.order == [1]
    told(them.post({**event, "data": {"number": 9}}), 409, "message-id-reused")
    assert handler.order == [1]


def test_early_ones_wait_until_the_gap_closes(them: Sending, handler: Handler) -> None:
    third, second = them.event("P-1", 3), them.event("P-1", 2)
    response = them.post(third)
    assert (response.status_code, response.json()["waiting_for"]) == (202, 1)
    assert them.post(second).status_code == 202
    assert them.post(third).status_code == 202, "a late duplicate of one that waits"
    assert them.post(them.event("P-2", 1)).status_code == 200, "another subject does not wait"
    assert handler.order == [1]
    assert them.post(them.event("P-1", 1)).status_code == 200
    assert [e.sequence for e in handler.seen if e.subject == "P-1"] == [1, 2, 3]
    assert them.post(third).json()["state"] == "handled"
    assert Inbound.objects.filter(sealed__isnull=False).count() == 0, "the data is not kept"
    assert Subject.objects.get(subject="P-1").expected == 4
    told(them.post(them.event("P-1", 2)), 409, "sequence-used")


def test_a_refusal_is_recorded_leaves_nothing_and_does_not_stop_the_next(
    them: Sending, handler: Handler
) -> None:
    field = FieldError("data.number", "不对", "not right", "改", "mend it")
    handler.refuse = {1: Refused("已经办结", "It is closed"), 2: Refused("x", "y", (field,))}
    before = Organisation.objects.count()
    first = them.event("P-1", 1)
    told(them.post(first), 409, "refused")
    assert "It is closed" in told(them.post(first), 409, "refused")["detail"]
    body = told(them.post(them.event("P-1", 2)), 422, "invalid-input")
    assert body["errors"] == [
        {"field": "data.number", "rule": "不对 / not right", "remedy": "改 / mend it"}
    ]
    assert them.post(them.event("P-1", 3)).status_code == 200
    assert handler.order == [1, 2, 3]
    assert Organisation.objects.count() == before


def test_what_the_kernel_refuses_is_a_problem_with_what_is_possible(
    them: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submit("resident").case.number

    def handle(event: InboundEvent) -> None:
        perform(event.subject, "energised", actor=SYSTEM)

    monkeypatch.setattr(inbound, "_handlers", {TYPE: handle})
    body = told(them.post(them.event(number, 1)), 409, "role-not-allowed")
    assert "allowed" in body
    told(them.post(them.event("GY0", 1)), 422, "case-not-found")


def test_a_bug_is_our_fault_and_the_message_can_be_sent_again(
    them: Sending, handler: Handler
) -> None:
    handler.refuse = {1: RuntimeError("示例 bug")}
    event = them.event("P-1", 1)
    body = told(them.post(event), 500, "internal-error")
    assert "bug" not in json.dumps(body)
    assert Inbound.objects.count() == 0
    handler.refuse = {}
    assert them.post(event).status_code == 200


def test_a_bug_in_one_that_waited_holds_its_subject_until_mended_or_set_aside(
    them: Sending, handler: Handler
) -> None:
    handler.refuse = {2: RuntimeError("示例 bug")}
    for sequence in (3, 2, 1):
        them.post(them.event("P-1", sequence))
    assert handler.order == [1, 2]
    states = dict(Inbound.objects.values_list("sequence", "state"))
    assert states == {1: "handled", 2: "parked", 3: "parked"}
    handler.refuse = {}
    assert go_on_with_parked() == 1
    assert handler.order == [1, 2, 2, 3]
    assert go_on_with_parked() == 0

    handler.refuse = {1: RuntimeError("示例 bug")}
    them.post(them.event("P-9", 2))
    Inbound.objects.filter(subject="P-9").update(sequence=1)
    for _ in range(12):
        go_on_with_parked()
    row = Inbound.objects.get(subject="P-9")
    assert (row.state, row.attempts, row.error) == ("failed", 10, "RuntimeError")


def test_signatures(them: Sending, handler: Handler) -> None:
    event = them.event("P-1", 1)
    good = them.signed(event)
    stranger = Key("v1", "whsec_" + "A" * 43 + "=")
    private, public = new_pair()
    for changes in (
        {"headers": sign([stranger], event["id"], clock.now(), good["body"])},
        {"headers": {}},
        {"headers": {**good["headers"], "webhook-signature": "v1,"}},
        {"headers": {**good["headers"], "webhook-signature": "v1,!!! v9,AAAA ,,"}},
        {"headers": {**good["headers"], "webhook-id": "another"}},
        {"headers": {**good["headers"], "webhook-timestamp": "12e3"}},
        {"body": good["body"] + b" "},
        {"source": "nobody"},
    ):
        told(them.post(event, **{**good, **changes}), 401, "bad-signature")
    for minutes, status in ((-4, 200), (-6, 401), (6, 401)):
        at = clock.now() + timedelta(minutes=minutes)
        other = them.event(f"P{minutes}", 1)
        assert them.post(other, **them.signed(other, at)).status_code == status
    with clock.moved_to(clock.now() + timedelta(minutes=10)):
        told(them.post(event, **good), 401, "bad-signature")
    assert handler.order == [1]

    source = Inbound.objects.latest("pk").source
    add_key(source, public.text, actor=SYSTEM)
    assert them.post(them.event("P-2", 1)).status_code == 200, "the old key lives for a day"
    them.key = private
    assert them.post(them.event("P-3", 1)).status_code == 200
    switch_source(source, False, actor=SYSTEM)
    told(them.post(them.event("P-4", 1)), 401, "bad-signature")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"specversion": "0.3"}, "specversion"),
        ({"id": "a b"}, "id"),
        ({"id": "a.b"}, "id"),
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 121}, "subject"),
        ({"subject": "a\x07"}, "subject"),
        ({"type": 7}, "type"),
        ({"source": None}, "source"),
        ({"time": "yesterday"}, "time"),
        ({"time": "2021-13-01T09:00:00Z"}, "time"),
        ({"time": "2021-03-01T09:00:00"}, "time"),
        ({"sequence": 0}, "sequence"),
        ({"sequence": "-1"}, "sequence"),
        ({"sequence": True}, "sequence"),
        ({"sequence": 1e3}, "sequence"),
        ({"sequence": "9" * 19}, "sequence"),
        ({"data": []}, "data"),
        ({"datacontenttype": "text/xml"}, "datacontenttype"),
    ],
)
def test_a_bad_field_is_named(
    them: Sending, handler: Handler, changes: dict[str, Any], field: str
) -> None:
    body = told(them.post({**them.event("P-1", 1), **changes}), 422, "invalid-input")
    (error,) = body["errors"]
    assert error["field"] == field
    assert " / " in error["rule"]
    assert " / " in error["remedy"]
    assert Inbound.objects.count() == handler.seen.__len__() == 0


@pytest.mark.parametrize(
    "body", [b" ", b"nonsense", b"[]", b'"text"', b"[" * 200_000, b'{"a": NaN}',
             b'{"a": "\\u0000"}'],
)  # fmt: skip
def test_what_is_no_object_is_a_bad_request(them: Sending, body: bytes) -> None:
    told(them.post(body), 400, "bad-request")


def test_what_is_no_text_is_a_bad_request(them: Sending) -> None:
    private, public = new_pair()
    add_key(Source.objects.get(), public.text, actor=SYSTEM)
    them.key = private
    told(them.post(b"\xff"), 400, "bad-request")


def test_sizes_types_and_methods(them: Sending, handler: Handler) -> None:
    told(them.post(b"{" + b" " * 262_144), 413, "too-large")
    told(them.post(them.event("P"), content_type="text/plain"), 415, "media-type")
    other = {**them.event("P-1", 1), "type": "cn.example.other.v1"}
    assert told(them.post(other), 422, "unknown-type")["types"] == [TYPE]
    response = them.client.get("/exchange/in/example-system/")
    told(response, 405, "method-not-allowed")
    assert response["Allow"] == "POST"
    assert handler.seen == []
