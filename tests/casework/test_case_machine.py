"""Any sequence of allowed events, over a year with its holidays: what must hold after each one.

Pure: no database. The same machine runs over the actions in `test_action_machine.py`.
"""

import json
from collections.abc import Sequence
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
    precondition,
    rule,
    run_state_machine_as_test,
)

from support import by_hand
from tongdian.city.histories import CaseHistory, Step
from tongdian.law.calendar import default_calendar, local_date
from tongdian.law.plan import load_plan
from tongdian.law.process import CaseState, ProcessError
from tongdian.proof.events import GENESIS, EventHeader, EventRecord, verify_chain
from tongdian.service.approval.process import ITEM_NAMES
from tongdian.service.casework.bulk import fold_history
from tongdian.service.casework.planning import (
    EventRequest,
    EventRow,
    advance,
    cached_branches,
    cached_columns,
    correction_window,
    fold_events,
    measure_state,
    seal,
)
from tongdian.service.connection.definition import DEFINITION
from tongdian.service.connection.process import CONNECTION

CALENDAR = default_calendar()
PLAN = load_plan()
OPENING = {
    "plan": PLAN.id,
    "district": "520102",
    "zone": "urban",
    "channel": "online",
    "load_kw": "8",
}
ACTOR = {"role": "clerk", "organisation": "GYPS-520102", "pseudonym": "staff-1"}
CORRECTED = "event_time_corrected"
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
# What takes a case on, the first that is possible; and everything else that can happen to it.
AHEAD = (
    "clock_resumed",
    "owner_confirmed",
    "deficiency_answered",
    "application_accepted",
    "survey_completed",
    "scheme_replied",
    "scheme_accepted",
    "permits_received",
    "commitment_granted",
    "item_decided",
    "permits_decided",
    "external_works_completed",
    "completion_reported",
    "inspection_passed",
    "contract_recorded",
    "meter_installed",
    "energised",
)
ASIDE = [
    kind
    for kind in CONNECTION.rules
    if kind not in DEFINITION.starts and kind not in (*AHEAD[1:], CORRECTED)
]
# Power is on only after all of these, in this order.
EVERYONE = ("survey_completed", "scheme_replied", "contract_recorded", "energised")
OWN_WORKS = ("scheme_accepted", "completion_reported", "inspection_passed", "contract_recorded")


ITEMS = st.sampled_from(sorted(ITEM_NAMES))


