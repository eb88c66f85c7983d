"""The works of a case while they are prepared, and what the rules say about their route."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

import shapely

from tongdian.law.calendar import local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.route_models import WorksPlan
from tongdian.service.approval.route_objects import city_objects
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.identity.actors import Actor
from tongdian.works.geojson import from_geojson
from tongdian.works.geometry import Route
from tongdian.works.permits import Assessment, assess
from tongdian.works.projection import city_projection
from tongdian.works.reach import Reach
from tongdian.works.touching import Touched

# A city has a street within this of any building.
KNOWN_M: Final = 500.0
# Of the supply scheme, in kilovolts.
VOLTAGES: Final[Mapping[str, str]] = {
    "220V": "0.22", "380V": "0.38", "10kV": "10", "20kV": "20", "35kV": "35", "110kV": "110",
}  # fmt: skip


@dataclass(frozen=True)
class Assessed:
    """A route, what it touches, and what follows."""

    route: Route
    touched: Touched
    assessment: Assessment

    @cached_property
    def in_metres(self) -> shapely.Geometry:
        """All parts of the route in metres of the city's projection."""
        lines = shapely.union_all([part.line for part in self.route.parts])
        return city_projection().to_metres(lines)

    @cached_property
    def is_unknown(self) -> bool:
        """Whether nothing at all is known around the route: then nothing touched proves nothing."""
        around = shapely.buffer(self.in_metres, KNOWN_M)
        return not len(city_objects().index.areas.query(around, predicate="intersects"))


def works_of(case: Case) -> WorksPlan | None:
    """What has been prepared so far."""
    return WorksPlan.objects.filter(case=case).first()


def route_of(works: WorksPlan | None) -> Route | None:
    """The route that was accepted last."""
    return from_geojson(works.route) if works is not None and works.route else None


def save_works(
    case: Case, actor: Actor, *, route: Route | None = None, typed: Mapping[str, Any] | None = None
) -> WorksPlan:
    """Keep the route, or what was typed, right or wrong; what is not given stays."""
    works = works_of(case) or WorksPlan(case=case)
    if route is not None:
        works.route = route.to_geojson()
    if typed is not None:
        works.typed = {**works.typed, **typed}
    works.updated_at, works.updated_by = clock.now(), actor.pseudonym
    works.save()
    return works


def scheme_voltage(case: Case) -> str:
    """The voltage of the supply scheme in kV, empty when there is none yet."""
    scheme = case.folded.facts.get("scheme_replied") or {}
    return VOLTAGES.get(str(scheme.get("voltage", "")), "")


def voltage_of(case: Case, works: WorksPlan | None) -> str:
    """As typed with the route, else as the scheme says."""
    typed = str(works.typed.get("voltage_kv", "")) if works else ""
    return typed or scheme_voltage(case)


def assessed(
    case: Case, route: Route, voltage_kv: str | Decimal, credit: bool | None = None
) -> Assessed:
    """What the route needs today by the plan of the case. Raises WorksError."""
    plan, today = load_plan(case.plan), local_date(clock.now())
    touched = city_objects().touching(route, Reach.of(plan, today))
    return Assessed(route, touched, assess(route, touched, voltage_kv, plan, today, credit))
