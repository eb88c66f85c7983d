"""Everything that can happen to users, roles, delegations and API clients.

Only an administrator (or the system itself) does these things, never to the own account; every one
is written to the audit in the same transaction.
"""

from collections.abc import Iterable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from tongdian.service.identity import audit
from tongdian.service.identity.access import (
    issue_party_access,
    open_case_with_code,
    revoke_party_access,
    rotate_party_access,
)
from tongdian.service.identity.actors import STAFF_ROLES, Actor, Role, duty_of, may_combine
from tongdian.service.identity.clients import (
    create_api_client,
    rotate_api_key,
    switch_api_client,
)
from tongdian.service.identity.codes import new_one_time_password
from tongdian.service.identity.delegations import delegate, revoke_delegation
from tongdian.service.identity.errors import InvalidRequest, SeparationOfDuties
from tongdian.service.identity.models import RoleGrant, User, UserSession
from tongdian.service.identity.rules import (
    organisation_of,
    refuse_own_account,
    require_administrator,
)
from tongdian.service.identity.seeds import seed_demo_users, seed_organisations
from tongdian.service.identity.sessions import end_all_sessions, end_sessions, keep_access
from tongdian.service.identity.words import ROLE_NAMES

__all__ = [
    "create_api_client",
    "create_user",
    "delegate",
    "end_session",
    "grant_role",
    "issue_party_access",
    "keep_access",
    "lock_user",
    "open_case_with_code",
    "reset_password",
    "reset_second_factor",
    "revoke_delegation",
    "revoke_party_access",
    "revoke_role",
    "rotate_api_key",
    "rotate_party_access",
    "seed_demo_users",
    "seed_organisations",
    "switch_api_client",
    "unlock_user",
]

KINDS_OF_ORGANISATION = {
    Role.CLERK: {"utility"},
    Role.ENGINEER: {"utility"},
    Role.FIELDWORKER: {"utility"},
    Role.LEAD: {"utility"},
    Role.OFFICER: {"department", "city"},
    Role.SUPERVISOR: {"department", "city"},
    Role.AUDITOR: {"department", "city"},
    Role.ADMINISTRATOR: {"department", "city", "utility"},
}


