"""`tongdian` programs that run beside a test, and what they leave behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from support.terminal import TONGDIAN, environment

PATIENCE_SECONDS = 60


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Until it is so. Raises AssertionError."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def processes_of(folder: Path) -> list[str]:
    """The commands of all live processes that use a data folder: ours and the database's."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environ = (entry / "environ").read_bytes()
            where = (entry / "cwd").readlink()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        told = f"TONGDIAN_DATA={folder}".encode() in environ.split(b"\0")
        if command and (told or where.is_relative_to(folder)):
            found.append(f"{entry.name} {command}")
    return found


class Program:
    """A `tongdian` program that runs beside the test, in a session of its own."""

    def __init__(self, folder: Path, *arguments: str, **more: str) -> None:
        self.folder = folder
        self.output = folder.parent / f"{folder.name}.log"
        with self.output.open("ab") as log:
            self._begin = log.tell()
            self.process = subprocess.Popen(
                [str(TONGDIAN), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment(TONGDIAN_DATA=str(folder), **more),
                start_new_session=True,
            )

    def said(self) -> str:
        """All that it and its children have said so far."""
        return self.output.read_bytes()[self._begin :].decode()

    def await_words(self, words: str) -> None:
        wait_for(lambda: words in self.said() or self.process.poll() is not None, words)
        assert words in self.said(), self.said()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit status after a signal."""
        if self.process.poll() is None:
            os.kill(self.process.pid, number)
        return self.process.wait(PATIENCE_SECONDS)
