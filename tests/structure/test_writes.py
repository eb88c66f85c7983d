"""Cases and events are written through `perform` and the bulk path; nothing else writes them."""

import ast
import re
from collections.abc import Iterator

import pytest

from support.sources import PACKAGE, SERVICE, modules, name_of, parsed
from tongdian.service.casework.models import Case, Event

# The one write path, its statements, the tested bulk path, and the city that is streamed by it.
WRITERS = {
    "service/casework/perform.py",
    "service/casework/rows.py",
    "service/casework/bulk.py",
}
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete",
    "save", "add", "set", "clear", "remove", "raw",
}  # fmt: skip
MODELS = {"Case", "Event"}
ROWS = {"case", "event", "case_row", "event_row"}
COLUMNS = {field.attname for model in (Case, Event) for field in model._meta.concrete_fields}
TABLES = re.compile(
    r"(insert\s+into|update|delete\s+from|truncate(\s+table)?|copy)\s+\"?casework_(case|event)\b",
    re.I,
)


def _chain(node: ast.expr) -> tuple[str, list[str]]:
    """Where `Case.objects.filter(…).update` starts, and the names it goes through."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return (node.id if isinstance(node, ast.Name) else ""), names[::-1]


def writes(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and words of everything that looks like writing a case or an event."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            root, names = _chain(node.func)
            if names[-1] in WRITES and (
                (root in MODELS and "objects" in names)
                or "events" in names[:-1]
                or (root in ROWS and len(names) == 1 and names[-1] in ("save", "delete"))
            ):
                yield node.lineno, f"{root}.{'.'.join(names)}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in MODELS:
                yield node.lineno, f"{node.func.id}(…)"
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute):
                    root, names = _chain(target)
                    if root in ROWS and len(names) == 1 and names[0] in COLUMNS:
                        yield node.lineno, f"{root}.{names[0]} = …"
        elif isinstance(node, ast.Constant | ast.JoinedStr):
            text = node.value if isinstance(node, ast.Constant) else ast.unparse(node)
            if isinstance(text, str) and TABLES.search(text):
                yield node.lineno, text[:60]


def test_nothing_else_writes_cases_and_events() -> None:
    """Pure rooms cannot: import-linter keeps them from the database."""
    found = [
        f"{name_of(path)}:{line} {what}"
        for folder in (SERVICE, PACKAGE / "commands")
        for path in modules(folder)
        if name_of(path) not in WRITERS
        for line, what in writes(parsed(path))
    ]
    assert found == []


def test_the_writers_are_there_and_write() -> None:
    """The list does not go stale."""
    names = {name_of(path): path for path in modules()}
    assert names.keys() >= WRITERS
    assert any(True for _ in writes(parsed(names["service/casework/perform.py"])))


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.create(number='x')",
        "Case.objects.filter(pk=1).update(stage='x')",
        "Event.objects.bulk_create([])",
        "case.events.create(kind='x')",
        "case.events.filter(seq=1).delete()",
        "case.save()",
        "event.delete()",
        "case.stage = 'closed'",
        "case.seq += 1",
        "row = Case(number='x')",
        "cursor.execute('UPDATE casework_case SET stage = 1')",
        "cursor.execute(f'DELETE FROM casework_event WHERE id = {x}')",
        "cursor.execute('insert into \"casework_event\" values (1)')",
    ],
)
def test_the_walk_sees(code: str) -> None:
    assert list(writes(ast.parse(code))), code


@pytest.mark.parametrize(
    "code",
    [
        "Case.objects.select_for_update().filter(number=n).first()",
        "digest.update(case.head_hash)",
        "Evidence.objects.filter(digest=d).update(case=case)",
        "found = case.events.order_by('seq')",
        "facts.update(case=1)",
    ],
)
def test_the_walk_leaves_reading_alone(code: str) -> None:
    assert not list(writes(ast.parse(code))), code
