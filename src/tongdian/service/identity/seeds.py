"""The organisations of the plan and the people of the demo city. Both may be run again."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from tongdian.law.identifiers import make_uscc
from tongdian.service.identity import audit
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.codes import api_key_digest
from tongdian.service.identity.demo import (
    DEMO_API_CLIENT,
    DEMO_API_KEY,
    DEMO_PASSWORD,
    DemoAccount,
    demo_accounts,
)
from tongdian.service.identity.models import ApiClient, Organisation, RoleGrant, User
from tongdian.service.identity.units import all_units

DEMO_COMPANY = "DEMO-COMPANY"


def seed_organisations() -> int:
    """Write every unit of the plan; names follow the present text. Returns how many there are."""
    units = all_units()
    Organisation.objects.bulk_create(
        [
            Organisation(
                code=unit.code,
                kind=unit.kind,
                name_zh=unit.zh,
                name_en=unit.en,
                district=unit.district,
            )
            for unit in units
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "name_zh", "name_en", "district"],
    )
    return len(units)


@transaction.atomic
def seed_demo_users() -> int:
    """Make the demo accounts that are missing, each with its role and authenticator, and the demo
    API client. Returns how many were made. They sign in only while the service is a demo."""
    seed_organisations()
    Organisation.objects.get_or_create(
        code=DEMO_COMPANY,
        defaults={
            "kind": Organisation.Kind.COMPANY,
            "name_zh": "贵阳示例软件有限公司",
            "name_en": "Guiyang Example Software Ltd.",
            "uscc": make_uscc(1),
        },
    )
    accounts = demo_accounts()
    known = set(
        User.objects.filter(username__in=[a.username for a in accounts]).values_list(
            "username", flat=True
        )
    )
    missing = [account for account in accounts if account.username not in known]
    _write_accounts(missing)
    _write_api_client()
    if missing:
        audit.record("user_created", actor=SYSTEM, accounts=len(missing), demo=True)
    return len(missing)


def _write_accounts(accounts: list[DemoAccount]) -> None:
    """In four statements. One hash serves all: the password is printed on the sign-in page."""
    organisations = dict(Organisation.objects.values_list("code", "pk"))
    password = make_password(DEMO_PASSWORD)
    now = timezone.now()
    users = User.objects.bulk_create(
        User(
            username=account.username,
            password=password,
            pseudonym=account.pseudonym,
            display_name=account.name,
            organisation_id=organisations.get(account.organisation),
            phone=f"199000{index:05d}",
            is_demo=True,
        )
        for index, account in enumerate(accounts)
    )
    staff = [(u, a) for u, a in zip(users, accounts, strict=True) if a.role]
    RoleGrant.objects.bulk_create(
        RoleGrant(
            user=user,
            role=account.role,
            district=account.district,
            granted_by=SYSTEM.pseudonym,
            granted_at=now,
        )
        for user, account in staff
    )
    Authenticator.objects.bulk_create(
        Authenticator(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": encrypt(account.secret)},
        )
        for user, account in staff
    )


def _write_api_client() -> None:
    ApiClient.objects.get_or_create(
        key_digest=api_key_digest(DEMO_API_KEY),
        defaults={
            "name": DEMO_API_CLIENT,
            "organisation": Organisation.objects.get(code=DEMO_COMPANY),
            "pseudonym": "demo-integrator",
            "key_start": DEMO_API_KEY[:8],
            "scopes": ApiClient.Scope.values,
            "is_demo": True,
            "created_at": timezone.now(),
        },
    )
