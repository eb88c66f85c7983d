"""Running PostgreSQL's programs as a user that may do nothing else."""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tongdian.places import UNPRIVILEGED_UID
from tongdian.problem import Problem

PROC = Path("/proc")


class EmbeddedError(Problem):
    """The server cannot be made or started; says why and what to do."""


def write_private(path: Path, text: str) -> None:
    """A new file that only its owner may read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)


def give_away(path: Path) -> None:
    """Make `path` the unprivileged user's when we are root; a folder not yet theirs entirely so."""
    if os.geteuid() != 0 or path.stat().st_uid == UNPRIVILEGED_UID:
        return
    for root, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(root) / name, UNPRIVILEGED_UID, -1, follow_symlinks=False)
    os.chown(path, UNPRIVILEGED_UID, -1)


def command_of(pid: int) -> str:
    """The command line of a live process; empty when there is none, or only its remains."""
    if PROC.exists():
        try:
            return (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            return ""
    listing = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout


def working_in(folder: Path) -> list[int]:
    """Live processes whose working folder is `folder`, as that of every PostgreSQL process is its
    data. Those of other users are not seen, nor is anything without /proc."""
    found = []
    for entry in PROC.glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def run(*command: object) -> str:
    """Run a PostgreSQL program, as the unprivileged user when we are root; returns what it says."""
    extra: dict[str, Any] = {}
    if os.geteuid() == 0:
        extra = {"user": UNPRIVILEGED_UID, "group": UNPRIVILEGED_UID, "extra_groups": []}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    with tempfile.TemporaryFile() as out:
        try:
            done = subprocess.run(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={**environment, "LC_ALL": "C"},
                check=False,
                **extra,
            )
        except OSError as error:
            raise EmbeddedError(
                f"无法运行 {command[0]}：{error}", f"cannot run {command[0]}: {error}."
            ) from None
        out.seek(0)
        words = out.read().decode(errors="replace").strip()
        if done.returncode:
            name = Path(str(command[0])).name
            raise EmbeddedError(f"{name} 失败：{words}", f"{name} failed: {words}")
        return words
