"""Whether the state's systems answer: asked when somebody looks, said in words."""

import pytest
from django.test import Client

from support.people import make_user, sign_in
from support.sandbox import Sandbox
from tongdian.service.exchange.registries import configuration
from tongdian.service.exchange.registries.configuration import Configuration

pytestmark = pytest.mark.django_db
PAGE = "/exchange/console/registries/"


@pytest.fixture
def administrator() -> Client:
    return sign_in(Client(), make_user("示例-admin", "administrator"))


def test_each_is_asked_now(sandbox: Sandbox, administrator: Client) -> None:
    with configuration.use(sandbox.configured()):
        shown = administrator.get(PAGE).content.decode()
        assert shown.count("正常") >= 6
        sandbox.post("/control/faults", {"service": "business", "fault": "down"})
        shown = administrator.get(PAGE).content.decode()
        assert "没有应答" in shown
        sandbox.post("/control/faults", {"service": "business", "fault": "none"})


def test_without_any_it_says_what_that_means(administrator: Client) -> None:
    with configuration.use(Configuration({})):
        shown = administrator.get(PAGE).content.decode()
    assert "没有配置登记系统" in shown
