"""Folders that processes map and share, and updates that the others see."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.storage import load

ANOTHER_PROCESS = """
import sys
from pathlib import Path
from tongdian.grid.paths.network import RouteNetwork
network = RouteNetwork.open(Path(sys.argv[1]), writable=True)
print(network.attachments.add(int(sys.argv[2]), 0, feeder=900, busbar=900, substation=900))
network.prices.change(network.graph, int(sys.argv[3]), 12345)
"""


def answers(network: RouteNetwork) -> list[tuple[int, int, list[int]]]:
    return [
        (route.attachment, route.cost_fen, route.edges.tolist())
        for node in range(0, network.graph.nodes, 400)
        for route in nearest(network, Origin.at(node))
    ]


def test_a_mapped_network_answers_as_the_one_in_memory(town: RouteNetwork, tmp_path: Path) -> None:
    town.save(tmp_path / "town")
    mapped = RouteNetwork.open(tmp_path / "town")
    assert answers(mapped) == answers(town)
    with pytest.raises(ValueError, match="read-only"):
        mapped.attachments.add(0, 0)
    town.save(tmp_path / "town")
    assert answers(mapped) == answers(town)


def test_what_another_process_adds_is_found_at_once(town: RouteNetwork, tmp_path: Path) -> None:
    town.save(tmp_path / "town")
    mapped = RouteNetwork.open(tmp_path / "town")
    node = int(np.flatnonzero(town.attachments.first < 0)[7])
    edge = int(town.graph.arc_edge[town.graph.start[node]])
    assert nearest(mapped, Origin.at(node))[0].cost_fen > 0
    done = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, str(tmp_path / "town"), str(node), str(edge)],
        env={**os.environ}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    best = nearest(mapped, Origin.at(node))[0]
    assert (best.attachment, best.cost_fen) == (int(done.stdout), 0)
    assert mapped.attachments.busbar[best.attachment] == 900
    assert len(mapped.attachments) == len(town.attachments) + 1
    assert mapped.prices.arcs["cost"][mapped.graph.edge_arcs[edge]].tolist() == [12345, 12345]


def test_a_new_row_is_infeasible_for_a_mask_made_before(town: RouteNetwork) -> None:
    table = Attachments.build(town.graph.nodes, [5], [0], spare=3)
    network = RouteNetwork(town.graph, town.prices, table)
    before = np.ones(1, dtype=np.bool_)
    row = table.add(6, 0)
    assert [route.attachment for route in nearest(network, Origin.at(6), feasible=before)] == [0]
    assert nearest(network, Origin.at(6))[0].attachment == row


def test_an_empty_graph_of_one_node_is_kept(tmp_path: Path) -> None:
    graph = StreetGraph.build([106.7], [26.5], [])
    from tongdian.grid.paths.prices import Prices

    RouteNetwork(graph, Prices.given(graph, []), Attachments.build(1, [0], [3])).save(
        tmp_path / "x"
    )
    mapped = RouteNetwork.open(tmp_path / "x")
    assert [route.cost_fen for route in nearest(mapped, Origin.at(0))] == [3]


@pytest.mark.parametrize("damage", ["missing", "cut", "other", "layout"])
def test_a_damaged_folder_is_refused(town: RouteNetwork, tmp_path: Path, damage: str) -> None:
    town.save(tmp_path / "town")
    streets = tmp_path / "town" / "streets"
    if damage == "missing":
        (streets / "lon.npy").unlink()
    elif damage == "cut":
        data = (streets / "lon.npy").read_bytes()
        (streets / "lon.npy").write_bytes(data[: len(data) // 2])
    elif damage == "other":
        streets = tmp_path / "town" / "prices"
    else:
        (streets / "layout.json").write_text('{"table": "StreetGraph", "layout": 0}')
    with pytest.raises(PathError) as caught:
        load(StreetGraph, streets)
    assert caught.value.code in ("unreadable", "another_layout")
