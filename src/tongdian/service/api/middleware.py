"""Answers for what goes wrong below the views: a database that is down is 503, never half a case."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = 5


class ProblemMiddleware:
    """Turns a lost database into 503 with Retry-After, as problem+json under /api/."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return unavailable(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        return None


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: what happened, what is safe, what to do; renders without the database."""
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse(
            {
                "type": "urn:tongdian:problem:database-unavailable",
                "title": "数据库暂不可用 / The database is unavailable",
                "status": 503,
                "detail": "没有写入任何内容，请稍后用同一个 Idempotency-Key 重试。"
                " Nothing was written; retry later with the same Idempotency-Key.",
                "retry_after_seconds": RETRY_AFTER_SECONDS,
            },
            status=503,
            content_type="application/problem+json",
        )
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
