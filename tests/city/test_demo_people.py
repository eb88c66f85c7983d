"""The demo's applicants have cases of their own."""

from datetime import UTC, datetime

import pytest

from tongdian.service import demo
from tongdian.service.casework.models import Case
from tongdian.service.casework.selectors import visible_to
from tongdian.service.identity.actors import Actor

pytestmark = pytest.mark.django_db


def cases_of(username: str) -> list[Case]:
    person = Actor(frozenset({"applicant"}), "", f"demo-{username}")
    return list(visible_to(person))


def test_applicants_find_finished_and_open_cases() -> None:
    demo.build(customers=12_000, until=datetime.now(UTC).date())
    resident, company = cases_of("resident"), cases_of("company")
    assert {case.track for case in resident} == {"resident"}
    assert {case.outcome for case in resident} == {"", "energised"}
    assert len(company) >= 2
    assert all(case.district == "520102" for case in resident + company)
    (finished,) = (case for case in resident if case.outcome)
    assert finished.events.get(seq=1).personal["name"] == "示例·林小丽"
