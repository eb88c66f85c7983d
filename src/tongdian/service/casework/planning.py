"""From a request to sealed events and cached columns, without a database.

`perform` and the bulk path share this, so that a case written either way has the same rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from tongdian.law.calendar import SHANGHAI, WorkCalendar, default_calendar
from tongdian.law.clocks import JOINT_APPROVAL, CaseClocks, Limit, charged_to, measure
from tongdian.law.identifiers import check_character_mod_37_36
from tongdian.law.process import Branch, CaseState, FoldEvent, Process, ProcessError, Stage
from tongdian.proof.events import (
    EventHeader,
    event_hash,
    new_salt,
    payload_digest,
    sealed_digest,
)
from tongdian.service.casework.processes import ProcessDefinition

SHANGHAI_DAY = "%y%m%d"
CORRECTION = "event_time_corrected"


@dataclass(frozen=True, slots=True)
class EventRequest:
    """An event somebody wants to happen. `occurred_at` is a claim; it moves no clock later."""

    kind: str
    payload: Mapping[str, Any]
    actor: Mapping[str, str]
    personal: Mapping[str, Any] | None = None
    occurred_at: datetime | None = None
    salt: bytes | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """The columns of a sealed event, `case` apart."""

    seq: int
    kind: str
    recorded_at: datetime
    occurred_at: datetime
    actor: dict[str, str]
    payload: dict[str, Any]
    personal: dict[str, Any] | None
    salt: bytes | None
    sealed_digest: bytes | None
    payload_digest: bytes
    previous_hash: bytes
    hash: bytes


def seal(
    number: str, seq: int, previous_hash: bytes, request: EventRequest, recorded_at: datetime
) -> EventRow:
    """The event with its digests and hash."""
    personal = dict(request.personal) if request.personal else None
    salt = (request.salt or new_salt()) if personal else None
    sealed = sealed_digest(salt, personal) if personal and salt else None
    digest = payload_digest(dict(request.payload), sealed)
    occurred_at = (request.occurred_at or recorded_at).astimezone(UTC)
    header = EventHeader(
        case=number,
        seq=seq,
        kind=request.kind,
        recorded_at=recorded_at,
        occurred_at=occurred_at,
        actor=dict(request.actor),
        payload_digest=digest,
        previous_hash=previous_hash,
    )
    return EventRow(
        seq=seq,
        kind=request.kind,
        recorded_at=recorded_at,
        occurred_at=occurred_at,
        actor=dict(request.actor),
        payload=dict(request.payload),
        personal=personal,
        salt=salt,
        sealed_digest=sealed,
        payload_digest=digest,
        previous_hash=previous_hash,
        hash=event_hash(header),
    )


class StoredEvent:
    """What `fold_events` reads of an event: an `Event` row or an `EventRow`."""

    seq: int
    kind: str
    recorded_at: datetime
    occurred_at: datetime
    payload: dict[str, Any]


def fold_events(definition: ProcessDefinition, events: Iterable[Any]) -> CaseState:
    """The state of a case from all its events, corrections applied."""
    rows = list(events)
    corrected = corrections(rows)
    return definition.process.fold(
        fold_event(definition, row, corrected.get(row.seq)) for row in rows
    )


def corrections(rows: Iterable[Any]) -> dict[int, datetime]:
    """Effective instants by sequence number, from compensating events; the last one holds."""
    return {
        int(row.payload["seq"]): datetime.fromisoformat(row.payload["instant"])
        for row in rows
        if row.kind == CORRECTION
    }


def fold_event(definition: ProcessDefinition, row: Any, corrected: datetime | None) -> FoldEvent:
    """The effective instant is the server's; an opening event counts from when it was filed, so
    that an application typed in late gains no time for those it waits for."""
    instant = row.recorded_at
    if row.kind in definition.starts and row.occurred_at < instant:
        instant = row.occurred_at
    return FoldEvent(row.seq, row.kind, corrected or instant, row.payload)


def correction_window(
    definition: ProcessDefinition, rows: Sequence[Any], seq: int, now: datetime
) -> tuple[datetime, datetime] | None:
    """Between which instants event `seq` may be corrected to lie: the effective ones of the events
    before and after it, so that no stretch of time ends before it starts. None without `seq`."""
    corrected = corrections(rows)
    effective = {
        row.seq: fold_event(definition, row, corrected.get(row.seq)).instant for row in rows
    }
    if seq not in effective:
        return None
    return effective.get(seq - 1, earliest_instant()), effective.get(seq + 1, now)


def earliest_instant() -> datetime:
    """Where the working-day calendar starts: nothing can be said to have happened before."""
    return datetime.combine(default_calendar().first, time(), SHANGHAI)


def advance(
    definition: ProcessDefinition,
    state: CaseState,
    row: EventRow,
    history: Callable[[], Sequence[Any]],
) -> CaseState:
    """The state after one more event. A correction refolds the whole case from `history`."""
    if row.kind == CORRECTION:
        return fold_events(definition, [*history(), row])
    return definition.process.apply(state, fold_event(definition, row, None))


def measure_state(
    definition: ProcessDefinition,
    state: CaseState,
    now: datetime,
    calendar: WorkCalendar | None = None,
) -> CaseClocks:
    """All clocks of a folded case at `now`."""
    limits: tuple[Limit, ...] = definition.limits(state)
    process: Process = definition.process
    return measure(state.holds, limits, process, calendar or default_calendar(), now)


@dataclass(frozen=True, slots=True)
class BranchTable:
    """The stages of branches, as the clocks look them up."""

    stages: Mapping[str, Stage]


def measure_branch(
    definition: ProcessDefinition, state: CaseState, name: str, now: datetime
) -> CaseClocks:
    """All clocks of one branch of a folded case at `now`."""
    return measure(
        state.branches[name].holds,
        definition.branch_limits(state, name),
        BranchTable(definition.process.branch_stages),
        default_calendar(),
        now,
    )


def cached_branches(
    definition: ProcessDefinition, state: CaseState, now: datetime
) -> list[dict[str, Any]]:
    """The columns of the rows of a case's branches, which follow from its state alone."""
    return [_cached_branch(definition, state, name, now) for name in state.branches]


