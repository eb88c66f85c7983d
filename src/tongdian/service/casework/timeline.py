"""One case as people and programs read it: holds, clocks with their reasons, events in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongdian.law.calendar import Deadline, default_calendar
from tongdian.law.clocks import CaseClocks, Clock
from tongdian.law.process import LANE_NAMES, CaseState, Lane, Process
from tongdian.service.casework import clock as server_clock
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.planning import corrections, measure_branch, measure_state
from tongdian.service.casework.processes import definition_of


@dataclass(frozen=True)
class CaseView:
    """A folded case measured now. `now` is the instant it was closed at once it is closed."""

    case: Case
    state: CaseState
    process: Process
    clocks: CaseClocks
    now: datetime

    @property
    def stage_names(self) -> tuple[str, str]:
        stage = self.process.stages[self.state.stage]
        return stage.zh, stage.en

    @property
    def holder_names(self) -> tuple[str, str] | None:
        lane = self.state.lane
        return LANE_NAMES[Lane(lane)] if lane else None

    @property
    def promise(self) -> Clock | None:
        """The plan's promise on this case, running or not."""
        return next((c for c in self.clocks.clocks if c.limit.id == "promise"), None)

    @property
    def why(self) -> Deadline | None:
        """Why the due date is that date: the days skipped from where the present run began."""
        return explain(self.clocks.due)


def explain(clock: Clock | None) -> Deadline | None:
    """The day-by-day reason of a running clock's due date."""
    if clock is None or clock.start is None or clock.due is None:
        return None
    days = max(clock.limit.working_days - clock.base_days, 0)
    return default_calendar().explain(clock.start, days)


def view_of(case: Case, now: datetime | None = None) -> CaseView:
    """The view of a case row; no further query."""
    definition = definition_of(case.process)
    state = case.folded
    instant = now or server_clock.now()
    return CaseView(
        case, state, definition.process, measure_state(definition, state, instant), instant
    )


def clock_dict(clock: Clock) -> dict[str, Any]:
    """A clock for programs."""
    deadline = explain(clock)
    return {
        "id": clock.limit.id,
        "scope": clock.limit.scope,
        "limit_working_days": clock.limit.working_days,
        "status": clock.limit.status,
        "clause": clock.limit.clause,
        "used_working_days": clock.used,
        "left_working_days": clock.left,
        "running": clock.running,
        "due": clock.due.isoformat() if clock.due else None,
        "provisional": clock.provisional,
        "exceeded_on": clock.exceeded_on.isoformat() if clock.exceeded_on else None,
        "why": deadline.to_dict() if deadline else None,
    }


def timeline_dict(view: CaseView, events: Sequence[Event]) -> dict[str, Any]:
    """The whole timeline for programs: holds, totals, clocks, events (no personal data)."""
    totals = view.clocks.totals
    return {
        "number": view.case.number,
        "as_of": view.now.isoformat(),
        "holds": [hold.to_json() for hold in view.state.holds],
        "totals": {
            "whole_process_working_days": totals.whole_process,
            "utility_stages_working_days": totals.utility_stages,
            "joint_approval_working_days": totals.joint_approval,
            "world_bank_calendar_days": totals.world_bank,
            "lanes_working_days": dict(totals.lanes),
            "paused_working_days": totals.paused,
            "span_working_days": totals.span,
        },
        "clocks": [clock_dict(clock) for clock in view.clocks.clocks],
        "branches": [_branch_dict(view, name) for name in view.state.branches],
        "events": event_dicts(view.process, events),
    }


def _branch_dict(view: CaseView, name: str) -> dict[str, Any]:
    """What goes on side by side, such as one permit of several: where it stands and its clocks."""
    definition = definition_of(view.case.process)
    branch = view.state.branches[name]
    stage = view.process.branch_stages[branch.stage]
    zh, en = view.process.branch_names[name]
    return {
        "name": name,
        "label": {"zh": zh, "en": en},
        "organisation": definition.branch_organisation(name),
        "stage": branch.stage,
        "stage_label": {"zh": stage.zh, "en": stage.en},
        "holds": [hold.to_json() for hold in branch.holds],
        "clocks": [
            clock_dict(clock)
            for clock in measure_branch(definition, view.state, name, view.now).clocks
        ],
    }


def event_dicts(process: Process, events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events for programs, with what they did to the clock; never the personal part."""
    corrected = corrections(events)
    return [
        {
            "seq": event.seq,
            "kind": event.kind,
            "label": {"zh": process.rules[event.kind].zh, "en": process.rules[event.kind].en},
            "recorded_at": event.recorded_at.isoformat(),
            "occurred_at": event.occurred_at.isoformat(),
            "corrected_to": corrected[event.seq].isoformat() if event.seq in corrected else None,
            "actor": event.actor,
            "payload": event.payload,
            "personal_erased": event.sealed_digest is not None and event.personal is None,
            "hash": bytes(event.hash).hex(),
            "previous_hash": bytes(event.previous_hash).hex(),
            "payload_digest": bytes(event.payload_digest).hex(),
        }
        for event in events
    ]
