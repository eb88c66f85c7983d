"""The sandbox's own server: one process with many threads, on this machine alone."""

import os

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tongdian.sandbox import app

HOST = "127.0.0.1"
THREADS = 32


def serve(port: int, seed: int, customers: int, target: str = "") -> None:
    """Serve until interrupted."""
    os.environ.update({app.SEED: str(seed), app.CUSTOMERS: str(customers), app.TARGET: target})
    Granian(
        "tongdian.sandbox.app:application",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
        workers_kill_timeout=3,
    ).serve()
