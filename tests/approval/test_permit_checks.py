"""What the actions themselves refuse, whoever calls them: pages, API, scripts."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from support.cases import WHO, carry, journey, submit, today
from support.situations import data_for, situation, upload
from support.works import LAT, LON, draw, packet, photo, street_corner, works_case
from tongdian.law.calendar import SHANGHAI
from tongdian.service.approval import commands
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.commitment_deciding import commit
from tongdian.service.approval.packet import Packet, packet_of
from tongdian.service.approval.route_plans import save_works
from tongdian.service.casework import clock
from tongdian.service.casework.commands import parse
from tongdian.service.casework.errors import InvalidInput, NotAllowed
from tongdian.service.casework.evidence import store_evidence
from tongdian.service.casework.models import Case, Event
from tongdian.service.connection.actions import act
from tongdian.service.exchange.registries.configuration import Configuration, use
from tongdian.service.identity.actions import seed_organisations
from tongdian.service.identity.actors import Actor
from tongdian.works.points import from_csv

pytestmark = pytest.mark.django_db
LETTER = {"applicant": "示例"}


# --- files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "role", "more", "field"),
    [
        ("permits_filed", "engineer", {"materials": [{"kind": "plan", "digest": "cd" * 32}]},
         "materials.0.digest"),
        ("item_corrected", "engineer", {"materials": [{"kind": "plan", "digest": "cd" * 32}]},
         "materials.0.digest"),
        ("restoration_reported", "fieldworker", {"after": ["cd" * 32]}, "after.0"),
        ("restoration_reported", "fieldworker", {"before": ["cd" * 32]}, "before.0"),
    ],
)  # fmt: skip
def test_no_event_names_a_file_that_nobody_received(
    kind: str, role: str, more: dict[str, Any], field: str
) -> None:
    number = situation(kind)
    case = Case.objects.get(number=number)
    upload(WHO[role].pseudonym)
    with pytest.raises(InvalidInput) as refused:
        act(number, kind, {**data_for(kind, case.folded), **more}, actor=WHO[role])
    assert [error.field for error in refused.value.errors] == [field]
    assert not Event.objects.filter(case=case, seq__gt=case.seq).exists()
    assert not case.evidence.filter(digest="ab" * 32, uploaded_by=WHO[role].pseudonym).exists()


def test_a_restoration_is_shown_by_photographs() -> None:
    number = situation("restoration_reported")
    actor = WHO["fieldworker"]
    upload(actor.pseudonym)
    plan = photo("plan.pdf", 1)
    plan.file.seek(0)
    plan.file.write(b"%PDF-1.7\n")
    plan.file.seek(0)
    kept = store_evidence(plan, actor=actor)
    data = data_for("restoration_reported", Case.objects.get(number=number).folded)
    with pytest.raises(InvalidInput, match="photographs"):
        act(number, "restoration_reported", {**data, "after": [kept.digest]}, actor=actor)


# --- five days --------------------------------------------------------------------------------


def on(text: str) -> Any:
    return clock.moved_to(datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))


@pytest.fixture
def filed() -> str:
    """Filed on Monday 2 November 2026: the last day to say what is missing is Monday the 9th."""
    with on("2026-11-02 10:00"):
        number = str(submit("zero_lv_external").case.number)
        carry(number, journey("zero_lv_external")[:4])
    return number


@pytest.mark.parametrize("kind", ["item_correction_listed", "item_not_accepted"])
@pytest.mark.parametrize("received", [True, False])
def test_after_five_working_days_the_item_is_accepted_by_law(
    filed: str, kind: str, received: bool
) -> None:
    """Receiving it at the window gives the department no new period."""
    if received:
        with on("2026-11-06 10:00"):
            act(filed, "permits_received", {}, actor=WHO["window"])
    with on("2026-11-10 00:00"):
        state = Case.objects.get(number=filed).folded
        with pytest.raises(NotAllowed, match="accepted by law"):
            act(filed, kind, data_for(kind, state), actor=WHO["officer"])
    with on("2026-11-09 23:59"):
        act(filed, kind, data_for(kind, state), actor=WHO["officer"])


def test_the_item_can_still_be_refused_with_its_reasons(filed: str) -> None:
    with on("2026-11-03 10:00"):
        act(filed, "permits_received", {}, actor=WHO["window"])
    with on("2026-11-12 10:00"):
        data = {"item": "municipal", "result": "refused", "reason": "路径穿越泄洪通道",
                "clause": "城市道路管理条例 第三十三条", "remedy": "改线后重新申报"}  # fmt: skip
        done = act(filed, "item_decided", data, actor=WHO["officer"])
    assert done.case.folded.branches["municipal"].stage == "refused"


def test_a_special_procedure_stops_the_five_days(filed: str) -> None:
    with on("2026-11-03 10:00"):
        act(filed, "permits_received", {}, actor=WHO["window"])
        state = Case.objects.get(number=filed).folded
        act(filed, "item_special_started", data_for("item_special_started", state),
            actor=WHO["officer"])  # fmt: skip
    with on("2026-11-23 10:00"):
        data = {"item": "municipal", "outcome": "评审通过"}
        act(filed, "item_special_ended", data, actor=WHO["officer"])
        data = data_for("item_correction_listed", state)
        act(filed, "item_correction_listed", data, actor=WHO["officer"])


# --- commitment -------------------------------------------------------------------------------


@pytest.fixture
def quiet() -> Iterator[None]:
    """No registry and no credit platform: a letter that is taken waits for its decision."""
    seed_organisations()
    street_corner(today())
    with use(Configuration({})):
        yield


def east_by(metres: str) -> str:
    """Points of a route along the old street that is measured as `metres`."""
    low, high = 0.0005, 0.0045
    for _ in range(60):
        middle = (low + high) / 2
        text = f"{LON},{LAT},直埋\n{LON + middle:.9f},{LAT}"
        measured = from_csv(text).measured_m
        if measured == Decimal(metres):
            return text
        low, high = (middle, high) if measured < Decimal(metres) else (low, middle)
    raise AssertionError(metres)


def made_ready(client: Client, points: str, kv: str = "10", **more: Any) -> Packet:
    """The form offers the usual voltages alone; whoever keeps another is judged all the same."""
    case = works_case(client)
    assert draw(client, case.number, points, **more).status_code == 302
    save_works(case, WHO["engineer"], typed={"voltage_kv": kv})
    assert client.post(f"/permits/{case.number}/form/", packet()).status_code == 302
    found = packet_of(case)
    assert found is not None
    return found


def hand_in(found: Packet) -> Any:
    return commit(found, LETTER, actor=owner(found.case))


def owner(case: Case) -> Actor:
    pseudonym, own = case.applicant_pseudonym, frozenset({case.number})
    return Actor(frozenset({"applicant"}), "", pseudonym, cases=own)


@pytest.mark.parametrize(
    ("metres", "kv", "chamber", "taken"),
    [
        ("300.0", "20", False, True),
        ("300.1", "20", False, False),
        ("300.0", "20.01", False, False),
        ("50.0", "10", False, True),
        ("50.0", "10", True, False),
    ],
)
def test_the_action_itself_keeps_the_bounds_of_the_commitment(
    client: Client, quiet: None, metres: str, kv: str, chamber: bool, taken: bool
) -> None:
    more = {"with_chamber": "on"} if chamber else {}
    found = made_ready(client, east_by(metres), kv, **more)
    assert found.found.assessment.length_m == Decimal(metres)
    if taken:
        hand_in(found)
        assert set(_stages(found)) == {"committing"}
        return
    with pytest.raises(NotAllowed, match="Commitment does not apply"):
        hand_in(found)
    assert not found.case.events.filter(kind="commitment_made").exists()


def _stages(found: Packet) -> list[str]:
    return [b.stage for b in Case.objects.get(pk=found.case.pk).folded.branches.values()]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": ["forest"]}, "items"),
        ({"items": ["municipal"]}, "items"),
        ({"materials": []}, "materials"),
        ({"materials": [{"kind": "route", "digest": "cd" * 32}]}, "materials"),
        ({"letter": "cd" * 32}, "letter"),
    ],
)
def test_a_commitment_is_for_the_items_and_the_route_of_the_case(
    client: Client, quiet: None, changes: dict[str, Any], field: str
) -> None:
    found = made_ready(client, east_by("50.0"))
    data = {"items": found.items, "letter": "ef" * 32, "declared": True,
            "materials": found.materials(), **changes}  # fmt: skip
    command = parse(commands.Commit, data)
    with pytest.raises(InvalidInput) as refused:
        ACTIONS["commitment_made"](found.case.number, command, actor=owner(found.case))
    assert refused.value.errors[0].field == field
    assert not found.case.events.filter(kind="commitment_made").exists()


def test_without_a_route_there_is_nothing_to_commit_to(client: Client, quiet: None) -> None:
    case = works_case(client)
    data = {"items": ["municipal"], "letter": "ef" * 32, "declared": True}
    command = parse(commands.Commit, data)
    actor = Actor(
        frozenset({"applicant"}), "", case.applicant_pseudonym, cases=frozenset({case.number})
    )
    with pytest.raises(InvalidInput, match="no route"):
        ACTIONS["commitment_made"](case.number, command, actor=actor)
