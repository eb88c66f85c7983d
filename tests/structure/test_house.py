"""Every room has the same files with the same names, so that knowing one is knowing all."""

import ast

import pytest

from support.sources import PACKAGE, ROOMS, SERVICE, modules, name_of, parsed

NOT_A_NAME = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "signals",
    "serializers",
    "core",
}
MOST_LINES = 600
MOST_STATEMENT_LINES = 90


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_the_files_of_the_house(room: str) -> None:
    folder = SERVICE / room
    names = {path.name for path in folder.iterdir()}
    assert {"__init__.py", "apps.py", "urls.py"} <= names
    assert "models.py" not in names or "migrations" in names, "tables and their migrations"
    assert not (folder / "__init__.py").read_text(encoding="utf-8").strip()
    if "templates" in names:
        assert [path.name for path in (folder / "templates").iterdir() if path.is_dir()] != []


@pytest.mark.parametrize(
    "room", [room for room in ROOMS if (SERVICE / room / "templates").exists()]
)
def test_a_room_with_words_speaks_english_too(room: str) -> None:
    assert (SERVICE / room / "locale" / "en" / "LC_MESSAGES" / "django.po").exists()


@pytest.mark.parametrize(
    "room", [room for room in ROOMS if (SERVICE / room / "actions.py").exists()]
)
def test_actions_name_who_acts(room: str) -> None:
    """Public functions of `actions.py` that change something take a keyword-only `actor`."""
    path = SERVICE / room / "actions.py"
    without = [
        node.name
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "actor" not in {argument.arg for argument in node.args.kwonlyargs}
    ]
    # The clock's own events are the system's, and a demo is seeded by whoever may run programs.
    assert set(without) <= {
        "deem_accepted", "record_overdue", "recompute_for_calendar", "seed_demo_users",
        "record_fact", "send_query_code",
    }  # fmt: skip


def test_no_file_is_called_after_nothing() -> None:
    assert [name_of(path) for path in modules() if path.stem in NOT_A_NAME] == []


def test_files_and_functions_are_small() -> None:
    long = [name_of(p) for p in modules() if len(p.read_text("utf-8").splitlines()) > MOST_LINES]
    # Both are one table or one file by design: the process, and the verifier that runs alone.
    assert set(long) <= {"proof/verify.py", "service/connection/process.py"}
    functions = [
        f"{name_of(path)}:{node.name}"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno > MOST_STATEMENT_LINES
    ]
    assert functions == []


def test_every_module_and_public_function_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in modules()
        if path.name not in ("__init__.py", "__main__.py", "apps.py", "urls.py", "settings.py")
        and not ast.get_docstring(parsed(path))
    ]
    assert silent == []


def test_pure_rooms_touch_no_clock_and_no_network() -> None:
    """What computes is told the time. Identifiers alone fall back on today, when nobody says."""
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for room in ("law", "proof", "energy", "indicators", "works", "grid", "reliability")
        for path in modules(PACKAGE / room)
        if "identifiers" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("now", "today", "utcnow", "urlopen")
    ]
    assert wrong == []
