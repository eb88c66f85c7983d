"""A town of some thousand nodes with prices and attachments."""

from decimal import Decimal

import pytest

from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import CostModel, Prices
from tongdian.grid.paths.streets import city_streets
from tongdian.grid.paths.supplies import city_supply

# Invented, like the town.
MODEL = CostModel(
    duct_per_m=Decimal(1200), overhead_per_m=Decimal(240), trench_per_m=Decimal(2400),
    crossing=Decimal(30000), moratorium_per_m=None, green_per_m=Decimal(500),
    bridge_per_m=Decimal(1000),
)  # fmt: skip


@pytest.fixture(scope="session")
def town() -> RouteNetwork:
    graph = city_streets(4000, seed=5)
    return RouteNetwork(graph, Prices.of(graph, MODEL), city_supply(graph, 6, seed=5))
