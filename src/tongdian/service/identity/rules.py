"""Who may manage accounts: rules that several actions share."""

from tongdian.service.identity.actors import Actor, Role
from tongdian.service.identity.errors import InvalidRequest, NotPermitted
from tongdian.service.identity.models import Organisation, User

ADMINISTRATORS = (Role.ADMINISTRATOR, Role.SYSTEM)


def require_administrator(actor: Actor) -> None:
    """Raises NotPermitted."""
    if not actor.has(*ADMINISTRATORS):
        raise NotPermitted(
            "只有系统管理员可以管理用户和接入系统。",
            "Only an administrator manages users and API clients.",
        )


def refuse_own_account(actor: Actor, user: User) -> None:
    """Raises NotPermitted when an administrator turns to the own account."""
    if actor.user_id is not None and actor.user_id == user.pk:
        raise NotPermitted(
            "不能对自己的账号做这项操作。",
            "You cannot do this to your own account.",
            "请由另一位系统管理员办理。",
            "Ask another administrator.",
        )


def organisation_of(code: str) -> Organisation:
    """The organisation with a code. Raises InvalidRequest."""
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise InvalidRequest(f"没有编码为 {code} 的单位。", f"No organisation has the code {code}.")
    return found
