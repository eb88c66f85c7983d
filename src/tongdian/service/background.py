"""The worker: the loops of sequencer and exchange beside Procrastinate's timed jobs."""

import asyncio
import logging
import signal
import threading
from types import FrameType

logger = logging.getLogger(__name__)
AGAIN_SECONDS = 3.0
SEQUENCE_SECONDS = 0.25  # how long followers of the log wait for an event, at most


def run_worker() -> int:
    """Work until SIGINT or SIGTERM; outlives a database that comes and goes. Needs Django set up.

    Any number of workers may run, on any number of machines.
    """
    from tongdian.service.exchange.running import (
        follow_forever,
        send_forever,
        tell_forever,
    )

    stopping, news, work = threading.Event(), threading.Event(), threading.Event()
    threads = [
        threading.Thread(target=_sequence, args=(stopping, news), name="sequencer"),
        threading.Thread(target=follow_forever, args=(stopping, news, work), name="followers"),
        threading.Thread(target=send_forever, args=(stopping, work), name="sender"),
        threading.Thread(target=tell_forever, args=(stopping,), name="messages"),
    ]
    for thread in threads:
        thread.start()
    try:
        while not stopping.is_set():
            try:
                # Returns after a signal, and only then.
                asyncio.run(_jobs())
                stopping.set()
            except Exception as error:
                logger.warning("jobs wait: %s", error)
                _sleep(stopping)
    except KeyboardInterrupt:
        pass
    finally:
        for event in (stopping, news, work):
            event.set()
        for thread in threads:
            thread.join(10)
    return 0


def _sleep(stopping: threading.Event) -> None:
    """Until the next attempt, or a signal."""

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    stopping.wait(AGAIN_SECONDS)


def _sequence(stopping: threading.Event, news: threading.Event) -> None:
    from tongdian.service.casework.sequencer import run_forever

    while not stopping.is_set():
        try:
            run_forever(SEQUENCE_SECONDS, stop=stopping.is_set, sequenced=news.set)
        except Exception:
            logger.exception("sequencing failed; trying again")
            stopping.wait(AGAIN_SECONDS)


async def _jobs() -> None:
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
    with app.replace_connector(connector):
        async with app.open_async():
            await app.run_worker_async(delete_jobs="successful", shutdown_graceful_timeout=5)
