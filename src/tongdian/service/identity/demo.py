"""Signing in as a demo account. Exists only where TONGDIAN_DEMO is on."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tongdian.service.identity.adapters import landing_page
from tongdian.service.identity.models import User
from tongdian.service.identity.seeds import DEMO_PASSWORD, DEMO_USERS


@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """One click: the demo password is checked and the present one-time code is used."""
    if not settings.TONGDIAN_DEMO:
        raise Http404
    username = request.POST.get("username", "")
    if username not in {row[0] for row in DEMO_USERS}:
        raise Http404
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not user.check_password(DEMO_PASSWORD):
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, user, method="password", username=username)
    if user.is_staff_member:
        record_authentication(request, user, method="mfa", type="totp", id=0)
    return redirect(landing_page(user))


def demo_accounts() -> list[dict[str, str]]:
    """What the sign-in page of a demo city shows."""
    if not settings.TONGDIAN_DEMO:
        return []
    return [
        {"username": username, "name": name, "role": roles[0].value if roles else "applicant"}
        for username, name, _organisation, roles in DEMO_USERS
    ]
