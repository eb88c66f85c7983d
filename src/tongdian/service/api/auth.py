"""Who calls the API: a Bearer key of an integrator."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import actor_of_api_key


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>`; the actor is kept on the request as `actor`."""

    openapi_description = "API key of an integrator"

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return actor_of_api_key(token)


def actor(request: HttpRequest) -> Actor:
    """The authenticated actor of a request that passed `ApiKey`."""
    return request.auth  # type: ignore[attr-defined,no-any-return]
