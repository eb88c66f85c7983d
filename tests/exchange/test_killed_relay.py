"""The relay killed with -9 at random, a hundred times: nothing lost, nothing out of order."""

import os
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from support.cases import CLERK, FIELD, day
from support.endpoints import company
from support.receiving import receiving
from tongdian.service.casework.models import Event
from tongdian.service.connection.actions import act
from tongdian.service.exchange import following
from tongdian.service.exchange.models import Delivery

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
KILLS, CASES = 100, 120


def test_killed_a_hundred_times(settings: Any, web_database_url: str) -> None:
    settings.EXCHANGE_LOOPBACK = True
    following.install()
    acme = company()

    def answer(received: Any) -> tuple[int, dict[str, str], bytes]:
        time.sleep(0.002)
        return 200, {}, b""

    with receiving(answer) as receiver:
        acme.endpoint(receiver.url)
        relay = start_relay(web_database_url)
        for _ in range(CASES):
            number = acme.submit()
            act(number, "application_accepted", {}, actor=CLERK)
            surveyed = {"surveyed_on": day(), "external_works": "no"}
            act(number, "survey_completed", surveyed, actor=FIELD)
        out, _ = relay.communicate(timeout=120)
        assert out.split() == [str(KILLS), "0"]

    assert Event.objects.count() == CASES * 3
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}
    first: dict[str, dict[str, Any]] = {}
    for received in receiver.seen:
        first.setdefault(received.event["id"], received.event)
    assert len(first) == CASES * 3, "nothing lost, each id once at a consumer that knows ids"
    order: dict[str, list[str]] = defaultdict(list)
    for event in first.values():
        order[event["subject"]].append(event["sequence"])
    assert {tuple(seen) for seen in order.values()} == {("00000001", "00000002", "00000003")}


def start_relay(url: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tongdian.service.settings",
        "TONGDIAN_DATABASE_URL": url,
        "TONGDIAN_DEMO": "1",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "support.relay", str(KILLS), "2021"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
