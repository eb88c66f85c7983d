"""The cheapest attachments, against networkx on small worlds and scipy on a city."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from grid.paths.worlds import World, distances, worlds
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.routes import Route


def ranked(world: World) -> list[tuple[int, int]]:
    """Cost and row of every feasible attachment that can be reached, cheapest first."""
    reach = distances(world)
    return sorted(
        (reach[node] + cost, row)
        for row, (node, cost) in enumerate(world.attachments)
        if world.feasible[row] and node in reach
    )


def told(routes: list[Route]) -> list[tuple[int, int]]:
    return [(route.cost_fen, route.attachment) for route in routes]


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(1, 6))
def test_the_k_cheapest_are_those_of_networkx(world: World, count: int) -> None:
    routes = nearest(world.network, world.origin, count=count, feasible=world.feasible)
    assert told(routes) == ranked(world)[:count]


@settings(max_examples=150, deadline=None)
@given(worlds(), st.integers(1, 6), st.integers(1, 2))
def test_no_group_gets_more_than_its_share(world: World, count: int, per_group: int) -> None:
    taken: Counter[int] = Counter()
    wanted = []
    for cost, row in ranked(world):
        taken[world.groups[row]] += 1
        if taken[world.groups[row]] <= per_group:
            wanted.append((cost, row))
    routes = nearest(
        world.network, world.origin, count=count, feasible=world.feasible,
        groups=world.groups, per_group=per_group,
    )  # fmt: skip
    assert told(routes) == wanted[:count]


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 40))
def test_nothing_dearer_than_the_bound(world: World, most: int) -> None:
    routes = nearest(
        world.network, world.origin, count=9, feasible=world.feasible, max_cost_fen=most
    )
    assert told(routes) == [each for each in ranked(world) if each[0] <= most]


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_routes_are_walks_that_cost_what_they_say(world: World) -> None:
    for route in nearest(world.network, world.origin, count=9):
        halves = world.halves()
        half = 0 if route.lead is None or route.lead[0] == 0.0 else 1
        assert (route.lead is None) == (world.origin.edge < 0)
        node, cost = halves[half]
        assert route.nodes[0] == node
        for edge, head in zip(route.edges.tolist(), route.nodes[1:].tolist(), strict=True):
            a, b, price = world.edges[edge]
            assert {a, b} == {node, head}
            node, cost = head, cost + price
        place, own = world.attachments[route.attachment]
        assert (node, cost + own) == (place, route.cost_fen)


@settings(max_examples=100, deadline=None)
@given(worlds(), worlds())
def test_an_answer_does_not_depend_on_the_question_before(world: World, other: World) -> None:
    fresh = nearest(world.network, world.origin, count=9)
    if other.network.graph.nodes == world.network.graph.nodes:
        nearest(world.network, Origin.at(0), count=9)
    again = nearest(world.network, world.origin, count=9)
    assert [(r.edges.tolist(), r.lead) for r in fresh] == [
        (r.edges.tolist(), r.lead) for r in again
    ]


def test_equal_ways_fall_by_the_lower_segment() -> None:
    """Two ways round a block cost the same: the answer is the same, however the block is turned."""
    from tongdian.grid.paths.attachments import Attachments
    from tongdian.grid.paths.graph import StreetGraph
    from tongdian.grid.paths.prices import Prices

    lon, lat = [106.70, 106.71, 106.70, 106.71], [26.50, 26.50, 26.51, 26.51]
    for ends in ([(0, 1), (0, 2), (1, 3), (2, 3)], [(0, 2), (0, 1), (2, 3), (1, 3)]):
        graph = StreetGraph.build(lon, lat, ends)
        network = RouteNetwork(
            graph, Prices.given(graph, [7, 7, 7, 7]), Attachments.build(4, [3], [0])
        )
        assert nearest(network, Origin.at(0))[0].edges.tolist() == [0, 2]


def test_a_city_against_scipy(town: RouteNetwork) -> None:
    graph, cost = town.graph, town.prices.cost_fen
    allowed = cost > 0
    ends = graph.ends[allowed]
    matrix = csr_array(
        (cost[allowed].astype(np.float64), (ends[:, 0], ends[:, 1])), (graph.nodes, graph.nodes)
    )
    rows = town.attachments.rows[: len(town.attachments)]
    for node in np.random.default_rng(3).integers(0, graph.nodes, 25).tolist():
        reach = dijkstra(matrix, directed=False, indices=node)[rows["node"]] + rows["cost"]
        best = np.sort(reach)[:5]
        assert [route.cost_fen for route in nearest(town, Origin.at(node))] == best.tolist()


def test_threads_answer_as_one_does(town: RouteNetwork) -> None:
    places = np.random.default_rng(4).integers(0, town.graph.nodes, 200).tolist()

    def ask(node: int) -> list[tuple[int, int]]:
        return told(nearest(town, Origin.at(node)))

    alone = [ask(node) for node in places]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, places)) == alone


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"count": 0}, "bad_count"),
        ({"per_group": 1}, "bad_count"),
        ({"groups": [1, 2], "per_group": 1}, "bad_shape"),
        ({"origin": Origin.at(-5)}, "unknown_node"),
        ({"origin": Origin(-1, 10**7, 0.5)}, "bad_origin"),
        ({"origin": Origin(-1, 0, 1.0)}, "bad_origin"),
    ],
)
def test_bad_questions_are_refused(town: RouteNetwork, asked: dict, code: str) -> None:
    origin = asked.pop("origin", Origin.at(0))
    with pytest.raises(PathError) as caught:
        nearest(town, origin, **asked)
    assert caught.value.code == code
    assert caught.value.remedy_zh
    assert caught.value.remedy_en
