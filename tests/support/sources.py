"""The source tree, read as text and syntax: for tests of how the house is built."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tongdian

PACKAGE = Path(tongdian.__file__).resolve().parent
SERVICE = PACKAGE / "service"
ROOMS = (
    "portal", "api", "supervision", "leads", "connection", "approval", "exchange", "privacy",
    "casework", "identity", "look",
)  # fmt: skip


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def modules(folder: Path = PACKAGE) -> Iterator[Path]:
    """Every Python file but migrations, which write tables before there is a house."""
    for path in sorted(folder.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def name_of(path: Path) -> str:
    """`service/casework/perform.py`, for messages and lists."""
    return path.resolve().relative_to(PACKAGE).as_posix()


def templates() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((SERVICE / room).glob("templates/**/*.html"))
    yield from sorted((SERVICE / "templates").glob("**/*.html"))
