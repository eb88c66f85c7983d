"""Sessions end when they should, and staff pages open only after the second factor."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from tongdian.service.identity import audit
from tongdian.service.identity.adapters import actor_for_audit
from tongdian.service.identity.models import UserSession
from tongdian.service.identity.sessions import (
    forget_actor,
    grants_of_request,
    has_second_factor,
    keep_session,
)

STAFF_PREFIXES = ("/desk/", "/board/", "/admin-users/", "/audit/")
OPEN_WHILE_CHANGING_PASSWORD = ("/account/", "/look/", "/static/")


class SecondFactorMiddleware:
    """After allauth's middleware. Costs nothing for a request without a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        ended = self._ended(request)
        return ended or self._detour(request) or self.get_response(request)

    def _ended(self, request: HttpRequest) -> HttpResponse | None:
        """Sign out a session that is over its limits, was ended, or is of a demo that is over."""
        if not request.user.is_authenticated:
            return None
        if request.user.is_demo and not settings.TONGDIAN_DEMO:
            because = UserSession.Ended.ENDED.value
        else:
            because = keep_session(request, request.user)
        if not because:
            return None
        audit.record("session_ended", actor=actor_for_audit(request.user), because=str(because))
        logout(request)
        forget_actor(request)
        label = UserSession.Ended(because).label
        messages.warning(request, _("登录已结束：%(why)s。请重新登录。") % {"why": label})
        return self._send(request, reverse("account_login"))

    def _detour(self, request: HttpRequest) -> HttpResponse | None:
        """What has to be done before this page: sign in, a new password, the second factor."""
        staff_page = request.path.startswith(STAFF_PREFIXES)
        user = request.user
        if not user.is_authenticated:
            return self._send(request, reverse("account_login")) if staff_page else None
        if user.must_change_password and not request.path.startswith(OPEN_WHILE_CHANGING_PASSWORD):
            messages.info(request, _("请先设置自己的密码。"))
            return self._send(request, reverse("account_change_password"))
        if not staff_page or has_second_factor(request) or not grants_of_request(request).roles:
            return None
        enrolled = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        name = "mfa_reauthenticate" if enrolled else "mfa_activate_totp"
        return self._send(request, reverse(name))

    def _send(self, request: HttpRequest, url: str) -> HttpResponse:
        """Go to `url` and come back; programs and htmx are told in their own way."""
        target = url
        if not request.path.startswith("/account/"):
            back = request.get_full_path() if request.method == "GET" else request.path
            target = f"{url}?{urlencode({'next': back})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse(
                {"type": "about:blank", "title": "sign-in required", "status": 401},
                status=401,
                content_type="application/problem+json",
            )
        return HttpResponseRedirect(target)
