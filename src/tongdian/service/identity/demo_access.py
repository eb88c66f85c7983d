"""Signing in to the demo city with one click. Nothing here works unless the service is a demo, and
then only for accounts that the seed made as demo accounts."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, validate_totp_code
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest

from tongdian.service.identity.errors import NotPermitted
from tongdian.service.identity.landing import landing_of
from tongdian.service.identity.models import User
from tongdian.service.identity.selectors import staff_grants


def _require_demo(user: User) -> None:
    if not (settings.TONGDIAN_DEMO and user.is_demo and user.is_active):
        raise NotPermitted(
            "只有演示城市的演示账号可以这样登录。",
            "Only demo accounts of a demo city sign in this way.",
        )


def present_code(user: User) -> str:
    """The code that the authenticator of a demo account shows now; empty when it has none.

    Raises NotPermitted for every other account, and outside a demo.
    """
    _require_demo(user)
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        return ""
    secret = decrypt(authenticator.data["secret"])
    counter = int(time.time()) // mfa_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(secret, counter))


def sign_in_demo(request: HttpRequest, user: User) -> str:
    """Sign in as a demo account, password and second factor included; returns where to go.

    The second factor is passed with the code of this moment, checked as any other code is.
    Raises NotPermitted for every other account, and outside a demo.
    """
    _require_demo(user)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, user, method="demo", username=user.username)
    authenticator = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if authenticator is not None:
        code = present_code(user)
        if validate_totp_code(decrypt(authenticator.data["secret"]), code):
            authenticator.user = user
            post_authentication(request, authenticator)
    get_adapter(request).login(request, user)
    return landing_of(staff_grants(user.pk).roles)
