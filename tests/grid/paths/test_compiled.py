"""What is compiled stays true to its source: Numba keeps code by the file of the function alone."""

import ast
import doctest
from pathlib import Path

import numpy as np

import tongdian.grid.paths
from support.sources import modules, parsed
from tongdian.grid.paths import kernels, routes
from tongdian.grid.paths import snap as snapping
from tongdian.grid.paths.disjoint import disjoint_pair
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.snap import SegmentGrid, snap
from tongdian.grid.paths.streets import CENTRE
from tongdian.grid.paths.warm import warm

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


def test_one_compiled_form_serves_all(town: RouteNetwork, tmp_path: Path) -> None:
    """In memory or mapped, warmed or not: no question has to wait for the compiler again."""
    warm()
    town.save(tmp_path / "town")
    for network in (town, RouteNetwork.open(tmp_path / "town")):
        mask = np.ones(network.attachments.capacity, dtype=np.bool_)
        nearest(network, Origin.at(5), feasible=mask, max_cost_fen=10**12)
        disjoint_pair(
            network, Origin.at(5), network.attachments.busbar, feasible=mask, certify=True
        )
        grid = SegmentGrid.of(network.graph)
        snap(grid, network.graph, network.prices, *CENTRE)
    called_from_python = (
        kernels.explore, kernels.lay_down, kernels.augment, kernels.potentials, routes.trace,
        snapping.closest, snapping.spread,
    )  # fmt: skip
    assert [len(kernel.signatures) for kernel in called_from_python] == [1] * 7


def test_the_example_of_the_room_is_true() -> None:
    done = doctest.testmod(tongdian.grid.paths)
    assert done.failed == 0 < done.attempted
