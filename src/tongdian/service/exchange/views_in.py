"""`POST /exchange/in/<source>/`: a signed message of another system."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tongdian.service.exchange.problems import NOT_WRITTEN, Problem, as_response
from tongdian.service.exchange.reading import MEDIA_TYPES, MOST_BYTES
from tongdian.service.exchange.receiving import receive

AGAIN = "请稍后用同一编号重发。 Send it again with the same id."
logger = logging.getLogger(__name__)
SIGNATURE_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@csrf_exempt
def take_in(request: HttpRequest, source: str) -> HttpResponse:
    """Answers in JSON whatever happens: what came of it, or a problem document."""
    try:
        if request.method != "POST":
            raise Problem("method-not-allowed", "只接受 POST。 POST alone.")
        body = _body(request)
        headers = {name: request.headers.get(name, "") for name in SIGNATURE_HEADERS}
        reply = receive(source, headers, body)
    except Problem as problem:
        response = problem.response()
        if problem.status == 405:
            response["Allow"] = "POST"
        return response
    except (OperationalError, InterfaceError) as error:
        logger.warning("a message could not be taken in: %s", error)
        response = Problem("database-unavailable", f"{NOT_WRITTEN} {AGAIN}").response()
        response["Retry-After"] = "5"
        return response
    except Exception:
        logger.exception("a message of %s could not be taken in", source)
        return Problem("internal-error", f"{NOT_WRITTEN} {AGAIN}").response()
    return as_response(reply.status, reply.body)


def _body(request: HttpRequest) -> bytes:
    if request.content_type not in MEDIA_TYPES:
        raise Problem("media-type", "请发送 application/cloudevents+json。 Send that type.")
    too_large = Problem("too-large", "不超过 256 kB。 At most 256 kB.", limit_bytes=MOST_BYTES)
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise too_large
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise too_large
    return body
