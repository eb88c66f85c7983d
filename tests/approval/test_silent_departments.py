"""A department that says nothing: recorded, escalated, and never taken for a permit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest

from support.cases import WHO, carry, journey, staff, submit
from support.situations import data_for
from tongdian.law.calendar import SHANGHAI
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case, CaseBranch, Event
from tongdian.service.connection import jobs
from tongdian.service.connection.actions import act, record_overdue
from tongdian.service.connection.event_words import Words, limit_name
from tongdian.service.exchange.consumers import CaseEvent
from tongdian.service.exchange.models import Message
from tongdian.service.exchange.telling import tell

pytestmark = pytest.mark.django_db
WHO_ELSE = {**WHO, "forester": staff("officer", "GY-LYJ")}


@contextmanager
def on(text: str) -> Iterator[None]:
    with clock.moved_to(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)):
        yield


def filed(*items: str) -> str:
    """Filed and received on Monday 2 November 2026: five working days end on Monday the 9th."""
    with on("2026-11-02 10:00"):
        number = str(submit("zero_lv_external").case.number)
        carry(number, journey("zero_lv_external")[:3])
        act(number, "permits_filed", {"items": list(items)}, actor=WHO["engineer"])
        act(number, "permits_received", {}, actor=WHO["window"])
    return number


def take(number: str, text: str, kind: str, who: str, **data: Any) -> None:
    with on(text):
        case = Case.objects.get(number=number)
        act(number, kind, {**data_for(kind, case.folded), **data}, actor=WHO_ELSE[who])


def overdue(number: str) -> dict[str, Any]:
    event = Event.objects.filter(case__number=number, kind="overdue_recorded").latest("seq")
    return dict(event.payload)


def test_a_silent_department_is_recorded_and_escalated_and_nothing_is_granted() -> None:
    number = filed("municipal", "forest")
    take(number, "2026-11-04 10:00", "item_decided", "officer", result="granted")
    with on("2026-11-09 23:59"):
        assert jobs.record_overdue_cases(0) == 0
    with on("2026-11-10 00:00"):
        assert jobs.record_overdue_cases(0) == 1
        assert jobs.record_overdue_cases(0) == 0
    said = overdue(number)
    assert "item:forest" in said["limits"]
    assert "item:municipal" not in said["limits"]
    assert {"GY-LYJ", "GY-ZWZX", "GY-FGW"} <= set(said["escalated_to"])
    assert "GY-ZHZF" not in said["escalated_to"]
    with on("2027-03-01 10:00"):
        record_overdue(number)
    forest = CaseBranch.objects.get(case__number=number, name="forest")
    assert forest.stage == "reviewing"
    assert Case.objects.get(number=number).stage == "permits"
    assert "item_statute:forest" in overdue(number)["limits"]


def test_whoever_decides_late_is_on_record_too() -> None:
    number = filed("municipal", "forest")
    take(number, "2026-11-04 10:00", "item_decided", "officer", result="granted")
    take(number, "2026-11-11 10:00", "item_decided", "forester", item="forest", result="granted")
    with on("2026-11-11 12:00"):
        assert record_overdue(number) is not None
        assert record_overdue(number) is None
    assert "item:forest" in overdue(number)["limits"]


def test_a_special_procedure_and_a_correction_are_not_the_departments_delay() -> None:
    number = filed("municipal", "forest")
    take(number, "2026-11-03 10:00", "item_special_started", "officer")
    take(number, "2026-11-03 11:00", "item_correction_listed", "forester", item="forest")
    with on("2026-11-20 10:00"):
        record_overdue(number)
        events = Event.objects.filter(case__number=number, kind="overdue_recorded")
        named = {limit for event in events for limit in event.payload["limits"]}
    assert not {name for name in named if name.startswith("item")} | named & {"joint_approval"}


def test_those_it_is_escalated_to_are_told_and_the_page_names_them() -> None:
    number = filed("forest")
    with on("2026-11-10 09:00"):
        record_overdue(number)
        event = Event.objects.get(case__number=number, kind="overdue_recorded")
        tell(_followed(event))
    told = set(Message.objects.filter(case_number=number).values_list("audience", flat=True))
    assert told == set(event.payload["escalated_to"]) >= {"GY-LYJ", "GY-ZWZX"}
    words = dict(Words().rows(event.payload))
    assert "市林业局" in words["已上报"]
    assert limit_name("item:forest") == "审批时限：林木采伐许可"
    assert limit_name("item_statute:forest") == "法定审批时限：林木采伐许可"


def _followed(event: Event) -> CaseEvent:
    return CaseEvent(
        1, event.pk, event.case.number, event.case.process, event.seq, event.kind,
        event.recorded_at, event.occurred_at, "system", "", event.payload,
    )  # fmt: skip
