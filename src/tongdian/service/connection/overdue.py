"""What has been exceeded and is not on record yet, and who has to hear of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tongdian.law.clocks import Clock
from tongdian.law.process import CaseState
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.casework.planning import measure_branch, measure_state
from tongdian.service.casework.processes import ProcessDefinition, definition_of
from tongdian.service.casework.selectors import WINDOW

SUPERVISION = "GY-FGW"
# Limits of the government as a whole: the window answers for them, and the city looks on.
JOINT = frozenset({"joint_approval", "permits_issue"})


@dataclass(frozen=True, slots=True)
class Overdue:
    """All limits exceeded so far, and the organisations that hear of those not on record yet."""

    limits: list[str]
    escalated_to: list[str]


def unrecorded_overdue(case: Case) -> Overdue | None:
    """All limits exceeded so far when one of them is not on record yet, else None. Whoever holds
    the case now, and though it is paused: what was exceeded before stays exceeded. The limits of a
    permit item are `item:<name>` and `item_statute:<name>`: that the case waits for somebody else,
    or that the item was decided in the end, excuses no department."""
    state = case.folded
    exceeded = dict(_exceeded(definition_of(case.process), state, clock.now()))
    recorded = set(state.facts.get("overdue_recorded", {}).get("limits", []))
    fresh = exceeded.keys() - recorded
    if not fresh:
        return None
    to = {unit for name in fresh for unit in _who_hears(name, exceeded[name], case.office)}
    return Overdue(sorted(exceeded.keys() | recorded), sorted(to))


def _exceeded(
    definition: ProcessDefinition, state: CaseState, now: datetime
) -> Iterator[tuple[str, Clock]]:
    for measured in measure_state(definition, state, now).clocks:
        if _binds(measured):
            yield measured.limit.id, measured
    for name in state.branches:
        for measured in measure_branch(definition, state, name, now).clocks:
            if _binds(measured):
                yield f"{measured.limit.id}:{name}", measured


def _binds(measured: Clock) -> bool:
    return measured.exceeded and measured.limit.status != "default"


def _who_hears(name: str, measured: Clock, office: str) -> Iterator[str]:
    """Whoever is late, whoever answers for them, and for what the law says the supervision."""
    family, _colon, item = name.partition(":")
    if item in AUTHORITIES and family.startswith("item"):
        yield from (AUTHORITIES[item], WINDOW)
    elif name in JOINT:
        yield from (WINDOW, SUPERVISION)
    else:
        yield office
    if measured.limit.status == "statute":
        yield SUPERVISION
