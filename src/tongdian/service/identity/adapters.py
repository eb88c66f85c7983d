"""How allauth signs people in here: who may, what is recorded, where they land."""

import base64
import os
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from tongdian.service.identity import audit
from tongdian.service.identity.actors import Actor, Role
from tongdian.service.identity.address import client_address
from tongdian.service.identity.codes import purpose_keys
from tongdian.service.identity.landing import landing_of
from tongdian.service.identity.models import User, UserSession
from tongdian.service.identity.selectors import staff_grants
from tongdian.service.identity.sessions import (
    TOKEN_KEY,
    end_sessions,
    forget_actor,
    open_session,
    user_of,
)

NONCE_BYTES = 12
CIPHER = "v1:"


def actor_for_audit(user: User | None) -> Actor:
    """Whom an entry names: the user with all its roles, or nobody yet."""
    if user is None:
        return Actor(roles=frozenset({Role.APPLICANT.value}), organisation="", pseudonym="")
    grants = staff_grants(user.pk)
    return Actor(
        roles=grants.roles or frozenset({Role.APPLICANT.value}),
        organisation=grants.organisation,
        pseudonym=user.pseudonym,
        user_id=user.pk,
    )


class AccountAdapter(DefaultAccountAdapter):
    """Applicants may sign up; staff accounts are made by administrators."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("该账号已停用。"),
        "enter_current_password": _("当前密码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "incorrect_code": _("验证码不正确。"),
        "too_many_login_attempts": _("登录失败次数过多，已暂时锁定，请 5 分钟后再试。"),
        "username_password_mismatch": _("用户名或密码不正确。"),
        "username_taken": _("该用户名已被使用，请换一个。"),
        "username_blacklisted": _("该用户名不可使用，请换一个。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            self._record_lock(request, str(credentials.get("username", "")))
            raise

    def _record_lock(self, request: HttpRequest, username: str) -> None:
        """At most one entry a minute for each name, however often it is tried."""
        user = User.objects.filter(username__iexact=username).first()
        address = client_address(request)
        if cache.add(f"identity:locked:{user.pk if user else 0}:{address}", 1, timeout=60):
            audit.record("sign_in_locked", actor=actor_for_audit(user), address=address)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
        audit.record("sign_in_failed", actor=actor_for_audit(user), address=client_address(request))

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        if user.is_demo and not settings.TONGDIAN_DEMO:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: Any) -> None:
        if user.is_demo and not settings.TONGDIAN_DEMO:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)
        forget_actor(request)
        open_session(request, user)
        audit.record("signed_in", actor=actor_for_audit(user), address=client_address(request))

    def logout(self, request: HttpRequest) -> None:
        token, user = request.session.get(TOKEN_KEY), request.user
        if token and user.is_authenticated:
            ids = UserSession.objects.filter(token=token, user=user).values_list("pk", flat=True)
            end_sessions(ids, UserSession.Ended.SIGNED_OUT)
            audit.record("signed_out", actor=actor_for_audit(user))
        super().logout(request)
        forget_actor(request)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.display_name = form.cleaned_data.get("display_name", "")
        user.phone = form.cleaned_data.get("phone", "")
        saved = super().save_user(request, user, form, commit)
        if commit:
            audit.record("signed_up", actor=actor_for_audit(saved), subject=saved.pseudonym)
        return saved

    def set_password(self, user: Any, password: str) -> None:
        user.must_change_password = False
        super().set_password(user, password)
        audit.record("password_changed", actor=actor_for_audit(user), subject=user.pseudonym)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_of(staff_grants(user_of(request).pk).roles)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return landing_of(staff_grants(user_of(request).pk).roles)


class MFAAdapter(DefaultMFAAdapter):
    """Authenticator secrets are encrypted at rest; staff cannot switch the second factor off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("工作人员不能停用二次验证。"),
        "cannot_generate_recovery_codes": _("请先启用二次验证，再生成备用码。"),
        "incorrect_code": _("验证码不正确，请输入验证器上当前显示的 6 位数字。"),
    }

    def build_totp_svg(self, url: str) -> str:
        out = BytesIO()
        segno.make(url, error="m").save(
            out, kind="svg", scale=5, border=4, xmldecl=False, light="#fff", dark="#14213d"
        )
        return out.getvalue().decode()

    def encrypt(self, text: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(purpose_keys("second-factor")[0]).encrypt(nonce, text.encode(), None)
        return CIPHER + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        raw = base64.b64decode(encrypted_text.removeprefix(CIPHER))
        for key in purpose_keys("second-factor"):
            try:
                return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], None).decode()
            except InvalidTag:
                continue
        raise ValueError("the secret was sealed with a key that is no longer configured")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not staff_grants(authenticator.user_id).roles
