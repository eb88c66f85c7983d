"""`tongdian serve` as people start, stop and lose it: one city, its first night and its last."""

import json
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from support.programs import Program, processes_of, wait_for
from support.terminal import environment, run
from tongdian.embedded import OWNER, EmbeddedPostgres
from tongdian.embedded_process import run as run_postgres
from tongdian.places import find_binaries
from tongdian.service.preparing import UNFINISHED

Start = Callable[..., Program]
CITY = ("--demo", "--customers", "500", "--workers", "1")


@pytest.fixture(scope="module")
def city(place: Path) -> Path:
    """The folder with a city in it, whichever test came first."""
    answer = run("demo", "--customers", "500", TONGDIAN_DATA=str(place))
    assert answer.status == 0 or "已有案件" in answer.err
    return place


def page(address: str) -> tuple[int, str]:
    """Status and text of a page; status 0 while nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


def address_of(program: Program) -> str:
    program.await_words("按 Ctrl-C 结束")
    found = re.search(r"通电已启动：(http://127\.0\.0\.1:\d+/)", program.said())
    assert found is not None
    return found[1]


def postmaster(place: Path) -> int:
    return int((place / "postgres/cluster/postmaster.pid").read_text().split("\n")[0])


def test_killed_while_building_it_builds_anew_on_the_next_port(
    start: Start, place: Path, taken_port: int
) -> None:
    building = start("serve", *CITY)
    wait_for(lambda: (place / UNFINISHED).exists(), "the building begins")
    building.stop(signal.SIGKILL)
    wait_for(lambda: not any("preparing" in p for p in processes_of(place)), "its child ends")
    assert (place / UNFINISHED).exists()
    program = start("serve", *CITY, "--port", str(taken_port))
    address = address_of(program)
    said = program.said()
    assert f"端口 {taken_port} 已被占用，改用 " in said
    assert not address.endswith(f":{taken_port}/")
    assert "100% 完成 done" in said
    status, text = page(address)
    assert status == 200
    assert "您要为哪里办电" in text
    assert "tongdian-demo-2021" in said
    for name in ("resident", "clerk", "engineer", "supervisor"):
        assert f"  {name} " in said
    assert not (place / UNFINISHED).exists()


def test_sigterm_stops_everything(start: Start, city: Path) -> None:
    program = start("serve", *CITY, "--json")
    wait_for(lambda: "address" in program.said(), "it is ready")
    told = json.loads(program.said().splitlines()[-1])
    assert page(told["address"])[0] == 200
    assert told["built"] is None, "the city is kept"
    assert {account["username"] for account in told["accounts"]} >= {"resident", "clerk"}
    assert any("granian" in command for command in processes_of(city))
    assert program.stop(signal.SIGTERM) == 0
    assert processes_of(city) == []


def test_the_site_and_the_worker_outlive_a_restart_of_the_database(
    start: Start, city: Path
) -> None:
    program = start("serve", *CITY)
    address = address_of(program)
    server = EmbeddedPostgres(city / "postgres")
    before = postmaster(city)
    binaries = find_binaries(city / "postgres")
    run_postgres(binaries / "pg_ctl", "-D", str(server.data), "-m", "immediate", "-w", "stop")
    assert page(address)[0] in (200, 503), "never a bare error"
    run_postgres(binaries / "pg_ctl", "-D", str(server.data), "-l", str(server.log), "-w", "start")
    assert postmaster(city) != before
    wait_for(lambda: page(f"{address}account/login/")[0] == 200, "the site is back")
    assert submit(city, server.dsn(OWNER)) == "sequenced"
    assert program.process.poll() is None
    assert program.stop(signal.SIGINT) == 0


SUBMIT = """
import sys, time
import django
django.setup()
from support.cases import submit
from tongdian.service.casework.models import Event, LogLeaf
case = submit("resident").case
event = Event.objects.filter(case=case).latest("id")
end = time.monotonic() + 30
while time.monotonic() < end:
    if LogLeaf.objects.filter(event=event).exists():
        sys.exit(print("sequenced"))
    time.sleep(0.1)
print("waited in vain")
"""


def submit(place: Path, address: str) -> str:
    """Submit an application; what becomes of its event."""
    done = subprocess.run(
        [sys.executable, "-c", SUBMIT],
        capture_output=True,
        text=True,
        check=False,
        env=environment(
            TONGDIAN_DATA=str(place),
            TONGDIAN_DATABASE_URL=address,
            DJANGO_SETTINGS_MODULE="tongdian.service.settings",
            PYTHONPATH=str(Path(__file__).resolve().parents[1]),
        ),
    )
    return done.stdout.strip() or done.stderr


def test_kill_9_leaves_nothing_behind_and_the_next_start_works(start: Start, city: Path) -> None:
    program = start("serve", *CITY)
    address = address_of(program)
    program.stop(signal.SIGKILL)
    wait_for(lambda: processes_of(city) == [], "its children and the database end")
    assert page(address)[0] == 0
    again = start("serve", *CITY)
    assert page(address_of(again))[0] == 200
    assert "办件" not in again.said(), "the city is kept"
    assert again.stop() == 0
    assert processes_of(city) == []


def test_a_second_city_is_refused(city: Path) -> None:
    answer = run("demo", "--customers", "500", "--json", TONGDIAN_DATA=str(city))
    assert answer.status == 2
    assert "--fresh" in answer.data["error"]["remedy_en"]


def test_the_doctor_finds_a_served_city_healthy(city: Path) -> None:
    answer = run("doctor", "--json", TONGDIAN_DATA=str(city))
    wrong = [check for check in answer.data["checks"] if check["status"] == "wrong"]
    assert wrong == []
    assert (answer.status, answer.data["ok"]) == (0, True)
    assert {"database", "migrations", "roles", "sequencer", "log-key", "cases", "clock"} <= {
        check["id"] for check in answer.data["checks"]
    }
    assert processes_of(city) == []
