"""Error pages: what happened, what is safe, what to do. 500 and 503 touch no database."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tongdian.service.look.context import ELDER_COOKIE, short_language


def _page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """Rendered without the request: no context processor, so no session and no database."""
    context |= {
        "elder": request.COOKIES.get(ELDER_COOKIE) == "1",
        "html_lang": "en" if short_language() == "en" else "zh-CN",
    }
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, reason=_text(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The same page whether a case is unknown or not yours."""
    return _page(request, 404)


def conflict(
    request: HttpRequest,
    *,
    reason: str = "",
    clause: str = "",
    remedy: str = "",
    happened: list[str] | None = None,
    allowed: list[str] | None = None,
    back: str = "",
) -> HttpResponse:
    """409: somebody acted first, or the case's stage does not allow it; says what is allowed."""
    return _page(
        request,
        409,
        reason=reason,
        clause=clause,
        remedy=remedy,
        happened=happened or [],
        allowed=allowed or [],
        back=back,
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose page was too old, or sent from elsewhere (settings.CSRF_FAILURE_VIEW)."""
    return _page(request, 403, stale=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 when it was the database that a middleware could not reach."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    return _page(request, 503)


def _text(exception: Exception | None) -> str:
    """The words of a PermissionDenied raised with a sentence for people."""
    return str(exception.args[0]) if exception and exception.args else ""
