"""Who may see a lead; and that no list, figure or finding of connections ever holds one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from support.cases import CLERK, ENGINEER, SUPERVISOR, WHO, staff, submit
from support.permits import SENDER, push
from tongdian.service.casework.errors import CaseNotFound
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import perform
from tongdian.service.casework.recheck import recheck
from tongdian.service.casework.selectors import case_for, may_act, visible_to
from tongdian.service.casework.sequencer import sequence_all
from tongdian.service.connection.inbox import inbox, inbox_counts
from tongdian.service.connection.inbox_filter import InboxFilter
from tongdian.service.connection.jobs import (
    deem_accepted_silence,
    recompute_open_clocks,
    record_overdue_cases,
)
from tongdian.service.exchange import following
from tongdian.service.exchange.models import Message
from tongdian.service.exchange.scope import cases_of
from tongdian.service.identity.actions import seed_organisations
from tongdian.service.identity.actors import SYSTEM, Actor
from tongdian.service.identity.models import Organisation
from tongdian.service.leads.actions import act
from tongdian.service.leads.jobs import record_overdue_leads
from tongdian.service.supervision.inspection import inspect
from tongdian.service.supervision.models import Finding
from tongdian.service.supervision.periods import BoardFilter
from tongdian.service.supervision.selectors import board_cases, board_for

pytestmark = pytest.mark.django_db

READS = {
    "clerk": True, "engineer": True, "lead": True, "fieldworker": False, "officer": False,
    "window": False, "applicant": False,
}  # fmt: skip


@pytest.mark.parametrize(("who", "reads"), READS.items())
def test_only_the_desk_of_the_office_reads_a_lead(who: str, reads: bool) -> None:
    case = push().case
    assert visible_to(WHO[who], "lead").exists() is reads
    assert may_act(WHO[who], case) is reads


def test_headquarters_and_oversight_read_all_and_other_offices_none() -> None:
    case = push().case
    for actor in (staff("engineer", "GYPS"), SUPERVISOR, staff("auditor", "GY-DSJ"), SYSTEM):
        assert visible_to(actor, "lead").get() == case
    for actor in (staff("engineer", "GYPS-520103"), staff("administrator", "GY-DSJ")):
        assert not visible_to(actor, "lead").exists()
        assert not may_act(actor, case)


def test_nobody_is_a_party_of_a_lead() -> None:
    """Not by a number in the session, and not as the system that pushed it."""
    case = push().case
    party = Actor(frozenset({"applicant"}), "", "p", cases=frozenset({case.number}))
    sender = Actor(frozenset({"applicant"}), SENDER.organisation, SENDER.pseudonym)
    for actor in (party, sender):
        assert not visible_to(actor, "lead").exists()
        assert not may_act(actor, case)
        with pytest.raises(CaseNotFound):
            perform(case.number, "closed", actor=actor, payload={"reason": "no_new_load"})
    assert Case.objects.get().seq == 1


def test_a_lead_is_no_connection() -> None:
    number, connection_number = push().case.number, submit("resident").case.number
    for actor in (CLERK, ENGINEER, SUPERVISOR, SYSTEM):
        assert visible_to(actor).get().number == connection_number
        assert visible_to(actor, "lead").get().number == number
        with pytest.raises(CaseNotFound):
            case_for(actor, number)
        with pytest.raises(CaseNotFound):
            case_for(actor, connection_number, "lead")


def test_the_inbox_and_the_board_count_connections_alone() -> None:
    before = (inbox_counts(CLERK), board_for(SUPERVISOR, BoardFilter()).whole.cells["open"].n)
    number = push().case.number
    for state in ("todo", "open", "late", "closed"):
        rows = inbox(staff("lead"), InboxFilter(state=state)).rows
        assert number not in {view.case.number for view in rows}
    assert inbox(CLERK, InboxFilter(state="open", text=number)).rows == []
    after = (inbox_counts(CLERK), board_for(SUPERVISOR, BoardFilter()).whole.cells["open"].n)
    assert after == before
    assert not board_cases(SUPERVISOR, BoardFilter()).exists()
    closed = push(0, sgxkzbh="520102202506180109")
    act(closed.case.number, "closed", {"reason": "no_new_load"}, actor=ENGINEER)
    board = board_for(SUPERVISOR, BoardFilter())
    assert not board.tallies.opened
    assert not board.tallies.ended


def test_no_finding_is_made_of_a_lead() -> None:
    """Three steps within two minutes are suspicious of a connection alone."""
    number = push().case.number
    made = {"source_point": "示例变电站", "voltage": "10kV", "prepared": ["source_checked"]}
    act(number, "preparation_started", {}, actor=ENGINEER)
    act(number, "preparation_completed", made, actor=ENGINEER)
    act(number, "closed", {"reason": "no_new_load"}, actor=ENGINEER)
    sequence_all()
    inspect()
    assert not Finding.objects.exists()


def test_jobs_of_connections_leave_leads_alone_and_leads_have_their_own() -> None:
    lead = push()
    Case.objects.update(due_on=datetime(2021, 1, 4, tzinfo=UTC).date())
    _long_ago(lead.case)
    assert deem_accepted_silence(timestamp=0) == 0
    assert record_overdue_cases(timestamp=0) == 0
    assert recompute_open_clocks(timestamp=0) == 0
    assert record_overdue_leads(timestamp=0) == 1
    assert record_overdue_leads(timestamp=0) == 0
    event = lead.case.events.get(kind="overdue_recorded")
    assert event.payload == {"limits": ["preparation"], "escalated_to": [lead.case.office]}


def _long_ago(case: Case) -> None:
    """As if it had been pushed a month ago, in the cache that the job reads."""
    case.refresh_from_db()
    earlier = datetime.now(UTC) - timedelta(days=60)
    state = case.state
    state["holds"][0]["start"] = earlier.isoformat(timespec="microseconds")
    Case.objects.filter(pk=case.pk).update(state=state)


def test_nobody_outside_is_told_of_a_lead() -> None:
    """No webhook of a department, no SMS to the builder."""
    following.install()
    seed_organisations()
    lead = push()
    perform(lead.case.number, "overdue_recorded", actor=SYSTEM, payload={"limits": ["x"]})
    sequence_all()
    following.follow_all()
    assert not Message.objects.exists()
    for organisation in Organisation.objects.all():
        assert not cases_of(organisation).exists()


def test_the_recheck_folds_each_case_by_its_own_process() -> None:
    push()
    push(1, jsgm="9000")
    submit("resident")
    sequence_all()
    assert recheck() == (2, None)
    Case.objects.filter(process="lead").update(stage="prepared")
    looked_at, found = recheck()
    assert looked_at == 1
    assert found is not None
    assert "stage" in found.en


@pytest.mark.parametrize("page", ["/desk/cases/{}/", "/track/case/{}/", "/api/v1/cases/{}"])
def test_no_page_of_connections_opens_a_lead(page: str) -> None:
    answer = Client().get(page.format(push().case.number))
    assert answer.status_code in (302, 401, 403, 404)


def test_cases_of_other_processes_are_found_by_an_index_of_their_own() -> None:
    push()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cases = visible_to(SUPERVISOR, "lead").order_by("due_on", "id")[:50]
        assert "case_other_process" in cases.explain()
        inbox_page = visible_to(SUPERVISOR).filter(outcome="").order_by("due_on", "id")[:50]
        assert "case_inbox" in inbox_page.explain()
