"""Rooms speak to each other through what they say in public; the floors are import-linter's."""

import ast
import subprocess
import sys
from pathlib import Path

from support.sources import PACKAGE, ROOMS, SERVICE, modules, name_of, parsed

PREFIX = "tongdian.service."
COMMON = {"casework", "identity", "look"}
# What a room says in public, beside `actions` and `selectors`: the words, shapes and rules of its
# process. Never its models, forms, views, jobs or templates.
PUBLIC = {"actions", "selectors", "commands", "process", "labels", "messages"}
# What a room offers besides.
DOORS = {
    # Followers of the log, messages in, facts and credit, and what any signed post is made of.
    "exchange": {
        "consumers",
        "inbound",
        "facts",
        "credit",
        "claims",
        "cloudevents",
        "schedule",
        "signing",
    },
    "approval": {"limits"},  # part of the process that the connection takes in
}
# Modules of the common rooms that only these may use.
RESERVED = {
    "casework.rows": set(),
    "casework.bulk": {"service/demo.py", "service/demo_build.py"},
    # Foreign keys to organisations, and the questions asked along them.
    "identity.models": {
        "service/portal/selectors.py",
        *(
            f"service/exchange/{name}.py"
            for name in (
                "views_events",
                "scope",
                "selectors",
                "sources",
                "endpoints",
                "models/webhooks",
                "models/inbound",
            )
        ),
    },
}


def imported(path: Path) -> list[tuple[str, str]]:
    """Room and module of each import from another room: ("connection", "actions")."""
    found: list[tuple[str, str]] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PREFIX):
            parts = str(node.module).removeprefix(PREFIX).split(".")
            rest = ".".join(parts[1:])
            found += [(parts[0], rest or alias.name) for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(PREFIX):
                    parts = alias.name.removeprefix(PREFIX).split(".")
                    found.append((parts[0], ".".join(parts[1:])))
    return found


def _crossing() -> list[tuple[str, str, str]]:
    """File, room and module of every import that leaves a room."""
    return [
        (name_of(path), other, module)
        for room in ROOMS
        for path in modules(SERVICE / room)
        for other, module in imported(path)
        if other != room and other in ROOMS
    ]


def test_a_room_uses_another_through_its_public_modules_alone() -> None:
    wrong = [
        f"{name} imports {room}.{module}"
        for name, room, module in _crossing()
        if room not in COMMON and module not in PUBLIC | DOORS.get(room, set())
    ]
    assert wrong == []


def test_nothing_imports_the_portal_and_the_api() -> None:
    wrong = [f"{n} imports {r}.{m}" for n, r, m in _crossing() if r in ("portal", "api")]
    assert wrong == []


def test_some_modules_are_the_rooms_own() -> None:
    wrong = [
        f"{name} imports {room}.{module}"
        for name, room, module in _crossing()
        if name not in RESERVED.get(f"{room}.{module}", {name})
    ]
    assert wrong == []


def test_no_signals() -> None:
    """What happens is called; it is not listened for."""
    wrong = [
        name_of(path)
        for path in modules(SERVICE)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").endswith(("signals", "dispatch"))
    ]
    assert wrong == []


def test_the_floors_are_kept() -> None:
    """import-linter's contracts, as `make check` runs them."""
    root = PACKAGE.parents[1]
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
