"""Serving: the database, the web processes and the worker, started and stopped together."""

import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import date
from types import FrameType
from typing import Any

from tongdian.places import is_moved
from tongdian.problem import Problem
from tongdian.sandbox.keys import shared_secret
from tongdian.service.children import Child, stop_all
from tongdian.service.environment import Database, with_database
from tongdian.service.preparing import prepare

__all__ = ["build_demo", "free_port", "serve", "web_command", "with_database"]

Say = Callable[[str, str], None]
Ready = Callable[[dict[str, Any]], None]
HOST = "127.0.0.1"
BLOCKING_THREADS = 8
READY_SECONDS = 60


def build_demo(
    *, customers: int, seed: int, until: date | None, fresh: bool, say: Say
) -> dict[str, Any]:
    """Build the demo city in the database at hand. Returns its counts. Raises Problem, also when
    there is a city already and `fresh` is false."""
    os.environ["TONGDIAN_DEMO"] = "1"
    with with_database() as database:
        if fresh and database.embedded is None:
            raise Problem(
                "只会清空内置数据库，不会清空 TONGDIAN_DATABASE_URL 指定的数据库",
                "only the embedded database is ever emptied, not that of TONGDIAN_DATABASE_URL.",
                remedy_zh="请自行清空它。",
                remedy_en="Empty it yourself.",
            )
        _say_place(database, say)
        done = prepare(
            database,
            customers=customers,
            seed=seed,
            until=until,
            fresh=fresh,
            progress=_progress(say),
        )
    if done["built"] is None:
        raise Problem(
            "数据库里已有案件，演示城市需要空的数据库",
            "the database already holds cases; the demo city needs an empty one.",
            remedy_zh="加 --fresh 会清空内置数据库后重建。",
            remedy_en="--fresh empties the embedded database and builds anew.",
        )
    return dict(done["built"])


def serve(
    *, port: int, workers: int, customers: int | None, say: Say, ready: Ready = lambda told: None
) -> int:
    """Serve until interrupted; an empty database gets a demo city of so many customers first.

    `ready` is told the address and the demo accounts once pages come. Returns the exit status.
    Raises Problem.
    """
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if not stopping.is_set():
            stopping.set()
            raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if customers is not None:
        os.environ["TONGDIAN_DEMO"] = "1"
    children: list[Child] = []
    try:
        with with_database() as database:
            try:
                _say_place(database, say)
                done = prepare(database, customers=customers, progress=_progress(say))
                children += _start(database, free_port(port, say), workers, done.get("city"), say)
                _wait_until_ready(children)
                _welcome(children, done, say)
                ready({"address": f"{children[0].name}/", **done})
                return _watch(children, say)
            finally:
                stopping.set()
                stop_all(children)
    except KeyboardInterrupt:
        say("已停止。", "Stopped.")
        return 0


def free_port(wanted: int, say: Say = lambda zh, en: None) -> int:
    """The wanted port of the loopback address, or the next free one. Raises Problem."""
    for port in range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            if port != wanted:
                say(
                    f"端口 {wanted} 已被占用，改用 {port}。",
                    f"Port {wanted} is taken: using {port}.",
                )
            return port
    raise Problem(
        f"端口 {wanted} 及其后 100 个都被占用",
        f"port {wanted} and the hundred after it are taken.",
        remedy_zh="请用 --port 或环境变量 PORT 另选一个。",
        remedy_en="Choose another with --port or PORT.",
    )


