"""Answers for what goes wrong below the views: a lost database is 503, never half a case."""

import logging
from collections.abc import Callable

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from tongdian.service.api.problems import RETRY_AFTER_SECONDS, as_problem
from tongdian.service.look.errors import bad_request, unavailable

logger = logging.getLogger(__name__)
API = "/api/v1/"


class ProblemMiddleware:
    """Turns a lost database into 503 with Retry-After, and every refusal of the API that some
    other part answered with a page (unknown address, wrong method) into problem+json."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API):
            return as_problem(request, response)
        if response.status_code == 503 and "Retry-After" not in response.headers:
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError | InterfaceError):
            return unavailable(request)
        if isinstance(exception, DataError):
            # A NUL in an address or an unchecked field, say: nobody's case, so nothing to repair.
            logger.warning("%s holds what no column can: %s", request.path, exception)
            return bad_request(request, exception)
        return None