def _cached_branch(
    definition: ProcessDefinition, state: CaseState, name: str, now: datetime
) -> dict[str, Any]:
    branch = state.branches[name]
    clocks = measure_branch(definition, state, name, now)
    last = branch.holds[-1]
    return {
        "name": name,
        "organisation": definition.branch_organisation(name),
        "stage": branch.stage,
        "lane": last.lane if last.end is None else "",
        "ground": (last.ground or "") if last.end is None else "",
        "opened_at": opened_at(branch),
        "closed_at": last.end,
        "due_on": clocks.due.due if clocks.due else None,
        "late": clocks.late or clocks.breached,
    }


def opened_at(branch: Branch) -> datetime:
    """When a branch was opened, or last opened again."""
    start = branch.holds[-1].start
    for hold in reversed(branch.holds):
        if hold.end is not None and hold.end < start:
            break
        start = hold.start
    return start


def cached_columns(
    definition: ProcessDefinition, state: CaseState, now: datetime
) -> dict[str, Any]:
    """The columns of a case row that follow from its state alone."""
    calendar = default_calendar()
    clocks = measure_state(definition, state, now, calendar)
    due, statutory, totals = clocks.due, clocks.statutory, clocks.totals
    closed = state.outcome is not None
    charged = charged_to(state.holds, definition.process, JOINT_APPROVAL)
    submitted = state.instants.get("application_submitted") or state.instants.get("owner_confirmed")
    return {
        "track": state.track,
        "stage": state.stage,
        "lane": state.lane or "",
        "pause_ground": state.pause_ground or "",
        "outcome": state.outcome or "",
        "submitted_at": submitted,
        "closed_at": state.closed_at,
        "due_on": due.due if due else None,
        "due_provisional": bool(due and due.provisional),
        "statutory_due_on": statutory.due if statutory else None,
        "calendar_version": calendar.version,
        "whole_process_days": totals.whole_process if closed else None,
        "utility_days": totals.utility_stages if closed else None,
        "government_days": totals.joint_approval if closed and charged else None,
        "calendar_days": totals.world_bank if closed else None,
        "steps": definition.counted_steps(state),
        "late": clocks.late if closed else None,
        "breached": clocks.breached if closed else None,
        "seq": state.seq,
        "state": state.to_json(),
    }


def case_number(serial: int, opened_at: datetime) -> str:
    """`GY` + day + serial + check character (ISO 7064 MOD 37,36), so that a slip is caught."""
    body = f"GY{local_day(opened_at)}{serial:07d}"
    return body + check_character_mod_37_36(body)


def local_day(instant: datetime) -> str:
    from tongdian.law.calendar import local_date

    return local_date(instant).strftime(SHANGHAI_DAY)


__all__ = [
    "CORRECTION",
    "EventRequest",
    "EventRow",
    "ProcessError",
    "advance",
    "cached_branches",
    "cached_columns",
    "case_number",
    "correction_window",
    "earliest_instant",
    "fold_events",
    "measure_branch",
    "measure_state",
    "seal",
]
