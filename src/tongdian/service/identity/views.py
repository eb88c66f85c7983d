"""Signing in and the own account."""

from collections.abc import Callable
from typing import Any

from allauth.account.views import LoginView as AllauthLoginView
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView as AllauthAuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView as AllauthActivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongdian.service.identity import audit
from tongdian.service.identity.actions import end_session
from tongdian.service.identity.actors import Role, actor_of
from tongdian.service.identity.demo import DEMO_PASSWORD, demo_accounts
from tongdian.service.identity.demo_access import present_code, sign_in_demo
from tongdian.service.identity.errors import NotPermitted
from tongdian.service.identity.landing import landing_of
from tongdian.service.identity.models import User, UserSession
from tongdian.service.identity.selectors import audit_entries, open_sessions
from tongdian.service.identity.sessions import (
    ROLE_KEY,
    TOKEN_KEY,
    choose_role,
    grants_of_request,
    has_second_factor,
    user_of,
)
from tongdian.service.identity.words import role_name

View = Callable[..., HttpResponse]
AUDIT_PAGE = 50


class LoginView(AllauthLoginView):
    """Sign in; a demo shows its accounts."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.TONGDIAN_DEMO:
            accounts = demo_accounts()
            context["demo_password"] = DEMO_PASSWORD
            context["demo_featured"] = [a for a in accounts if a.is_featured]
            context["demo_others"] = [a for a in accounts if not a.is_featured]
        return context


class AuthenticateView(AllauthAuthenticateView):
    """The second factor; a demo account is told its code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        try:
            context["demo_code"] = present_code(self.stage.login.user)
        except NotPermitted:
            context["demo_code"] = ""
        return context


class ActivateTOTPView(AllauthActivateTOTPView):
    """Setting up the authenticator proves possession of it, so this session has passed it."""

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        user = self.request.user
        authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        authenticator.user = user
        post_authentication(self.request, authenticator, reauthenticated=True)
        audit.record(
            "second_factor_activated", actor=actor_of(self.request), subject=user.pseudonym
        )
        return response


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """以此身份登录: one click, demo accounts of a demo only; anything else is not found."""
    user = User.objects.filter(username=request.POST.get("username", "")).first()
    if user is None:
        raise Http404
    try:
        landing = sign_in_demo(request, user)
    except NotPermitted:
        raise Http404 from None
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(wanted if safe else landing)


@require_GET
def password_help(request: HttpRequest) -> HttpResponse:
    """What to do about a forgotten password: no mail is sent, so people help."""
    return render(request, "account/password_reset.html")


@login_required
@never_cache
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """My account: roles, second factor, sessions."""
    grants = grants_of_request(request)
    chosen = request.session.get(ROLE_KEY, "")
    types = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    return render(
        request,
        "identity/account.html",
        {
            "roles": [(role, role_name(role), role == chosen) for role in sorted(grants.roles)],
            "chosen": chosen,
            "landing": landing_of(grants.roles) if grants.roles else "",
            "has_totp": "totp" in types,
            "has_codes": "recovery_codes" in types,
            "verified": has_second_factor(request),
            "sessions": open_sessions(user_of(request)),
            "this_session": request.session.get(TOKEN_KEY),
        },
    )


@login_required
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """To where somebody's work begins."""
    return HttpResponseRedirect(landing_of(grants_of_request(request).roles))


@login_required
@require_POST
def role(request: HttpRequest) -> HttpResponse:
    """Act in one role only, or in all again."""
    wanted = request.POST.get("role", "")
    if not choose_role(request, wanted):
        raise PermissionDenied(_("您没有这个角色。"))
    return redirect("account")


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user, ended_at__isnull=True)
    end_session(session=session, actor=actor_of(request))
    if session.token == request.session.get(TOKEN_KEY):
        return HttpResponseRedirect(reverse("account_login"))
    messages.success(request, _("已结束该登录。"))
    return redirect("account")


@never_cache
@require_GET
def audit_view(request: HttpRequest) -> HttpResponse:
    """The audit of accounts, roles and keys, for auditors."""
    actor = actor_of(request)
    if not actor.has(Role.AUDITOR):
        raise PermissionDenied(_("只有审计员可以查看。"))
    entries = audit_entries(actor)
    kind = request.GET.get("kind", "")
    if kind:
        entries = entries.filter(kind=kind)
    page = Paginator(entries, AUDIT_PAGE).get_page(request.GET.get("page"))
    return render(request, "identity/audit.html", {"page": page, "kind": kind})
