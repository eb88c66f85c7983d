"""Real processes against the real database: forked, raced, and killed without warning."""

import json
import multiprocessing
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, connections

FORK = multiprocessing.get_context("fork")
PATIENCE_SECONDS = 60


@dataclass
class Child:
    """A process of ours. What it reports is on disk at once and outlives a kill -9."""

    pid: int
    report: Path
    status: int | None = field(default=None)

    def lines(self) -> list[Any]:
        """What it has reported so far, whole lines only."""
        text = self.report.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def kill(self) -> None:
        """kill -9: no handler runs, no transaction is ended by it."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Its exit status; negative for the signal that ended it."""
        if self.status is None:
            self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status

    def ended(self) -> bool:
        options = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, options) is not None

    def await_report(self, count: int = 1) -> None:
        """Until it has reported `count` lines, or has ended."""
        end = time.monotonic() + PATIENCE_SECONDS
        while len(self.lines()) < count:
            if time.monotonic() > end or self.ended():
                raise AssertionError(f"process {self.pid} reported only {self.lines()}")
            time.sleep(0.002)


Task = Callable[[Callable[[Any], None]], None]


def fork(task: Task) -> Child:
    """Run `task(report)` in a process of its own, with a database connection of its own."""
    connections.close_all()
    folder = os.environ["TONGDIAN_TEST_FOLDER"]  # goes with the run
    descriptor, name = tempfile.mkstemp(prefix="child-", dir=folder)
    os.close(descriptor)
    path = Path(name)
    pid = os.fork()
    if pid:
        return Child(pid, path)
    status = 1
    try:
        connection.connection = None
        target = os.open(path, os.O_WRONLY | os.O_APPEND)

        def report(value: Any) -> None:
            os.write(target, (json.dumps(value, ensure_ascii=False) + "\n").encode())

        task(report)
        status = 0
    except BaseException:  # the parent is told, whatever it was
        traceback.print_exc()
    finally:
        os._exit(status)


def race(tasks: Sequence[Task]) -> list[list[Any]]:
    """Run all tasks at once, wait for their end, and give what each reported."""
    gate = FORK.Barrier(len(tasks))

    def started(task: Task) -> Task:
        def run(report: Callable[[Any], None]) -> None:
            connection.ensure_connection()
            gate.wait(PATIENCE_SECONDS)
            task(report)

        return run

    children = [fork(started(task)) for task in tasks]
    statuses = [child.wait() for child in children]
    assert statuses == [0] * len(tasks), statuses
    return [child.lines() for child in children]
