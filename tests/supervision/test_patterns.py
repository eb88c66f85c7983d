"""A case by hand through the actions: suspicion follows exactly the pattern."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from support.cases import WHO, journey, submit
from support.people import make_user, sign_in
from tongdian.service.casework import clock
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.actions import act
from tongdian.service.supervision.findings import evidence_of
from tongdian.service.supervision.inspection import inspect
from tongdian.service.supervision.models import Finding

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ADDRESSES = (
    "/board/",
    "/board/?days=30&track=resident&district=520102",
    "/board/table/track/",
    "/board/table/district/?format=xlsx",
    "/board/cases/done/",
    "/board/findings/",
    "/board/findings/?format=csv",
)


def case(gap: timedelta, *, said: timedelta | None = None) -> str:
    """A resident's case whose steps are recorded `gap` apart, energised as `said` before."""
    at = MONDAY
    with clock.moved_to(at):
        number = submit("resident").case.number
    for kind, role, data in journey("resident"):
        at += gap
        data = {**data}
        for name in ("surveyed_on", "signed_on", "installed_on"):
            if name in data:
                data[name] = "2026-03-02"
        if "valid_until" in data:
            data["valid_until"] = "2026-05-30"
        claimed = at - said if said is not None and kind == "energised" else None
        with clock.moved_to(at):
            act(number, kind, data, actor=WHO[role], at=claimed)
    sequence_all()
    inspect()
    return number


def found() -> dict[str, Finding]:
    return {finding.kind: finding for finding in Finding.objects.all()}


def test_work_at_its_own_pace_is_not_suspected() -> None:
    case(timedelta(hours=5))
    assert found() == {}


def test_steps_typed_in_at_once() -> None:
    case(timedelta(seconds=20))
    burst = found().pop("burst")
    assert (burst.first_seq, burst.seq) == (2, 7)
    assert burst.numbers == {"seconds": 100, "steps": 6}
    assert "100 秒" in evidence_of(burst)


def test_two_minutes_are_the_edge() -> None:
    case(timedelta(seconds=60))
    assert set(found()) == {"burst"}


def test_a_second_more_is_no_burst() -> None:
    case(timedelta(seconds=61))
    assert found() == {}


def test_a_day_back_is_told() -> None:
    case(timedelta(hours=10), said=timedelta(hours=25))
    assert set(found()) == {"backdated"}
    assert "25 小时" in evidence_of(found()["backdated"])


def test_a_day_is_still_fine() -> None:
    case(timedelta(hours=10), said=timedelta(hours=24))
    assert found() == {}


def test_power_before_acceptance() -> None:
    number = case(timedelta(hours=3), said=timedelta(hours=15, minutes=30))
    early = found()["early"]
    assert (early.case.number, early.first_seq, early.seq) == (number, 2, 7)
    assert early.numbers == {"hours": 0.5}


def test_the_same_meter_on_two_cases() -> None:
    first = case(timedelta(hours=5))
    second = case(timedelta(hours=5))
    copied = Finding.objects.filter(kind="copied").order_by("seq")
    assert [(f.case.number, f.other and f.other.number) for f in copied] == [
        (second, first),
        (second, first),
    ]
    assert [f.numbers["paper"] for f in copied] == ["HT-2026-1", "M-1"]
    assert "HT-2026-1" in evidence_of(copied[0])


def test_findings_hold_no_personal_data() -> None:
    case(timedelta(seconds=20), said=timedelta(seconds=90))
    stored = json.dumps(list(Finding.objects.values("kind", "numbers")), ensure_ascii=False)
    assert "示例" not in stored
    assert "199" not in stored


def test_an_empty_city_has_a_board() -> None:
    client = sign_in(Client(), make_user("board-first", "supervisor"))
    for address in ADDRESSES:
        assert client.get(address).status_code == 200, address


def test_a_fresh_case_shows_at_once() -> None:
    client = sign_in(Client(), make_user("board-fresh", "supervisor"))
    submit("resident")
    assert client.get("/board/").context["whole"]["open"].value == 1
    submit("zero_lv")
    assert client.get("/board/").context["whole"]["open"].value == 2
