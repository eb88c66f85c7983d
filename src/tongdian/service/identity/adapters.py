"""How allauth behaves here: applicants may sign up, staff accounts are made by administrators."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from tongdian.service.identity.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up makes an applicant's account and nothing more."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_page(request.user)  # type: ignore[arg-type]


def landing_page(user: User) -> str:
    """Where somebody's day begins, by role."""
    roles = set(user.role_grants.filter(revoked_at=None).values_list("role", flat=True))
    if roles & {"supervisor", "auditor"}:
        return "/board/"
    if "administrator" in roles:
        return "/admin-users/"
    if roles:
        return "/desk/"
    return "/track/"
