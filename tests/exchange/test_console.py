"""The console: who sees which endpoints, and what can be done with them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from support.cases import WHO, journey
from support.endpoints import Company, company, follow
from support.people import make_user, sign_in
from support.receiving import receiving
from support.sending import sending
from tongdian.service.casework import clock
from tongdian.service.connection.actions import act
from tongdian.service.exchange import consumers, endpoints, following, inbound
from tongdian.service.exchange.consumers import Consumer
from tongdian.service.exchange.models import Delivery, Endpoint, Inbound, SetAside
from tongdian.service.exchange.sender import Sender
from tongdian.service.identity.actors import SYSTEM
from tongdian.service.identity.models import AuditEntry

pytestmark = pytest.mark.django_db
CONSOLE = "/exchange/console/"


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.EXCHANGE_LOOPBACK = True
    following.install()


@pytest.fixture
def acme() -> Company:
    return company()


@pytest.fixture
def administrator() -> Client:
    return sign_in(Client(), make_user("示例-admin", "administrator"))


@pytest.fixture
def theirs(acme: Company) -> Client:
    return sign_in(Client(), make_user("示例-it", home="ACME"))


def words(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())


@pytest.mark.parametrize("role", ["clerk", "engineer", "lead", "officer", "supervisor", "auditor"])
def test_staff_of_other_duties_are_refused(role: str, acme: Company) -> None:
    endpoint, _ = acme.endpoint("http://127.0.0.1:9/x")
    client = sign_in(Client(), make_user(f"示例-{role}", role))
    for path in ("", "new/", f"{endpoint.pk}/", "inbound/", "messages/", "registries/"):
        assert client.get(CONSOLE + path).status_code == 403
    assert client.post(f"{CONSOLE}{endpoint.pk}/pause/").status_code == 403
    assert Endpoint.objects.get().state == "active"


def test_a_company_sees_and_manages_its_own_alone(acme: Company, theirs: Client) -> None:
    mine, _ = acme.endpoint("http://127.0.0.1:9/mine")
    foreign, _ = company("OTHER").endpoint("http://127.0.0.1:9/foreign")
    page = words(theirs.get(CONSOLE))
    assert "9/mine" in page
    assert "9/foreign" not in page
    words(theirs.get(f"{CONSOLE}{mine.pk}/"))
    for path in ("", "pause/", "disable/", "secrets/", "test/", "replay/"):
        assert theirs.get(f"{CONSOLE}{foreign.pk}/").status_code == 404
        if path:
            assert theirs.post(f"{CONSOLE}{foreign.pk}/{path}").status_code == 404
    assert theirs.get(CONSOLE + "inbound/").status_code == 403
    assert theirs.get(CONSOLE + "messages/").status_code == 403
    assert Endpoint.objects.get(pk=foreign.pk).state == "active"


def test_an_endpoint_is_added_and_its_secret_is_shown_once(acme: Company, theirs: Client) -> None:
    form = {"name": "示例·新的", "url": "http://127.0.0.1:9/new", "kinds": ["energised"],
            "match": "track=resident, authority=GY-LYJ", "contact": "it@example.cn"}  # fmt: skip
    page = words(theirs.post(CONSOLE + "new/", form))
    (secret,) = set(re.findall(r"whsec_[\w+/=]+", page))
    endpoint = Endpoint.objects.get()
    assert endpoint.organisation.code == "ACME"
    assert endpoint.match == {"track": "resident", "authority": "GY-LYJ"}
    assert endpoint.kinds == ["energised"]
    page = words(theirs.get(f"{CONSOLE}{endpoint.pk}/"))
    assert secret not in page
    assert "whpk_" in page
    assert AuditEntry.objects.filter(kind="endpoint_created").count() == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.cn/", "https://"),
        ("https://10.0.0.1/", "内部网络"),
        ("https://user:x@example.cn/", "用户名"),
        ("https://no-such-name.invalid/", "找不到"),
        ("https://example.cn:22/", "端口"),
    ],
)
def test_a_bad_address_is_refused_with_the_reason(theirs: Client, url: str, why: str) -> None:
    response = theirs.post(CONSOLE + "new/", {"name": "示例", "url": url})
    assert why in str(response.context["form"].errors["url"])
    words(response, 422)
    assert not Endpoint.objects.exists()


def test_deliveries_are_shown_and_done_again(acme: Company, theirs: Client) -> None:
    sender = Sender(2, 2)
    status = [500]
    with receiving(lambda _: (status[0], {}, b"the <b>answer</b>")) as receiver:
        endpoint, _ = acme.endpoint(receiver.url)
        home = f"{CONSOLE}{endpoint.pk}/"
        number = acme.submit()
        follow()
        sender.drain()
        page = words(theirs.get(home))
        assert number in page
        assert "500" in page
        assert "失败 1 次" in page
        row = Delivery.objects.get()
        page = words(theirs.get(f"{CONSOLE}deliveries/{row.pk}/"))
        assert "the &lt;b&gt;answer&lt;/b&gt;" in page
        assert "application_submitted.v1" in page
        status[0] = 200
        assert theirs.post(f"{CONSOLE}deliveries/{row.pk}/").status_code == 302
        sender.drain()
        row.refresh_from_db()
        assert row.state == "delivered"
        assert theirs.post(home + "test/").status_code == 302
        sender.drain()
        assert receiver.seen[-1].event["type"] == "cn.tongdian.test.v1"
        assert theirs.post(home + "replay/", {"first": 0, "last": 0}).status_code == 302
        assert sender.drain() == 1
        response = theirs.post(home + "replay/", {"first": 5, "last": 1})
        words(response, 422)
        assert "last" in response.context["form"].errors
    sender.close()


def test_paused_resumed_disabled_and_rotated(acme: Company, theirs: Client) -> None:
    endpoint, first = acme.endpoint("http://127.0.0.1:9/x")
    home = f"{CONSOLE}{endpoint.pk}/"
    for name, state in (("pause", "paused"), ("resume", "active"), ("disable", "disabled")):
        assert theirs.post(f"{home}{name}/").status_code == 302
        endpoint.refresh_from_db()
        assert endpoint.state == state
        words(theirs.get(home))
    page = words(theirs.post(home + "secrets/"))
    (secret,) = set(re.findall(r"whsec_[\w+/=]+", page))
    assert secret != first.secret
    assert "24" in page


def test_the_administrator_registers_sources_and_sees_what_waits(
    administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "_handlers", {"cn.example.a.v1": lambda event: None})
    organisation = make_user("示例-x", home="GY-FGW").organisation
    assert organisation is not None
    form = {"source_id": "demo-one", "organisation": organisation.code, "name": "示例系统",
            "kinds": ["cn.example.a.v1"]}  # fmt: skip
    page = words(administrator.post(CONSOLE + "inbound/", form))
    assert "whsec_" in page
    words(administrator.post(CONSOLE + "inbound/", form), 422)
    them = sending("demo-two", "cn.example.a.v1")
    waiting = them.event("P-1", 3, type="cn.example.a.v1")
    assert them.post(waiting).status_code == 202
    page = words(administrator.get(CONSOLE + "inbound/"))
    assert "P-1" in page
    assert "逾期" not in page
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert "逾期" in words(administrator.get(CONSOLE + "inbound/"))
    assert administrator.post(f"{CONSOLE}inbound/demo-two/active/", {"active": "0"}).status_code
    assert them.post(them.event("P-2", 1, type="cn.example.a.v1")).status_code == 401
    assert "whsec_" in words(administrator.post(f"{CONSOLE}inbound/demo-two/key/"))
    assert Inbound.objects.count() == 1


def test_what_followers_set_aside_is_shown_and_tried_again(
    acme: Company, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(event: object) -> None:
        raise RuntimeError("示例 bug")

    monkeypatch.setattr(consumers, "_consumers", {})
    consumers.register(Consumer("stumbling", None, stumble))
    following.install()
    acme.submit()
    follow()
    page = words(administrator.get(CONSOLE + "messages/"))
    assert "stumbling" in page
    assert "示例 bug" in page
    row = SetAside.objects.get()
    assert administrator.post(f"{CONSOLE}set-aside/{row.pk}/").status_code == 302
    row.refresh_from_db()
    assert row.attempts == 0


def test_messages_are_masked(acme: Company, administrator: Client) -> None:
    acme.submit(phone="19900000077")
    follow()
    page = words(administrator.get(CONSOLE + "messages/"))
    assert "199****0077" in page
    assert "19900000077" not in page


def test_both_languages(acme: Company, theirs: Client) -> None:
    endpoint, _ = acme.endpoint("http://127.0.0.1:9/x", name="Example")
    endpoints.send_test(endpoint, actor=SYSTEM)
    theirs.cookies["language"] = "en"
    for path in ("", "new/", f"{endpoint.pk}/"):
        main = words(theirs.get(CONSOLE + path)).split("<main")[1].split("</main")[0]
        chinese = re.findall("[\u4e00-\u9fff]+", main.replace("示例ACME", ""))
        assert chinese == [], path


def test_staff_read_what_their_office_was_told(acme: Company) -> None:
    number = acme.submit("low_voltage")
    for kind, role, data in journey("low_voltage")[:4]:
        act(number, kind, data, actor=WHO[role] if role != "applicant" else acme.client)
    follow()
    clerk = sign_in(Client(), make_user("示例-clerk", "clerk"))
    page = words(clerk.get("/exchange/notices/"))
    assert number in page
    assert "已确认供电方案" in page
    other = sign_in(Client(), make_user("示例-far", "clerk", home="GYPS-520103"))
    assert number not in words(other.get("/exchange/notices/"))
    assert Client().get("/exchange/notices/").status_code == 403
