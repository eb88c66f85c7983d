"""The same through the actions and the database, the server's clock moved over a year."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from support.cases import WHO, application, staff
from support.situations import data_for, upload_for
from tongdian.law.calendar import default_calendar, local_date
from tongdian.proof.events import verify_chain
from tongdian.service.casework import clock
from tongdian.service.casework.errors import (
    CaseNotFound,
    Forbidden,
    InvalidInput,
    NotAllowed,
)
from tongdian.service.casework.models import Case, Event, row_of
from tongdian.service.casework.planning import cached_columns, correction_window, fold_events
from tongdian.service.casework.processes import definition_of
from tongdian.service.casework.receipts import record_of
from tongdian.service.connection.actions import (
    ACTIONS,
    act,
    deem_accepted,
    file_for_owner,
    record_overdue,
    submit_application,
)
from tongdian.service.connection.process import CONNECTION
from tongdian.service.identity.actors import Actor

ROLES = {
    **WHO,
    "officer": staff("officer", "GY-ZHZF"),
    "supervisor": staff("supervisor", "GY-FGW"),
}
TRACKS = ("resident", "zero_lv", "zero_lv_external", "low_voltage", "high_voltage_dual")
MANUAL = sorted(ACTIONS)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
REFUSALS = (CaseNotFound, Forbidden, NotAllowed, InvalidInput)


class ActionMachine(RuleBasedStateMachine):
    """One case in the database, and the time that its server believes it is."""

    number: str = ""
    now: datetime

    @initialize(
        track=st.sampled_from(TRACKS),
        opened=st.timedeltas(timedelta(0), timedelta(days=330)).map(NEW_YEAR.__add__),
        late=st.sampled_from([None, timedelta(days=1), timedelta(days=4)]),
        for_owner=st.booleans(),
    )
    def open(self, track: str, opened: datetime, late: timedelta | None, for_owner: bool) -> None:
        self.now = opened
        filed_at = opened - late if late else None
        wish = application(track, owner={"name": "示例·业主", "phone": "19900000002"})
        opens = file_for_owner if for_owner else submit_application
        with clock.moved_to(self.now):
            self.number = opens(wish, actor=WHO["applicant"], at=filed_at).performed.case.number

    @property
    def case(self) -> Case:
        return Case.objects.get(number=self.number)

    def actor(self, role: str) -> Actor:
        if role != "applicant":
            return ROLES[role]
        parties = frozenset({(self.number, "owner")})
        return Actor(frozenset({"applicant"}), "", WHO["applicant"].pseudonym, parties=parties)

    @rule(later=st.timedeltas(timedelta(0), timedelta(days=12)))
    def wait(self, later: timedelta) -> None:
        self.now += later

    @rule(steps=st.integers(1, 5), hours=st.integers(0, 80))
    def go_on(self, steps: int, hours: int) -> None:
        """The first action that moves the case, by whoever may."""
        for _ in range(steps):
            state = self.case.folded
            for kind in MANUAL:
                rule = CONNECTION.rules[kind]
                moves = rule.target != "=" or kind in ("contract_recorded", "meter_installed")
                ends = kind in ("withdrawn", "application_not_accepted", "deficiency_listed")
                back = kind in ("scheme_disputed", "inspection_failed", "permits_filed")
                if moves and not ends and not back and CONNECTION.refusal(state, kind) is None:
                    self.now += timedelta(hours=hours)
                    self.do(kind, sorted(rule.roles)[0])
                    break

    @rule(kind=st.sampled_from(MANUAL), role=st.sampled_from(sorted(ROLES)))
    def try_anything(self, kind: str, role: str) -> None:
        self.do(kind, role)

    @rule(days_back=st.integers(0, 30), seq=st.integers(0, 3))
    def correct(self, days_back: int, seq: int) -> None:
        case = self.case
        instant = self.now - timedelta(days=days_back)
        wanted = max(case.seq - seq, 1)
        rows = list(case.events.order_by("seq"))
        window = correction_window(definition_of("connection"), rows, wanted, self.now)
        assert window is not None
        data = {
            "seq": wanted,
            "instant": instant.isoformat(),
            "reason": "录入时间有误",
            "evidence": "现场照片",
        }
        inside = window[0] <= instant <= window[1]
        happened = self.attempt("event_time_corrected", data, ROLES["supervisor"])
        open_to_it = case.outcome in ("", "energised")
        assert happened == (inside and open_to_it)

    @rule()
    def the_worker_comes_by(self) -> None:
        with clock.moved_to(self.now):
            deem_accepted(self.number)
            record_overdue(self.number)
            assert record_overdue(self.number) is None

    def do(self, kind: str, role: str) -> None:
        case = self.case
        state = case.folded
        actor = self.actor(role)
        allowed = {rule.kind for rule in CONNECTION.allowed(state, actor.roles)}
        if kind == "step_rated" and kind not in allowed:
            data: dict[str, Any] = {"step": "scheme", "stars": 3}
        else:
            with clock.moved_to(self.now):
                data = data_for(kind, state)
        upload_for(kind, actor.pseudonym)
        happened = self.attempt(kind, data, actor)
        if happened:
            assert kind in allowed

    def attempt(self, kind: str, data: dict[str, Any], actor: Actor) -> bool:
        """Do it, or be refused without a trace."""
        before, events = self.case, Event.objects.count()
        try:
            with clock.moved_to(self.now):
                performed = act(self.number, kind, data, actor=actor, expected_seq=before.seq)
        except REFUSALS:
            assert row_of(self.case) == row_of(before)
            assert Event.objects.count() == events
            return False
        assert performed.event.seq == before.seq + 1
        assert Event.objects.count() == events + 1
        return True

    @invariant()
    def stored_equals_refolded_and_the_chain_holds(self) -> None:
        case = self.case
        events = list(case.events.order_by("seq"))
        assert [event.seq for event in events] == list(range(1, case.seq + 1))
        definition = definition_of(case.process)
        state = fold_events(definition, events)
        assert state.to_json() == case.state
        for name, value in cached_columns(definition, state, events[-1].recorded_at).items():
            assert getattr(case, name) == value, name
        assert bytes(case.head_hash) == bytes(events[-1].hash)
        assert verify_chain(record_of(case, event, with_personal=True) for event in events) == []
        stamps = [event.recorded_at for event in events]
        assert stamps == sorted(stamps)

    @invariant()
    def the_lanes_add_up(self) -> None:
        holds = self.case.folded.holds
        assert all(a.end == b.start for a, b in pairwise(holds))
        first, last = local_date(holds[0].start), local_date(holds[-1].end or self.now)
        days = [
            default_calendar().count(local_date(hold.start), local_date(hold.end or self.now))
            for hold in holds
        ]
        assert sum(days) == default_calendar().count(first, last)


@pytest.mark.django_db
def test_no_sequence_of_actions_breaks_a_case() -> None:
    run_state_machine_as_test(
        ActionMachine,
        settings=settings(deadline=None, database=None, max_examples=25, stateful_step_count=15),
    )
