"""The plan, the pre-check and the calendar for programs, without a key."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router

from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.law.precheck import answer
from tongdian.law.tracks import RequestError, SupplyRequest
from tongdian.service.api.schemas_timeline import DeadlineOut, PrecheckOut
from tongdian.service.casework import clock
from tongdian.service.casework.errors import FieldError, InvalidInput
from tongdian.service.connection.commands import MAX_LOAD_KW

router = Router(tags=["facts"])


@router.get(
    "/precheck",
    response={200: PrecheckOut},
    operation_id="precheck",
    summary="预检 / Track, steps, documents, days and price before applying",
)
def precheck(
    request: HttpRequest,
    load_kw: Annotated[Decimal, Query(gt=0, le=MAX_LOAD_KW, decimal_places=2)],
    purpose: Literal[
        "residential", "commercial", "industrial", "agricultural", "public", "charging"
    ] = "residential",
    applicant_kind: Literal["resident", "small_micro", "enterprise", "other"] = "resident",
    supplies: Annotated[int, Query(ge=1, le=2)] = 1,
    external_works: Literal["no", "yes", "unknown"] = "unknown",
    voltage: Literal["220V", "380V", "10kV", "35kV", "110kV"] | None = None,
) -> HttpResponse:
    """The plan's answer for an application filed today, each statement with its clause."""
    wanted = SupplyRequest(
        purpose=purpose,
        applicant_kind=applicant_kind,
        load_kw=load_kw,
        supplies=supplies,
        external_works=external_works,
        voltage_requested=voltage,
    )
    try:
        found = answer(wanted, load_plan(), default_calendar(), local_date(clock.now()))
    except RequestError as error:
        item = FieldError(
            error.field, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en
        )
        raise InvalidInput([item]) from None
    return JsonResponse(found.to_dict())


@router.get(
    "/deadline",
    response={200: DeadlineOut},
    operation_id="deadline",
    summary="工作日推算 / A deadline with the days it skips",
)
def deadline(
    request: HttpRequest,
    start: Annotated[date, Query(alias="from", ge=date(2018, 1, 1), le=date(2040, 12, 31))],
    working_days: Annotated[int, Query(ge=0, le=1000)],
) -> HttpResponse:
    """The first day is not counted. A year without a holiday notice is answered as provisional."""
    return JsonResponse(default_calendar().explain(start, working_days).to_dict())
