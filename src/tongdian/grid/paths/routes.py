"""A route found: its segments in order, its line on the map, its metres by way of laying."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.kernels import Ints, Labels
from tongdian.grid.paths.network import Origin, RouteNetwork
from tongdian.grid.paths.prices import LAYINGS
from tongdian.grid.paths.scratch import Scratch


@dataclass(frozen=True)
class Route:
    """From an origin to an attachment. `nodes` (k + 1,) and the whole segments `edges` (k,) between
    them, in order. From a place on a segment, `lead` is its share that is laid before the first
    node, counted from the segment's own first end: (0, share) or (share, 1).

    `cost_fen` is laying and attachment together.
    """

    attachment: int
    cost_fen: int
    origin: Origin
    nodes: Ints
    edges: Ints
    lead: tuple[float, float] | None

    def length_m(self, network: RouteNetwork) -> float:
        """Metres along the streets."""
        return float(sum(self.metres_by_laying(network).values()))

    def metres_by_laying(self, network: RouteNetwork) -> dict[str, float]:
        """Metres for each way of laying that occurs, named as in LAYINGS."""
        edges, metres = self.edges, network.graph.length_m[self.edges]
        if self.lead is not None:
            begin, end = self.lead
            edges = np.append(edges, np.int32(self.origin.edge))
            part = (end - begin) * network.graph.length_m[self.origin.edge]
            metres = np.append(metres, part)
        sums = np.bincount(network.prices.laying[edges], metres, minlength=len(LAYINGS))
        return {LAYINGS[way]: float(sums[way]) for way in np.flatnonzero(sums)}

    def lonlat(self, network: RouteNetwork) -> npt.NDArray[np.float64]:
        """The line (k + 1 or k + 2, 2) from the origin's foot to the attachment, degrees."""
        points = np.column_stack([network.graph.lon[self.nodes], network.graph.lat[self.nodes]])
        if self.lead is None:
            return points
        return np.vstack([[self.origin.lon, self.origin.lat], points])


def read_back(
    network: RouteNetwork, origin: Origin, scratch: Scratch, attachment: int, cost_fen: int
) -> Route:
    """The route that the labels of the last search hold, to an attachment it reached."""
    node = int(network.attachments.rows["node"][attachment])
    count, seed = trace(scratch.labels, network.ends, node, scratch.trail)
    nodes = scratch.trail[0, : count + 1][::-1].copy()
    edges = scratch.trail[1, :count][::-1].copy()
    return Route(attachment, cost_fen, origin, nodes, edges, lead_of(origin, seed))


def lead_of(origin: Origin, seed: int) -> tuple[float, float] | None:
    """The part of the origin's own segment that leads to its end number `seed`."""
    if origin.edge < 0:
        return None
    return (0.0, origin.share) if seed == 0 else (origin.share, 1.0)


@compiled
def trace(labels: Labels, ends: Ints, node: int, trail: Ints) -> tuple[int, int]:
    """Write nodes and segments from `node` back to its seed; gives their number and the seed."""
    count = 0
    trail[0, 0] = node
    while labels[node]["pred"] >= 0:
        edge = labels[node]["pred"]
        node = ends[edge, 0] + ends[edge, 1] - node
        trail[1, count] = edge
        count += 1
        trail[0, count] = node
    return count, -1 - labels[node]["pred"]
