"""Permits and statuses are pushed as signed CloudEvents, in order, and go wrong when told to."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from support.sandbox import SEED, Sandbox, example, secret
from tongdian.sandbox.keys import public_key
from tongdian.sandbox.pushes import Pusher
from tongdian.sandbox.signing import check_message
from tongdian.sandbox.situation import Situation


class Platform(ThreadingHTTPServer):
    """Takes what is pushed, and remembers whether its signature fits."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.came: list[tuple[str, dict[str, str], bytes]] = []
        self.expected = 1

    def events(self) -> list[Any]:
        return [json.loads(body) for _path, _headers, body in self.came]


class Handler(BaseHTTPRequestHandler):
    server: Platform

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append((self.path, headers, body))
        used = int(json.loads(body).get("sequence", 1)) < self.server.expected
        self.send_response(409 if used else 202)
        self.end_headers()
        if used:
            self.wfile.write(json.dumps({"expected": self.server.expected}).encode())

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture
def platform(sandbox: Sandbox) -> Iterator[Platform]:
    server = Platform()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sandbox.post("/control/target", {"target": f"http://127.0.0.1:{server.server_port}"})
    yield server
    sandbox.post("/control/target", {"target": ""})
    server.shutdown()
    server.server_close()


def permit(sandbox: Sandbox) -> Any:
    uscc = example("机械").person.id_number
    return sandbox.post("/control/push", {"kind": "construction_permit", "uscc": uscc}).json()


def status(sandbox: Sandbox, number: str, code: int) -> Any:
    data = {"kind": "item_status", "spsxslbm": number, "blzt": code}
    return sandbox.post("/control/push", data).json()


def problems(platform: Platform) -> list[str]:
    keys = [public_key(SEED, "approvals")]
    return [
        check_message(headers, body, [secret("approvals")], [])
        or check_message(headers, body, [], keys)
        for _path, headers, body in platform.came
    ]


def test_a_permit_is_a_signed_event_in_the_official_names(
    sandbox: Sandbox, platform: Platform
) -> None:
    assert permit(sandbox)["status"] == 202
    (path, headers, body), event = platform.came[0], platform.events()[0]
    assert path == "/exchange/in/spgl/"
    assert headers["content-type"] == "application/cloudevents+json"
    assert headers["webhook-id"] == event["id"]
    assert problems(platform) == [""]
    assert check_message(headers, body + b" ", [secret("approvals")], []) == "wrong signature"
    assert event["specversion"] == "1.0"
    assert event["type"] == "cn.tongdian.construction_permit.issued.v1"
    data = event["data"]
    assert event["subject"] == data["xmdm"]
    assert data["jsdwtyshxydm"] == example("机械").person.id_number
    assert {"sgxkzbh", "gcmc", "jsdw", "jsdz", "fzrq", "bdcdyh", "xzqhdm"} <= data.keys()


def test_each_subject_is_numbered_from_one(sandbox: Sandbox, platform: Platform) -> None:
    for code in (1, 3, 11):
        status(sandbox, "SL-GY-A-green", code)
    status(sandbox, "SL-GY-B-traffic", 1)
    told = [(e["subject"], e["sequence"], e["data"]["blzt"]) for e in platform.events()]
    assert told == [
        ("SL-GY-A-green", "1", 1),
        ("SL-GY-A-green", "2", 3),
        ("SL-GY-A-green", "3", 11),
        ("SL-GY-B-traffic", "1", 1),
    ]
    assert len({event["id"] for event in platform.events()}) == 4


def test_faults_of_pushes(sandbox: Sandbox, platform: Platform) -> None:
    sandbox.fault("approvals", "duplicate", times=1)
    status(sandbox, "SL-GY-C-green", 1)
    first, second = platform.events()
    assert first == second

    platform.came.clear()
    sandbox.fault("approvals", "out_of_order", times=1)
    held = status(sandbox, "SL-GY-C-green", 3)
    assert held["status"] == 0
    status(sandbox, "SL-GY-C-green", 8)
    assert [event["sequence"] for event in platform.events()] == ["3", "2"]

    platform.came.clear()
    sandbox.fault("approvals", "wrong_signature", times=1)
    lost = status(sandbox, "SL-GY-C-green", 11)
    assert problems(platform) == ["wrong signature"]
    platform.came.clear()
    sandbox.post("/control/resend", {"id": lost["id"]})
    assert problems(platform) == [""]
    assert platform.events()[0]["id"] == lost["id"]

    platform.came.clear()
    sandbox.fault("approvals", "truncated", times=1)
    status(sandbox, "SL-GY-C-green", 15)
    with pytest.raises(json.JSONDecodeError):
        platform.events()
    sandbox.fault("approvals", "down", times=1)
    assert status(sandbox, "SL-GY-C-green", 15)["status"] == 0


def test_a_packet_is_taken_once_and_acknowledged(sandbox: Sandbox, platform: Platform) -> None:
    packet = {"case": "GY-D", "item": "traffic", "payload": {"length_m": "120"}}
    taken = sandbox.post("/approvals/packets", packet)
    again = sandbox.post("/approvals/packets", packet)
    assert taken.status_code == again.status_code == 202
    assert (taken.json()["again"], again.json()["again"]) == (False, True)
    assert [event["data"]["blzt"] for event in platform.events()] == [1]
    number = taken.json()["spsxslbm"]
    assert sandbox.get(f"/approvals/packets/{number}").json()["blzt"] == [1]
    for bad, field in (({"case": "GY-D", "item": "x"}, "item"), ({"item": "green"}, "case")):
        refused = sandbox.post("/approvals/packets", bad)
        assert refused.status_code == 422
        assert refused.json()["error"]["field"] == field


def test_after_a_restart_the_count_goes_on_where_the_platform_waits(
    sandbox: Sandbox, platform: Platform
) -> None:
    situation = Situation(SEED, 500)
    begun_anew = Pusher(situation)
    begun_anew.aim(f"http://127.0.0.1:{platform.server_port}")
    platform.expected = 4
    push = begun_anew.push("construction_permit", "GY-EXAMPLE-1", {"sgxkzbh": "1"})
    assert push.status == 202
    assert begun_anew.push("construction_permit", "GY-EXAMPLE-1", {"sgxkzbh": "1"}).status == 202
    assert [event["sequence"] for event in platform.events()] == ["1", "4", "5"]
    first, second, third = platform.events()
    assert first["id"] == second["id"] != third["id"]
    assert problems(platform) == ["", "", ""]
