"""The one write path. Lock, refuse, seal, insert, refold, update the cache: one transaction.

Nothing else writes a case or an event, but the bulk path of the synthetic city, which a test holds
to the same rows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tongdian.law.process import CaseState, ProcessError, Rule
from tongdian.proof.events import GENESIS
from tongdian.service.casework import clock, rows
from tongdian.service.casework.errors import (
    CaseNotFound,
    FieldError,
    Forbidden,
    InvalidInput,
    NotAllowed,
    Superseded,
)
from tongdian.service.casework.models import Case, Event
from tongdian.service.casework.planning import (
    EventRequest,
    EventRow,
    advance,
    cached_branches,
    cached_columns,
    case_number,
    earliest_instant,
    seal,
)
from tongdian.service.casework.processes import ProcessDefinition, definition_of
from tongdian.service.casework.selectors import may_act
from tongdian.service.database import one_transaction, prepared_cursor
from tongdian.service.identity.actors import Actor

FUTURE_TOLERANCE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Performed:
    """The case row as written, and the event."""

    case: Case
    event: Event


def acting_role(roles: frozenset[str], actor: Actor) -> str | None:
    """The one of `roles` in which `actor` may do this, or None. An integrator acts for its
    applicants."""
    own = sorted(roles & frozenset(actor.roles))
    if own:
        return own[0]
    if "integrator" in actor.roles and "applicant" in roles:
        return "integrator"
    return None


def roles_for_rules(actor: Actor) -> frozenset[str]:
    """The roles to look up in a process table: an integrator stands for its applicants."""
    roles = frozenset(actor.roles)
    return roles | {"applicant"} if "integrator" in roles else roles


def open_case(
    process_id: str,
    kind: str,
    *,
    actor: Actor,
    payload: Mapping[str, Any],
    personal: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
    salt: bytes | None = None,
) -> Performed:
    """Open a case with its first event."""
    definition = definition_of(process_id)
    rule = definition.process.rules[kind]
    role = _authorise(definition, CaseState(), rule, actor)
    recorded_at = clock.now()
    _refuse_bad_instant(occurred_at, recorded_at, None)
    request = EventRequest(
        kind, payload, actor.to_header(role), personal, occurred_at=occurred_at, salt=salt
    )
    with one_transaction():
        number = case_number(_next_serial(), recorded_at)
        row = seal(number, 1, GENESIS, request, recorded_at)
        state = _advance(definition, CaseState(), row, [], actor)
        case = Case(
            number=number,
            process=process_id,
            plan=state.plan,
            opened_at=recorded_at,
            applicant_pseudonym=actor.pseudonym,
            head_hash=row.hash,
            **definition.describe(payload, personal or {}),
            **cached_columns(definition, state, recorded_at),
        )
        event = rows.insert_case(case, row)
        _write_branches(definition, CaseState(), state, case, recorded_at)
    return Performed(case, event)


def perform(
    number: str,
    kind: str,
    *,
    actor: Actor,
    payload: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
    expected_seq: int | None = None,
    salt: bytes | None = None,
    check: Callable[[Case, str, Actor], None] | None = None,
) -> Performed:
    """Let one thing happen to a case.

    `check` sees the locked case, the kind and the actor, and raises what it refuses.

    Raises CaseNotFound (unknown, or not the actor's), Forbidden (role), NotAllowed (state),
    Superseded (`expected_seq` is behind), InvalidInput (instants). Nothing is written then.
    """
    with one_transaction():
        case = rows.lock_case(number)
        if case is None or not may_act(actor, case):
            raise CaseNotFound(number)
        definition = definition_of(case.process)
        rule = definition.process.rules.get(kind)
        state = case.folded
        if rule is None:
            raise _not_allowed(definition, state, kind, payload or {}, actor)
        role = _authorise(definition, state, rule, actor)
        if expected_seq is not None and expected_seq != case.seq:
            raise Superseded(expected_seq, _since(case, expected_seq))
        if check is not None:
            check(case, kind, actor)
        recorded_at = _after_what_happened(state, clock.now())
        _refuse_bad_instant(occurred_at, recorded_at, case)
        request = EventRequest(
            kind,
            payload or {},
            actor.to_header(role),
            personal,
            occurred_at=occurred_at,
            salt=salt,
        )
        row = seal(case.number, case.seq + 1, bytes(case.head_hash), request, recorded_at)
        before, state = state, _advance(definition, state, row, case, actor)
        event = rows.append_event(case, row, _columns(definition, state, row))
        _write_branches(definition, before, state, case, recorded_at)
    return Performed(case, event)


def _write_branches(
    definition: ProcessDefinition, before: CaseState, state: CaseState, case: Case, now: datetime
) -> None:
    if state.branches != before.branches:
        rows.write_branches(case, cached_branches(definition, state, now))


def _authorise(definition: ProcessDefinition, state: CaseState, rule: Rule, actor: Actor) -> str:
    roles = definition.process.roles_of(rule, state)
    role = acting_role(roles, actor)
    if role is None:
        allowed = definition.process.allowed(state, roles_for_rules(actor))
        raise Forbidden(rule.kind, sorted(roles), [r.kind for r in allowed])
    return role


def _advance(
    definition: ProcessDefinition,
    state: CaseState,
    row: EventRow,
    case: Case | list[Any],
    actor: Actor,
) -> CaseState:
    def history() -> Sequence[Any]:
        return list(case.events.order_by("seq")) if isinstance(case, Case) else case

    try:
        return advance(definition, state, row, history)
    except ProcessError:
        raise _not_allowed(definition, state, row.kind, row.payload, actor) from None


def _not_allowed(
    definition: ProcessDefinition,
    state: CaseState,
    kind: str,
    payload: Mapping[str, Any],
    actor: Actor,
) -> NotAllowed:
    refusal = definition.process.refusal(state, kind, payload)
    assert refusal is not None
    allowed = definition.process.allowed(state, roles_for_rules(actor))
    return NotAllowed(kind, refusal, state.stage, [rule.kind for rule in allowed])


def _after_what_happened(state: CaseState, now: datetime) -> datetime:
    """Servers' clocks differ a little and step back; an event never precedes the one before it."""
    return max(now, state.closed_at or state.holds[-1].start)


def _refuse_bad_instant(
    occurred_at: datetime | None, recorded_at: datetime, case: Case | None
) -> None:
    """What is said to have happened can lie neither in the future nor before the application."""
    if occurred_at is None:
        return
    problem: tuple[str, str] | None = None
    if occurred_at.tzinfo is None:
        problem = ("时间必须带时区", "needs a time zone")
    elif occurred_at > recorded_at + FUTURE_TOLERANCE:
        problem = ("时间不能晚于现在", "cannot lie in the future")
    elif occurred_at < earliest_instant():
        problem = ("时间过早，请核对年份", "lies too far back; check the year")
    elif case is not None and occurred_at < (case.submitted_at or case.opened_at):
        problem = ("时间不能早于申请", "cannot lie before the application")
    if problem:
        remedy = ("请填写实际发生的时间", "Give the time when it really happened")
        raise InvalidInput([FieldError("occurred_at", *problem, *remedy)])


def _columns(definition: ProcessDefinition, state: CaseState, row: EventRow) -> dict[str, Any]:
    columns = cached_columns(definition, state, row.recorded_at)
    columns["head_hash"] = row.hash
    if row.kind == "assigned":
        columns["assignee"] = str(row.payload["assignee"])
    return columns


def recache(case: Case) -> None:
    """Write the cached columns anew from the folded state: a new calendar moved no due date, but
    may have moved what stands beside it. The case has to be locked by the caller."""
    definition, state, now = definition_of(case.process), case.folded, clock.now()
    Case.objects.filter(pk=case.pk).update(**cached_columns(definition, state, now))
    if state.branches:
        rows.write_branches(case, cached_branches(definition, state, now))


def _since(case: Case, seq: int) -> list[dict[str, Any]]:
    events = Event.objects.filter(case=case, seq__gt=seq).order_by("seq")
    return [
        {"seq": event.seq, "kind": event.kind, "recorded_at": event.recorded_at.isoformat()}
        for event in events
    ]


def _next_serial() -> int:
    with prepared_cursor() as cursor:
        cursor.execute("SELECT nextval('case_serial')")
        return int(cursor.fetchone()[0])
