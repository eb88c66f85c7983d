"""Quotes in a town drawn by hand: known answers, power-grid-model as the reference, bad input."""

import json
from decimal import Decimal
from math import nan, sqrt

import numpy as np
import pytest

from support.networks import reference_kv
from support.schemes import AT, place, streets, tables, town, with_line
from tongdian.grid import catalogue
from tongdian.grid.network import assemble
from tongdian.grid.paths.graph import DUCT, StreetGraph
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.schemes import SchemeError, World
from tongdian.grid.schemes.costs import default_costs
from tongdian.grid.schemes.quote import Quote, quote
from tongdian.grid.schemes.rules import RuleValue, default_rules
from tongdian.grid.schemes.scheme import Scheme
from tongdian.grid.schemes.supply import Supply
from tongdian.grid.tables import Sources


def supplies(answer: Quote) -> list[Supply]:
    return [s for one in (*answer.schemes, *answer.infeasible) for s in one.supplies]


def of_node(answer: Quote, node: str) -> Scheme:
    every = (*answer.schemes, *answer.infeasible)
    return next(one for one in every if one.supplies[0].source.node == node)


def test_the_source_point_is_named_by_the_tables(world: World) -> None:
    best = quote(world, *place(1.0, 1.03), 900).best
    assert best is not None
    assert best.supplies[0].source.to_dict() == {
        "substation": "SA", "busbar": "SA-I", "feeder": "a1", "node": "A1", "kind": "pole",
        "switch": "", "switch_kind": "",
    }  # fmt: skip
    further = of_node(quote(world, *place(2.0, 1.03), 900), "A2").supplies[0].source
    assert (further.node, further.feeder) == ("A2", "a1")
    assert (further.switch, further.switch_kind) == ("k-a2", "load_switch")


def test_the_voltage_drop_is_that_of_the_formula(world: World) -> None:
    """ΔU% = 100 (P r + Q x) L / U² along the trunk and the new line, to a few per cent."""
    kw = 2000.0
    supply = of_node(quote(world, *place(3.0, 1.0), kw), "C1").supplies[0]
    profile = supply.profile
    p, q = kw / 1e3, kw / 1e3 * sqrt(1 / 0.81 - 1)
    rise = 100 * (p * 0.125 + q * 0.308) * 2.2 / 10.3**2
    assert profile.ids[:2] == ("SB1", "C1")
    drop = (profile.before_kv[1] - profile.after_kv[1]) / 10.3 * 100
    assert drop == pytest.approx(rise, rel=0.04)


@pytest.mark.parametrize("kw", [150, 900, 3000, 5500])
def test_states_are_those_of_power_grid_model(world: World, kw: float) -> None:
    answer = quote(world, *place(2.3, 1.05), kw, level="10kV")
    assert supplies(answer)
    for supply in supplies(answer):
        _check_state(world, supply, kw, answer)


def test_low_voltage_and_new_transformers_are_too(world: World) -> None:
    for spot, kw in ((place(1.05, 1.03), 60), (place(3.9, 1.95), 150)):
        answer = quote(world, *spot, kw, is_small_micro=True)
        kinds = {one.is_new_transformer for one in supplies(answer)}
        assert True in kinds
        for supply in supplies(answer):
            _check_state(world, supply, kw, answer)


def _check_state(world: World, supply: Supply, kw: float, answer: Quote) -> None:
    built, rows = with_line(world, supply, kw, kw * answer.request.tangent)
    network = assemble(built)
    kv = reference_kv(network)
    after = [float(kv[row]) for row in rows]
    assert supply.profile.after_kv[len(supply.profile.after_kv) - len(rows) :] == pytest.approx(
        after, rel=3e-4
    )
    solved = network.solve()
    size = world.network.radial.size
    for section, row in zip(supply.feeder.sections, rows, strict=True):
        position = int(network.radial.position[row])
        amperes = sqrt(float(solved.current_squared_pu[position]))
        place_ = supply.feeder.place(size + rows.index(row))
        u, fp, fq = (part[place_] for part in supply.state)
        assert sqrt((fp**2 + fq**2) / u) == pytest.approx(amperes, rel=2e-3)
        assert section.current_pu > 0


