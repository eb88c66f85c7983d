"""Serving: the database, the web processes and the worker, started and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

from tongdian.embedded import OWNER, WEB, EmbeddedError, EmbeddedPostgres

Say = Callable[[str, str], None]
SETTINGS = "tongdian.service.settings"


def data_folder() -> Path:
    """TONGDIAN_DATA, or `.data` here, or /var/lib/tongdian when the server could not reach it."""
    wanted = os.environ.get("TONGDIAN_DATA")
    if wanted:
        return Path(wanted).resolve()
    here = Path(".data").resolve()
    if os.geteuid() == 0 and any(not p.stat().st_mode & 0o001 for p in here.parents):
        import hashlib

        tail = hashlib.sha256(str(here).encode()).hexdigest()[:8]
        return Path("/var/lib/tongdian") / tail
    return here


@contextmanager
def with_database() -> Iterator[dict[str, str]]:
    """The environment of a process with a database: the one that is set, else the embedded one,
    which is stopped at the end if it was started here."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["TONGDIAN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if "TONGDIAN_DATABASE_URL" in os.environ:
        os.environ.setdefault("TONGDIAN_OWNER_DATABASE_URL", os.environ["TONGDIAN_DATABASE_URL"])
        yield dict(os.environ)
        return
    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.start()
        web = {"TONGDIAN_DATABASE_URL": server.dsn(WEB)}
        os.environ["TONGDIAN_OWNER_DATABASE_URL"] = server.dsn(OWNER)
        os.environ["TONGDIAN_DATABASE_URL"] = server.dsn(OWNER)
        inherited = {k: v for k, v in os.environ.items() if k != "TONGDIAN_OWNER_DATABASE_URL"}
        yield {**inherited, **web}
    finally:
        server.stop()


def build_demo(*, customers: int, seed: int, until: date | None, say: Say) -> dict[str, Any]:
    """Make the demo city in the database at hand."""
    with with_database():
        return _build(customers, seed, until, say)


def _build(customers: int, seed: int, until: date | None, say: Say) -> dict[str, Any]:
    import django

    django.setup()
    from tongdian.service import demo

    say("准备数据库……", "Preparing the database…")
    demo.prepare()
    last = [-1]

    def progress(words: str, share: float) -> None:
        if int(share * 10) > last[0]:
            last[0] = int(share * 10)
            say(f"  {share:4.0%} {words}", f"  {share:4.0%} {words}")

    counts = demo.build(customers, seed, until, progress)
    say(
        f"演示城市：{counts['customers']:,} 户，{counts['cases']:,} 件，{counts['events']:,} 个事件，"
        f"用时 {counts['seconds']} 秒",
        f"Demo city: {counts['customers']:,} customers, {counts['cases']:,} cases, "
        f"{counts['events']:,} events in {counts['seconds']} s",
    )
    return counts


def serve(*, port: int, workers: int, demo: bool, say: Say) -> int:
    """Serve until interrupted. With `demo` an empty database gets the demo city first."""
    if demo:
        os.environ["TONGDIAN_DEMO"] = "1"
    try:
        with with_database() as environment:
            _prepare(demo, say)
            return _serve(environment, _free_port(port), workers, demo, say)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 2


def _prepare(demo: bool, say: Say) -> None:
    """In a process of its own work is done as the owner; the web processes never are."""
    import django
    from django.core.management import call_command

    django.setup()
    from tongdian.service import demo as city
    from tongdian.service.casework.sequencer import signing_key

    city.prepare()
    call_command("collectstatic", verbosity=0, interactive=False)
    signing_key()
    if demo and not city.is_built():
        _build(city.CUSTOMERS, city.SEED, None, say)


def _free_port(wanted: int) -> int:
    """The wanted port, or the next free one."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise EmbeddedError(f"no free port from {wanted} on")


def _serve(environment: dict[str, str], port: int, workers: int, demo: bool, say: Say) -> int:
    environment = {**environment, "TONGDIAN_PUBLIC_BASE_URL": f"http://127.0.0.1:{port}"}
    web = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--blocking-threads", "8",
        "--no-access-log", "--log-level", "warning", "tongdian.service.wsgi:application",
    ]  # fmt: skip
    worker = [sys.executable, "-m", "tongdian.cli", "worker"]
    children = [subprocess.Popen(command, env=environment) for command in (web, worker)]
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    say(f"通电已启动：http://127.0.0.1:{port}/", f"Tongdian is up: http://127.0.0.1:{port}/")
    if demo:
        say(
            f"演示账户见登录页 http://127.0.0.1:{port}/account/login/ ，按 Ctrl-C 结束。",
            f"Demo accounts are on http://127.0.0.1:{port}/account/login/ ; Ctrl-C ends it.",
        )
    while not stopping.wait(0.5):
        if any(child.poll() is not None for child in children):
            break
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if stopping.is_set() else 1


def run_worker() -> int:
    """The sequencer's loop beside Procrastinate's timed jobs."""
    with with_database():
        import django

        django.setup()
        from django.core.management import call_command

        from tongdian.service.casework.sequencer import run_forever

        done = threading.Event()
        loop = threading.Thread(target=run_forever, kwargs={"stop": done.is_set}, daemon=True)
        loop.start()
        try:
            call_command("procrastinate", "worker", verbosity=0)
        finally:
            done.set()
            loop.join(3)
    return 0
