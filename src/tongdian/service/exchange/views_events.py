"""`GET /exchange/events/`: what was missed, from any cursor; the same events as by webhook."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from tongdian.service.exchange.cloudevents import cloud_event
from tongdian.service.exchange.following import end_of_log, events_between
from tongdian.service.exchange.problems import Problem, invalid
from tongdian.service.exchange.scope import cases_of
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.models import Organisation
from tongdian.service.identity.selectors import actor_of_api_key

PAGE, MOST = 100, 500
LARGEST = 2**53


@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """`after` is the last `logindex` known, -1 for the beginning. `next` is the `after` of the next
    request; when it equals `end`, nothing is left for now."""
    try:
        if request.method not in ("GET", "HEAD"):
            raise Problem("method-not-allowed", "只接受 GET。 GET alone.")
        who = _integrator(request)
        after = _number(request, "after", -1, least=-1, most=LARGEST)
        limit = _number(request, "limit", PAGE, least=1, most=MOST)
    except Problem as problem:
        response = problem.response()
        if problem.status == 405:
            response["Allow"] = "GET"
        if problem.status == 401:
            response["WWW-Authenticate"] = "Bearer"
        return response
    home = Organisation.objects.get(code=who.organisation)
    end = end_of_log()
    found = events_between(after, end, None, limit=limit + 1, event__case__in=cases_of(home))
    page = found[:limit]
    following = page[-1].index if len(found) > limit else max(end, after)
    body = {"events": [cloud_event(event) for event in page], "next": following, "end": end}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _integrator(request: HttpRequest) -> Actor:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    who = actor_of_api_key(key.strip()) if scheme.lower() == "bearer" else None
    if who is None:
        raise Problem(
            "not-signed-in",
            "在 Authorization 头中带上 Bearer 密钥。 Send a Bearer key in Authorization.",
        )
    if "read" not in who.scopes:
        raise Problem("scope-not-granted", "需要 read 权限。 The scope read is needed.",
                      scopes_needed=["read"])  # fmt: skip
    return who


def _number(request: HttpRequest, name: str, default: int, *, least: int, most: int) -> int:
    text = request.GET.get(name, str(default))
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and len(digits) <= 16 and least <= int(text) <= most:
        return int(text)
    raise invalid(
        name,
        (f"应为 {least} 到 {most} 的整数", f"an integer from {least} to {most}"),
        ("从头开始用 -1", "-1 begins at the beginning")
        if name == "after"
        else ("不填即为 100", "100 if left out"),
    )
