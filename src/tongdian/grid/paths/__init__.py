"""Routes on the street and duct graph: to the cheapest attachments, and in disjoint pairs.

Everything is flat arrays that processes map from one folder; the searches are compiled with Numba,
which takes a second to import. Money inside is integer fen (0.01 yuan), so that a least cost is
exact and ties fall the same way on every machine. Lengths are metres, coordinates EPSG:4490.

>>> from tongdian.grid.paths.attachments import Attachments
>>> from tongdian.grid.paths.graph import StreetGraph
>>> from tongdian.grid.paths.nearest import nearest
>>> from tongdian.grid.paths.network import Origin, RouteNetwork
>>> from tongdian.grid.paths.prices import Prices
>>> streets = StreetGraph.build([106.70, 106.71, 106.72], [26.5] * 3, [(0, 1), (1, 2)])
>>> supply = Attachments.build(3, node=[0, 2], cost_fen=[0, 0])
>>> network = RouteNetwork(streets, Prices.given(streets, [100, 250]), supply)
>>> [(route.attachment, route.cost_fen) for route in nearest(network, Origin.at(1))]
[(0, 100), (1, 250)]
"""
