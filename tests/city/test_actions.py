"""What the city tells could have been done by people: the same rows by either way."""

from typing import Any

import pytest
from django.db import connection, transaction

from city.conftest import year
from tongdian.city import CaseHistory, Step
from tongdian.service.casework import clock
from tongdian.service.casework.bulk import write_histories
from tongdian.service.casework.models import Case, row_of
from tongdian.service.connection.actions import (
    act,
    deem_accepted,
    file_for_owner,
    submit_application,
)
from tongdian.service.connection.commands import Application
from tongdian.service.identity.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> list[CaseHistory]:
    """Cases of every track and with every kind of step, as few as will do."""
    chosen: list[CaseHistory] = []
    seen: set[str] = set()
    for history in year(500, 7, 0.9):
        kinds = {step.kind for step in history.steps}
        new = kinds | {history.steps[0].payload["track"], history.steps[0].payload["district"]}
        if new - seen:
            chosen.append(history)
            seen |= new
    assert len(chosen) > 15
    return chosen


def test_rows_are_the_same(told: list[CaseHistory]) -> None:
    with transaction.atomic():
        _serials_from(9001)
        for history in told:
            _replay(history)
        by_people = _rows()
        transaction.set_rollback(True)
    assert not Case.objects.exists()
    _serials_from(9001)
    assert write_histories("connection", told) == len(told)
    by_bulk = _rows()
    assert len(by_people) == len(by_bulk)
    for (people_case, people_events), (bulk_case, bulk_events) in zip(
        by_people, by_bulk, strict=True
    ):
        assert people_events == bulk_events
        assert people_case == bulk_case


def _replay(history: CaseHistory) -> None:
    """Every step of a history as its person does it, at its time."""
    number = ""
    for step in history.steps:
        with clock.moved_to(step.at):
            number = _do(number, step)


def _do(number: str, step: Step) -> str:
    actor = Actor(
        frozenset({step.role}),
        step.organisation,
        step.pseudonym,
        cases=frozenset({number}) if step.role == "applicant" else frozenset(),
        parties=frozenset({(number, "owner")} if step.kind == "owner_confirmed" else ()),
    )
    data = {**step.payload, **(step.personal or {})}
    if step.kind in ("application_submitted", "application_filed"):
        opening = submit_application if step.kind == "application_submitted" else file_for_owner
        command = Application.model_validate(data)
        return opening(command, actor=actor, at=step.occurred_at).performed.case.number
    if step.kind == "acceptance_deemed":
        deem_accepted(number)
        return number
    for derived in ("fields", "from"):
        data.pop(derived, None)
    act(number, step.kind, data, actor=actor, at=step.occurred_at)
    return number


def _rows() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Cases with their events, but for what is drawn anew: salts, and hashes over them."""
    anew = {"salt", "sealed_digest", "payload_digest", "previous_hash", "hash", "transaction"}
    found = []
    for case in Case.objects.order_by("number"):
        row = row_of(case)
        del row["head_hash"]
        events = [
            {n: v for n, v in row_of(e).items() if n not in {*anew, "case_id"}}
            for e in case.events.order_by("seq")
        ]
        found.append((row, events))
    return found


def _serials_from(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('case_serial', %s, false)", [number])
