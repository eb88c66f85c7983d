"""The demo city's accounts: one click in a demo, nothing outside one."""

import pytest
from django.test import Client

from support.people import enrol, make_user
from tongdian.service.identity.actions import seed_demo_users, seed_organisations
from tongdian.service.identity.actors import STAFF_ROLES
from tongdian.service.identity.demo import DEMO_PASSWORD, demo_accounts
from tongdian.service.identity.demo_access import present_code
from tongdian.service.identity.errors import NotPermitted
from tongdian.service.identity.models import AuditEntry, Organisation, RoleGrant, User, UserSession

pytestmark = pytest.mark.django_db
PLACES = {
    "clerk": "/desk/",
    "engineer": "/desk/",
    "fieldworker": "/desk/",
    "lead": "/desk/",
    "lead-city": "/desk/",
    "officer": "/desk/",
    "supervisor": "/board/",
    "auditor": "/audit/",
    "administrator": "/admin-users/",
    "resident": "/track/",
    "company": "/track/",
}


@pytest.fixture
def demo(settings: object) -> None:
    settings.TONGDIAN_DEMO = settings.DEMO = True  # type: ignore[attr-defined]
    seed_demo_users()


def one_click(client: Client, username: str, **more: str) -> object:
    return client.post("/account/demo/", {"username": username, **more})


def test_seeding_twice_changes_nothing() -> None:
    assert seed_demo_users() == len(demo_accounts())
    before = list(User.objects.order_by("pk").values())
    assert seed_demo_users() == 0
    assert list(User.objects.order_by("pk").values()) == before
    held = set(RoleGrant.objects.values_list("role", flat=True))
    assert held == STAFF_ROLES
    assert seed_organisations() == len(set(Organisation.objects.values_list("code", flat=True))) - 1


def test_every_district_office_has_a_desk() -> None:
    seed_demo_users()
    offices = Organisation.objects.filter(code__startswith="GYPS-")
    assert offices.count() == 15
    for office in offices:
        held = RoleGrant.objects.filter(user__organisation=office)
        assert sorted(held.values_list("role", flat=True)) == [
            "clerk",
            "engineer",
            "fieldworker",
            "lead",
        ]


def test_demo_people_are_visibly_fictitious() -> None:
    accounts = demo_accounts()
    assert all(account.name.startswith("示例·") for account in accounts)
    assert all(len(account.pseudonym) <= 32 for account in accounts)
    assert len({account.pseudonym for account in accounts}) == len(accounts)


@pytest.mark.parametrize(("username", "place"), PLACES.items())
@pytest.mark.usefixtures("demo")
def test_one_click_really_signs_in(client: Client, username: str, place: str) -> None:
    response = one_click(client, username)
    assert response["Location"] == place
    if place in ("/audit/", "/admin-users/"):
        assert client.get(place).status_code == 200
    assert UserSession.objects.get().user.username == username
    assert AuditEntry.objects.filter(kind="signed_in").count() == 1


@pytest.mark.usefixtures("demo")
def test_one_click_changes_the_person_and_works_again_at_once(client: Client) -> None:
    one_click(client, "auditor")
    one_click(client, "administrator")
    assert client.get("/audit/").status_code == 403
    assert client.get("/admin-users/").status_code == 200
    one_click(client, "auditor")
    assert client.get("/audit/").status_code == 200


@pytest.mark.usefixtures("demo")
def test_the_way_back_is_kept_unless_it_leads_away(client: Client) -> None:
    assert one_click(client, "clerk", next="/account/")["Location"] == "/account/"
    assert one_click(client, "clerk", next="https://example.org/")["Location"] == "/desk/"
    assert client.get("/account/demo/").status_code == 405


@pytest.mark.usefixtures("demo")
def test_only_demo_accounts_are_entered(client: Client) -> None:
    enrol(make_user("real", "clerk"))
    assert one_click(client, "real").status_code == 404
    assert one_click(client, "nobody").status_code == 404
    with pytest.raises(NotPermitted):
        present_code(User.objects.get(username="real"))
    assert not UserSession.objects.exists()


@pytest.mark.usefixtures("demo")
def test_the_page_shows_the_accounts_and_the_long_way_works_too(client: Client) -> None:
    text = client.get("/account/login/").content.decode()
    assert text.count("以此身份登录") >= len(demo_accounts())
    assert DEMO_PASSWORD in text
    data = {"login": "clerk", "password": DEMO_PASSWORD}
    page = client.post("/account/login/", data, follow=True)
    code = present_code(User.objects.get(username="clerk"))
    assert code in page.content.decode()
    response = client.post("/account/mfa/authenticate/", {"code": code})
    assert response["Location"] == "/desk/"


@pytest.mark.usefixtures("demo")
def test_outside_a_demo_no_demo_account_signs_in_by_any_way(
    client: Client, settings: object
) -> None:
    inside = Client()
    one_click(inside, "auditor")
    assert inside.get("/audit/").status_code == 200
    settings.TONGDIAN_DEMO = settings.DEMO = False  # type: ignore[attr-defined]
    for account in demo_accounts():
        assert one_click(client, account.username).status_code == 404
        with pytest.raises(NotPermitted):
            present_code(User.objects.get(username=account.username))
    response = client.post("/account/login/", {"login": "clerk", "password": DEMO_PASSWORD})
    assert response["Location"] == "/account/inactive/"
    assert inside.get("/audit/").status_code == 302
    text = client.get("/account/login/").content.decode()
    assert DEMO_PASSWORD not in text
    assert "以此身份登录" not in text
