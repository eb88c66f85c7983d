"""Users for tests, and signing them in with the second factor passed."""

import base64
import time
from typing import Any

from allauth.account.internal.flows import login as login_flow
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.test import Client

from tongdian.service.identity.actions import create_user, grant_role
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.models import Organisation, User

PASSWORD = "示例-Passphrase-2021"
SECRET = base64.b32encode(b"twenty-bytes-for-tst").decode()
ORGANISATIONS = {
    "GYPS-520102": ("utility", "520102"),
    "GYPS-520103": ("utility", "520103"),
    "GYPS": ("utility", ""),
    "GY-ZHZF": ("department", ""),
    "GY-FGW": ("department", ""),
    "GY-ZWZX": ("department", ""),
}
HOMES = {"officer": "GY-ZHZF", "supervisor": "GY-FGW", "auditor": "GY-FGW"}


def organisation(code: str) -> Organisation:
    kind, district = ORGANISATIONS.get(code, ("company", ""))
    found, _made = Organisation.objects.get_or_create(
        code=code,
        defaults={"kind": kind, "name_zh": f"示例{code}", "name_en": code, "district": district},
    )
    return found


def make_user(username: str, *roles: str, home: str | None = None) -> User:
    """A user with an organisation that fits its first role."""
    code = home or (HOMES.get(roles[0], "GYPS-520102") if roles else "")
    if code:
        organisation(code)
    user, _password = create_user(
        username=username,
        display_name=f"示例·{username}",
        organisation=code,
        password=PASSWORD,
        actor=SYSTEM,
    )
    for role in roles:
        grant_role(user=user, role=role, actor=SYSTEM)
    return user


def enrol(user: User) -> Authenticator:
    """Give a user an authenticator with the secret of the tests."""
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)}
    )


def code_now() -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // mfa_settings.TOTP_PERIOD)))


def sign_in(client: Client, user: User) -> Client:
    """A session that passed password and second factor."""
    client.force_login(user)
    session: Any = client.session
    session[login_flow.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time()},
        {"method": "mfa", "type": "totp", "at": time.time()},
    ]
    session[login_flow._AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    return client
