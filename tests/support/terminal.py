"""The real `tongdian` command, in this process or in one of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TONGDIAN = Path(sys.executable).parent / "tongdian"


@dataclass(frozen=True)
class Answer:
    """What a command said, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document of its output."""
        (line,) = self.out.splitlines()
        return json.loads(line)


def environment(**more: str) -> dict[str, str]:
    """That of the machine, with nothing of ours but `more`."""
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TONGDIAN", "DJANGO")) and name != "PORT"
    }
    return {**mine, **more}


def run(*arguments: str, cwd: Path | None = None, **more: str) -> Answer:
    """`tongdian` with these arguments in a process of its own."""
    done = subprocess.run(
        [str(TONGDIAN), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env=environment(**more),
        timeout=60,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
