"""Every address has an authorisation decision: public for a reason, or refused to strangers."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from support.cases import submit
from tongdian.service.api.urls import api

pytestmark = pytest.mark.django_db

# Route and reason. `<…>` stands for any converter. An address that is neither here nor refuses a
# stranger fails; so does one that is here and gone, or here and refuses.
PUBLIC = {
    "": "home and pre-check, the first question",
    "precheck/": "the answer before applying needs no account",
    "precheck/load/": "the load from a list of equipment",
    "outages/": "what the plan promises about outages",
    "guides/": "how each kind of customer gets connected",
    "guides/<track>/": "one guide",
    "plan/": "the plan's text",
    "commitments/": "the commitments",
    "disclosure/promise/": "the promise kept, numbers masked",
    "verify/": "anyone may verify",
    "verify/verify.py": "the verifier itself",
    "apply/": "anyone may apply; the answers stay in the own session",
    "apply/begin/": "begins a draft of the own session",
    "apply/resume/": "asks for the code of a saved draft",
    "apply/continue/": "goes on with the draft of the own session",
    "apply/saved/": "the code of the own draft",
    "apply/submit/": "submits the draft of the own session",
    "apply/done/": "what the own session submitted",
    "apply/<question_id>/": "one question of the own draft",
    "track/": "asks for number and query code",
    "my-data/": "says how to get at one's own data; shows nobody's to a stranger",
    "my-data/what-we-keep/": "what is kept of people, for anyone",
    "account/login/": "signing in",
    "account/signup/": "signing up",
    "account/logout/": "signing out; nothing to sign out of",
    "account/inactive/": "says that an account is closed",
    "account/password/help/": "how to get in again",
    "account/demo/": "demo accounts in a demo; refuses everywhere else",
    "look/elder/": "large text, a cookie of the own browser",
    "look/language/": "Chinese or English, a cookie of the own browser",
    "look/gallery/": "the components, in a demo alone",
    "exchange/in/<source>/": "other systems, each message proved by its signature",
    "api/": "explains the interface",
    "api/v1/openapi.json": "describes the interface",
    "api/v1/log/head": "the log is public",
    "api/v1/log/inclusion": "the log is public",
    "api/v1/log/consistency": "the log is public",
    "api/v1/precheck": "the same as the page",
    "api/v1/deadline": "a calendar",
}
# Public, but answering a stranger with a redirect or a refusal for want of a session or a form.
NOTHING_TO_SHOW = {
    "apply/begin/", "apply/resume/", "apply/continue/", "apply/saved/", "apply/submit/",
    "apply/done/", "apply/<question_id>/", "account/logout/", "account/demo/", "look/elder/",
    "look/language/", "look/gallery/", "exchange/in/<source>/",
}  # fmt: skip
ARGUMENTS = {
    "track": "resident", "question_id": "place", "kind": "withdrawn", "seq": "1", "pk": "1",
    "grant_pk": "1", "session_pk": "1", "figure_id": "open", "digest": "ab" * 32, "name": "x",
}  # fmt: skip
REFUSED = {301, 302, 401, 403, 404, 405}


def routes(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Every route of the project with converters as `<name>`."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        text = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, text)
        elif isinstance(pattern, URLPattern):
            yield text


ROUTES = sorted(set(routes()))


def address(route: str, number: str) -> str:
    values = {**ARGUMENTS, "number": number}
    return "/" + re.sub(r"<(\w+)>", lambda match: values.get(match.group(1), "x"), route)


def refused(response: Any) -> bool:
    """401, 403, 404, or sent to sign in or to prove the right to a case."""
    if response.status_code in (301, 302):
        return bool(re.match(r"^/(account/login|track)/", response["Location"]))
    return response.status_code in REFUSED


def test_the_walk_sees_the_whole_project() -> None:
    assert len(ROUTES) > 90
    for part in ("desk/cases/<number>/", "board/", "admin-users/<pk>/grant/", "api/v1/cases"):
        assert any(route.startswith(part) for route in ROUTES), part
    assert [route for route in ROUTES if "(" in route or "^" in route] == [], "plain routes alone"


def test_the_list_of_public_addresses_is_not_stale() -> None:
    assert sorted(set(PUBLIC) - set(ROUTES)) == []
    assert all(PUBLIC.values())


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger(route: str) -> None:
    """Asked for a case that exists, reading and writing, without an account, code or key."""
    number = submit("resident").case.number
    path = address(route, number)
    client = Client(raise_request_exception=False)
    read, written = client.get(path), client.post(path, {"x": "y"})
    if route not in PUBLIC:
        assert refused(read), (read.status_code, read.get("Location"))
        assert refused(written), (written.status_code, written.get("Location"))
        assert number not in read.content.decode("utf-8", "replace").replace(path, "")
    elif route not in NOTHING_TO_SHOW:
        assert read.status_code in (200, 404, 422), "public, and so it answers"
    assert "示例" not in written.content.decode("utf-8", "replace") or route in PUBLIC


@pytest.mark.parametrize("route", [route for route in ROUTES if "<number>" in route])
def test_a_stranger_learns_not_whether_a_case_exists(route: str) -> None:
    number = submit("resident").case.number
    client = Client(raise_request_exception=False)
    answers = []
    for given in (number, "GY2611250000001B"):
        response = client.get(address(route, given))
        content = response.content.decode("utf-8", "replace").replace(given, "N")
        content = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content)
        answers.append((response.status_code, response.get("Location", "").replace(given, "N"),
                        content))  # fmt: skip
    assert answers[0] == answers[1]


def test_every_operation_of_the_api_has_a_guard_or_a_reason() -> None:
    open_ones = {
        f"{path.lstrip('/')}"
        for path, methods in api.get_openapi_schema()["paths"].items()
        for operation in methods.values()
        if not operation.get("security")
    }
    assert open_ones == {r for r in PUBLIC if r.startswith("api/v1/")} - {"api/v1/openapi.json"}
