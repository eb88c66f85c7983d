"""What is compiled stays true to its source: Numba keeps code by the file of the function alone."""

import ast
from pathlib import Path

import tongdian.grid.paths
from support.sources import modules, parsed

FOLDER = Path(tongdian.grid.paths.__file__).parent
MARKS = {"compiled", "inlined"}


def marked(tree: ast.Module) -> list[ast.FunctionDef]:
    return [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(mark, ast.Name) and mark.id in MARKS for mark in node.decorator_list)
    ]


def called_from_elsewhere(tree: ast.Module) -> set[str]:
    """Names a module's compiled functions call that it imports from another of our modules."""
    imported = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tongdian")
        for alias in node.names
    }
    calls = {
        node.func.id
        for function in marked(tree)
        for statement in function.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return imported & calls


def test_a_compiled_function_calls_only_those_of_its_own_file() -> None:
    files = list(modules(FOLDER))
    assert sum(len(marked(parsed(path))) for path in files) >= 8
    assert {path.name: called_from_elsewhere(parsed(path)) for path in files} == {
        path.name: set() for path in files
    }
