"""Where substations stand: near the loads, none too large, none too far."""

from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.demand import Demand
from tongdian.city.network.plan import MAIN_TRANSFORMERS_MVA, POWER_FACTOR, Plan
from tongdian.grid.paths.graph import StreetGraph, metres_per_degree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

ROUNDS: Final = 4
GROWTHS: Final = 6
# Nobody builds a substation for less; a small network has one all the same.
LEAST_MW: Final = 1.5
# A main transformer is chosen so that its busbar's load is no more than this share of it.
MOST_LOADING: Final = 0.62


def sites(graph: StreetGraph, loads: Demand, plan: Plan) -> Ints:
    """Street nodes of the substations, each once, in the order of their numbers: west to east."""
    per_east, per_north = metres_per_degree(float(graph.lat.mean()))
    place = np.column_stack([graph.lon * float(per_east), graph.lat * float(per_north)])
    at, mw = place[loads.node], loads.p_kw / 1e3
    centres = _started(at, mw, max(1, round(float(mw.sum()) / plan.substation_mw)))
    for _ in range(GROWTHS):
        centres, far, nearest = _settled(at, mw, centres)
        more = _lacking(at, mw, far, plan.substation_reach_m)
        carried = np.bincount(nearest, mw, len(centres))
        for heavy in np.flatnonzero(carried > 1.25 * plan.substation_mw):
            mine = np.flatnonzero(nearest == heavy)
            more.append(int(mine[far[mine].argmax()]))
        if not more:
            break
        centres = np.concatenate([centres, at[more]])
    carried = np.bincount(nearest, mw, len(centres))
    centres = centres[carried >= min(LEAST_MW, float(carried.max()))]
    spot = np.unique([_nearest_row(place[loads.node], centre) for centre in centres])
    node = np.unique(loads.node[spot])
    return node[np.argsort(graph.lon[node], kind="stable")].astype(np.int32)


def main_transformer_mva(load_kw: Floats) -> Floats:
    """The standard size for a busbar's load; the largest where none is enough."""
    sizes = np.array(MAIN_TRANSFORMERS_MVA)
    needed = load_kw / 1e3 / POWER_FACTOR / MOST_LOADING
    return np.asarray(sizes[np.searchsorted(sizes, needed).clip(max=len(sizes) - 1)])


def _started(at: Floats, mw: Floats, count: int) -> Floats:
    """So many places, each where load times squared distance to those before is the largest."""
    rows = [int(mw.argmax())]
    best = ((at - at[rows[0]]) ** 2).sum(axis=1)
    while len(rows) < count:
        rows.append(int((mw * best).argmax()))
        best = np.minimum(best, ((at - at[rows[-1]]) ** 2).sum(axis=1))
    return at[rows]


def _lacking(at: Floats, mw: Floats, far: Floats, reach_m: float) -> list[int]:
    """Loads out of reach where there is enough load about for a substation, far from each other."""
    out = np.flatnonzero(far > reach_m)
    taken: list[int] = []
    for row in out[np.argsort(-far[out], kind="stable")].tolist():
        about = ((at[out] - at[row]) ** 2).sum(axis=1) < reach_m**2
        if mw[out[about]].sum() < LEAST_MW:
            continue
        if all(np.hypot(*(at[row] - at[other])) > reach_m for other in taken):
            taken.append(row)
    return taken


def _settled(at: Floats, mw: Floats, centres: Floats) -> tuple[Floats, Floats, Ints]:
    """Centres moved to the middle of what is nearest to them (Lloyd 1982), distances to them, and
    which is nearest."""
    for _ in range(ROUNDS):
        _, nearest = _distances(at, centres)
        weight = np.bincount(nearest, mw, len(centres))
        used = weight > 0
        centres = np.column_stack(
            [np.bincount(nearest, mw * at[:, k], len(centres)) for k in (0, 1)]
        )[used] / weight[used, None]  # fmt: skip
    return centres, *_distances(at, centres)


def _distances(at: Floats, centres: Floats) -> tuple[Floats, Ints]:
    """Distance to the nearest centre, and which it is."""
    best, nearest = np.full(len(at), np.inf), np.zeros(len(at), np.int32)
    x, y = np.ascontiguousarray(at.T)
    for number, (east, north) in enumerate(centres.tolist()):
        far = (x - east) ** 2 + (y - north) ** 2
        nearer = far < best
        best[nearer], nearest[nearer] = far[nearer], number
    return np.sqrt(best), nearest


def _nearest_row(at: Floats, centre: Floats) -> int:
    return int(np.hypot(*(at - centre).T).argmin())
