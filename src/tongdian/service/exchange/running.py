"""The exchange's threads in the worker: followers of the log, webhooks, and messages to people."""

import logging
import threading
from collections.abc import Callable

logger = logging.getLogger(__name__)
IDLE_SECONDS = 1.0
AGAIN_SECONDS = 3.0


def follow_forever(stopping: threading.Event, news: threading.Event, work: threading.Event) -> None:
    """Follow the log until `stopping`. `news` is set when something was sequenced; what others have
    sequenced is seen within a second. Sets `work` when there may be something to send."""
    from tongdian.service.exchange.following import follow_all, install

    def once() -> None:
        install()
        if follow_all():
            work.set()
        news.wait(IDLE_SECONDS)
        news.clear()

    _forever(stopping, once)


def send_forever(stopping: threading.Event, work: threading.Event) -> None:
    """Send webhooks until `stopping`."""
    from tongdian.service.exchange.sender import Sender

    def once() -> None:
        sender = Sender()
        try:
            sender.run(stopping, work, IDLE_SECONDS)
        finally:
            sender.close()

    _forever(stopping, once)


def tell_forever(stopping: threading.Event) -> None:
    """Send messages to people until `stopping`."""
    from tongdian.service.exchange.gateway import send_due

    def once() -> None:
        if not send_due():
            stopping.wait(IDLE_SECONDS)

    _forever(stopping, once)


def _forever(stopping: threading.Event, once: Callable[[], None]) -> None:
    """Again and again; survives a lost database and a bug."""
    from django.db import Error, close_old_connections

    while not stopping.is_set():
        try:
            close_old_connections()
            once()
        except Error as error:
            logger.warning("the exchange waits: %s", error)
            stopping.wait(AGAIN_SECONDS)
        except Exception:
            logger.exception("the exchange stumbled; trying again")
            stopping.wait(AGAIN_SECONDS)
