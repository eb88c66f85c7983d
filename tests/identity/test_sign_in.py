"""Signing in: second factor, lock-out, sessions and their limits."""

import base64
import re
from datetime import timedelta

import pytest
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from support.people import PASSWORD, code_now, enrol, make_user, sign_in
from tongdian.service.identity.actions import lock_user, reset_password, reset_second_factor
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.models import AuditEntry, User, UserSession

pytestmark = pytest.mark.django_db
STAFF_PAGES = ["/desk/", "/board/", "/admin-users/", "/audit/"]


def password_step(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    data = {"login": username, "password": password, **more}
    return client.post("/account/login/", data)


def audited(kind: str) -> int:
    return AuditEntry.objects.filter(kind=kind).count()


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_staff_pages_ask_strangers_to_sign_in(client: Client, page: str) -> None:
    response = client.get(page + "?a=1")
    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={page.replace('/', '%2F')}%3Fa%3D1"


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_without_an_authenticator_staff_must_enrol(client: Client, page: str) -> None:
    make_user("clerk", "clerk")
    password_step(client, "clerk")
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/mfa/totp/activate/?next=")


def test_enrolment_lets_in_and_gives_recovery_codes(client: Client) -> None:
    make_user("lead", "supervisor")
    password_step(client, "lead")
    asked = client.get("/account/mfa/totp/activate/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/account/reauthenticate/")
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    text = page.content.decode()
    secret = re.search(r'id="secret">([A-Z2-7]+)<', text)
    assert secret is not None
    assert "data:image/svg+xml;base64," in text
    wrong = client.post("/account/mfa/totp/activate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    counter = int(timezone.now().timestamp()) // mfa_settings.TOTP_PERIOD
    code = format_hotp_value(hotp_value(secret[1], counter))
    done = client.post("/account/mfa/totp/activate/", {"code": code}, follow=True)
    assert len(re.findall(r"<li><code>\d{8}</code></li>", done.content.decode())) == 10
    assert client.get("/account/landing/")["Location"] == "/board/"
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret[1] not in stored
    assert audited("second_factor_activated") == 1
    again = client.get("/account/mfa/recovery-codes/")
    assert not re.findall(r"<code>\d{8}</code>", again.content.decode())


def test_password_alone_is_not_enough(client: Client) -> None:
    user = make_user("clerk", "clerk")
    enrol(user)
    response = password_step(client, "clerk")
    assert response["Location"] == "/account/mfa/authenticate/"
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    assert not UserSession.objects.exists()
    refused = client.post("/account/mfa/authenticate/", {"code": "000000"})
    assert "验证码不正确" in refused.content.decode()
    assert not UserSession.objects.exists()
    passed = client.post("/account/mfa/authenticate/", {"code": code_now()})
    assert passed["Location"] == "/desk/"
    assert UserSession.objects.get().user == user
    assert audited("signed_in") == 1


def test_a_code_is_good_once(client: Client) -> None:
    enrol(make_user("clerk", "clerk"))
    code = code_now()
    password_step(client, "clerk")
    client.post("/account/mfa/authenticate/", {"code": code})
    second = Client()
    password_step(second, "clerk")
    again = second.post("/account/mfa/authenticate/", {"code": code})
    assert again.status_code == 200
    assert UserSession.objects.count() == 1


def test_a_session_without_the_factor_asks_for_it_even_when_enrolled(client: Client) -> None:
    user = make_user("clerk", "clerk")
    enrol(user)
    client.force_login(user)
    assert client.get("/desk/")["Location"].startswith("/account/mfa/reauthenticate/")


def test_programs_and_htmx_are_told_in_their_own_way(client: Client) -> None:
    plain = client.get("/desk/", headers={"accept": "application/json"})
    assert (plain.status_code, plain["Content-Type"]) == (401, "application/problem+json")
    swapped = client.get("/desk/", headers={"hx-request": "true"})
    assert swapped.status_code == 204
    assert swapped["HX-Redirect"].startswith("/account/login/")


def test_applicants_are_not_asked_for_a_second_factor(client: Client) -> None:
    make_user("person")
    response = password_step(client, "person", next="/account/")
    assert response["Location"] == "/account/"
    assert client.get("/account/").status_code == 200


def test_the_session_key_changes_with_signing_in(client: Client) -> None:
    make_user("person")
    session = client.session
    session["kept"] = 1
    session.save()
    before = client.cookies["sessionid"].value
    password_step(client, "person")
    after = client.cookies["sessionid"].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()


def test_five_wrong_passwords_lock_the_name_for_everybody(client: Client) -> None:
    make_user("person")
    for turn in range(5):
        visitor = Client(REMOTE_ADDR=f"10.0.0.{turn}")
        assert "用户名或密码不正确" in password_step(visitor, "person", "x").content.decode()
    right = password_step(Client(REMOTE_ADDR="10.0.0.9"), "person")
    assert "已暂时锁定" in right.content.decode()
    assert (audited("sign_in_failed"), audited("sign_in_locked")) == (5, 1)
    assert not UserSession.objects.exists()


def test_unknown_and_known_names_are_answered_alike(client: Client) -> None:
    make_user("person")
    known = password_step(client, "person", "x").content.decode()
    unknown = password_step(client, "nobody", "x").content.decode()

    def strip(text: str) -> str:
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
        return text.replace('value="person"', "").replace('value="nobody"', "")

    assert strip(known) == strip(unknown)


def test_the_oldest_of_four_staff_sessions_ends() -> None:
    user = make_user("clerk", "supervisor")
    enrol(user)
    clients = [Client() for _ in range(4)]
    for visitor in clients:
        sign_in(visitor, user).get("/account/")
    assert clients[0].get("/account/").status_code == 302
    assert all(c.get("/account/").status_code == 200 for c in clients[1:])
    assert UserSession.objects.get(ended_because="replaced").pk == min(
        UserSession.objects.values_list("pk", flat=True)
    )


@pytest.mark.parametrize(
    ("field", "ago", "because"),
    [
        ("last_seen_at", timedelta(minutes=31), "idle"),
        ("started_at", timedelta(hours=12, minutes=1), "expired"),
    ],
)
def test_staff_sessions_end_by_idleness_and_age(
    client: Client, field: str, ago: timedelta, because: str
) -> None:
    user = make_user("clerk", "supervisor")
    sign_in(client, user)
    assert client.get("/account/").status_code == 200
    UserSession.objects.update(**{field: timezone.now() - ago})
    assert client.get("/board/")["Location"].startswith("/account/login/?next=")
    assert UserSession.objects.get().ended_because == because
    assert client.get("/account/").status_code == 302


def test_limits_come_from_the_settings(client: Client, settings: object) -> None:
    settings.STAFF_IDLE_SECONDS = 60  # type: ignore[attr-defined]
    sign_in(client, make_user("clerk", "supervisor"))
    client.get("/account/")
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(seconds=61))
    assert client.get("/board/").status_code == 302


def test_applicants_may_stay_idle(client: Client) -> None:
    sign_in(client, make_user("person"))
    client.get("/account/")
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=2))
    assert client.get("/account/").status_code == 200


