"""The load from a list of equipment: the sum, what is refused, and where the answer goes."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from portal.helpers import fill, page
from tongdian.service.portal.models import Draft

pytestmark = pytest.mark.django_db


def ask(client: Client, **answers: str) -> Any:
    return client.get(reverse("portal:load"), {"sum": "1", **answers})


@pytest.mark.parametrize(
    ("answers", "load"),
    [
        # 0.75 × (2 × 6 kW × 0.8 + 3 kW)
        (
            {
                "purpose": "commercial",
                "n-oven_commercial": "2",
                "own-1-name": "炸炉",
                "own-1-kw": "3",
            },
            "10",
        ),
        # one piece alone is never reduced below its own power
        ({"purpose": "residential", "n-water_heater_instant": "1"}, "8"),
        # thirty households: 0.65 × 30 × 8 kW
        (
            {"purpose": "residential", "households": "30", "n-water_heater_instant": "30"},
            "156",
        ),
        ({"purpose": "charging", "n-charger_home": "３"}, "21"),
    ],
)
def test_adds_up_with_demand_and_coincidence(
    client: Client, answers: dict[str, str], load: str
) -> None:
    response = ask(client, **answers)
    assert response.status_code == 200
    assert response.context["load_kw"] == load


def test_carries_what_was_answered_on_to_the_precheck(client: Client) -> None:
    response = ask(
        client,
        purpose="commercial",
        applicant_kind="small_micro",
        district="520103",
        **{"n-television": "1"},
    )
    query = parse_qs(urlsplit(response.context["use_url"]).query)
    assert query["applicant_kind"] == ["small_micro"]
    assert query["district"] == ["520103"]
    assert query["load_kw"] == ["1"]


def test_goes_back_into_the_application(client: Client) -> None:
    fill(client, "zero_lv", stop="load")
    response = client.get(
        reverse("portal:load"),
        {"for": "apply", "purpose": "commercial", "n-lift": "2", "sum": "1"},
    )
    assert response.context["applying"]
    load = response.context["load_kw"]
    assert client.post(page("load"), {"load_kw": load}).status_code == 302
    assert Draft.objects.get().answers["load_kw"] == load


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, None),
        ({"n-television": "two"}, "n-television"),
        ({"n-television": "99999"}, "n-television"),
        ({"own-1-name": "炸炉"}, "own-1-kw"),
        ({"own-2-kw": "many"}, "own-2-kw"),
        ({"own-1-kw": "0"}, "own-1-kw"),
        ({"own-1-kw": "999999"}, "own-1-kw"),
        ({"own-1-kw": "NaN"}, "own-1-kw"),
        ({"own-1-kw": "3", "own-1-count": "0"}, "own-1-count"),
    ],
)
def test_refuses_beside_the_field_and_keeps_what_was_typed(
    client: Client, answers: dict[str, str], field: str | None
) -> None:
    response = ask(client, purpose="commercial", **answers)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [field or "__all__"]
    assert form.estimate is None
    text = response.content.decode()
    assert all(f'value="{typed}"' in text for typed in answers.values())


def test_households_beyond_reason(client: Client) -> None:
    response = ask(client, purpose="residential", households="0", **{"n-television": "1"})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["households"]
