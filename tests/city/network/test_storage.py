"""The folder of a network, and a way from a house to its source through it."""

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from city.network.conftest import network, sparse
from tongdian.city import generate
from tongdian.city.network.storage import open_network, save_network
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import CostModel, Prices
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.snap import SegmentGrid, snap
from tongdian.grid.refusals import GridError

MODEL = CostModel(
    duct_per_m=Decimal(1200), overhead_per_m=Decimal(240), trench_per_m=Decimal(2400),
    crossing=Decimal(30000), moratorium_per_m=Decimal(4000), green_per_m=Decimal(500),
    bridge_per_m=Decimal(1000),
)  # fmt: skip


def test_what_is_saved_is_what_is_opened(tmp_path: Path) -> None:
    made = network(2_000, 7)
    save_network(made, tmp_path / "city")
    seen = open_network(tmp_path / "city")
    for mine, theirs in zip(made.tables.all(), seen.tables.all(), strict=True):
        for name, _, values in mine.items():
            assert np.array_equal(values.astype(str), getattr(theirs, name).astype(str))
    assert np.array_equal(made.streets.ends, seen.streets.ends)
    assert np.array_equal(made.attachments.rows, seen.attachments.rows)
    assert np.array_equal(made.wiring.node_feeder, seen.wiring.node_feeder)
    save_network(network(2_000, 1), tmp_path / "city")
    assert open_network(tmp_path / "city").tables.loads.p_kw[0] != made.tables.loads.p_kw[0]


def test_from_a_house_along_the_streets_to_feeder_busbar_and_substation() -> None:
    city = network(12_000, 7)
    routes = RouteNetwork(city.streets, Prices.of(city.streets, MODEL), city.attachments)
    point = len(city.tables.nodes) - 1
    lon, lat = float(city.tables.nodes.lon[point]), float(city.tables.nodes.lat[point])
    origin = snap(SegmentGrid.of(city.streets), city.streets, routes.prices, lon, lat)
    kv = city.tables.nodes.nominal_kv
    node = city.wiring.attachment_node
    for wanted in (0.38, 10.0):
        found = nearest(routes, origin, count=5, feasible=(node >= 0) & (kv[node] == wanted))
        assert len(found) == 5
        for route in found:
            at = int(node[route.attachment])
            assert kv[at] == wanted
            source = int(city.attachments.busbar[route.attachment])
            assert city.name_of(at).startswith(str(city.tables.sources.id[source]))


def test_customers_of_the_city_live_beside_its_streets() -> None:
    """So that whoever applies gets an answer."""
    people, city = generate(20_000, 7), sparse()
    prices, grid = Prices.of(city.streets, MODEL), SegmentGrid.of(city.streets)
    customers = np.random.default_rng(3).choice(people.customers, 300, replace=False)
    aside = [
        snap(grid, city.streets, prices, float(people.lon[k]), float(people.lat[k])).aside_m
        for k in customers
    ]
    assert np.quantile(aside, 0.95) < 60


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GridError, match="network"):
        open_network(tmp_path)
    save_network(network(2_000, 7), tmp_path)
    (tmp_path / "wiring" / "outlet.npy").unlink()
    with pytest.raises(PathError):
        open_network(tmp_path)
