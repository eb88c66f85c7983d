"""Who calls the API: a Bearer key of an integrator, limited to its scopes."""

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from tongdian.service.api.idempotency import key_of
from tongdian.service.identity.actors import Actor
from tongdian.service.identity.selectors import actor_of_api_key


class ScopeNeeded(Exception):
    """The key is good, but was given none of these scopes."""

    def __init__(self, scopes: tuple[str, ...], granted: frozenset[str]) -> None:
        super().__init__(*scopes)
        self.scopes, self.granted = scopes, granted


class WrongMediaType(Exception):
    """The body of a write is not what the operation takes."""


class ApiKey(HttpBearer):
    """`Authorization: Bearer <key>` of a client with one of `scopes`; the actor is kept on the
    request as `auth`.

    With a `media_type` it guards a write, and turns away what lacks an Idempotency-Key or has
    another type before a byte of the body is read. Raises ScopeNeeded, WrongMediaType, KeyNeeded.
    """

    openapi_description = "接入单位的密钥 / API key of an integrator"

    def __init__(self, *scopes: str, media_type: str = "") -> None:
        super().__init__()
        self.scopes, self.media_type = scopes, media_type

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        who = actor_of_api_key(token)
        if who is None:
            return None
        if who.scopes.isdisjoint(self.scopes):
            raise ScopeNeeded(self.scopes, who.scopes)
        if self.media_type:
            key_of(request)
            if request.content_type != self.media_type:
                raise WrongMediaType
        return who


def actor(request: HttpRequest) -> Actor:
    """The authenticated actor of a request that passed `ApiKey`."""
    return request.auth  # type: ignore[attr-defined,no-any-return]


READ = ApiKey("read")
SUBMIT = ApiKey("submit", media_type="application/json")
ACT = ApiKey("act", media_type="application/json")
UPLOAD = ApiKey("submit", "act", media_type="multipart/form-data")
