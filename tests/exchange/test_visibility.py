"""Who is told of a case: as many as may read it, and nobody else."""

from typing import Any

import pytest

from support.cases import carry, journey, submit
from support.endpoints import company, follow
from support.people import organisation
from tongdian.service.exchange import following
from tongdian.service.exchange.endpoints import create_endpoint
from tongdian.service.exchange.models import Delivery
from tongdian.service.identity.actors import SYSTEM

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:9/webhooks/example"


@pytest.fixture(autouse=True)
def _loopback(settings: Any) -> None:
    settings.EXCHANGE_LOOPBACK = True
    following.install()


def told(code: str) -> list[str]:
    rows = Delivery.objects.filter(endpoint__organisation__code=code).order_by("index")
    return list(rows.values_list("kind", flat=True))


def test_a_company_is_told_of_what_its_programs_have_filed_alone() -> None:
    one, other = company("ACME"), company("OTHER")
    one.endpoint(URL)
    other.endpoint(URL)
    one.submit()
    submit("resident")
    follow()
    assert told("ACME") == ["application_submitted"]
    assert told("OTHER") == []


def test_a_department_from_when_the_permits_are_before_it() -> None:
    home = organisation("GY-ZHZF")
    create_endpoint(organisation=home, name="示例", url=URL, actor=SYSTEM)
    submit("resident")
    number = submit("zero_lv_external").case.number
    steps = journey("zero_lv_external")
    filed = next(n for n, step in enumerate(steps) if step[0] == "permits_filed")
    carry(number, steps[: filed + 1])
    follow()
    assert set(told("GY-ZHZF")) >= {"permits_filed"}
    assert Delivery.objects.exclude(case_number=number).count() == 0


def test_an_office_is_told_of_its_own_cases() -> None:
    mine, other = organisation("GYPS-520102"), organisation("GYPS-520103")
    for home in (mine, other):
        create_endpoint(organisation=home, name="示例", url=URL, actor=SYSTEM)
    submit("resident")
    follow()
    assert told("GYPS-520102") == ["application_submitted"]
    assert told("GYPS-520103") == []