def create_user(
    *,
    username: str,
    display_name: str = "",
    organisation: str = "",
    phone: str = "",
    password: str | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> tuple[User, str]:
    """A new account and its password, which is one to be changed at first sign-in unless given.

    Raises NotPermitted, InvalidRequest (name taken, unknown organisation), and Django's
    ValidationError for a password that is too weak.
    """
    require_administrator(actor)
    user = User(
        username=User.normalize_username(username.strip()),
        display_name=display_name.strip(),
        organisation=organisation_of(organisation) if organisation else None,
        phone=phone,
        must_change_password=password is None,
    )
    if not user.username or User.objects.filter(username__iexact=user.username).exists():
        raise InvalidRequest(
            "用户名为空或已被使用。",
            "The user name is empty or taken.",
            "请换一个用户名。",
            "Choose another.",
        )
    if password is not None:
        validate_password(password, user)
    secret = password or new_one_time_password()
    user.set_password(secret)
    try:
        with transaction.atomic():
            user.save()
            audit.record("user_created", actor=actor, subject=user.pseudonym, at=at)
    except IntegrityError:
        raise InvalidRequest("用户名已被使用。", "The user name is taken.") from None
    return user, secret


def grant_role(
    *,
    user: User,
    role: str,
    district: str | None = None,
    actor: Actor,
    at: datetime | None = None,
) -> RoleGrant:
    """Give `user` a staff role, for the whole city or one district.

    Raises NotPermitted, SeparationOfDuties when the user holds a role of another duty, and
    InvalidRequest (unknown role, organisation that has no such role, granted already).
    """
    require_administrator(actor)
    refuse_own_account(actor, user)
    if role not in STAFF_ROLES:
        raise InvalidRequest(f"没有可授予的角色“{role}”。", f"There is no staff role {role!r}.")
    with transaction.atomic():
        user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        _require_fitting_organisation(user, role)
        held = set(
            RoleGrant.objects.filter(user=user, revoked_at__isnull=True).values_list(
                "role", flat=True
            )
        )
        if role in held:
            raise InvalidRequest("该用户已有这个角色。", "The user has this role already.")
        if not may_combine({*held, role}):
            raise _conflict(role, held)
        grant = RoleGrant.objects.create(
            user=user,
            role=role,
            district=district or None,
            granted_by=actor.pseudonym,
            granted_at=at or timezone.now(),
        )
        audit.record(
            "role_granted",
            actor=actor,
            subject=user.pseudonym,
            at=at,
            granted=role,
            district=district,
        )
    return grant


def _require_fitting_organisation(user: User, role: str) -> None:
    kind = user.organisation.kind if user.organisation else ""
    if kind not in KINDS_OF_ORGANISATION[Role(role)]:
        raise InvalidRequest(
            f"“{ROLE_NAMES[role]}”须属于相应的单位。",
            f"A user with the role {role} must belong to an organisation of the right kind.",
            "请先为用户选择供电企业或政府部门。",
            "Give the user a utility office or a department first.",
        )


def _conflict(role: str, held: Iterable[str]) -> SeparationOfDuties:
    other = sorted(known for known in held if duty_of(known) != duty_of(role))[0]
    return SeparationOfDuties(
        f"不相容职责：已是“{ROLE_NAMES[other]}”的人不能再任“{ROLE_NAMES[role]}”。",
        f"Separation of duties: somebody who is {other} cannot be {role} as well.",
        "办件、监督审计、系统管理三类职责须由不同的人担任；请先撤销原角色，或另建用户。",
        "Handling cases, oversight and administration belong to different people: "
        "revoke the other role first, or use another account.",
    )


def revoke_role(*, grant: RoleGrant, actor: Actor, at: datetime | None = None) -> RoleGrant:
    """End a role; it stops counting with the user's next request.

    Raises NotPermitted, and InvalidRequest when it ended before.
    """
    require_administrator(actor)
    refuse_own_account(actor, grant.user)
    with transaction.atomic():
        grant = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if grant.revoked_at is not None:
            raise InvalidRequest("这个角色已经撤销。", "The role was revoked before.")
        grant.revoked_by, grant.revoked_at = actor.pseudonym, at or timezone.now()
        grant.save(update_fields=["revoked_by", "revoked_at"])
        audit.record(
            "role_revoked", actor=actor, subject=grant.user.pseudonym, at=at, revoked=grant.role
        )
    return grant


def lock_user(*, user: User, actor: Actor, at: datetime | None = None) -> None:
    """Nobody signs in with this account any more, and its sessions end."""
    require_administrator(actor)
    refuse_own_account(actor, user)
    _set_active(user, False, "user_locked", actor, at)


def unlock_user(*, user: User, actor: Actor, at: datetime | None = None) -> None:
    """Allow signing in again."""
    require_administrator(actor)
    refuse_own_account(actor, user)
    _set_active(user, True, "user_unlocked", actor, at)


def _set_active(user: User, active: bool, kind: str, actor: Actor, at: datetime | None) -> None:
    with transaction.atomic():
        if not User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
            raise InvalidRequest("用户的状态没有变化。", "The user is in that state already.")
        if not active:
            end_all_sessions(user)
        audit.record(kind, actor=actor, subject=user.pseudonym, at=at)
    user.is_active = active


def reset_second_factor(*, user: User, actor: Actor, at: datetime | None = None) -> None:
    """Remove the authenticator and recovery codes of somebody who lost them; a new one must be
    set up before anything else. Sessions end."""
    require_administrator(actor)
    refuse_own_account(actor, user)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_all_sessions(user)
        audit.record("second_factor_reset", actor=actor, subject=user.pseudonym, at=at)


def reset_password(*, user: User, actor: Actor, at: datetime | None = None) -> str:
    """A new password to be changed at the next sign-in; sessions end. Returns it."""
    require_administrator(actor)
    refuse_own_account(actor, user)
    secret = new_one_time_password()
    with transaction.atomic():
        user.set_password(secret)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        end_all_sessions(user)
        audit.record("password_reset", actor=actor, subject=user.pseudonym, at=at)
    return secret


def end_session(*, session: UserSession, actor: Actor, at: datetime | None = None) -> None:
    """Sign a session out: one's own, or anybody's for an administrator."""
    if session.user_id != actor.user_id:
        require_administrator(actor)
    with transaction.atomic():
        if end_sessions([session.pk], UserSession.Ended.ENDED, at=at):
            audit.record("session_ended", actor=actor, subject=session.user.pseudonym, at=at)