def test_a_locked_user_is_out_at_once(client: Client) -> None:
    user = make_user("clerk", "supervisor")
    sign_in(client, user)
    assert client.get("/account/").status_code == 200
    lock_user(user=user, actor=SYSTEM)
    assert client.get("/account/").status_code == 302
    response = password_step(Client(), "clerk")
    assert response["Location"] == "/account/inactive/"


def test_clearing_the_second_factor_means_enrolling_again(client: Client) -> None:
    user = make_user("clerk", "supervisor")
    enrol(user)
    sign_in(client, user).get("/account/")
    reset_second_factor(user=user, actor=SYSTEM)
    assert client.get("/account/").status_code == 302
    password_step(client, "clerk")
    assert client.get("/board/")["Location"].startswith("/account/mfa/totp/activate/")


def test_a_one_time_password_must_be_changed_first(client: Client) -> None:
    user = make_user("person")
    secret = reset_password(user=user, actor=SYSTEM)
    password_step(client, "person", secret)
    assert client.get("/")["Location"].startswith("/account/password/change/")
    data = {"oldpassword": secret, "password1": "新的-Passphrase-77"}
    data["password2"] = data["password1"]
    client.post("/account/password/change/", data)
    assert User.objects.get(username="person").must_change_password is False
    assert client.get("/account/").status_code == 200
    assert audited("password_changed") == 1


def test_staff_cannot_switch_the_second_factor_off(client: Client) -> None:
    user = make_user("clerk", "clerk")
    enrol(user)
    sign_in(client, user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.post("/account/mfa/totp/deactivate/")
    assert "工作人员不能停用" in page.content.decode()
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_anybody_may_sign_up_as_applicant_and_nothing_more(client: Client) -> None:
    data = {
        "username": "new-person",
        "display_name": "示例·张三",
        "phone": "19900000001",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "organisation": "GYPS",
        "is_demo": "on",
    }
    bad = client.post("/account/signup/", {**data, "phone": "12345"})
    assert "11 位手机号码" in bad.content.decode()
    client.post("/account/signup/", data)
    user = User.objects.get(username="new-person")
    assert (user.display_name, user.phone, user.organisation, user.is_demo) == (
        "示例·张三",
        "19900000001",
        None,
        False,
    )
    assert not user.grants.exists()
    assert audited("signed_up") == 1
    assert client.get("/account/").status_code == 200


@pytest.mark.parametrize("password", ["short1", "12345678901", "password123", "new-person1"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    data = {"username": "new-person", "password1": password, "password2": password}
    response = client.post("/account/signup/", data)
    assert 'class="field-error"' in response.content.decode()
    assert not User.objects.exists()


def test_sessions_can_be_ended_by_their_owner_alone(client: Client) -> None:
    user, other = make_user("person"), make_user("other")
    sign_in(client, user).get("/account/")
    second = Client()
    sign_in(second, user).get("/account/")
    theirs = sign_in(Client(), other)
    theirs.get("/account/")
    row = UserSession.objects.filter(user=user).latest("id")
    assert theirs.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert second.get("/account/").status_code == 200
    client.post(f"/account/sessions/{row.pk}/end/")
    assert second.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200


def test_signing_out_ends_the_session(client: Client) -> None:
    sign_in(client, make_user("person")).get("/account/")
    assert client.get("/account/logout/").status_code == 200
    client.post("/account/logout/")
    assert UserSession.objects.get().ended_because == "signed_out"
    assert client.get("/account/").status_code == 302


def test_the_picture_is_a_qr_code_of_the_secret() -> None:
    from tongdian.service.identity.adapters import MFAAdapter

    svg = MFAAdapter().build_totp_svg("otpauth://totp/a?secret=JBSWY3DP&issuer=Tongdian")
    assert svg.startswith("<svg")
    assert base64.b64encode(svg.encode())


def test_a_request_without_a_session_asks_the_database_nothing(
    client: Client, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        client.get("/account/password/help/")


def test_a_staff_request_costs_few_statements(
    client: Client, django_assert_max_num_queries: object
) -> None:
    sign_in(client, make_user("auditor", "auditor")).get("/audit/")
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert client.get("/audit/").status_code == 200