def payloads(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """What matters to the table, good or bad."""
    choices: dict[str, st.SearchStrategy[dict[str, Any]]] = {
        "survey_completed": st.fixed_dictionaries(
            {"external_works": st.sampled_from(["no", "yes"])}
        ),
        "track_reclassified": st.just({"from": "zero_lv", "to": "zero_lv_external"}),
        "clock_paused": st.fixed_dictionaries(
            {"ground": st.sampled_from([ground.id for ground in PLAN.pause_grounds])}
        ),
        "step_rated": st.fixed_dictionaries(
            {"step": st.sampled_from(["application", "scheme", "energisation"])}
        ),
        "assigned": st.just({"assignee": "staff-2"}),
        "fact_obtained": st.just({"document": "identity"}),
        "fact_unavailable": st.just({"document": "licence"}),
        "item_special_started": st.fixed_dictionaries(
            {"item": ITEMS, "ground": st.sampled_from(["hearing", "testing", "site_not_ready"])}
        ),
        "item_decided": st.fixed_dictionaries(
            {"item": ITEMS, "result": st.sampled_from(["granted", "granted_deferred", "refused"])}
        ),
        "commitment_inspected": st.fixed_dictionaries(
            {"item": ITEMS, "result": st.sampled_from(["met", "unmet"])}
        ),
        "commitment_revoked": st.fixed_dictionaries(
            {"item": ITEMS, "false_commitment": st.sampled_from(["yes", "no"])}
        ),
        CORRECTED: st.just({"seq": 1, "instant": "2026-01-01T00:00:00+00:00"}),
    }
    if kind in choices:
        return choices[kind]
    table = CONNECTION.rules[kind]
    if table.opens:
        return st.fixed_dictionaries({"items": st.lists(ITEMS, min_size=1, unique=True)})
    if table.branch == "item":
        return st.fixed_dictionaries({"item": ITEMS})
    return st.just({"note": kind})


class CaseMachine(RuleBasedStateMachine):
    """One case, its sealed events, and its state as it was folded one by one."""

    rows: list[EventRow]
    state: CaseState
    now: datetime

    @initialize(
        track=st.sampled_from(sorted(PLAN.tracks)),
        opened=st.timedeltas(timedelta(0), timedelta(days=365)).map(NEW_YEAR.__add__),
        late=st.timedeltas(timedelta(0), timedelta(days=5)),
        for_owner=st.booleans(),
    )
    def open(self, track: str, opened: datetime, late: timedelta, for_owner: bool) -> None:
        self.rows, self.state, self.now = [], CaseState(), opened
        kind = "application_filed" if for_owner else "application_submitted"
        self.append(kind, {**OPENING, "track": track}, occurred_at=opened - late)

    def append(
        self, kind: str, payload: dict[str, Any], occurred_at: datetime | None = None
    ) -> None:
        """As `perform` does it; raises ProcessError and changes nothing when refused."""
        before = self.state
        request = EventRequest(kind, payload, ACTOR, {"name": "示例·张三"}, occurred_at, b"s" * 16)
        previous = self.rows[-1].hash if self.rows else GENESIS
        row = seal("GY-X", len(self.rows) + 1, previous, request, self.now)
        self.state = advance(DEFINITION, before, row, lambda: self.rows)
        self.rows.append(row)
        if kind != CORRECTED:
            closed = [hold for hold in before.holds if hold.end is not None]
            assert list(self.state.holds[: len(closed)]) == closed, "the past was rewritten"
            assert self.state.instants.items() >= before.instants.items()

    @rule(later=st.timedeltas(timedelta(0), timedelta(days=16)))
    def wait(self, later: timedelta) -> None:
        self.now += later

    @rule(steps=st.lists(st.timedeltas(timedelta(0), timedelta(days=6)), min_size=1, max_size=4))
    def go_on(self, steps: list[timedelta]) -> None:
        """Straight on, step by step, as most cases go."""
        for later in steps:
            ahead = [kind for kind in AHEAD if CONNECTION.refusal(self.state, kind) is None]
            if ahead:
                self.now += later
                external = "yes" if self.state.track == "zero_lv_external" else "no"
                reviewing = (n for n, b in self.state.branches.items() if b.stage == "reviewing")
                item = {"item": next(reviewing, ""), "result": "granted"}
                self.append(ahead[0], {"external_works": external, **item})

    @rule(kind=st.sampled_from(ASIDE), data=st.data())
    def turn_aside(self, kind: str, data: st.DataObject) -> None:
        """Anything else that is possible; what ends a case only now and then."""
        if kind in ("withdrawn", "application_not_accepted") and data.draw(st.integers(0, 4)):
            return
        payload = data.draw(payloads(kind))
        if CONNECTION.refusal(self.state, kind, payload) is None:
            self.append(kind, payload)

    @rule(kind=st.sampled_from(list(CONNECTION.rules)), data=st.data())
    def try_anything(self, kind: str, data: st.DataObject) -> None:
        payload = data.draw(payloads(kind))
        refusal = CONNECTION.refusal(self.state, kind, payload)
        if refusal is None:
            return
        assert refusal.rule_zh
        assert refusal.rule_en
        before, rows = self.state, list(self.rows)
        with pytest.raises(ProcessError) as refused:
            self.append(kind, payload)
        assert refused.value.refusal == refusal
        assert (self.state, self.rows) == (before, rows)

    @precondition(lambda self: CONNECTION.refusal(self.state, CORRECTED) is None)
    @rule(data=st.data())
    def correct(self, data: st.DataObject) -> None:
        seq = data.draw(st.integers(1, len(self.rows)))
        window = correction_window(DEFINITION, self.rows, seq, self.now)
        assert window is not None
        first, last = window
        first = max(first, last - timedelta(days=200))
        assert first <= last
        share = data.draw(st.sampled_from([0, 0.25, 0.5, 1]))
        instant = first + (last - first) * share
        before = self.state
        self.append(CORRECTED, {"seq": seq, "instant": instant.isoformat()})
        assert [hold.stage for hold in self.state.holds] == [hold.stage for hold in before.holds]
        assert (self.state.stage, self.state.outcome) == (before.stage, before.outcome)

    @invariant()
    def the_lanes_add_up_to_the_span(self) -> None:
        holds = self.state.holds
        assert all(a.end == b.start for a, b in pairwise(holds))
        assert all(hold.end is not None for hold in holds[:-1])
        assert all(hold.start <= (hold.end or self.now) for hold in holds)
        assert (holds[-1].end is None) == (self.state.outcome is None)
        totals = measure_state(DEFINITION, self.state, self.now).totals
        first, last = local_date(holds[0].start), local_date(holds[-1].end or self.now)
        assert sum(totals.lanes.values()) == totals.span == CALENDAR.count(first, last)
        assert totals.world_bank == (last - first).days >= totals.span
        assert totals.whole_process >= totals.utility_stages + totals.joint_approval
        assert totals.span >= totals.whole_process + totals.paused

    @invariant()
    def the_case_stands_where_its_items_say(self) -> None:
        """No join is lost: the departments hold the case while one of them works, the window when
        all have decided, and nobody holds an item that is closed."""
        state = self.state
        stages = [branch.stage for branch in state.branches.values()]
        working = any(stage in ("received", "reviewing", "committing") for stage in stages)
        if state.outcome is None:
            assert (state.stage == "permits") == working
            waiting = any(stage in ("correction", "special") for stage in stages)
            at_permits = state.stage.startswith("permits")
            assert at_permits or not (working or waiting)
            assert at_permits == bool(state.return_stage)
        for branch in state.branches.values():
            ended = CONNECTION.branch_stages[branch.stage].terminal
            assert all(hold.end is not None for hold in branch.holds[:-1])
            if ended:
                assert branch.holds[-1].end is not None
        for row in cached_branches(DEFINITION, state, self.now):
            assert row["closed_at"] is None or row["lane"] == ""

    @invariant()
    def a_refold_and_a_round_trip_give_the_same_state(self) -> None:
        assert fold_events(DEFINITION, self.rows) == self.state
        stored = json.loads(json.dumps(self.state.to_json(), ensure_ascii=False))
        assert CaseState.from_json(stored) == self.state

    @invariant()
    def no_step_is_skipped(self) -> None:
        if self.state.outcome != "energised":
            return
        kinds = [row.kind for row in self.rows]
        assert "application_accepted" in kinds or "acceptance_deemed" in kinds
        in_order(kinds, EVERYONE)
        assert kinds.index("meter_installed") < kinds.index("energised")
        if self.state.track == "zero_lv_external":
            in_order(kinds, ("scheme_replied", "external_works_completed", "contract_recorded"))
        elif self.state.track not in ("resident", "zero_lv"):
            in_order(kinds, ("scheme_replied", *OWN_WORKS))
        if "item_decided" in kinds:
            in_order(kinds, ("permits_filed", "item_decided", "permits_decided"))
        allowing = {"granted", "granted_deferred", "committed", "verified", "withdrawn"}
        later = {"revoked", "rectifying"}  # found out when the power was on
        stages = {branch.stage for branch in self.state.branches.values()}
        assert stages <= allowing | (later if self.state.track != "resident" else set())

    @invariant()
    def every_clock_agrees_with_the_days_counted_by_hand(self) -> None:
        clocks = measure_state(DEFINITION, self.state, self.now)
        for clock in clocks.clocks:
            runs = by_hand.runs_of(clock.limit, self.state.holds) or [[]]
            mine = by_hand.count(clock.limit, runs[-1], CONNECTION, self.now)
            assert (clock.used, clock.running) == (mine.used, mine.running), clock.limit.id
            assert clock.exceeded_on == mine.exceeded_on
            assert (clock.due is None) == (mine.would_exceed_on is None)
            if clock.due is not None:
                assert CALENDAR.add(clock.due, 1) == mine.would_exceed_on
        self.the_strictest_drives(clocks.clocks)

    def the_strictest_drives(self, measured: Sequence[Any]) -> None:
        columns = cached_columns(DEFINITION, self.state, self.now)
        dues = [
            (clock.due, clock.limit.status)
            for clock in measured
            if clock.running and clock.limit.status != "default"
        ]
        assert columns["due_on"] == min((due for due, _ in dues), default=None)
        assert columns["statutory_due_on"] == min(
            (due for due, status in dues if status == "statute"), default=None
        )
        if self.state.pause_ground is not None:
            assert columns["due_on"] is None
            assert columns["pause_ground"] == self.state.pause_ground

    def teardown(self) -> None:
        if not getattr(self, "rows", None):
            return
        assert verify_chain(record(row) for row in self.rows) == []
        written = fold_history(DEFINITION, history_of(self.rows), 1, lambda: b"s" * 16)
        assert [row.payload_digest for row in written.rows] == [
            row.payload_digest for row in self.rows
        ]
        columns = cached_columns(DEFINITION, self.state, self.rows[-1].recorded_at)
        assert written.columns.items() >= columns.items()


def in_order(kinds: list[str], wanted: Sequence[str]) -> None:
    """`wanted` happened, each after the one before it (the last time each)."""
    places = [len(kinds) - 1 - kinds[::-1].index(kind) for kind in wanted]
    assert places == sorted(places), kinds


def record(row: EventRow) -> EventRecord:
    header = EventHeader(
        case="GY-X",
        seq=row.seq,
        kind=row.kind,
        recorded_at=row.recorded_at,
        occurred_at=row.occurred_at,
        actor=row.actor,
        payload_digest=row.payload_digest,
        previous_hash=row.previous_hash,
    )
    return EventRecord(header, row.hash, row.payload, row.personal, row.salt, row.sealed_digest)


def history_of(rows: Sequence[EventRow]) -> CaseHistory:
    """The same events as the bulk path takes them."""
    steps = [
        Step(
            at=row.recorded_at,
            kind=row.kind,
            role=row.actor["role"],
            organisation=row.actor["organisation"],
            pseudonym=row.actor["pseudonym"],
            payload=row.payload,
            personal=row.personal,
            occurred_at=row.occurred_at,
        )
        for row in rows
    ]
    return CaseHistory(1, steps)


def test_no_sequence_of_events_breaks_the_clock() -> None:
    run_state_machine_as_test(
        CaseMachine,
        settings=settings(deadline=None, database=None, max_examples=100, stateful_step_count=40),
    )
