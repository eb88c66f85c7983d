"""Pairs of routes that share no segment: against a flow solver, against enumeration, and proved."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid.paths.worlds import World, distances, enumerated_cost, flow_cost, without_edge, worlds
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.certificate import faults, lower_bound
from tongdian.grid.paths.disjoint import Certificate, DisjointPair, NoPair, disjoint_pair
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import Prices


def asked(world: World, **more: object) -> DisjointPair | NoPair:
    return disjoint_pair(
        world.network, world.origin, world.groups, feasible=world.feasible, certify=True, **more
    )  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None)
@given(worlds())
def test_the_pair_costs_what_a_flow_solver_says(world: World) -> None:
    answer, wanted = asked(world), flow_cost(world)
    if wanted is None:
        assert isinstance(answer, NoPair)
    else:
        assert isinstance(answer, DisjointPair)
        assert answer.cost_fen == wanted
        assert faults(world.network, world.origin, world.groups, answer, world.feasible) == []


@settings(max_examples=150, deadline=None)
@given(worlds(most_nodes=6, most_edges=9))
def test_the_pair_costs_what_enumeration_says(world: World) -> None:
    answer = asked(world)
    cost = answer.cost_fen if isinstance(answer, DisjointPair) else None
    assert cost == enumerated_cost(world)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_where_there_is_none_the_reason_is_true(world: World) -> None:
    answer = asked(world)
    if not isinstance(answer, NoPair):
        return
    reach = distances(world)
    reached = {world.groups[row] for row in world.usable() if world.attachments[row][0] in reach}
    if answer.reason == "unreachable":
        assert reached == set()
    elif answer.reason == "one_group":
        assert len(reached) == 1
    else:
        assert answer.reason == "bottleneck"
        assert answer.edge is not None
        if answer.edge == world.origin.edge:
            # One half of the customer's own segment is the only way: the other leads to nothing.
            lead = answer.route.lead if answer.route else None
            assert lead is not None
            other = world.halves()[1 if lead[0] == 0.0 else 0][0]
            apart = replace(without_edge(world, world.origin.edge), origin=Origin.at(other))
            assert not _reaches_any(apart)
        else:
            assert not _reaches_any(without_edge(world, answer.edge))


def _reaches_any(world: World) -> bool:
    reach = distances(world)
    return any(world.attachments[row][0] in reach for row in world.usable())


@settings(max_examples=100, deadline=None)
@given(worlds(), st.integers(0, 60))
def test_a_bound_on_the_cost_of_both(world: World, most: int) -> None:
    free, bounded = asked(world), asked(world, max_cost_fen=most)
    if isinstance(free, DisjointPair) and free.cost_fen <= most:
        assert isinstance(bounded, DisjointPair)
        assert bounded.cost_fen == free.cost_fen
    else:
        assert isinstance(bounded, NoPair)
        assert bounded.reason == "too_dear"


@settings(max_examples=150, deadline=None)
@given(worlds(), st.data())
def test_no_certificate_proves_too_much(world: World, data: st.DataObject) -> None:
    """Weak duality: whatever potentials are told, the bound is not above the least cost."""
    wanted = flow_cost(world)
    if wanted is None:
        return
    nodes = world.network.graph.nodes
    value = data.draw(st.lists(st.integers(-50, 60), min_size=nodes, max_size=nodes))
    told = Certificate(
        np.arange(nodes, dtype=np.int32), np.array(value), data.draw(st.integers(-9, 90))
    )
    assert lower_bound(world.network, world.origin, world.groups, told, world.feasible) <= wanted


def test_every_pair_of_a_town_is_proved(town: RouteNetwork) -> None:
    source = np.random.default_rng(8)
    edges = np.flatnonzero(town.prices.cost_fen > 0)
    pairs = 0
    for groups in (town.attachments.busbar, town.attachments.substation):
        for number in range(40):
            origin = Origin.at(int(source.integers(town.graph.nodes)))
            if number % 2:
                origin = Origin(
                    -1, int(source.choice(edges)), float(source.uniform(0.1, 0.9)), 0, 0
                )
            answer = disjoint_pair(town, origin, groups, certify=True)
            if isinstance(answer, DisjointPair):
                pairs += 1
                assert faults(town, origin, groups, answer) == []
                assert answer.routes[0].cost_fen >= nearest(town, origin, count=1)[0].cost_fen
    assert pairs > 60


def test_what_is_tampered_with_is_found(town: RouteNetwork) -> None:
    groups = town.attachments.busbar
    origin, pair = next(
        (origin, pair)
        for origin in map(Origin.at, range(100, town.graph.nodes))
        if isinstance(pair := disjoint_pair(town, origin, groups, certify=True), DisjointPair)
        and len(pair.routes[0].edges) > 2
    )
    assert pair.certificate is not None
    one, two = pair.routes
    cheaper = replace(one, cost_fen=one.cost_fen - 1)
    closed = np.ones(town.attachments.capacity, dtype=np.bool_)
    closed[two.attachment] = False
    dearer = disjoint_pair(town, origin, groups, feasible=closed, certify=True)
    assert isinstance(dearer, DisjointPair)
    shifted = replace(pair.certificate, sink=pair.certificate.sink // 2)
    for wrong, words in (
        (replace(pair, routes=(one, one)), "both routes use segment"),
        (replace(pair, routes=(cheaper, two), cost_fen=pair.cost_fen - 1), "costs something else"),
        (replace(pair, routes=(replace(one, edges=one.edges[::-1]), two)), "a gap"),
        (replace(dearer, certificate=pair.certificate), "the certificate proves"),
        (replace(pair, certificate=shifted), "the certificate proves"),
        (replace(pair, certificate=None), "there is no certificate"),
    ):
        assert any(words in fault for fault in faults(town, origin, groups, wrong)), words
    found = faults(town, origin, groups, pair, closed)
    assert f"attachment {two.attachment} is not feasible" in found


def test_the_first_route_moves_over_for_the_second() -> None:
    """The trap for two searches one after the other: the cheapest route uses what both need."""
    #  0 -1- 1 -1- 2(A)    the straight way 0-1-2 costs 2, and 3 hangs on 1 and 2
    #  0 -5- 2, 1 -5- 3(B)
    graph = StreetGraph.build(
        [106.70, 106.71, 106.72, 106.73], [26.5] * 4, [(0, 1), (1, 2), (0, 2), (1, 3)]
    )
    network = RouteNetwork(
        graph, Prices.given(graph, [1, 1, 5, 5]), Attachments.build(4, [2, 3], [0, 0])
    )
    pair = disjoint_pair(network, Origin.at(0), [0, 1])
    assert isinstance(pair, DisjointPair)
    assert pair.cost_fen == 11
    assert [route.edges.tolist() for route in pair.routes] == [[2], [0, 3]]


def test_the_first_group_is_entered_by_another_door() -> None:
    """The first route's unit goes to another attachment of its group, and frees its own place."""
    # 0 -1- 1(A), 1 -1- 2(B), 0 -9- 3(A): only by moving A to node 3 can B be had through node 1.
    graph = StreetGraph.build(
        [106.70, 106.71, 106.72, 106.73], [26.5] * 4, [(0, 1), (1, 2), (0, 3)]
    )
    network = RouteNetwork(
        graph, Prices.given(graph, [1, 1, 9]), Attachments.build(4, [1, 2, 3], [0, 0, 0])
    )
    pair = disjoint_pair(network, Origin.at(0), [0, 1, 0], certify=True)
    assert isinstance(pair, DisjointPair)
    assert [(r.attachment, r.cost_fen) for r in pair.routes] == [(1, 2), (2, 9)]
    assert faults(network, Origin.at(0), [0, 1, 0], pair) == []


def test_a_group_that_nobody_knows_counts_for_nothing() -> None:
    graph = StreetGraph.build([106.70, 106.71], [26.5] * 2, [(0, 1), (0, 1)])
    network = RouteNetwork(
        graph, Prices.given(graph, [1, 2]), Attachments.build(2, [1, 1], [0, 0], busbar=[4, -1])
    )
    answer = disjoint_pair(network, Origin.at(0), network.attachments.busbar)
    assert isinstance(answer, NoPair)
    assert answer.reason == "one_group"
    assert answer.route is not None
    assert answer.route.attachment == 0


@pytest.mark.parametrize("groups", [[0], "feeder"])
def test_groups_of_another_length_are_refused(town: RouteNetwork, groups: object) -> None:
    from tongdian.grid.paths.refusals import PathError

    if groups == "feeder":
        groups = town.attachments.feeder[:-1]
    with pytest.raises(PathError, match="one for each attachment"):
        disjoint_pair(town, Origin.at(0), groups)  # type: ignore[arg-type]
