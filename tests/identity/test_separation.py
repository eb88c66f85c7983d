"""No person combines duties: refused by the action and by the database itself."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from support.people import make_user, organisation
from tongdian.service.identity.actions import create_user, grant_role, revoke_role
from tongdian.service.identity.actors import CASE_ROLES, STAFF_ROLES, SYSTEM, Actor, duty_of
from tongdian.service.identity.errors import InvalidRequest, NotPermitted, SeparationOfDuties
from tongdian.service.identity.models import AuditEntry, RoleGrant

pytestmark = pytest.mark.django_db
CONFLICTS = sorted((a, b) for a in STAFF_ROLES for b in STAFF_ROLES if duty_of(a) != duty_of(b))


def administrator() -> Actor:
    return Actor(frozenset({"administrator"}), "GY-FGW", "admin", user_id=999_999)


def insert(user_id: int, role: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_rolegrant (user_id, role, granted_by, granted_at, revoked_by)"
            " VALUES (%s, %s, 'direct', now(), '')",
            [user_id, role],
        )


@pytest.mark.parametrize(("held", "wanted"), CONFLICTS)
def test_direct_sql_cannot_combine_duties(held: str, wanted: str) -> None:
    user = make_user("a")
    insert(user.pk, held)
    with pytest.raises(IntegrityError, match="separation of duties"):
        insert(user.pk, wanted)
    assert list(RoleGrant.objects.values_list("role", flat=True)) == [held]


@pytest.mark.parametrize("wanted", ["supervisor", "auditor"])
def test_the_action_refuses_with_the_rule(wanted: str) -> None:
    user = make_user("a", "officer")
    before = AuditEntry.objects.count()
    with pytest.raises(SeparationOfDuties) as refused:
        grant_role(user=user, role=wanted, actor=administrator())
    assert "不相容职责" in refused.value.zh
    assert RoleGrant.objects.count() == 1
    assert AuditEntry.objects.count() == before


def test_after_revoking_the_other_duty_is_possible() -> None:
    user = make_user("a", "officer")
    revoke_role(grant=user.grants.get(), actor=administrator())
    grant_role(user=user, role="auditor", actor=administrator())
    assert RoleGrant.objects.filter(revoked_at=None).get().role == "auditor"
    kinds = list(AuditEntry.objects.order_by("id").values_list("kind", flat=True))[-2:]
    assert kinds == ["role_revoked", "role_granted"]


def test_a_revoked_grant_does_not_come_back_by_sql() -> None:
    user = make_user("a", "officer")
    grant = user.grants.get()
    revoke_role(grant=grant, actor=administrator())
    insert(user.pk, "auditor")
    for statement in (
        "UPDATE identity_rolegrant SET revoked_at = NULL WHERE id = %s",
        "UPDATE identity_rolegrant SET role = 'lead' WHERE id = %s",
        "DELETE FROM identity_rolegrant WHERE id = %s",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [grant.pk])
    grant.refresh_from_db()
    assert (grant.role, grant.revoked_at is None) == ("officer", False)


def test_the_same_role_twice_is_refused_by_action_and_database() -> None:
    user = make_user("a", "clerk")
    with pytest.raises(InvalidRequest):
        grant_role(user=user, role="clerk", district="520102", actor=administrator())
    with pytest.raises(IntegrityError):
        insert(user.pk, "clerk")


@pytest.mark.parametrize("role", [*sorted(CASE_ROLES), "supervisor", "auditor", "integrator"])
def test_only_administrators_manage_people(role: str) -> None:
    user = make_user("a")
    actor = Actor(frozenset({role}), "GYPS", "x", user_id=5)
    with pytest.raises(NotPermitted):
        grant_role(user=user, role="clerk", actor=actor)
    with pytest.raises(NotPermitted):
        create_user(username="b", actor=actor)
    assert not RoleGrant.objects.exists()


def test_nobody_grants_to_the_own_account() -> None:
    user = make_user("admin", "administrator", home="GY-FGW")
    actor = Actor(frozenset({"administrator"}), "GY-FGW", user.pseudonym, user_id=user.pk)
    with pytest.raises(NotPermitted):
        revoke_role(grant=user.grants.get(), actor=actor)
    with pytest.raises(NotPermitted):
        grant_role(user=user, role="administrator", actor=actor)


@pytest.mark.parametrize(
    ("role", "home"),
    [("clerk", "GY-ZHZF"), ("officer", "GYPS-520102"), ("supervisor", "GYPS"), ("clerk", "ACME")],
)
def test_roles_fit_the_organisation(role: str, home: str) -> None:
    user = make_user("a", home=home)
    with pytest.raises(InvalidRequest):
        grant_role(user=user, role=role, actor=administrator())


@pytest.mark.parametrize("role", ["applicant", "integrator", "system", "emperor"])
def test_only_staff_roles_are_granted(role: str) -> None:
    user = make_user("a", home="GYPS")
    with pytest.raises(InvalidRequest):
        grant_role(user=user, role=role, actor=SYSTEM)


def test_user_names_are_unique_whatever_the_case() -> None:
    organisation("GYPS")
    make_user("Anna")
    with pytest.raises(InvalidRequest):
        create_user(username="anna", actor=SYSTEM)


def test_the_audit_cannot_be_rewritten() -> None:
    make_user("a", "clerk")
    entry = AuditEntry.objects.latest("id")
    for statement in (
        "UPDATE identity_auditentry SET kind = 'nothing' WHERE id = %s",
        "DELETE FROM identity_auditentry WHERE id = %s",
        "TRUNCATE identity_auditentry -- %s",
    ):
        with (
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [entry.pk])
    assert AuditEntry.objects.filter(pk=entry.pk, kind="role_granted").exists()
    assert entry.at <= timezone.now()
