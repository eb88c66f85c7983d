"""`/api/v1/`: the integrators' door."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tongdian.service.api import cases, facts, log
from tongdian.service.api.auth import ApiKey
from tongdian.service.api.problems import not_signed_in, of_error, problem
from tongdian.service.casework.errors import CaseworkError, InvalidInput
from tongdian.service.casework.receipts import NotYetSequenced
from tongdian.service.connection.messages import describe_error

api = NinjaAPI(
    title="通电 Tongdian",
    version="1.0.0",
    description="获得电力开放平台的接口。Every write carries an Idempotency-Key; errors are"
    " problem+json (RFC 9457) with a stable type.",
    urls_namespace="api-v1",
    docs_url=None,
)
api.add_router("", cases.router, auth=ApiKey())
api.add_router("", log.router)
api.add_router("", facts.router)


@api.exception_handler(CaseworkError)
def _refused(request: HttpRequest, error: CaseworkError) -> HttpResponse:
    return of_error(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return of_error(InvalidInput([describe_error(_bare(item)) for item in error.errors]))


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return not_signed_in(request)


@api.exception_handler(NotYetSequenced)
def _not_yet(request: HttpRequest, error: NotYetSequenced) -> HttpResponse:
    response = problem(
        503,
        "not-yet-sequenced",
        "正在写入日志 / Being sequenced",
        "事件已保存，证明稍后可取。 The event is safe; its proof is ready in a moment.",
    )
    response["Retry-After"] = "2"
    return response


@api.exception_handler(HttpError)
def _other(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(
        error.status_code,
        "bad-request",
        "请求有误 / Bad request",
        f"请核对请求的格式。 Check the request: {error}",
    )


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    """Without the part of the location that only says body, query or the parameter's name."""
    location = [part for part in item["loc"] if part not in ("body", "query", "path", "file")]
    if location[:1] in (["application"], ["command"]) and len(location) > 1:
        location = location[1:]
    return {**item, "loc": location}


urlpatterns = [path("v1/", api.urls)]
