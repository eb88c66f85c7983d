"""The OpenAPI document is true: schemathesis asks every operation, with all of its checks."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from support.api import Integrator, integrator
from support.cases import facts
from tongdian.service.wsgi import application

# What no schema can say (check digits, days that lie in the past, a file's first bytes) is 422.
ACCEPTED = ["2xx", "401", "403", "404", "409", "413", "422"]
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
        "generation": {"mode": "all"},
        "phases": {"coverage": {"enabled": True}},
    }
)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests of the WSGI application are made on the test's own connection: leave it open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known_case(db: None) -> tuple[Integrator, str]:
    caller = integrator()
    return caller, str(caller.post("/cases", facts("low_voltage")).json()["number"])


@schema.parametrize()
@settings(
    max_examples=8,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_operation_keeps_the_contract(
    case: Any, known_case: tuple[Integrator, str], one_connection: None
) -> None:
    caller, number = known_case
    if case.meta.generation.mode.is_positive:
        aim(case, number)
    case.call_and_validate(headers={"Authorization": f"Bearer {caller.key}"})


def aim(case: Any, number: str) -> None:
    """Let well-formed requests meet a case that exists, and a person whose check digit fits."""
    if "number" in (case.path_parameters or {}):
        case.path_parameters["number"] = number
    if case.operation.definition.raw["operationId"] == "submit_application":
        person = facts("resident" if case.body.get("id_type") != "uscc" else "low_voltage")
        for name in ("track", "plan"):
            case.body.pop(name, None)
        case.body |= {name: person[name] for name in ("id_type", "id_number")}
