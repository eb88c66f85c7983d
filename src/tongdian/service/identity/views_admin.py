"""`/admin-users/`: users, roles and API clients, for administrators."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongdian.law.identifiers import GUIYANG_DIVISIONS
from tongdian.service.identity import actions
from tongdian.service.identity.actors import Actor, Role, actor_of
from tongdian.service.identity.errors import IdentityError
from tongdian.service.identity.forms import ApiClientForm, GrantForm, UserFilterForm, UserForm
from tongdian.service.identity.models import ApiClient, RoleGrant, User, UserSession
from tongdian.service.identity.selectors import (
    grants_history,
    open_sessions,
    users_for_administration,
)
from tongdian.service.identity.words import role_name

PAGE = 50
View = Callable[..., HttpResponse]


def administrators_only(view: View) -> View:
    """Give the view the administrator as `actor`, or refuse."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if not actor.has(Role.ADMINISTRATOR):
            raise PermissionDenied(_("只有系统管理员可以管理用户和接入系统。"))
        return view(request, actor, *args, **kwargs)

    return guarded


def _english() -> bool:
    return (get_language() or "").startswith("en")


@require_GET
@administrators_only
def users(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who there is, and with what roles."""
    form = UserFilterForm(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = users_for_administration(wanted.get("q", ""), wanted.get("role", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [
        (user, [role_name(grant.role) for grant in user.active_grants])  # type: ignore[attr-defined]
        for user in page
    ]
    return render(request, "identity/users.html", {"form": form, "page": page, "rows": rows})


@require_http_methods(["GET", "POST"])
@administrators_only
def new_user(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new account; its first password is shown once, on the answer itself."""
    form = UserForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = actions.create_user(**form.cleaned_data, actor=actor)
        except IdentityError as error:
            form.add_error("username", error.text)
        else:
            context = {"user_shown": user, "secret": password}
            return render(request, "identity/password_once.html", context)
    status = 422 if form.errors else 200
    return render(request, "identity/user_new.html", {"form": form}, status=status)


@require_GET
@administrators_only
def user(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """One account: its roles now and before, sessions, and what can be done."""
    return _user_page(request, actor, get_object_or_404(User, pk=pk), GrantForm(english=_english()))


def _user_page(
    request: HttpRequest, actor: Actor, user: User, form: GrantForm, status: int = 200
) -> HttpResponse:
    history = [
        (grant, role_name(grant.role), _district(grant.district)) for grant in grants_history(user)
    ]
    context = {
        "shown": user,
        "form": form,
        "active": [row for row in history if row[0].revoked_at is None],
        "former": [row for row in history if row[0].revoked_at is not None],
        "sessions": open_sessions(user),
        "has_totp": Authenticator.objects.filter(user=user, type="totp").exists(),
        "own": actor.user_id == user.pk,
    }
    return render(request, "identity/user.html", context, status=status)


def _district(code: str | None) -> str:
    place = GUIYANG_DIVISIONS.get(code or "")
    if place is None:
        return code or _("全市")
    return place.en if _english() else place.zh


@require_POST
@administrators_only
def grant(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Grant a role; a refusal stands beside the field."""
    person = get_object_or_404(User, pk=pk)
    form = GrantForm(request.POST, english=_english())
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.grant_role(
                user=person, role=data["role"], district=data["district"] or None, actor=actor
            )
        except IdentityError as error:
            form.add_error("role", error.text)
        else:
            messages.success(request, _("已授予角色：%(role)s") % {"role": role_name(data["role"])})
            return redirect("admin-user", pk=pk)
    return _user_page(request, actor, person, form, status=422)


@require_POST
@administrators_only
def revoke(request: HttpRequest, actor: Actor, pk: int, grant_pk: int) -> HttpResponse:
    """Revoke a role."""
    row = get_object_or_404(RoleGrant, pk=grant_pk, user_id=pk)
    return _done(
        request,
        lambda: actions.revoke_role(grant=row, actor=actor),
        _("已撤销角色：%(role)s") % {"role": role_name(row.role)},
        "admin-user",
        pk=pk,
    )


def _done(
    request: HttpRequest, action: Callable[[], Any], words: str, name: str, **arguments: Any
) -> HttpResponse:
    """Do it and say so, or say why not; then back to the page."""
    try:
        action()
    except IdentityError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, words)
    return redirect(name, **arguments)


USER_COMMANDS = {
    "lock": (actions.lock_user, "已停用该用户，其登录均已结束。"),
    "unlock": (actions.unlock_user, "已恢复该用户。"),
    "second-factor": (actions.reset_second_factor, "已清除二次验证，下次登录须重新设置。"),
}


@require_POST
@administrators_only
def command(request: HttpRequest, actor: Actor, pk: int, name: str) -> HttpResponse:
    """Lock, unlock, or clear the second factor."""
    person = get_object_or_404(User, pk=pk)
    action, words = USER_COMMANDS[name]
    return _done(request, lambda: action(user=person, actor=actor), _(words), "admin-user", pk=pk)


@require_POST
@administrators_only
def password(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """A new one-time password, shown once."""
    person = get_object_or_404(User, pk=pk)
    try:
        secret = actions.reset_password(user=person, actor=actor)
    except IdentityError as error:
        messages.error(request, error.text)
        return redirect("admin-user", pk=pk)
    context = {"user_shown": person, "secret": secret}
    return render(request, "identity/password_once.html", context)


@require_POST
@administrators_only
def end(request: HttpRequest, actor: Actor, pk: int, session_pk: int) -> HttpResponse:
    """End a session of a user."""
    row = get_object_or_404(UserSession, pk=session_pk, user_id=pk)
    return _done(
        request,
        lambda: actions.end_session(session=row, actor=actor),
        _("已结束该登录。"),
        "admin-user",
        pk=pk,
    )


@require_http_methods(["GET", "POST"])
@administrators_only
def clients(request: HttpRequest, actor: Actor) -> HttpResponse:
    """API clients; a new one's key is shown once, on the answer itself."""
    form = ApiClientForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            client, key = actions.create_api_client(**form.cleaned_data, actor=actor)
        except IdentityError as error:
            form.add_error("name", error.text)
        else:
            return render(request, "identity/key_once.html", {"client": client, "key": key})
    rows = [
        (client, [ApiClient.Scope(scope).label for scope in client.scopes])
        for client in ApiClient.objects.select_related("organisation")
    ]
    status = 422 if form.errors else 200
    return render(request, "identity/clients.html", {"form": form, "rows": rows}, status=status)


@require_POST
@administrators_only
def rotate(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Replace a client's key; the new one is shown once."""
    client = get_object_or_404(ApiClient, pk=pk)
    key = actions.rotate_api_key(client=client, actor=actor)
    return render(request, "identity/key_once.html", {"client": client, "key": key})


@require_POST
@administrators_only
def switch(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let a client in, or keep it out."""
    client = get_object_or_404(ApiClient, pk=pk)
    active = request.POST.get("active") == "1"
    words = _("已启用该接入系统。") if active else _("已停用该接入系统。")
    return _done(
        request,
        lambda: actions.switch_api_client(client=client, active=active, actor=actor),
        words,
        "admin-clients",
    )
