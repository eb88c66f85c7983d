"""Where transformers stand, how large they are, and what they carry at the peak."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from tongdian.city.network.plan import (
    OWN_RATINGS_KVA,
    OWN_SHARE,
    POWER_FACTOR,
    RATINGS_KVA,
    SERIES,
    Plan,
)
from tongdian.city.network.streets import StreetNet
from tongdian.city.places import ZONES
from tongdian.grid import catalogue

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Demand:
    """One row for each transformer: its street node, type (row of the catalogue), whether it is the
    utility's, and its load in kW at the peak of its feeder. At most one public transformer stands
    at a node; a customer's own may stand beside it."""

    node: Ints
    type: Ints
    is_public: Bools
    p_kw: Floats

    def __len__(self) -> int:
        return len(self.node)

    def taken(self, rows: npt.NDArray[np.integer]) -> "Demand":
        """These rows, in this order."""
        return Demand(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


def demand(net: StreetNet, transformers: int, plan: Plan, source: np.random.Generator) -> Demand:
    """About so many transformers, evenly spread over the customers."""
    node = _spread(net.node_weight, transformers, source)
    zone = net.node_zone[node]
    own_share = np.array([OWN_SHARE[place] for place in range(len(ZONES))])
    beside = node[source.random(len(node)) < (own_share / (1 - own_share))[zone]]
    keep = np.sort(source.permutation(len(node))[: max(len(node) - len(beside), 1)])
    node = np.concatenate([node[keep], beside])
    is_public = np.arange(len(node)) < len(keep)
    rated = np.empty(len(node))
    for place, ratings in RATINGS_KVA.items():
        here = is_public & (net.node_zone[node] == place)
        rated[here] = _drawn(ratings, int(here.sum()), source)
    rated[~is_public] = _drawn(OWN_RATINGS_KVA, int((~is_public).sum()), source)
    loading = _loadings(len(node), plan, source)
    return Demand(
        node.astype(np.int32), _types(rated, source), is_public, rated * loading * POWER_FACTOR
    )


def _loadings(count: int, plan: Plan, source: np.random.Generator) -> Floats:
    """Loading of transformers, of their rated power."""
    normal = source.normal(size=count)
    loading = plan.loading_median * np.exp(plan.loading_spread * normal)
    kept = source.random(count) >= plan.overloaded_share
    over = loading > plan.loading_kept
    relieved = source.uniform(plan.loading_median, plan.loading_kept, count)
    loading = np.where(over & kept, relieved, loading)
    return np.asarray(np.minimum(loading, plan.loading_most))


def _spread(weight: Floats, count: int, source: np.random.Generator) -> Ints:
    """Nodes at equal steps of the sum of weights, each once: even on the ground too, for nodes come
    in spatial order."""
    edges = np.cumsum(weight)
    at = (np.arange(count) + source.random()) / count * edges[-1]
    return np.unique(np.searchsorted(edges, at).clip(0, len(weight) - 1)).astype(np.int32)


def _drawn(
    choices: tuple[tuple[int, float], ...], count: int, source: np.random.Generator
) -> Floats:
    values, shares = np.array(choices).T
    return np.asarray(source.choice(values, count, p=shares))


def _types(rated_kva: Floats, source: np.random.Generator) -> Ints:
    """Rows of the catalogue for rated powers, of the series in use."""
    table = catalogue.transformer_types()
    names, shares = [name for name, _ in SERIES], [share for _, share in SERIES]
    row = np.array([
        [catalogue.row_of(table, f"{series}-{kva:.0f}") for kva in np.unique(rated_kva)]
        for series in names
    ])  # fmt: skip
    series = source.choice(len(names), len(rated_kva), p=shares)
    size = np.searchsorted(np.unique(rated_kva), rated_kva)
    return row[series, size].astype(np.int32)