@pytest.mark.parametrize("kw", [4000, 5600, 6500, 8900])
def test_what_the_reference_finds_broken_is_never_called_feasible(world: World, kw: float) -> None:
    answer = quote(world, *place(2.3, 1.05), kw)
    before = _overstepped(world.network.tables, world)
    assert before <= 0
    for scheme in answer.schemes:
        for supply in scheme.supplies:
            built, _ = with_line(world, supply, kw, kw * answer.request.tangent)
            assert _overstepped(built, world) <= 1e-3
    for scheme in answer.infeasible:
        assert not scheme.is_feasible
        assert not scheme.binding.holds
        assert scheme.binding.helps[0]
        assert scheme.supplies[0].fits_kw < kw


def _overstepped(built: object, world: World) -> float:
    """How far the worst limit of the old elements is overstepped by the reference's voltages."""
    network = assemble(built)  # type: ignore[arg-type]
    kv = reference_kv(network)
    nominal = network.tables.nodes.nominal_kv
    low = float((0.93 - kv / nominal).max())
    solved = network.solve()
    hung = network.radial.branch >= 0
    old = hung & (network.radial.branch < len(world.network.tables.lines))
    loading = np.sqrt(solved.current_squared_pu) / network.current_limit_pu
    return max(low, float(loading[old].max()) - 1)


def test_what_is_said_to_fit_fits_and_little_more_does_not(world: World) -> None:
    scheme = of_node(quote(world, *place(2.3, 1.05), 6500), "A2")
    most = scheme.supplies[0].fits_kw
    # The conductor chosen for 6,500 kW is the larger one: what binds is the trunk either way.
    under = of_node(quote(world, *place(2.3, 1.05), most * 0.998), "A2")
    over = of_node(quote(world, *place(2.3, 1.05), most * 1.002), "A2")
    assert (under.is_feasible, over.is_feasible) == (True, False)
    assert (over.binding.kind, over.binding.table, over.binding.id) == ("current", "lines", "a1")
    assert over.binding.value == pytest.approx(over.binding.limit, rel=0.01)
    assert over.binding.limit == pytest.approx(550)


def test_the_bill_has_the_metres_of_the_route(world: World) -> None:
    for kw in (90, 900, 5000):
        for supply in supplies(quote(world, *place(2.3, 1.05), kw)):
            metres = [
                float(line.amount) for line in supply.bill
                if line.cost.unit == "m" and "-" in line.cost.item and not line.is_inside
            ]  # fmt: skip
            along = supply.route.length_m(world.routes)
            assert sum(metres) == pytest.approx(along, abs=2e-3)
            assert supply.street_m == pytest.approx(along)
            assert sum(supply.metres_by_laying().values()) == pytest.approx(along)


def test_two_circuits_carry_what_one_cannot(world: World) -> None:
    best = quote(world, *place(2.3, 1.05), 9000).best
    assert best is not None
    (supply,) = best.supplies
    assert (supply.source.node, supply.circuits) == ("SA1", 2)
    bays = next(line for line in supply.bill if line.cost.item == "feeder_bay")
    assert bays.amount == 2
    cables = sum(
        line.amount for line in supply.bill if "-10-" in line.cost.item and not line.is_inside
    )
    assert float(cables) == pytest.approx(2 * supply.street_m, abs=2e-3)
    amperes = supply.feeder.sections[0].current_pu * 10e3 / sqrt(3) / 10
    assert amperes in (pytest.approx(2 * 550), pytest.approx(2 * 470))


