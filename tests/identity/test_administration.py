"""The administrator's pages, the audit page, delegations, and who may see what."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from support.people import PASSWORD, make_user, organisation, sign_in
from tongdian.service.identity.actions import delegate, revoke_delegation
from tongdian.service.identity.actors import STAFF_ROLES, SYSTEM, Actor
from tongdian.service.identity.errors import InvalidRequest, NotPermitted
from tongdian.service.identity.models import ApiClient, AuditEntry, RoleGrant, User
from tongdian.service.identity.selectors import colleagues_of, delegations_to

pytestmark = pytest.mark.django_db
PAGES = ["/admin-users/", "/admin-users/new/", "/admin-users/clients/"]


@pytest.fixture
def administrator(client: Client) -> User:
    user = make_user("boss", "administrator", home="GY-FGW")
    sign_in(client, user)
    return user


@pytest.mark.parametrize("role", [*sorted(STAFF_ROLES - {"administrator"}), ""])
def test_nobody_else_enters_administration(client: Client, role: str) -> None:
    sign_in(client, make_user("a", *([role] if role else [])))
    target = make_user("b")
    for page in [*PAGES, f"/admin-users/{target.pk}/"]:
        assert client.get(page).status_code == 403
    posts = [
        f"/admin-users/{target.pk}/{what}/"
        for what in ("grant", "lock", "unlock", "password", "second-factor", "grants/1/revoke")
    ]
    for page in [*posts, "/admin-users/new/", "/admin-users/clients/"]:
        assert client.post(page, {"role": "clerk"}).status_code == 403
    target.refresh_from_db()
    assert target.is_active
    assert target.check_password(PASSWORD)
    assert not RoleGrant.objects.filter(user=target).exists()


@pytest.mark.parametrize("role", [*sorted(STAFF_ROLES - {"auditor"}), ""])
def test_nobody_but_auditors_reads_the_audit(client: Client, role: str) -> None:
    home = "GY-FGW" if role == "administrator" else None
    sign_in(client, make_user("a", *([role] if role else []), home=home))
    assert client.get("/audit/").status_code == 403


def test_auditors_read_the_audit_and_administer_nothing(client: Client) -> None:
    sign_in(client, make_user("a", "auditor"))
    text = client.get("/audit/").content.decode()
    assert "授予角色" in text
    assert client.get("/audit/?kind=user_created").content.decode().count("建立用户") == 1


def test_every_page_of_administration_is_guarded() -> None:
    """A page that is added must be refused to strangers too, whatever it is called."""
    routes = [
        re.sub(r"<[^>]+>", "1", f"/admin-users/{pattern.pattern}")
        for resolver in get_resolver().url_patterns
        for child in getattr(resolver, "url_patterns", [])
        if str(child.pattern) == "admin-users/"
        for pattern in child.url_patterns
    ]
    assert len(routes) > 10
    stranger = sign_in(Client(), make_user("a", "auditor"))
    for route in routes:
        answers = {stranger.get(route).status_code, stranger.post(route).status_code}
        assert answers <= {403, 405}, route
        assert 403 in answers, route


@pytest.mark.usefixtures("administrator")
def test_from_new_user_to_role(client: Client) -> None:
    organisation("GYPS-520103")
    form = {"username": "new-clerk", "display_name": "示例·李四", "organisation": "GYPS-520103"}
    page = client.post("/admin-users/new/", form)
    password = re.search(r'id="secret">([0-9a-z-]{14})<', page.content.decode())
    assert password is not None
    assert "no-store" in page["Cache-Control"]
    user = User.objects.get(username="new-clerk")
    assert user.check_password(password[1])
    assert user.must_change_password
    data = {"role": "clerk", "district": "520103"}
    assert client.post(f"/admin-users/{user.pk}/grant/", data).status_code == 302
    assert RoleGrant.objects.get(user=user).district == "520103"
    text = client.get(f"/admin-users/{user.pk}/").content.decode()
    assert "受理员" in text
    assert "云岩区" in text
    grant = RoleGrant.objects.get(user=user)
    client.post(f"/admin-users/{user.pk}/grants/{grant.pk}/revoke/")
    grant.refresh_from_db()
    assert grant.revoked_at is not None


@pytest.mark.usefixtures("administrator")
def test_a_conflicting_role_is_refused_beside_the_field(client: Client) -> None:
    user = make_user("a", "officer")
    response = client.post(f"/admin-users/{user.pk}/grant/", {"role": "auditor"})
    assert response.status_code == 422
    assert "不相容职责" in response.content.decode()
    assert RoleGrant.objects.filter(user=user).count() == 1
    client.cookies["language"] = "en"
    english = client.post(f"/admin-users/{user.pk}/grant/", {"role": "auditor"})
    assert "Separation of duties" in english.content.decode()


def test_the_own_account_is_left_to_others(client: Client, administrator: User) -> None:
    text = client.get(f"/admin-users/{administrator.pk}/").content.decode()
    assert f"/admin-users/{administrator.pk}/lock/" not in text
    client.post(f"/admin-users/{administrator.pk}/lock/")
    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.usefixtures("administrator")
def test_bad_input_stays_typed(client: Client) -> None:
    make_user("taken")
    organisation("GYPS")
    form = {"username": "taken", "display_name": "示例·王五", "organisation": "GYPS"}
    response = client.post("/admin-users/new/", form)
    assert response.status_code == 422
    assert 'value="示例·王五"' in response.content.decode()
    form["username"] = "../../x"
    assert client.post("/admin-users/new/", form).status_code == 422
    assert client.post("/admin-users/new/", {}).status_code == 422


@pytest.mark.usefixtures("administrator")
def test_lists_filter_and_page(client: Client) -> None:
    for number in range(55):
        make_user(f"clerk-{number:02d}", "clerk")
    first = client.get("/admin-users/?role=clerk").content.decode()
    assert first.count("受理员</td>") == 50
    assert client.get("/admin-users/?role=clerk&page=2").content.decode().count("受理员</td>") == 5
    assert "clerk-07" in client.get("/admin-users/?q=clerk-07").content.decode()
    assert "没有符合条件" in client.get("/admin-users/?q=nobody-at-all").content.decode()
    assert client.get("/admin-users/?role=none").content.decode().count("受理员</td>") == 0


@pytest.mark.usefixtures("administrator")
def test_the_list_costs_as_much_for_many_as_for_few(
    client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(30):
        make_user(f"clerk-{number:02d}", "clerk")
    client.get("/admin-users/")
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/admin-users/")


@pytest.mark.usefixtures("administrator")
def test_a_client_key_is_shown_once(client: Client) -> None:
    organisation("ACME")
    form = {"name": "示例平台", "organisation": "ACME", "scopes": ["read", "act"]}
    page = client.post("/admin-users/clients/", form)
    key = re.search(r'id="secret">(td_[\w-]+)<', page.content.decode())
    assert key is not None
    assert "no-store" in page["Cache-Control"]
    assert key[1] not in client.get("/admin-users/clients/").content.decode()
    row = ApiClient.objects.get()
    page = client.post(f"/admin-users/clients/{row.pk}/key/")
    assert key[1] not in page.content.decode()
    client.post(f"/admin-users/clients/{row.pk}/active/", {"active": "0"})
    row.refresh_from_db()
    assert row.active is False
    assert client.post("/admin-users/clients/", {"name": "x"}).status_code == 422


def test_the_first_administrator_comes_from_the_command_line() -> None:
    out = StringIO()
    call_command("create_administrator", "root", "--name", "示例·赵六", stdout=out)
    username, password = out.getvalue().split()
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert user.grants.get().role == "administrator"
    with pytest.raises(CommandError, match="taken"):
        call_command("create_administrator", "root")


def test_a_lead_assigns_in_its_office_and_headquarters_everywhere() -> None:
    south = make_user("a", "clerk")
    north = make_user("b", "fieldworker", home="GYPS-520103")
    make_user("c", "officer")
    gone = make_user("d", "engineer")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    lead = Actor(frozenset({"lead"}), "GYPS-520102", "x")
    assert [c.pseudonym for c in colleagues_of(lead)] == [south.pseudonym]
    head = Actor(frozenset({"lead"}), "GYPS", "x")
    assert {c.pseudonym for c in colleagues_of(head)} == {south.pseudonym, north.pseudonym}


def test_a_person_delegates_what_is_its_own() -> None:
    owner, agent = make_user("owner"), make_user("agent")
    me = Actor(frozenset({"applicant"}), "", owner.pseudonym, user_id=owner.pk)
    delegation = delegate(agent=agent, principal_user=owner, actor=me)
    assert delegations_to(agent.pk).principals == {owner.pseudonym}
    with pytest.raises(NotPermitted):
        delegate(agent=agent, principal_user=owner, case_number="GY1", actor=me)
    with pytest.raises(NotPermitted):
        delegate(agent=owner, principal_user=agent, actor=me)
    with pytest.raises(InvalidRequest):
        delegate(agent=owner, principal_user=owner, actor=me)
    with pytest.raises(InvalidRequest):
        delegate(agent=agent, actor=me)
    revoke_delegation(delegation=delegation, actor=me)
    assert not delegations_to(agent.pk).principals
    with pytest.raises(InvalidRequest):
        revoke_delegation(delegation=delegation, actor=me)


def test_a_case_is_delegated_by_whoever_opened_it_and_until_a_date() -> None:
    owner, agent = make_user("owner"), make_user("agent")
    me = Actor(
        frozenset({"applicant"}), "", owner.pseudonym, user_id=owner.pk, cases=frozenset({"GY1"})
    )
    now = timezone.now()
    delegate(
        agent=agent,
        principal_user=owner,
        case_number="GY1",
        until=now + timedelta(seconds=30),
        actor=me,
        at=now - timedelta(seconds=60),
    )
    held = delegations_to(agent.pk)
    assert (held.cases, held.principals) == ({"GY1"}, frozenset())
    agent.delegations_held.update(
        until=now - timedelta(seconds=1), created_at=now - timedelta(seconds=90)
    )
    assert not delegations_to(agent.pk).cases


def test_an_organisation_stands_for_its_people() -> None:
    company = organisation("ACME")
    worker, agent = make_user("worker", home="ACME"), make_user("agent")
    with pytest.raises(NotPermitted):
        delegate(
            agent=agent,
            principal_organisation=company,
            actor=Actor(frozenset({"applicant"}), "ACME", worker.pseudonym, user_id=worker.pk),
        )
    delegate(agent=agent, principal_organisation=company, actor=SYSTEM)
    assert delegations_to(agent.pk).principals == {worker.pseudonym}
    assert AuditEntry.objects.filter(kind="delegated").count() == 1
