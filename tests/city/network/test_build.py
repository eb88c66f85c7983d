"""The network itself: sound, radial, named, of known types, and joined to its streets."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city.network.conftest import CASES, ON, assembled, network, sparse, streets
from tongdian.city.network.build import CityNetwork, generate_network, lay_network
from tongdian.city.network.plan import LOW_VOLTAGE_RADIUS_M, MAIN_TRANSFORMERS_MVA, Plan
from tongdian.city.places import RURAL
from tongdian.grid.network import assemble
from tongdian.grid.paths.graph import DUCT
from tongdian.grid.soundness import findings
from tongdian.grid.tables import LAYINGS, NODE_KINDS, SWITCH_KINDS
from tongdian.works.outline import city_outline

POLE, BOX = NODE_KINDS.index("pole"), NODE_KINDS.index("ring_main_unit")


def kinds(city: CityNetwork, name: str) -> np.ndarray:
    return city.tables.nodes.kind == NODE_KINDS.index(name)


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_tables_are_sound_and_the_network_is_radial(size: int, seed: int) -> None:
    city, state = network(size, seed), assembled(size, seed)
    assert findings(city.tables) == ()
    assert len(city.tables.nodes) == size
    assert state.radial.size == size
    assert state.radial.trees == len(city.tables.sources)
    assert set(np.unique(city.tables.nodes.nominal_kv)) == {0.38, 10.0}


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_every_node_is_fed_as_the_wiring_says(size: int, seed: int) -> None:
    city, radial = network(size, seed), assembled(size, seed).radial
    tree = np.repeat(np.arange(radial.trees), np.diff(radial.starts))[radial.position]
    wiring, feeder = city.wiring, city.wiring.node_feeder
    fed = feeder >= 0
    assert np.array_equal(tree[fed], wiring.source[feeder[fed]])
    assert np.array_equal(np.flatnonzero(~fed), city.tables.sources.node)
    above = radial.node[radial.parent[radial.position[wiring.outlet]]]
    assert np.array_equal(above, city.tables.sources.node[wiring.source])
    # Each feeder by itself: what hangs on its outlet is all of it.
    heads = np.zeros(radial.size, int)
    heads[radial.position[wiring.outlet]] = 1
    for place in range(radial.size):
        if radial.parent[place] >= 0 and not heads[place]:
            assert feeder[radial.node[place]] == feeder[radial.node[radial.parent[place]]]


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_substations_have_two_busbars_of_standard_transformers(size: int, seed: int) -> None:
    sources = network(size, seed).tables.sources
    assert sources.id[0] == "示例1号变电站/10kVⅠ段母线"
    assert sources.id[1] == "示例1号变电站/10kVⅡ段母线"
    assert np.array_equal(sources.substation[::2], sources.substation[1::2])
    assert len(np.unique(sources.substation)) * 2 == len(sources)
    assert set(sources.capacity_mva) <= set(MAIN_TRANSFORMERS_MVA)
    assert np.array_equal(sources.capacity_mva[::2], sources.capacity_mva[1::2])
    busbar = network(size, seed).wiring.source
    assert set(busbar.tolist()) == set(range(len(sources)))


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_ties_are_open_and_join_different_busbars(size: int, seed: int) -> None:
    city, state = network(size, seed), assembled(size, seed)
    lines, ties = city.tables.lines, state.open_lines
    feeder = city.wiring.node_feeder
    one, other = feeder[lines.start[ties]], feeder[lines.end[ties]]
    assert len(ties) >= len(city.wiring.outlet) * 0.6
    assert (city.wiring.source[one] != city.wiring.source[other]).all()
    pairs = {tuple(sorted(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    assert len(pairs) == len(ties)
    assert np.bincount(np.concatenate([one, other])).max() <= Plan().most_ties
    assert (lines.length_m[ties] <= Plan().tie_reach_m).all()
    tied = np.isin(np.arange(len(city.wiring.outlet)), np.concatenate([one, other]))
    assert tied.mean() > 0.75


def test_rings_join_substations_too() -> None:
    city, state = network(*CASES[-1]), assembled(*CASES[-1])
    lines, feeder = city.tables.lines, city.wiring.node_feeder
    station = city.wiring.source[feeder] // 2
    ties = state.open_lines
    assert (station[lines.start[ties]] != station[lines.end[ties]]).any()


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_switches_stand_where_they_must(size: int, seed: int) -> None:
    city, state = network(size, seed), assembled(size, seed)
    switches, lines = city.tables.switches, city.tables.lines
    breakers = switches.kind == SWITCH_KINDS.index("breaker")
    outlets = np.flatnonzero(np.isin(lines.end, city.wiring.outlet))
    outlets = outlets[np.isin(lines.start[outlets], city.tables.sources.node)]
    assert sorted(switches.line[breakers].tolist()) == outlets.tolist()
    assert np.array_equal(np.sort(switches.line[~switches.is_closed]), state.open_lines)
    fused = lines.end[switches.line[switches.kind == SWITCH_KINDS.index("fuse")]]
    assert np.array_equal(np.sort(fused), np.sort(city.tables.transformers.high))
    sections = switches.line[np.strings.endswith(switches.id, "分段开关")]
    by_feeder = np.bincount(
        city.wiring.node_feeder[lines.end[sections]], minlength=len(city.wiring.outlet)
    )
    assert by_feeder.max() <= 2
    assert by_feeder.mean() > 1


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_service_points_are_within_reach_of_their_transformer(size: int, seed: int) -> None:
    city, state = network(size, seed), assembled(size, seed)
    radial, lines = state.radial, city.tables.lines
    length = np.append(lines.length_m, np.zeros(len(city.tables.transformers)))[radial.branch]
    low = city.tables.nodes.nominal_kv[radial.node] < 1
    way = np.zeros(radial.size)
    for place in np.flatnonzero(low):
        if radial.branch[place] < len(lines):
            way[place] = way[radial.parent[place]] + length[place]
    assert way.max() <= LOW_VOLTAGE_RADIUS_M[RURAL] + 28
    hung = kinds(city, "service_point")
    assert np.array_equal(np.flatnonzero(hung), np.sort(lines.end[-int(hung.sum()) :]))


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_attachments_stand_on_the_streets_at_their_nodes(size: int, seed: int) -> None:
    city = network(size, seed)
    count, table = len(city.attachments), city.attachments
    node = city.wiring.attachment_node
    assert (node[count:] == -1).all()
    assert table.capacity > count
    nodes = city.tables.nodes
    assert np.array_equal(table.rows["node"][:count], nodes.junction[node[:count]])
    feeder = table.feeder[:count]
    assert np.array_equal(feeder, city.wiring.node_feeder[node[:count]])
    fed = feeder >= 0
    assert np.array_equal(table.busbar[:count][fed], city.wiring.source[feeder[fed]])
    assert np.array_equal(table.substation[:count], table.busbar[:count] // 2)
    assert (table.rows["cost"][:count] > 0).all()
    for name in ("busbar", "pole", "ring_main_unit", "low_voltage_board"):
        if kinds(city, name).any():
            assert kinds(city, name)[node[:count]].any()
    assert not kinds(city, "service_point")[node[:count]].any()


def test_overhead_at_the_edge_and_cable_in_ducts_in_the_centre() -> None:
    city = sparse()
    lines, nodes = city.tables.lines, city.tables.nodes
    medium = nodes.nominal_kv[lines.start] == 10.0
    family = city.tables.conductors.family[lines.conductor]
    words = np.array(LAYINGS)[lines.laying]
    assert set(family[medium & (words == "overhead")]) == {"JKLYJ"}
    assert set(family[medium & (words != "overhead")]) == {"YJV22"}
    east, north = nodes.lon - 106.7135, nodes.lat - 26.5783
    away = np.hypot(east, north)[lines.end]
    near, far = medium & (away < 0.02), medium & (away > np.quantile(away, 0.9))
    assert (words[near] == "duct").mean() > 0.5
    assert (words[near] == "overhead").mean() < 0.2
    assert (words[far] == "overhead").mean() > 0.8


def test_ducts_hold_the_cables_and_the_graph_tells_where_a_bore_is_free() -> None:
    city = network(*CASES[-1])
    ducts, lines = city.tables.ducts, city.tables.lines
    laid = (lines.laying == LAYINGS.index("duct")) & (lines.street >= 0)
    laid &= city.tables.nodes.nominal_kv[lines.start] == 10.0
    # Of taps to transformers no street is told.
    cables = np.bincount(lines.street[laid], minlength=len(city.tables.streets))[ducts.street]
    assert (ducts.bores - ducts.free_bores >= cables).all()
    free = ducts.street[ducts.free_bores > 0]
    assert np.array_equal(np.flatnonzero(city.streets.flags & DUCT), free)
    assert 0 < (ducts.free_bores == 0).mean() < 0.2


def test_streets_and_junctions_are_those_of_the_routes() -> None:
    city = network(*CASES[0])
    streets, graph = city.tables.streets, city.streets
    assert np.array_equal(np.column_stack([streets.start, streets.end]), graph.ends)
    assert np.array_equal(streets.length_m, graph.length_m)
    assert np.array_equal(city.tables.junctions.lon, graph.lon)


def test_places_have_the_fields_names() -> None:
    city = network(*CASES[0])
    pole = int(np.flatnonzero(kinds(city, "ring_main_unit"))[0])
    assert city.name_of(pole) == f"{city.tables.sources.id[0]}/{city.tables.nodes.id[pole]}"
    assert city.name_of(pole).startswith("示例1号变电站/10kVⅠ段母线/示01线/")
    assert city.name_of(pole).endswith("号环网柜")
    assert city.name_of(0) == "示例1号变电站/10kVⅠ段母线"
    head = np.flatnonzero(city.tables.lines.end == city.wiring.outlet[0])[0]
    assert city.tables.lines.id[head] == "示01线"
    last = len(city.tables.nodes) - 1
    assert "公变/" in city.name_of(last)
    assert city.name_of(last).endswith("号表箱")


def test_a_whole_city_lies_within_its_outline() -> None:
    nodes = sparse().tables.nodes
    assert city_outline().contains(nodes.lon, nodes.lat).mean() > 0.97


def test_villages_far_apart_are_supplied_too() -> None:
    city = sparse()
    assert findings(city.tables) == ()
    assert abs(len(city.tables.nodes) - 30_000) < 300
    assert kinds(city, "pole").sum() > 1_000


def test_the_same_arguments_give_the_same_network() -> None:
    one, other = network(2_000, 7), generate_network(2_000, 7, ON)
    for mine, theirs in zip(one.tables.all(), other.tables.all(), strict=True):
        for name, _, values in mine.items():
            # As text, so that unknown days and numbers are equal to themselves.
            assert np.array_equal(values.astype(str), getattr(theirs, name).astype(str))
    assert np.array_equal(one.attachments.rows, other.attachments.rows)
    assert not np.array_equal(network(2_000, 1).tables.loads.p_kw[:50], one.tables.loads.p_kw[:50])


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**31), st.integers(1_000, 4_000), st.sampled_from([500, 4_000, 50_000]))
def test_any_city_and_size_gives_a_sound_network(seed: int, nodes: int, customers: int) -> None:
    city = lay_network(streets(customers, seed), nodes, seed, ON)
    assert findings(city.tables) == ()
    assert len(city.tables.nodes) >= nodes
    state = assemble(city.tables, check=False)
    voltage = state.solve().voltages_pu * state.nominal_share
    assert voltage.min() > 0.85


@pytest.mark.parametrize("nodes", [-1, 0, 999, 5_000_001])
def test_sizes_out_of_range_are_refused(nodes: int) -> None:
    with pytest.raises(ValueError, match="1,000 to 5,000,000"):
        generate_network(nodes, 1, ON)
