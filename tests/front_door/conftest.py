"""A folder for databases of our own, and the `tongdian` programs that run on it."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.programs import Program
from tongdian.embedded import EmbeddedPostgres


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A data folder that does not exist yet, below one that everybody may enter."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    above = Path(
        tempfile.mkdtemp(prefix=f"front-door-{worker}-", dir=os.environ["TONGDIAN_TEST_FOLDER"])
    )
    above.chmod(0o755)
    folder = above / "data"
    yield folder
    EmbeddedPostgres(folder / "postgres").stop_unused()
    shutil.rmtree(above, ignore_errors=True)


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., Program]]:
    """Starts programs on the folder; those that a failed test leaves are ended."""
    started: list[Program] = []

    def begin(*arguments: str, **more: str) -> Program:
        started.append(Program(place, *arguments, **more))
        return started[-1]

    yield begin
    for program in started:
        program.stop()


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]
