"""Shortest-path forests on a street graph, and sums and orders along trees. Compiled with Numba."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.compiled import compiled
from tongdian.grid.paths.graph import StreetGraph

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

NONE = -1


@dataclass(frozen=True)
class Forest:
    """Of n street nodes: `distance_m` to the nearest source (infinite if out of reach), `parent`
    the node before it (-1 at sources and out of reach), `edge` the segment to it, `owner` which of
    the sources it is (-1 out of reach), `order` the nodes reached, nearest first."""

    distance_m: Floats
    parent: Ints
    edge: Ints
    owner: Ints
    order: Ints


def forest(
    graph: StreetGraph, sources: Ints, length_m: Floats | None = None, reach_m: float = np.inf
) -> Forest:
    """The forest from `sources` (rows of nodes, each once) as far as `reach_m`.

    `length_m` (m,) replaces the lengths of segments; what is infinite is not passed.
    """
    weights = graph.length_m if length_m is None else length_m
    nodes = graph.nodes
    distance, order = np.full(nodes, np.inf), np.empty(nodes, np.int32)
    parent, edge, owner = np.full((3, nodes), NONE, np.int32)
    count = _grow(
        np.asarray(sources, np.int32), graph.start, graph.arc_head, graph.arc_edge,
        np.ascontiguousarray(weights), reach_m, distance, parent, edge, owner, order,
    )  # fmt: skip
    return Forest(distance, parent, edge, owner, order[:count])


@compiled
def _grow(
    sources: Ints, start: Ints, head: Ints, through: Ints, weights: Floats, reach: float,
    distance: Floats, parent: Ints, edge: Ints, owner: Ints, order: Ints,
) -> int:  # fmt: skip
    """Dijkstra's search with a heap that keeps outdated entries."""
    heap = [(0.0, np.int64(-1))]
    heap.pop()
    for place in range(len(sources)):
        distance[sources[place]] = 0.0
        owner[sources[place]] = place
        heapq.heappush(heap, (0.0, np.int64(sources[place])))
    count = 0
    done = np.zeros(len(distance), np.bool_)
    while len(heap) > 0:
        metres, node = heapq.heappop(heap)
        if done[node]:
            continue
        done[node] = True
        order[count] = node
        count += 1
        for arc in range(start[node], start[node + 1]):
            other = head[arc]
            far = metres + weights[through[arc]]
            if far < distance[other] and far <= reach:
                distance[other] = far
                parent[other] = node
                edge[other] = through[arc]
                owner[other] = owner[node]
                heapq.heappush(heap, (far, np.int64(other)))
    return count


def preorder(tree: Forest) -> Ints:
    """The place of each node in a walk of the trees, child after child; -1 out of reach. What
    stands side by side in it stands side by side on the ground."""
    place = np.full(len(tree.parent), NONE, np.int32)
    _walk(tree.parent, tree.order, np.ones(len(tree.parent), np.int32), place)
    return place


@compiled
def _walk(parent: Ints, order: Ints, size: Ints, place: Ints) -> None:
    for k in range(len(order) - 1, -1, -1):
        above = parent[order[k]]
        if above >= 0:
            size[above] += size[order[k]]
    free = np.zeros(len(parent), np.int64)
    next_root = 0
    for k in range(len(order)):
        node = order[k]
        above = parent[node]
        if above < 0:
            place[node] = next_root
            next_root += size[node]
        else:
            place[node] = free[above]
            free[above] += size[node]
        free[node] = place[node] + 1


@compiled
def sums_below(parent: Ints, values: Floats) -> Floats:
    """For each row its own value and those of all below it; parents stand before children."""
    total = values.copy()
    for row in range(len(parent) - 1, -1, -1):
        if parent[row] >= 0:
            total[parent[row]] += total[row]
    return total


@compiled
def sums_above(parent: Ints, values: Floats) -> Floats:
    """For each row its own value and those of all above it; parents stand before children."""
    total = values.copy()
    for row in range(len(parent)):
        if parent[row] >= 0:
            total[row] += total[parent[row]]
    return total


@compiled
def on_main_line(parent: Ints, below: Floats) -> npt.NDArray[np.bool_]:
    """Whether a row is on the way that keeps to the child with most below it, from a root on."""
    best = np.full(len(parent), -1, np.int32)
    for row in range(len(parent)):
        above = parent[row]
        if above >= 0 and (best[above] < 0 or below[row] > below[best[above]]):
            best[above] = row
    is_main = np.zeros(len(parent), np.bool_)
    for row in range(len(parent)):
        above = parent[row]
        is_main[row] = above < 0 or (is_main[above] and best[above] == row)
    return is_main


@compiled
def climbs(
    node: Ints, group: Ints, parent: Ints, rows: int, at_node: Ints, at_group: Ints, above: Ints,
    leaf: Ints,
) -> int:  # fmt: skip
    """The ways of places `node` up to the roots of their trees, each `group`'s own: one row for
    each node of a group. Groups stand together. Fills the node, group and row above of each row
    (-1 at roots), and the row of each place; returns how many rows there are, or would be if they
    are more than `rows`."""
    last = np.full(len(parent), -1, np.int32)
    row_at = np.full(len(parent), -1, np.int32)
    count = 0
    for place in range(len(node)):
        here, before = node[place], -1
        while True:
            known = last[here] == group[place]
            if not known:
                last[here], row_at[here] = group[place], count
                if count < rows:
                    at_node[count], at_group[count], above[count] = here, group[place], -1
                count += 1
            row = row_at[here]
            if before < 0:
                leaf[place] = row
            elif before < rows:
                above[before] = row
            if known or parent[here] < 0:
                break
            before, here = row, parent[here]
    return count