def test_nobody_pays_twice_and_zero_investment_is_zero(world: World) -> None:
    free = quote(world, *place(1.05, 1.03), 60, is_small_micro=True).best
    assert free is not None
    assert free.terms.is_free
    assert free.customer_pays.high == 0
    assert free.utility_pays == free.cost
    assert free.cost.low > 0
    paying = quote(world, *place(2.3, 1.05), 900).best
    assert paying is not None
    assert paying.customer_pays.low > 0
    assert paying.customer_pays + paying.utility_pays == paying.cost
    assert paying.cost.low < paying.cost.high


def test_two_supplies_share_no_way_and_no_busbar(world: World) -> None:
    answer = quote(world, *place(2.3, 1.05), 1500, is_dual=True)
    assert answer.best is not None
    for scheme in answer.schemes:
        one, other = scheme.supplies
        assert one.source.busbar != other.source.busbar
        assert not set(one.route.edges.tolist()) & set(other.route.edges.tolist())
        assert not scheme.shares_way
    first = quote(world, *place(2.3, 1.05), 1500, critical="first", secured_kw=400)
    assert first.terms.emergency_kw == pytest.approx(480)
    for scheme in first.schemes:
        assert len({supply.source.substation for supply in scheme.supplies}) == 2


def test_one_substation_is_not_two() -> None:
    given = tables()
    old = given.sources
    one = tables(sources=Sources.of(
        id=old.id, node=old.node, substation="SA", voltage_pu=1.03, capacity_mva=20,
    ))  # fmt: skip
    answer = quote(town(one), *place(2.3, 1.05), 1500, critical="first")
    assert answer.best is None
    assert "同一母线或变电站" in answer.why[0]
    assert answer.infeasible[0].binding.kind == "supplies"
    json.dumps(answer.to_dict(), allow_nan=False)


def test_reserved_capacity_is_not_promised_again(world: World) -> None:
    """Loads that were quoted or accepted count as those that run do."""
    freed = tables()
    loads = freed.loads
    without = tables(loads=type(loads).of(**{
        name: values[loads.state == 0] for name, _, values in loads.items()
    }))  # fmt: skip
    full = of_node(quote(world, *place(2.0, 1.95), 7500), "B2").supplies[0]
    empty = of_node(quote(town(without), *place(2.0, 1.95), 7500), "B2").supplies[0]
    assert empty.binding.id == full.binding.id == "b2"
    assert empty.fits_kw - full.fits_kw == pytest.approx(0.9 * np.hypot(2000, 700), rel=0.02)


def test_what_was_promised_since_counts_at_once(world: World) -> None:
    before = of_node(quote(world, *place(2.0, 1.95), 7500), "B2").supplies[0]
    busy = world.taking([AT["B2"]], [900], [900 * before.q_pu / before.p_pu])
    after = of_node(quote(busy, *place(2.0, 1.95), 7500), "B2").supplies[0]
    assert before.fits_kw - after.fits_kw == pytest.approx(900, rel=0.01)
    again = of_node(quote(world, *place(2.0, 1.95), 7500), "B2").supplies[0]
    assert again.fits_kw == before.fits_kw


def test_one_phase_drops_six_times_as_much(world: World) -> None:
    """ΔU of a line there and back, 2 (P r + Q x) L / U², with U between phase and neutral; its
    losses are 2 I² r."""
    kw = 10.0
    answer = quote(world, *place(1.0, 1.06), kw, is_single_phase=True, use="residential")
    assert (answer.terms.level, answer.terms.is_free) == ("220V", True)
    supply = of_node(answer, "L1").supplies[0]
    (section,) = supply.feeder.sections
    catalogued = catalogue.conductors()
    row = catalogue.row_of(catalogued, section.name)
    r, x = float(catalogued.r_ohm_km[row]), float(catalogued.x_ohm_km[row])
    km, before, after = section.length_m / 1e3, *supply.profile.after_kv[-2:]
    volts = (before + after) / 2 / sqrt(3) * 1e3
    drop = 2 * (kw * r + kw * answer.request.tangent * x) * km / volts**2 * 1e3
    assert (before - after) / before == pytest.approx(drop, rel=0.01)
    amperes = kw / 0.9 * 1e3 / (after * 1e3 / sqrt(3))
    place_ = supply.feeder.place(supply.feeder.end)
    square = (supply.state[1][place_] ** 2 + supply.state[2][place_] ** 2) / supply.state[0][place_]
    loss = float(supply.feeder.r[place_] * square) * 1e4
    assert loss == pytest.approx(2 * amperes**2 * r * km / 1e3, rel=1e-3)


