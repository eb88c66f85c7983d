"""A pushed permit opens a lead, once, in whatever order its messages come."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.permits import (
    BUILDER,
    NUMBER,
    PROJECT,
    SENDER,
    TOLD,
    approval_system,
    message,
    permit_data,
    push,
)
from tongdian.law.identifiers import make_project_code
from tongdian.service.casework.models import Case
from tongdian.service.casework.recheck import Log, difference_of
from tongdian.service.casework.sequencer import DatabaseTiles
from tongdian.service.leads.models import Lead
from tongdian.service.leads.permits import read_permit
from tongdian.service.leads.process import LEAD_PROCESS
from tongdian.service.leads.pushing import columns, receive_permit
from tongdian.service.leads.reading import permit_of

pytestmark = pytest.mark.django_db


def test_a_signed_push_opens_a_lead_at_once() -> None:
    sender = approval_system()
    answer = sender.post(message(sender))
    assert answer.status_code == 200, answer.content
    lead = Lead.objects.get()
    assert answer.json()["result"] == {"lead": lead.case.number, "outcome": "opened"}
    case = lead.case
    assert (case.process, case.stage, case.lane) == ("lead", "announced", "utility")
    assert (case.office, case.district) == ("GYPS-520102", "520102")
    assert case.due_on is not None
    assert (lead.permit, lead.project_code) == (NUMBER, PROJECT)
    # 8,000 m² of industry at the 60 W/m² of the plan file.
    assert lead.expected_kw == case.load_kw == Decimal(480)
    assert lead.expected_on.isoformat() == "2027-12-31"


def test_names_and_places_are_sealed_apart_from_the_payload() -> None:
    lead = push()
    permit = permit_of(lead.case)
    said = {str(value) for value in permit.payload.values()}
    for name in ("jsdw", "jsdwtyshxydm", "lxrsjh", "jsdz", "bdcdyh", "jd", "wd", "gcmc"):
        assert str(permit_data()[name]).rstrip("0") not in said
    assert permit.personal["name"] == "贵阳示例机械有限公司"
    assert permit.personal["id_number"] == BUILDER
    assert BUILDER not in lead.uscc_digest


def test_the_same_permit_again_is_no_second_lead() -> None:
    sender = approval_system()
    first = sender.post(message(sender, 1)).json()["result"]
    again = sender.post(message(sender, 2, lsh="SGXK-20260303-00000009")).json()["result"]
    assert again == {"lead": first["lead"], "outcome": "unchanged"}
    assert Case.objects.filter(process="lead").count() == 1
    assert Case.objects.get().seq == 1


def test_a_changed_permit_brings_the_lead_up_to_date() -> None:
    lead = push(0)
    push(5, jsgm="12000", jhjgrq="2028-06-30", jsdz="贵阳市南明区示例大道10号")
    lead.refresh_from_db()
    assert lead.expected_kw == Decimal(720)
    assert lead.expected_on.isoformat() == "2028-06-30"
    assert permit_of(lead.case).personal["address"].endswith("10号")
    kinds = lead.case.events.order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["permit_pushed", "permit_updated"]


def test_an_older_message_changes_nothing() -> None:
    lead = push(5)
    push(0, jsgm="12000")
    lead.refresh_from_db()
    assert lead.expected_kw == Decimal(480)
    assert lead.case.events.count() == 1


def test_a_withdrawn_permit_ends_the_lead_and_a_valid_one_reopens_it() -> None:
    lead = push(0)
    lead = push(1, sjyxbs=0)
    assert (lead.case.stage, lead.case.outcome, lead.case.due_on) == ("lapsed", "lapsed", None)
    lead = push(2, sjyxbs=1)
    assert (lead.case.stage, lead.case.outcome) == ("announced", "")
    assert lead.case.due_on is not None


def test_one_permit_number_belongs_to_one_project() -> None:
    sender = approval_system()
    sender.post(message(sender))
    other = make_project_code(2025, 3, "520102", 9)
    answer = sender.post(message(sender, 1, xmdm=other))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "sgxkzbh"
    assert Lead.objects.get().project_code == PROJECT


def test_a_project_with_two_permits_has_two_leads() -> None:
    push()
    push(0, sgxkzbh="520102202506180109", gcmc="示例·机械厂房二期")
    assert Lead.objects.filter(project_code=PROJECT).count() == 2


CHANGES: tuple[dict[str, Any], ...] = (
    {},
    {"jsgm": "12000"},
    {"sjyxbs": 0},
    {"jsdz": "贵阳市南明区示例大道10号", "yt": "commercial"},
    {"jhjgrq": "2028-06-30", "sjyxbs": 0},
)
MESSAGES = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(range(len(CHANGES)))), min_size=1, max_size=6
)


def known() -> dict[str, Any]:
    """What stands about the one lead, its number and instants apart."""
    lead = Lead.objects.select_related("case").get()
    permit = permit_of(lead.case)
    return {
        **columns(permit.payload, permit.personal),
        "told_at": lead.told_at,
        "stage": lead.case.stage,
        "personal": permit.personal,
    }


def after(messages: list[tuple[int, int]]) -> dict[str, Any]:
    """What is known after these messages; everything is undone again."""
    with transaction.atomic():
        for minutes, change in messages:
            permit = read_permit(permit_data(**CHANGES[change]))
            told_at = TOLD + timedelta(minutes=minutes)
            receive_permit(permit, told_at=told_at, actor=SENDER)
        found = known()
        lead, permit = Lead.objects.get(), permit_of(Case.objects.get())
        follows = columns(permit.payload, permit.personal) | {"told_at": lead.told_at}
        assert {name: getattr(lead, name) for name in follows} == follows
        assert difference_of(Case.objects.get().number, Log(None, DatabaseTiles())) is None
        transaction.set_rollback(True)
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(MESSAGES, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(messages: list[tuple[int, int]], chance: Any) -> None:
    shuffled = [*messages, *chance.sample(messages, chance.randint(0, len(messages)))]
    chance.shuffle(shuffled)
    assert after(shuffled) == after(messages)


def test_every_event_of_the_table_has_words_in_both_languages() -> None:
    for rule in LEAD_PROCESS.rules.values():
        assert all((rule.zh, rule.en, rule.clock_zh, rule.clock_en)), rule.kind
