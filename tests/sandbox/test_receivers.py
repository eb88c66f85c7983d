"""Credit platform, message gateway and webhook receiver."""

import hashlib
from typing import Any

import httpx
import pytest

from support.sandbox import SEED, Sandbox, example, secret
from tongdian.sandbox.keys import private_key
from tongdian.sandbox.signing import sign_message


def test_credit_of_a_company_by_code_and_of_a_person_by_digest(sandbox: Sandbox) -> None:
    bad, good = example("失信").person.id_number, example("餐饮").person.id_number
    assert sandbox.post("/credit/query", {"subject": bad}).json()["data"]["ok"] is False
    assert sandbox.post("/credit/query", {"subject": good}).json()["data"]["ok"] is True
    person = example("李建国").person.id_number
    digest = "sha256:" + hashlib.sha256(person.encode()).hexdigest()
    assert sandbox.post("/credit/query", {"subject": digest}).json()["data"]["ok"] is True
    record = {"subject": digest, "number": "CN-1", "reason": "虚假承诺"}
    for _again in range(2):
        assert sandbox.post("/credit/records", record).json()["data"]["kept"] is True
    assert sandbox.post("/credit/query", {"subject": digest}).json()["data"]["records"] == ["CN-1"]
    taken = sandbox.post("/credit/records", {**record, "subject": good})
    assert (taken.status_code, taken.json()["error"]["field"]) == (409, "number")


def test_an_identity_number_is_no_subject_of_a_record_of_credit(sandbox: Sandbox) -> None:
    answer = sandbox.post("/credit/query", {"subject": "某人"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "subject")


def test_the_message_box_shows_what_was_sent_once(sandbox: Sandbox) -> None:
    letter = {"id": "m-1", "channel": "sms", "to": "19900000001", "text": "<b>查询码</b> ABCD"}
    answers = [sandbox.post("/gateway/messages", letter).json()["again"] for _ in range(2)]
    assert answers == [False, True]
    told = sandbox.get("/gateway/messages?to=19900000001").json()["messages"]
    assert [one["text"] for one in told] == ["<b>查询码</b> ABCD"]
    page = sandbox.get("/gateway/").text
    assert "&lt;b&gt;查询码" in page
    bad = sandbox.post("/gateway/messages", {**letter, "channel": "pigeon"})
    assert (bad.status_code, bad.json()["error"]["field"]) == (422, "channel")


def deliver(sandbox: Sandbox, box: str, headers: dict[str, str], body: bytes) -> httpx.Response:
    return httpx.post(
        f"{sandbox.url}/webhooks/{box}/", content=body, headers=headers, trust_env=False
    )


@pytest.fixture
def message() -> tuple[dict[str, str], bytes]:
    body = b'{"type":"cn.tongdian.test.v1","subject":"GY1","sequence":"1"}'
    return sign_message(secret("webhooks"), private_key(SEED, "webhooks"), "id-1", body), body


def test_the_receiver_keeps_what_is_signed_and_refuses_the_rest(
    sandbox: Sandbox, message: tuple[dict[str, str], bytes]
) -> None:
    headers, body = message
    assert deliver(sandbox, "a", headers, body).status_code == 204
    assert deliver(sandbox, "a", headers, body).status_code == 204
    assert deliver(sandbox, "a", headers, body + b" ").status_code == 401
    old = {**headers, "webhook-timestamp": "1600000000"}
    assert deliver(sandbox, "a", old, body).status_code == 401
    assert deliver(sandbox, "a", {}, body).status_code == 401
    came: list[Any] = sandbox.get("/webhooks/a/").json()["received"]
    assert [(one["problem"], one["again"]) for one in came[::-1]][:2] == [("", False), ("", True)]
    assert [one["problem"] for one in came[:3]] == [
        "missing headers", "too old or of the future", "wrong signature",
    ]  # fmt: skip


def test_a_box_has_keys_and_an_answer_of_its_own(
    sandbox: Sandbox, message: tuple[dict[str, str], bytes]
) -> None:
    _headers, body = message
    other = sign_message(secret("gateway"), private_key(SEED, "gateway"), "id-2", body)
    assert deliver(sandbox, "b", other, body).status_code == 401
    sandbox.post("/webhooks/b/keys", {"secret": secret("gateway"), "status": 410})
    assert deliver(sandbox, "b", other, body).status_code == 410
    sandbox.post("/webhooks/b/keys", {"status": 200})
    assert deliver(sandbox, "b", other, body).status_code == 200
    assert sandbox.post("/webhooks/b/keys", {"status": 99}).status_code == 422
