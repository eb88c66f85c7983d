"""Timing, and a private database for the benchmarks that need one."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def best_of(run: Callable[[], object], rounds: int = 5) -> float:
    """Seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return min(times)


def latencies(run: Callable[[int], object], count: int) -> list[float]:
    """Seconds of each call."""
    times = []
    for index in range(count):
        started = time.perf_counter()
        run(index)
        times.append(time.perf_counter() - started)
    return times


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def line(what: str, value: str, against: str = "", goal: str = "") -> None:
    print(f"{what:<58} {value:>16}  {against:<44} {('goal ' + goal) if goal else ''}", flush=True)


def middle(times: list[float]) -> float:
    return statistics.median(times)


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """A durable private server with migrations applied; yields the web role's environment."""
    from tongdian.embedded import OWNER, WEB, EmbeddedPostgres

    folder = Path(tempfile.mkdtemp(prefix="tongdian-bench-"))
    folder.chmod(0o755)
    (folder / "static").mkdir()
    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.start()
        os.environ.update(
            TONGDIAN_DATA=str(folder),
            TONGDIAN_SECRET_KEY="benchmarks-only",
            TONGDIAN_DATABASE_URL=server.dsn(OWNER),
            TONGDIAN_DEMO="1",
            DJANGO_SETTINGS_MODULE="tongdian.service.settings",
        )
        import django
        from django.conf import settings

        if settings.configured:
            from django.db import connections

            from tongdian.service.settings import _database

            connections.close_all()
            connections["default"].settings_dict.update(_database(server.dsn(OWNER)))
        django.setup()
        from tongdian.service import demo
        from tongdian.service.identity.seeds import seed_demo_users, seed_organisations

        demo.prepare()
        seed_organisations()
        seed_demo_users()
        yield {**os.environ, "TONGDIAN_DATABASE_URL": server.dsn(WEB)}
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
