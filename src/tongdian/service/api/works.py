"""The route of external works: handed in by designers' programs, answered with what it needs."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from tongdian.service.api.auth import ACT, actor
from tongdian.service.api.cases import known_number
from tongdian.service.api.idempotency import idempotent
from tongdian.service.approval.actions import prepare_route
from tongdian.service.casework.commands import Digest
from tongdian.service.casework.selectors import case_for

router = Router(tags=["actions"])
Code = Literal["municipal", "green", "traffic", "forest"]


class RouteIn(Schema):
    """`route` is GeoJSON in EPSG:4490: a LineString, or features with `laying`."""

    model_config = ConfigDict(extra="forbid")
    route: dict[str, Any]
    voltage_kv: Annotated[Decimal, Field(gt=0, le=1000, max_digits=7, decimal_places=3)]


class ItemOut(Schema):
    """A permit that the route needs, with the clauses why."""

    code: Code
    sub_items: list[str]
    clauses: list[str]


class MoratoriumOut(Schema):
    """A road that must not be dug now, and what can be done."""

    rule_zh: str
    rule_en: str
    remedy_zh: str
    remedy_en: str
    clause: str


class ConditionOut(Schema):
    """One condition of notice and commitment; `passed` null while it is not known."""

    id: str
    zh: str
    en: str
    passed: bool | None
    value: str
    limit: str
    unit: str
    clause: str


class WorksOut(Schema):
    """What the route needs. `route_digest` goes into the materials of `permits_filed`."""

    route_digest: Digest
    length_m: str
    voltage_kv: str
    items: list[ItemOut]
    moratoria: list[MoratoriumOut]
    commitment: Literal["yes", "no", "waiting", "not_needed"]
    conditions: list[ConditionOut]


@router.post(
    "/cases/{number}/works",
    auth=ACT,
    response={200: WorksOut},
    operation_id="prepare_works",
    summary="外线路径 / The route of the works, and which permits it needs",
)
def prepare_works(request: HttpRequest, number: str, works: RouteIn) -> HttpResponse:
    """Keeps the route on the case, in place of an earlier one; files nothing."""
    who = actor(request)

    def write() -> HttpResponse:
        case = case_for(who, known_number(number))
        told = prepare_route(case, route=works.route, voltage_kv=works.voltage_kv, actor=who)
        return JsonResponse(told)

    return idempotent(request, who.pseudonym, request.body, write)
