"""Two supplies or three: routes that share no segment, from two busbars or two substations.

The pair is the cheapest there is (`paths.disjoint`), asked again without the attachments that turn
out infeasible. Each supply is studied with the whole load, so that one may be lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.disjoint import DisjointPair, NoPair, disjoint_pair
from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin
from tongdian.grid.paths.routes import Route
from tongdian.grid.schemes.scheme import Scheme, share_way
from tongdian.grid.schemes.study import Study
from tongdian.grid.schemes.supply import Supply

MOST_TRIES: Final = 8
# The hosting bound may be so far below what really fits; the power flow decides.
BOUND_SHARE: Final = 0.9
Flags = npt.NDArray[np.bool_]
Words = tuple[str, str]
WHY: Final[dict[str, Words]] = {
    "unreachable": ("沿可敷设的道路到不了任何接入点", "no source point can be reached"),
    "one_group": ("能到达的接入点都来自同一母线或变电站",
                  "whatever can be reached is fed from one busbar or substation"),
    "bottleneck": ("所有路径都经过同一路段", "every way out passes one segment"),
    "too_dear": ("没有不超过费用上限的双路径", "there is no pair within the cost allowed"),
}  # fmt: skip


@dataclass
class _Seen:
    """Supplies studied, by attachment and route."""

    study: Study
    supplies: dict[tuple[int, bytes], Supply]

    def supply(self, route: Route) -> Supply:
        key = route.attachment, route.edges.tobytes()
        if key not in self.supplies:
            self.supplies[key] = self.study.supply(route)
        return self.supplies[key]


def pairs(study: Study, origin: Origin, count: int) -> tuple[list[Scheme], list[Scheme], Words]:
    """Feasible schemes, infeasible ones, and why there is no pair, empty if there is one."""
    world, terms = study.world, study.terms
    groups = world.substation if terms.apart == "substation" else world.tree
    seen = _Seen(study, {})
    found: list[Scheme] = []
    failed: list[Scheme] = []
    why: Words = ("", "")
    fits = world.is_weak | (world.capacity_kw >= study.request.kw * BOUND_SHARE)
    likely = world.is_medium & fits
    for mask in (likely, world.is_medium):
        for answer in _asked(seen, origin, groups, mask.copy(), count):
            if isinstance(answer, NoPair):
                if not found:
                    why = WHY[answer.reason]
                    if answer.route is not None:
                        failed.append(Scheme((seen.supply(answer.route),), terms))
                continue
            scheme = _scheme(seen, origin, answer)
            (found if scheme.is_feasible else failed).append(scheme)
            if len(found) >= count:
                break
        if found:
            return found, _once(failed), ("", "")
    return found, _once(failed), why


def _asked(
    seen: _Seen, origin: Origin, groups: npt.NDArray[np.int32], mask: Flags, count: int
) -> Iterator[DisjointPair | NoPair]:
    """The cheapest pair; then, for another, without the feeder of its infeasible supply, or of its
    dearer one."""
    world = seen.study.world
    for _ in range(max(MOST_TRIES, count)):
        answer = disjoint_pair(world.routes, origin, groups, feasible=mask)
        yield answer
        if isinstance(answer, NoPair):
            return
        supplies = [seen.supply(route) for route in answer.routes]
        bad = [one for one in supplies if not one.is_feasible] or supplies[1:]
        for one in bad:
            mask &= world.head != world.head[one.route.attachment]


def _scheme(seen: _Seen, origin: Origin, answer: DisjointPair) -> Scheme:
    supplies = [seen.supply(route) for route in answer.routes]
    terms, world = seen.study.terms, seen.study.world
    if terms.supplies > 2:
        taken = np.isin(world.head, [world.head[s.route.attachment] for s in supplies])
        fits = world.is_medium & ~taken & (world.capacity_kw >= seen.study.request.kw)
        more = nearest(world.routes, origin, count=1, feasible=fits) if fits.any() else []
        supplies += [seen.supply(route) for route in more]
    return Scheme(tuple(supplies), terms, shares_way=share_way(supplies))


def _once(schemes: list[Scheme]) -> list[Scheme]:
    """Without those that were met twice."""
    kept: dict[tuple[int, ...], Scheme] = {}
    for scheme in schemes:
        kept.setdefault(tuple(one.route.attachment for one in scheme.supplies), scheme)
    return list(kept.values())
