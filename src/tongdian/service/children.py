"""Child processes that live and die with the program that started them."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 10.0
GIVE_UP_AFTER = 5
SETTLED_SECONDS = 60.0
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def start_child(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    stdout: int | IO[Any] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start a program that is told to end when we do, even by kill -9 (on Linux).

    It gets a session of its own, so that Ctrl-C reaches us alone and we stop it in order. To be
    called from the main thread: the kernel watches the thread that started the child.
    """
    parent = os.getpid()

    def tie() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(
        list(command),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        start_new_session=True,
        preexec_fn=tie,
    )


@dataclass
class Child:
    """A process that is to run as long as we do: started again when it ends, later each time."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    started_at: float = 0.0
    again_at: float = field(default=0.0)

    def start(self) -> None:
        self.process = start_child(self.command, self.environment)
        self.started_at = time.monotonic()

    def look_after(self, ended: Callable[["Child", int], None]) -> bool:
        """Start it again if it has ended. Returns False when it keeps ending."""
        now = time.monotonic()
        if self.process is not None:
            status = self.process.poll()
            if status is None:
                return True
            self.process = None
            self.failures = 1 if now - self.started_at > SETTLED_SECONDS else self.failures + 1
            self.again_at = now + min(2.0 ** (self.failures - 1), 30.0)
            ended(self, status)
        if self.failures >= GIVE_UP_AFTER:
            return False
        if now >= self.again_at:
            self.start()
        return True


def stop_all(children: Sequence[Child]) -> None:
    """Ask all to end, and end those that have not after a while, with all they have started."""
    for child in children:
        if child.process is not None:
            child.process.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(end - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
