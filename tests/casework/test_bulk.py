"""The bulk path writes exactly the rows that the actions write: for every track, every kind."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction

from support.cases import TRACK_FACTS, WHO, application, carry, journey, person, staff
from support.log import check_cases, check_log
from support.situations import data_for
from tongdian.city.histories import CaseHistory, Step
from tongdian.law.process import CaseState
from tongdian.proof.events import verify_chain
from tongdian.service.casework import bulk, clock
from tongdian.service.casework.models import Case, Event, row_of
from tongdian.service.casework.receipts import record_of
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import (
    act,
    deem_accepted,
    file_for_owner,
    record_overdue,
    submit_application,
)
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 1, 23, 45, 678901, tzinfo=UTC)


def days(start: datetime = START, step: timedelta = timedelta(hours=29)) -> Iterator[datetime]:
    """Instants that pass weekends and 清明, at odd microseconds."""
    for number in count():
        yield start + number * step


def run(number: str, instants: Iterator[datetime], *kinds: str) -> None:
    """One event after the other, by whoever may."""
    for kind in kinds:
        role = sorted(CONNECTION.rules[kind].roles)[0]
        actor = staff("supervisor", "GY-FGW") if role == "supervisor" else WHO[role]
        if kind in ("permits_received", "permits_decided"):
            actor = WHO["window"]
        if kind == "owner_confirmed":
            parties = frozenset({(number, "owner")})
            actor = Actor(frozenset({"applicant"}), "", "contractor-1", parties=parties)
        with clock.moved_to(next(instants)):
            state = Case.objects.get(number=number).folded
            act(number, kind, data_for(kind, state), actor=actor)


def opened(track: str, instants: Iterator[datetime], **changes: Any) -> str:
    with clock.moved_to(next(instants)):
        wish = application(track, **changes)
        return submit_application(wish, actor=WHO["applicant"]).performed.case.number


def straight(track: str) -> None:
    """From application to power on, and rated."""
    instants = days()
    number = opened(track, instants)
    for step in journey(track):
        with clock.moved_to(next(instants)):
            carry(number, [(step[0], step[1], data_for(step[0], _state(number)))])
    run(number, instants, "step_rated", "step_rated")


def _state(number: str) -> CaseState:
    return Case.objects.get(number=number).folded


def detours() -> None:
    """Everything that can happen besides: lists, pauses, disputes, failures, corrections."""
    instants = days()
    first = opened("low_voltage", instants)
    run(
        first,
        instants,
        "assigned",
        "clock_paused",
        "clock_resumed",
        "deficiency_listed",
        "deficiency_answered",
        "application_accepted",
        "survey_completed",
        "scheme_replied",
        "scheme_disputed",
        "scheme_replied",
        "scheme_accepted",
        "event_time_corrected",
        "permits_filed",
        "permits_received",
        "item_correction_listed",
        "item_corrected",
        "item_special_started",
        "item_special_ended",
        "item_not_accepted",
        "permits_decided",
        "items_resubmitted",
        "item_withdrawn",
        "items_resubmitted",
        "item_accepted",
        "item_decided",
        "permits_decided",
        "consent_given",
        "consent_withdrawn",
        "completion_reported",
        "inspection_failed",
        "completion_reported",
        "assigned",
        "inspection_passed",
        "withdrawn",
    )
    refused = opened("resident", instants)
    run(refused, instants, "application_not_accepted")
    longer = opened("zero_lv", instants)
    run(longer, instants, "application_accepted", "track_reclassified", "survey_completed")
    with clock.moved_to(next(instants)):
        wish = application("high_voltage_dual", owner={"name": "示例·业主", "phone": "19900000002"})
        filed = file_for_owner(wish, actor=person("contractor-1")).performed.case.number
    run(filed, instants, "owner_confirmed", "event_time_corrected")


def machines() -> None:
    """What no person does: silence and overdue; and a paper form typed in late."""
    instants = days(step=timedelta(days=3))
    with clock.moved_to(next(instants)):
        handed_in = clock.now() - timedelta(days=2)
        wish = application("resident", channel="window")
        case = submit_application(wish, actor=WHO["applicant"], at=handed_in).performed.case
    for _ in range(3):
        with clock.moved_to(next(instants)):
            deem_accepted(case.number)
            record_overdue(case.number)
    run(case.number, instants, "survey_completed")


STORIES: dict[str, Callable[[], None]] = {
    **{track: lambda track=track: straight(track) for track in TRACK_FACTS},  # type: ignore[misc]
    "detours": detours,
    "machines": machines,
}


def all_rows() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every case with its events, but for what differs by the nature of the table: ids."""
    found = []
    for case in Case.objects.order_by("number"):
        events = []
        for event in case.events.order_by("seq"):
            row = row_of(event)
            del row["case_id"], row["transaction"]
            events.append({k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()})
        row = row_of(case)
        found.append(({**row, "head_hash": bytes(row["head_hash"])}, events))
    return found


def histories() -> list[CaseHistory]:
    """What the bulk path is given: the steps, as the synthetic city would have told them."""
    told = []
    for number, case in enumerate(Case.objects.order_by("number")):
        steps = [
            Step(
                at=event.recorded_at,
                kind=event.kind,
                role=event.actor["role"],
                organisation=event.actor["organisation"],
                pseudonym=event.actor["pseudonym"],
                payload=event.payload,
                personal=event.personal,
                occurred_at=None if event.occurred_at == event.recorded_at else event.occurred_at,
            )
            for event in case.events.order_by("seq")
        ]
        told.append(CaseHistory(number, steps))
    return told


def serials_from(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('case_serial', %s, false)", [number])


@pytest.mark.parametrize("story", STORIES)
def test_the_bulk_path_writes_the_rows_of_the_actions(
    story: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        serials_from(7001)
        STORIES[story]()
        by_actions, told = all_rows(), histories()
        transaction.set_rollback(True)
    assert not Case.objects.exists()
    serials_from(7001)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    progress: list[int] = []
    supply = iter([e["salt"] for _, events in by_actions for e in events if e["salt"]])
    written = bulk.write_histories(
        "connection", told, salts=lambda: bytes(next(supply)), progress=progress.append
    )
    assert written == len(told) == progress[-1]
    assert next(supply, None) is None
    assert all_rows() == by_actions
    check_cases()
    for case in Case.objects.all():
        events = case.events.order_by("seq")
        assert verify_chain(record_of(case, e, with_personal=True) for e in events) == []
    assert sequence_all() == Event.objects.count() == check_log()


def test_stories_tell_every_kind_of_event() -> None:
    """So that the comparison leaves nothing out but what other machines say, or what follows long
    after."""
    for tell in STORIES.values():
        tell()
    told = set(Event.objects.values_list("kind", flat=True).distinct())
    assert set(CONNECTION.rules) - told == {
        "evidence_added",
        "clock_recomputed",
        "personal_data_erased",
        "item_requested",
        "callback_refused",
        "fact_obtained",
        "fact_unavailable",
        "lead_matched",
        "lead_untied",
        "permit_revoked",
        "false_commitment_reported",
        "restoration_reported",
        "restoration_checked",
        *(kind for kind in CONNECTION.rules if kind.startswith("commitment_")),
    }
