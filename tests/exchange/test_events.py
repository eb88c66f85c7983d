"""Catching up: the same events from any cursor, for whoever may see the case."""

from typing import Any

import pytest
from django.test import Client

from support.cases import CLERK, submit
from support.endpoints import Company, company, follow
from support.receiving import receiving
from support.sending import organisation
from tongdian.service.connection.actions import act
from tongdian.service.exchange import following
from tongdian.service.exchange.sender import Sender
from tongdian.service.identity.actions import create_api_client
from tongdian.service.identity.actors import SYSTEM

pytestmark = pytest.mark.django_db


def read(key: str, **query: Any) -> Any:
    return Client().get("/exchange/events/", query, headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def acme() -> Company:
    following.install()
    return company()


def test_page_by_page_it_is_what_the_webhook_brought(acme: Company, settings: Any) -> None:
    settings.EXCHANGE_LOOPBACK = True
    sender = Sender(2, 2)
    with receiving() as receiver:
        acme.endpoint(receiver.url)
        for _ in range(3):
            act(acme.submit(), "application_accepted", {}, actor=CLERK)
            submit("resident")
        follow()
        sender.drain()
    sender.close()
    found, after = [], -1
    for _ in range(10):
        body = read(acme.key, after=after, limit=2).json()
        assert len(body["events"]) <= 2
        found += body["events"]
        after = body["next"]
        if after == body["end"]:
            break
    assert len(found) == 6
    pushed = {r.event["id"]: r.event for r in receiver.seen}
    assert {event["id"]: event for event in found} == pushed
    places = [int(event["logindex"]) for event in found]
    assert places == sorted(places)
    assert read(acme.key, after=after).json() == {"events": [], "next": after, "end": after}


def test_what_others_filed_is_not_shown(acme: Company) -> None:
    submit("resident")
    company("OTHER").submit()
    follow()
    body = read(acme.key).json()
    assert (body["events"], body["next"]) == ([], 1)


@pytest.mark.parametrize(
    ("query", "field"),
    [({"after": "x"}, "after"), ({"after": -2}, "after"), ({"after": "１"}, "after"),
     ({"limit": 0}, "limit"), ({"limit": 501}, "limit"), ({"limit": "9" * 30}, "limit"),
     ({"after": ""}, "after")],
)  # fmt: skip
def test_a_bad_parameter_is_named(acme: Company, query: dict[str, Any], field: str) -> None:
    response = read(acme.key, **query)
    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == field


def test_a_key_with_the_scope_is_needed(acme: Company) -> None:
    organisation("ACME")
    _, submits = create_api_client(
        name="示例", organisation="ACME", scopes=("submit",), actor=SYSTEM
    )
    assert read("td_wrong").status_code == 401
    assert Client().get("/exchange/events/").status_code == 401
    response = read(submits)
    assert (response.status_code, response.json()["scopes_needed"]) == (403, ["read"])
    assert Client().post("/exchange/events/").status_code == 405
