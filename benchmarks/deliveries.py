"""Webhooks end to end, from the sequenced log to a real receiver, against bare posts of the same
bodies by the same client with the same concurrency."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from benchmarks.support import database, line
from tongdian.service.children import start_child

CUSTOMERS = int(os.environ.get("TONGDIAN_BENCH_CUSTOMERS", "2500"))
CONCURRENCY = 16


def main() -> None:
    with database(), _receiver() as url:
        _measure(url)


@contextmanager
def _receiver() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "1", "--blocking-threads", "4", "--no-access-log"),
        *("--log-level", "error", "benchmarks.receiver:application"),
    ]
    child = start_child(command, os.environ)
    url = f"http://127.0.0.1:{port}/webhooks/bench/"
    try:
        for _ in range(200):
            try:
                httpx.post(url, content=b"{}")
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        yield url
    finally:
        child.terminate()
        child.wait()


def _measure(url: str) -> None:
    from tongdian.service.demo import build
    from tongdian.service.exchange import following
    from tongdian.service.exchange.endpoints import create_endpoint
    from tongdian.service.exchange.fanout import WEBHOOKS
    from tongdian.service.exchange.models import Delivery, Follower
    from tongdian.service.exchange.sender import Sender
    from tongdian.service.identity.actors import SYSTEM
    from tongdian.service.identity.models import Organisation

    build(customers=CUSTOMERS)
    following.install()
    everything = Organisation.objects.get(code="GYPS")
    create_endpoint(organisation=everything, name="bench", url=url, actor=SYSTEM)
    Follower.objects.filter(pk=WEBHOOKS.name).update(cursor=-1)
    started = time.perf_counter()
    following.follow(WEBHOOKS)
    followed = time.perf_counter() - started
    count = Delivery.objects.count()
    sender = Sender(CONCURRENCY, 2 * CONCURRENCY)
    started = time.perf_counter()
    sender.drain()
    sent = time.perf_counter() - started
    sender.close()
    assert Delivery.objects.filter(state="delivered").count() == count
    bound = _bare(url)
    line(
        f"{count:,} events followed to one endpoint",
        f"{count / followed:,.0f} /s",
        "each asks who wants it and may see the case",
    )
    line(
        f"{count:,} deliveries signed, sent and written down",
        f"{count / sent:,.0f} /s",
        f"bare posts of the same bodies {count / bound:,.0f} /s ({sent / bound:.1f} ×)",
    )
    line(
        "from the log to the receiver, both after each other",
        f"{count / (followed + sent):,.0f} /s",
    )


def _bare(url: str) -> float:
    """Seconds to post every body with nothing around it."""
    from tongdian.service.exchange import cloudevents, following

    events = following.events_between(-1, following.end_of_log(), None)
    bodies = [cloudevents.to_bytes(cloudevents.cloud_event(event)) for event in events]
    headers = {"Content-Type": cloudevents.CONTENT_TYPE}
    limits = httpx.Limits(max_connections=CONCURRENCY, max_keepalive_connections=CONCURRENCY)
    with httpx.Client(limits=limits) as client, ThreadPoolExecutor(CONCURRENCY) as pool:
        started = time.perf_counter()
        answers = pool.map(
            lambda b: client.post(url, content=b, headers=headers).status_code, bodies
        )
        assert set(answers) == {200}
        return time.perf_counter() - started
