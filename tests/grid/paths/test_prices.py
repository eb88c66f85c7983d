"""What a segment costs to lay, worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grid.paths.conftest import MODEL
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import (
    BRIDGE,
    CROSSING,
    DUCT,
    GREEN,
    MORATORIUM,
    OVERHEAD,
    StreetGraph,
)
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import FORBIDDEN, LAYINGS, CostModel, Prices
from tongdian.grid.paths.refusals import PathError

OPEN = replace(MODEL, moratorium_per_m=Decimal("4000.55"))


def priced(flags: int, metres: float = 100.0, model: CostModel = OPEN) -> tuple[int, str]:
    graph = StreetGraph.build([106.70, 106.71], [26.5, 26.5], [(0, 1)], [metres], [flags])
    prices = Prices.of(graph, model)
    assert set(prices.arcs["cost"].tolist()) == {int(prices.cost_fen[0])}
    return int(prices.cost_fen[0]), LAYINGS[prices.laying[0]]


@pytest.mark.parametrize(
    ("flags", "yuan", "laying"),
    [
        (0, "240000", "trench"),
        (CROSSING, "270000", "trench"),
        (MORATORIUM, "640055", "trench"),
        (GREEN, "290000", "trench"),
        (BRIDGE, "340000", "trench"),
        (MORATORIUM | GREEN | BRIDGE | CROSSING, "820055", "trench"),
        (DUCT, "120000", "existing_duct"),
        (DUCT | CROSSING | MORATORIUM | GREEN, "120000", "existing_duct"),
        (DUCT | BRIDGE, "220000", "existing_duct"),
        (OVERHEAD, "24000", "overhead"),
        (OVERHEAD | DUCT | GREEN, "24000", "overhead"),
    ],
)
def test_the_cheapest_way_with_its_surcharges(flags: int, yuan: str, laying: str) -> None:
    assert priced(flags) == (int(Decimal(yuan) * 100), laying)


@pytest.mark.parametrize(
    ("without", "flags", "wanted"),
    [
        ({"moratorium_per_m": None}, MORATORIUM, (FORBIDDEN, "none")),
        ({"moratorium_per_m": None}, MORATORIUM | DUCT, (12_000_000, "existing_duct")),
        ({"overhead_per_m": None}, OVERHEAD, (24_000_000, "trench")),
        ({"bridge_per_m": None}, BRIDGE | DUCT | OVERHEAD, (FORBIDDEN, "none")),
        ({"crossing": None}, CROSSING | OVERHEAD, (2_400_000, "overhead")),
        ({"trench_per_m": None}, 0, (FORBIDDEN, "none")),
    ],
)
def test_none_forbids(without: dict, flags: int, wanted: tuple[int, str]) -> None:
    assert priced(flags, model=replace(OPEN, **without)) == wanted


def test_fen_are_rounded_half_up_from_millimetres() -> None:
    model = replace(OPEN, trench_per_m=Decimal("0.05"))
    assert [priced(0, metres, model)[0] for metres in (0.1, 0.3, 0.299, 100.0)] == [1, 2, 1, 500]


@pytest.mark.parametrize("price", ["-1", "0.001", "0", "NaN", "1e12"])
def test_bad_prices_are_refused_by_name(price: str) -> None:
    with pytest.raises(PathError) as caught:
        priced(0, model=replace(OPEN, trench_per_m=Decimal(price)))
    assert caught.value.code == "bad_price"


def test_a_changed_price_moves_the_route() -> None:
    graph = StreetGraph.build([106.70, 106.71], [26.5, 26.5], [(0, 1), (0, 1)])
    prices = Prices.given(graph, [10, 20])
    network = RouteNetwork(graph, prices, Attachments.build(2, [1], [0]))
    assert nearest(network, Origin.at(0))[0].cost_fen == 10
    prices.change(graph, 0, 30)
    assert nearest(network, Origin.at(0))[0].edges.tolist() == [1]
    prices.change(graph, 1, FORBIDDEN)
    assert nearest(network, Origin.at(0))[0].cost_fen == 30
    for edge, cost in ((2, 5), (0, 0), (0, -7)):
        with pytest.raises(PathError):
            prices.change(graph, edge, cost)
    with pytest.raises(PathError, match="no way of laying 9"):
        prices.change(graph, 0, 5, laying=9)
    assert prices.cost_fen.tolist() == [30, FORBIDDEN]


@pytest.mark.parametrize("cost", [[1], [0, 1], [1, -2], [10**13, 1]])
def test_bad_cost_tables_are_refused(cost: list[int]) -> None:
    graph = StreetGraph.build([106.70, 106.71], [26.5, 26.5], [(0, 1), (0, 1)])
    with pytest.raises(PathError):
        Prices.given(graph, cost)
