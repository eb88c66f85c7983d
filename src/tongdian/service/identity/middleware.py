"""Staff pages need a signed-in person with a second factor and a session within its limits."""

import time
from collections.abc import Callable

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

GUARDED = ("/desk/", "/board/", "/admin-users/")
STARTED, SEEN, REGISTERED = "session_started", "session_seen", "session_registered"


class SecondFactorMiddleware:
    """Sends to sign-in, enrolment or a fresh sign-in what may not enter the staff rooms."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._refusal(request) or self.get_response(request)

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if not request.path.startswith(GUARDED):
            return None
        user = request.user
        if not user.is_authenticated:
            return self._sign_in(request)
        if not user.is_staff_member:  # type: ignore[union-attr]
            return None
        if _expired(request):
            logout(request)
            return self._sign_in(request)
        if not is_mfa_enabled(user):
            return redirect("mfa_activate_totp")
        methods = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
        if not any(method.get("method") == "mfa" for method in methods):
            logout(request)
            return self._sign_in(request)
        return None

    def _sign_in(self, request: HttpRequest) -> HttpResponse:
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_login')}?{query}")


def _expired(request: HttpRequest) -> bool:
    """Idle too long, too old, or pushed out by newer sessions. Marks the session as seen."""
    now = time.time()
    session = request.session
    started = session.setdefault(STARTED, now)
    seen = session.get(SEEN, now)
    if now - seen > settings.STAFF_IDLE_SECONDS or now - started > settings.STAFF_SESSION_SECONDS:
        return True
    if now - seen > 30 or SEEN not in session:
        session[SEEN] = now
    if not session.get(REGISTERED):
        session[REGISTERED] = True
        session.save()
        _end_oldest(request)
    return False


def _end_oldest(request: HttpRequest) -> None:
    """A member of staff has so many sessions at once; the oldest end."""
    user = request.user
    keys = [key for key in user.open_sessions if key != request.session.session_key]  # type: ignore[union-attr]
    keys.append(request.session.session_key)
    surplus, kept = keys[: -settings.STAFF_MAX_SESSIONS], keys[-settings.STAFF_MAX_SESSIONS :]
    Session.objects.filter(session_key__in=surplus).delete()
    type(user).objects.filter(pk=user.pk).update(open_sessions=kept)