def test_special_customers_have_three_supplies(world: World) -> None:
    answer = quote(world, *place(2.3, 1.05), 1000, critical="special")
    assert answer.best is not None
    for scheme in answer.schemes:
        assert len(scheme.supplies) == 3
        assert len({supply.source.substation for supply in scheme.supplies}) >= 2
        assert len({supply.source.feeder for supply in scheme.supplies}) == 3


def test_an_answer_speaks_to_programs(world: World) -> None:
    said = quote(world, *place(2.3, 1.05), 6000).to_dict()
    assert json.loads(json.dumps(said, allow_nan=False)) == said
    first = said["schemes"][0]
    assert first["rank"] == 1
    assert first["pareto"] is True
    total = sum(Decimal(line["yuan"]["low"]) for line in first["supplies"][0]["bill"])
    assert Decimal(first["cost_yuan"]["low"]) == total
    assert said["infeasible"][0]["binding"]["helps_zh"]
    assert "three_phase_kw" in said["unsure"]
    loading = {one["id"]: one for one in said["infeasible"][0]["supplies"][0]["loading"]}
    brief = quote(world, *place(2.3, 1.05), 6000).to_dict(elements=False)
    assert brief["schemes"][0]["supplies"][0]["loading"] == []
    assert loading["a1"]["after"] > 1 > loading["a1"]["before"] > 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kw": 0}, "kw"), ({"kw": -5}, "kw"), ({"kw": nan}, "kw"), ({"kw": 5e7}, "kw"),
        ({"lon": nan}, "lon, lat"), ({"lon": 110.0}, "lon, lat"),
        ({"lon": 26.5, "lat": 106.7}, "lon, lat"), ({"power_factor": 0}, "power_factor"),
        ({"critical": "very"}, "critical"), ({"use": "fun"}, "use"), ({"level": "12V"}, "level"),
        ({"is_single_phase": True, "kw": 40}, "kw"), ({"secured_kw": 9e9}, "secured_kw"),
        ({"count": 0}, "count"), ({"is_dual": True, "level": "380V"}, "level"),
    ],
)  # fmt: skip
def test_bad_input_is_named(world: World, changed: dict[str, object], field: str) -> None:
    lon, lat = place(2.3, 1.05)
    asked = {"lon": lon, "lat": lat, "kw": 100.0, **changed}
    with pytest.raises((SchemeError, PathError)) as caught:
        quote(world, **asked)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert caught.value.zh
    assert caught.value.remedy_zh


def test_a_load_beyond_the_network_is_said_to_be(world: World) -> None:
    answer = quote(world, *place(2.3, 1.05), 30_000)
    assert answer.terms.level == "35kV"
    assert (answer.schemes, answer.infeasible) == ((), ())
    assert "接入系统设计" in answer.why[0]


def test_the_plan_replaces_rules() -> None:
    rules = default_rules().changed(
        zero_invest_kw=RuleValue(50, "kW", "sourced", "another city", "")
    )
    graph: StreetGraph = streets()
    world = town()
    other = World.of(
        tables(), RouteNetwork(graph, Prices.of(graph, default_costs().model()),
                               world.routes.attachments),
        world.node, rules=rules,
    )  # fmt: skip
    answer = quote(other, *place(1.05, 1.03), 60, is_small_micro=True)
    assert not answer.terms.is_free
    with pytest.raises(SchemeError, match="no such rule"):
        rules.changed(zero=RuleValue(1, "", "known", "", ""))
    assert graph.flags.max() >= DUCT
