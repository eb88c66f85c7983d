"""A world on disk and in several threads."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from support.schemes import place, streets, tables, town
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.schemes import SchemeError, World
from tongdian.grid.schemes.costs import default_costs
from tongdian.grid.schemes.quote import quote
from tongdian.grid.schemes.world import complete


def said(world: World, kw: float) -> dict[str, object]:
    return quote(world, *place(2.3, 1.05), kw).to_dict()


def test_what_is_saved_answers_the_same(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    world.save(folder)
    assert said(World.open(folder), 6000) == said(world, 6000)
    for name in ("routes/prices", "grid"):
        shutil.rmtree(folder / name)
    assert said(World.open(folder), 6000) == said(world, 6000)
    complete(folder)
    assert (folder / "routes" / "prices").is_dir()
    assert (folder / "grid").is_dir()
    assert said(World.open(folder), 6000) == said(world, 6000)


@pytest.mark.parametrize("lost", ["network", "routes", "wiring"])
def test_a_folder_that_lacks_something_is_no_world(world: World, tmp_path: Path, lost: str) -> None:
    folder = tmp_path / "city"
    world.save(folder)
    shutil.rmtree(folder / lost)
    with pytest.raises(SchemeError, match=lost):
        World.open(folder)


def test_every_attachment_has_its_node(world: World) -> None:
    for node in ([0, 1], [*world.node[:-1].tolist(), 99]):
        with pytest.raises(SchemeError, match="no node of the network"):
            World.of(tables(), world.routes, node)


def test_an_attachment_without_a_node_is_left_out() -> None:
    graph = streets()
    free = Attachments.build(len(graph.lon), [7, 2], [0, 0])
    routes = RouteNetwork(graph, Prices.of(graph, default_costs().model()), free)
    world = World.of(tables(), routes, [-1, -1])
    answer = quote(world, *place(2.3, 1.05), 500)
    assert (answer.schemes, answer.infeasible) == ((), ())
    assert "到不了任何接入点" in answer.why[0]
    twice = quote(world, *place(2.3, 1.05), 500, is_dual=True)
    assert twice.best is None
    assert twice.why[0]


def test_threads_share_a_world() -> None:
    world = town()
    loads = np.linspace(100, 8000, 24).tolist()
    alone = [said(world, kw) for kw in loads]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda kw: said(world, kw), loads)) == alone
