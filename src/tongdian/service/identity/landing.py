"""Where people land after signing in."""

from collections.abc import Set

from tongdian.service.identity.actors import CASE_ROLES, Role


def landing_of(roles: Set[str]) -> str:
    """The first page for somebody with these staff roles."""
    if roles & CASE_ROLES:
        return "/desk/"
    if Role.SUPERVISOR in roles:
        return "/board/"
    if Role.AUDITOR in roles:
        return "/audit/"
    return "/admin-users/" if Role.ADMINISTRATOR in roles else "/track/"
