"""The control page and its levers, and what they refuse."""

from html import unescape
from typing import Any

import httpx
import pytest

from support.sandbox import Sandbox
from tongdian.sandbox.faults import KINDS, kinds_for
from tongdian.sandbox.keys import SERVICES


@pytest.mark.parametrize("language", ["", "?lang=en"])
def test_the_page_shows_every_service_and_each_of_its_faults(
    sandbox: Sandbox, language: str
) -> None:
    text = unescape(sandbox.get(f"/{language}").text)
    for service in SERVICES:
        assert f'name="service" value="{service}"' in text
        for kind in kinds_for(service):
            assert KINDS[kind][bool(language)] in text
    assert "<script" not in text
    assert "style=" not in text


def test_a_form_leads_back_to_the_page_and_does_the_same(sandbox: Sandbox) -> None:
    answer = httpx.post(
        f"{sandbox.url}/control/faults?lang=en",
        data={"service": "credit", "fault": "down", "times": "2"},
        trust_env=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/?lang=en")
    state = sandbox.get("/control/state").json()
    assert state["faults"] == {"credit": {"fault": "down", "times": 2}}


@pytest.mark.parametrize(
    ("path", "data", "field"),
    [
        ("/control/faults", {"service": "pension", "fault": "slow"}, "service"),
        ("/control/faults", {"service": "identity", "fault": "lazy"}, "fault"),
        ("/control/faults", {"service": "gateway", "fault": "another_person"}, "fault"),
        ("/control/faults", {"service": "identity", "fault": "slow", "times": "-1"}, "times"),
        ("/control/clock", {"to": "tomorrow"}, "clock"),
        ("/control/clock", {"days": "99999"}, "clock"),
        ("/control/clock", {"days": "nan"}, "clock"),
        ("/control/push", {"kind": "letter"}, "kind"),
        ("/control/push", {"kind": "item_status", "spsxslbm": "SL-1-green", "blzt": "16"}, "blzt"),
        ("/control/push", {"kind": "item_status", "spsxslbm": "1-x", "blzt": "3"}, "spsxslbm"),
        ("/control/push", {"kind": "construction_permit", "uscc": "1"}, "uscc"),
        ("/control/target", {"target": "http://example.com"}, "target"),
        ("/control/resend", {"id": "none"}, "id"),
    ],
)
def test_what_will_not_do_is_named(
    sandbox: Sandbox, path: str, data: dict[str, Any], field: str
) -> None:
    answer = sandbox.post(path, data)
    assert answer.status_code in (404, 422)
    error = answer.json()["error"]
    assert error["field"] == field
    assert error["rule_zh"]
    assert error["rule_en"]


def test_a_bad_form_is_answered_in_words(sandbox: Sandbox) -> None:
    answer = httpx.post(f"{sandbox.url}/control/clock", data={"days": "x<y"}, trust_env=False)
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


def test_other_sites_and_other_hosts_are_refused(sandbox: Sandbox) -> None:
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        answer = httpx.post(
            f"{sandbox.url}/control/faults", json={"clear": "1"}, headers=headers, trust_env=False
        )
        assert answer.status_code == 403


def test_bodies_that_are_none(sandbox: Sandbox) -> None:
    for content in (b"{", b"[]", b"\xff"):
        answer = httpx.post(f"{sandbox.url}/control/clock", content=content, trust_env=False)
        assert answer.status_code == 400
    big = httpx.post(f"{sandbox.url}/control/clock", content=b"0" * 1_100_000, trust_env=False)
    assert big.status_code == 413
    assert sandbox.get("/nowhere").status_code == 404
    assert sandbox.get("/control/clock").status_code == 405
