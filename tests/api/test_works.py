"""Designers' programs hand in the route and learn what it needs; then they file."""

import json
from typing import Any

import pytest

from support.api import Integrator, integrator
from support.cases import CLERK, ENGINEER, FIELD, day, facts, scheme, today
from support.works import LAT, LON, street_corner
from tongdian.service.approval.models import WorksPlan
from tongdian.service.casework.models import Case
from tongdian.service.connection.actions import act
from tongdian.service.identity.actions import seed_organisations

pytestmark = pytest.mark.django_db
STREET = {"type": "LineString", "coordinates": [[LON, LAT], [LON + 0.0005, LAT]]}


@pytest.fixture
def caller(db: None) -> Integrator:
    seed_organisations()
    street_corner(today())
    return integrator()


@pytest.fixture
def number(caller: Integrator) -> str:
    made = str(caller.post("/cases", facts("low_voltage")).json()["number"])
    for kind, actor, data in (
        ("application_accepted", CLERK, {}),
        ("survey_completed", FIELD, {"surveyed_on": day(), "external_works": "no"}),
        ("scheme_replied", ENGINEER, scheme(voltage="10kV")),
    ):
        act(made, kind, data, actor=actor)
    assert caller.act(made, "scheme_accepted").status_code == 200
    return made


def hand_in(caller: Integrator, number: str, route: Any, voltage_kv: Any = "10") -> Any:
    return caller.post(f"/cases/{number}/works", {"route": route, "voltage_kv": voltage_kv})


def test_the_route_is_kept_and_answered_and_filed(caller: Integrator, number: str) -> None:
    answer = hand_in(caller, number, STREET)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert [item["code"] for item in told["items"]] == ["municipal", "traffic"]
    assert told["commitment"] == "waiting"
    assert {one["id"] for one in told["conditions"]} >= {"voltage", "length", "credit"}
    assert WorksPlan.objects.get(case__number=number).route is not None
    filing = {
        "items": ["municipal", "traffic"],
        "materials": [{"kind": "route", "digest": told["route_digest"]}],
    }
    filed = caller.act(number, "permits_filed", filing)
    assert filed.status_code == 200, filed.content
    assert set(Case.objects.get(number=number).folded.branches) == {"municipal", "traffic"}


@pytest.mark.parametrize(
    ("route", "voltage", "field"),
    [
        ({"type": "LineString", "coordinates": [[LON, LAT], [LON, LAT]]}, "10", "route."),
        ({"type": "LineString", "coordinates": [[LAT, LON], [LAT, LON + 0.1]]}, "10", "route."),
        ({"type": "LineString", "coordinates": [[120.1, 30.2], [120.2, 30.2]]}, "10", "route."),
        ({"type": "Nothing"}, "10", "route."),
        (STREET, "0", "voltage_kv"),
    ],
)
def test_bad_routes_name_the_field_and_change_nothing(
    caller: Integrator, number: str, route: Any, voltage: str, field: str
) -> None:
    answer = hand_in(caller, number, route, voltage)
    assert answer.status_code == 422, answer.content
    (error,) = json.loads(answer.content)["errors"]
    assert field in error["field"]
    assert error["rule"]
    assert error["remedy"]
    assert not WorksPlan.objects.exists()