def web_command(port: int, workers: int) -> list[str]:
    """The web server of one address."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", HOST, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS)),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
        *("--no-ws", "--no-access-log", "--log-level", "error"),
        "tongdian.service.wsgi:application",
    ]


def _start(
    database: Database, port: int, workers: int, city: Mapping[str, int] | None, say: Say
) -> list[Child]:
    """The web processes and the worker; for a demo city, its government as well."""
    address = f"http://{HOST}:{port}"
    environment = {"TONGDIAN_PUBLIC_BASE_URL": address, **database.web}
    government = _sandbox(city, free_port(port + 10), address, environment) if city else []
    for child in government:
        environment |= sandbox_environment(child.name, city["seed"] if city else 0)
    children = [
        Child(address, web_command(port, workers), environment),
        Child("worker", [sys.executable, "-m", "tongdian", "worker", "--json"], environment),
        *government,
    ]
    for child in children:
        child.start()
    for child in government:
        say(f"模拟政府（测试用）：{child.name}/", f"Sandbox government (for tests): {child.name}/")
    return children


def _sandbox(
    city: Mapping[str, int], port: int, target: str, environment: Mapping[str, str]
) -> list[Child]:
    command = [
        *(sys.executable, "-m", "tongdian.sandbox", "--port", str(port)),
        *("--seed", str(city["seed"]), "--customers", str(city["customers"])),
        *("--target", target),
    ]
    return [Child(f"http://{HOST}:{port}", command, environment)]


def sandbox_environment(url: str, seed: int) -> dict[str, str]:
    """What tells the service of a sandbox government at `url`. What somebody has set stays."""
    given = {
        "TONGDIAN_SANDBOX_URL": url,
        "TONGDIAN_GATEWAY_URL": f"{url}/gateway",
        "TONGDIAN_GATEWAY_SECRET": shared_secret(seed, "gateway"),
    }
    return {name: os.environ.get(name) or value for name, value in given.items()}


def _wait_until_ready(children: list[Child]) -> None:
    """Until a page comes. Raises Problem when none does."""
    web = children[0]
    address = web.name.removeprefix("http://")
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        assert web.process is not None
        if web.process.poll() is not None:
            break
        connection = http.client.HTTPConnection(address, timeout=5)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status < 500:
                return
            break
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise Problem(
        "网站没有启动成功",
        "the web processes did not come up.",
        remedy_zh="原因见上面的日志；tongdian doctor 会检查环境。",
        remedy_en="Their log is above; tongdian doctor examines what they need.",
    )


def _welcome(children: list[Child], done: dict[str, Any], say: Say) -> None:
    address = children[0].name
    say(f"\n通电已启动：{address}/", f"\nTongdian is up: {address}/")
    if done["accounts"]:
        say(
            f"演示账户（密码都是 {done['password']}，在 {address}/account/login/ 可一键登录）：",
            f"Demo accounts (password {done['password']} for each; one click at"
            f" {address}/account/login/):",
        )
        for account in done["accounts"]:
            username, name = account["username"], account["name"]
            say(
                f"  {username:<14} {account['role_zh']}（{name}）",
                f"  {username:<14} {account['role_en']} ({name})",
            )
    say("按 Ctrl-C 结束。", "Ctrl-C ends it.")


def _watch(children: list[Child], say: Say) -> int:
    """Keep all running until one cannot be kept, or a signal comes."""

    def ended(child: Child, status: int) -> None:
        say(
            f"{child.name} 意外结束（{status}），重新启动。",
            f"{child.name} ended unexpectedly ({status}): starting it again.",
        )

    while all([child.look_after(ended) for child in children]):
        time.sleep(0.3)
    raise Problem(
        "服务反复意外结束，已停止",
        "a process keeps ending: stopped.",
        remedy_zh="原因见上面的日志；tongdian doctor 会检查环境。",
        remedy_en="Its log is above; tongdian doctor examines what it needs.",
    )


def _say_place(database: Database, say: Say) -> None:
    if is_moved(database.folder):
        say(
            f"数据库用户进不了此目录，数据放在 {database.folder}。",
            f"The database's user cannot reach this folder: data is in {database.folder}.",
        )


def _progress(say: Say) -> Callable[[str, float], None]:
    """Says each new thing, and every tenth of the way."""
    said: set[tuple[str, int]] = set()

    def progress(words: str, share: float) -> None:
        step = (words, int(share * 10 + 1e-9))
        if step not in said:
            said.add(step)
            say(f"  {share:4.0%} {words}", f"  {share:4.0%} {words}")

    return progress
