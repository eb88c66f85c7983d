"""`/api/v1/`: the integrators' door, and `/api/`: the page that explains it."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern, URLResolver, path
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tongdian.service.api import acts, cases, facts, log, pages, works
from tongdian.service.api.auth import ScopeNeeded, WrongMediaType
from tongdian.service.api.idempotency import KeyNeeded
from tongdian.service.api.openapi import TongdianAPI
from tongdian.service.api.problems import of_error, problem, retry_later
from tongdian.service.casework.errors import CaseworkError, InvalidInput
from tongdian.service.casework.messages import describe_error
from tongdian.service.casework.receipts import NotYetSequenced

api = TongdianAPI(
    title="通电 Tongdian",
    version="1.0.0",
    description="获得电力开放平台的接口。每次写入须带 Idempotency-Key；错误为 problem+json，"
    "type 不变。 Every write carries an Idempotency-Key; errors are problem+json (RFC 9457) with a"
    " stable type.",
    urls_namespace="api-v1",
    docs_url=None,
    servers=[{"url": "/", "description": "本站 / this site"}],
)
api.add_router("", cases.router)
api.add_router("", acts.router)
api.add_router("", works.router)
api.add_router("", log.router)
api.add_router("", facts.router)


@api.exception_handler(CaseworkError)
def _refused(request: HttpRequest, error: CaseworkError) -> HttpResponse:
    return of_error(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return of_error(InvalidInput([describe_error(item) for item in error.errors]))


@api.exception_handler(AuthenticationError)
def _no_key(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = problem("not-signed-in")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ScopeNeeded)
def _no_scope(request: HttpRequest, error: ScopeNeeded) -> HttpResponse:
    return problem(
        "scope-not-granted", scopes_needed=list(error.scopes), scopes=sorted(error.granted)
    )


@api.exception_handler(KeyNeeded)
def _no_idempotency_key(request: HttpRequest, error: KeyNeeded) -> HttpResponse:
    return problem("idempotency-key-needed")


@api.exception_handler(WrongMediaType)
def _other_media_type(request: HttpRequest, error: WrongMediaType) -> HttpResponse:
    return problem("media-type")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem("too-large")


@api.exception_handler(NotYetSequenced)
def _not_yet(request: HttpRequest, error: NotYetSequenced) -> HttpResponse:
    return retry_later("not-yet-sequenced", 2)


@api.exception_handler(HttpError)
@api.exception_handler(MultiPartParserError)
def _other(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem("bad-request", f"请核对请求的格式。 Check the request: {error}")


urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.docs_view, name="api-docs"),
    path("v1/", api.urls),
]
