"""Compile every search before anybody waits for it."""

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.disjoint import disjoint_pair
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.snap import SegmentGrid, snap


def warm() -> None:
    """Walk through a block of four streets: some ten seconds the first time on a machine, a
    fraction of one in every later process, for compiled code is kept."""
    graph = StreetGraph.build(
        [106.70, 106.71, 106.71, 106.70], [26.50, 26.50, 26.51, 26.51],
        [(0, 1), (1, 2), (2, 3), (3, 0)],
    )  # fmt: skip
    prices = Prices.given(graph, [3, 4, 5, 6])
    supply = Attachments.build(4, [2, 3], [0, 0], busbar=[0, 1])
    network = RouteNetwork(graph, prices, supply)
    origin = snap(SegmentGrid.of(graph), graph, prices, 106.705, 26.5001)
    nearest(network, origin)
    disjoint_pair(network, origin, supply.busbar, certify=True)
