"""The nearest feasible supply: candidates by route, each checked by power flow, ranked.

Studied are the nearest attachments that the hosting bound, or a little more than it, lets hope for,
and the nearest whatever they can give: these say why the choice went further. What is infeasible is
told with what binds it, what load would fit and what would help; it is never ranked among the
feasible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.nearest import nearest
from tongdian.grid.paths.network import Origin
from tongdian.grid.paths.routes import Route
from tongdian.grid.paths.snap import snap
from tongdian.grid.schemes.pairs import BOUND_SHARE, pairs
from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.request import Request, check
from tongdian.grid.schemes.scheme import Scheme, ranked
from tongdian.grid.schemes.study import Study
from tongdian.grid.schemes.terms import Terms, terms_of
from tongdian.grid.schemes.world import World

CANDIDATES = 5
PER_FEEDER = 2
MOST_CANDIDATES = 50
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Quote:
    """`schemes` that are feasible, ranked; `infeasible` ones, cheapest first; `why` nothing could
    be studied at all, in Chinese and English, empty otherwise."""

    request: Request
    terms: Terms
    origin: Origin
    schemes: tuple[Scheme, ...]
    infeasible: tuple[Scheme, ...]
    why: tuple[str, str]
    world: World

    @property
    def best(self) -> Scheme | None:
        """The cheapest feasible scheme."""
        return self.schemes[0] if self.schemes else None

    def to_dict(self, *, elements: bool = True) -> dict[str, Any]:
        """JSON-able; `elements` adds the loading of every element, which is most of its size."""
        from tongdian.grid.schemes.answers import quote_dict

        return quote_dict(self, elements=elements)


def quote(
    world: World, lon: float, lat: float, kw: float, *, count: int = CANDIDATES, **wishes: Any
) -> Quote:
    """Up to `count` ranked schemes for a load of `kw` at a place; `wishes` are further fields of
    `Request` (power_factor, use, is_single_phase, is_small_micro, critical, is_dual, motor, …).

    Raises SchemeError and PathError: a place that is none or outside the city, a load that is not a
    number, not above zero or absurd, a word that is not known.
    """
    if not 1 <= count <= MOST_CANDIDATES:
        raise SchemeError(
            "bad_count", "count", (f"{count} 个方案不行", f"{count} is no number of schemes"),
            (f"请用 1 到 {MOST_CANDIDATES}。", f"Use 1 to {MOST_CANDIDATES}."),
        )  # fmt: skip
    wishes.setdefault("power_factor", world.rules["default_power_factor"])
    request = Request(lon=lon, lat=lat, kw=kw, **wishes)
    check(request, world.rules)
    terms = terms_of(request, world.rules)
    if terms.is_low and terms.supplies > 1:
        raise SchemeError(
            "two_low_supplies", "level",
            ("双电源须高压供电", "two supplies are given at high voltage"),
            ("请改为 10kV，或申请单电源。", "Ask for 10kV, or for one supply."),
        )  # fmt: skip
    origin = snap(world.grid, world.routes.graph, world.routes.prices, lon, lat)
    study = Study(world, request, terms)
    if not terms.is_low and terms.level != "10kV":
        why = (
            f"{terms.level} 供电须作接入系统设计，不在本图范围内",
            f"supply at {terms.level} needs an access study beyond this network",
        )
        return Quote(request, terms, origin, (), (), why, world)
    if terms.supplies > 1:
        found, failed, why = pairs(study, origin, count)
    else:
        found, failed, why = _singles(study, origin, count)
    return Quote(
        request, terms, origin, ranked(found)[:count],
        tuple(sorted(failed, key=lambda s: s.cost.middle))[:count], why, world,
    )  # fmt: skip


def _singles(
    study: Study, origin: Origin, count: int
) -> tuple[list[Scheme], list[Scheme], tuple[str, str]]:
    world, kw = study.world, study.request.kw
    found: list[Scheme] = []
    failed: list[Scheme] = []
    seen = np.zeros(len(world.capacity_kw), np.bool_)
    likely = world.is_weak | (world.capacity_kw >= kw * BOUND_SHARE)
    for mask, is_needed in (
        (likely, True), (~seen, True), (world.capacity_kw >= kw, False),
    ):  # fmt: skip
        if not is_needed and len(found) >= count:
            break
        for route in _routes(study, origin, count, mask if is_needed else mask & ~seen):
            if not seen[route.attachment]:
                seen[route.attachment] = True
                scheme = Scheme((study.supply(route),), study.terms)
                (found if scheme.is_feasible else failed).append(scheme)
    why = ("", "")
    if not seen.any():
        why = ("沿可敷设的道路到不了任何接入点", "no source point can be reached along streets"
               " where lines may be laid")  # fmt: skip
    return found, failed, why


def _routes(study: Study, origin: Origin, count: int, mask: Flags) -> Iterator[Route]:
    """Routes to attachments, cheapest first. Low voltage: to its own network within its radius,
    then to 10 kV, for a new transformer."""
    world = study.world
    if study.terms.is_low:
        for route in _near(world, origin, count, world.is_low & mask):
            if route.length_m(world.routes) <= world.rules["low_voltage_radius_m"]:
                yield route
    yield from _near(world, origin, count, world.is_medium & mask)


def _near(world: World, origin: Origin, count: int, mask: Flags) -> list[Route]:
    if not mask.any():
        return []
    return nearest(
        world.routes, origin, count=count, feasible=mask, groups=world.head, per_group=PER_FEEDER
    )
