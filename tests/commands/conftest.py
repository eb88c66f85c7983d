"""`tongdian` in this process: the same `main`, without the start of a Python."""

from collections.abc import Callable

import pytest

from support.terminal import Answer
from tongdian.cli import main


@pytest.fixture
def tongdian(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Answer]:
    monkeypatch.delenv("TONGDIAN_LANG", raising=False)

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        try:
            status = main(arguments)
        except SystemExit as stop:
            status = int(stop.code or 0)
        said = capsys.readouterr()
        return Answer(status, said.out, said.err)

    return run
