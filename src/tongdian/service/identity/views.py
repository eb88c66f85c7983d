"""The administrator's pages and everybody's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongdian.service.identity.actions import (
    SeparationError,
    create_api_client,
    create_user,
    grant_role,
    revoke_api_client,
    revoke_role,
    set_active,
)
from tongdian.service.identity.actors import Actor, actor_of
from tongdian.service.identity.forms import ClientForm, GrantForm, NewUserForm
from tongdian.service.identity.models import ApiClient, RoleGrant, User


def _administrator(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if "administrator" not in actor.roles:
        raise PermissionDenied
    return actor


@require_GET
def users_view(request: HttpRequest) -> HttpResponse:
    """People with their roles, and integrators with their keys."""
    _administrator(request)
    return _users_page(request, NewUserForm(), ClientForm())


def _users_page(
    request: HttpRequest,
    user_form: NewUserForm,
    client_form: ClientForm,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    people = User.objects.select_related("organisation").prefetch_related("role_grants")
    rows = [
        (user, [g for g in user.role_grants.all() if g.revoked_at is None])
        for user in people.order_by("username")[:500]
    ]
    context = {
        "rows": rows,
        "clients": ApiClient.objects.select_related("organisation").order_by("name"),
        "grant_form": GrantForm(),
        "user_form": user_form,
        "client_form": client_form,
        "key": key,
        "actor": actor_of(request),
    }
    return render(request, "identity/users.html", context, status=status)


@require_POST
def new_user_view(request: HttpRequest) -> HttpResponse:
    actor = _administrator(request)
    form = NewUserForm(request.POST)
    if form.is_valid():
        try:
            user = create_user(**form.cleaned_data, actor=actor)
        except IntegrityError:
            form.add_error("username", _("这个用户名已经有人使用，请换一个"))
        else:
            messages.success(request, _("已建立账户 %(user)s") % {"user": user.username})
            return redirect("users")
    return _users_page(request, form, ClientForm(), status=422)


@require_POST
def grant_view(request: HttpRequest, user_id: int) -> HttpResponse:
    actor = _administrator(request)
    user = get_object_or_404(User, pk=user_id)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            grant_role(user, form.cleaned_data["role"], actor=actor)
            messages.success(request, _("已授予角色"))
        except SeparationError:
            messages.error(request, _("办件角色与监督、审计、管理角色不能由同一人担任"))
        except IntegrityError:
            messages.error(request, _("这个角色已经授予"))
    return redirect("users")


@require_POST
def revoke_view(request: HttpRequest, grant_id: int) -> HttpResponse:
    actor = _administrator(request)
    revoke_role(get_object_or_404(RoleGrant, pk=grant_id), actor=actor)
    messages.success(request, _("已收回角色"))
    return redirect("users")


@require_POST
def lock_view(request: HttpRequest, user_id: int) -> HttpResponse:
    actor = _administrator(request)
    user = get_object_or_404(User, pk=user_id)
    set_active(user, not user.is_active, actor=actor)
    return redirect("users")


@require_POST
def new_client_view(request: HttpRequest) -> HttpResponse:
    """The key is shown on the answer and never again."""
    actor = _administrator(request)
    form = ClientForm(request.POST)
    if not form.is_valid():
        return _users_page(request, NewUserForm(), form, status=422)
    _client, key = create_api_client(**form.cleaned_data, actor=actor)
    return _users_page(request, NewUserForm(), ClientForm(), key=key)


@require_POST
def revoke_client_view(request: HttpRequest, client_id: int) -> HttpResponse:
    actor = _administrator(request)
    revoke_api_client(get_object_or_404(ApiClient, pk=client_id), actor=actor)
    return redirect("users")


@login_required
def account_view(request: HttpRequest) -> HttpResponse:
    """My roles and sessions; other sessions can be ended."""
    user = request.user
    mine = request.session.session_key
    if request.method == "POST":
        others = [key for key in user.open_sessions if key != mine]
        Session.objects.filter(session_key__in=others).delete()
        User.objects.filter(pk=user.pk).update(open_sessions=[mine] if mine else [])
        messages.success(request, _("其他登录已结束"))
        return redirect("account")
    context = {
        "actor": actor_of(request),
        "others": len([k for k in user.open_sessions if k != mine]),
    }
    return render(request, "identity/account.html", context)
