"""The joint board: one row for each case, in it a bar for each department."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Min, QuerySet
from django.utils.translation import gettext_lazy

from tongdian.service.approval.desk_clocks import Bar, bar, plan_bar
from tongdian.service.approval.process import AT_PERMITS, ISSUE, OPEN_ITEM, PERMITS, WAITING
from tongdian.service.casework.models import Case, CaseBranch
from tongdian.service.casework.planning import measure_state
from tongdian.service.casework.processes import CONNECTION, definition_of
from tongdian.service.casework.selectors import WINDOW, visible_to
from tongdian.service.identity.actors import Actor

VIEWS: Final = {
    "open": gettext_lazy("在办"),
    "intake": gettext_lazy("待统一收件"),
    "waiting": gettext_lazy("等待补正或特别程序"),
    "issue": gettext_lazy("待统一出文"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One item on the board: `mine` when the reader's department moves it."""

    item: str
    stage: str
    bar: Bar | None
    waits: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One case: its joint clock and its items."""

    case: Case
    joint: Bar | None
    cells: list[Cell]


def reads_all(actor: Actor) -> bool:
    """The window and oversight see every department's items; a department its own."""
    return not actor.has("officer") or actor.organisation == WINDOW


def cases_of(actor: Actor, view: str) -> QuerySet[Case]:
    """The cases of a view, the first due first; for a department those with an open item of
    its own."""
    cases = visible_to(actor).filter(outcome="")
    match view:
        case "intake":
            cases = cases.filter(stage=PERMITS, branches__stage="received")
        case "issue":
            cases = cases.filter(stage=ISSUE)
        case "waiting":
            cases = cases.filter(branches__stage__in=("correction", "special"))
        case _:
            cases = cases.filter(stage__in=AT_PERMITS)
    if not reads_all(actor):
        cases = cases.filter(
            branches__organisation=actor.organisation, branches__closed_at__isnull=True
        )
    return cases.annotate(first_due=Min("branches__due_on")).order_by("first_due", "id").distinct()


def rows_of(cases: list[Case], actor: Actor, now: datetime) -> list[Row]:
    """The rows of a page: one query for all items."""
    branches: dict[int, list[CaseBranch]] = {case.pk: [] for case in cases}
    for branch in CaseBranch.objects.filter(case__in=cases).order_by("id"):
        branches[branch.case_id].append(branch)
    return [_row(case, branches[case.pk], actor, now) for case in cases]


def _row(case: Case, branches: list[CaseBranch], actor: Actor, now: datetime) -> Row:
    state = case.folded
    clocks = measure_state(definition_of(CONNECTION), state, now).clocks
    joint = next((bar(c) for c in clocks if c.limit.id == "joint_approval" and c.start), None)
    cells = [
        Cell(
            b.name,
            b.stage,
            plan_bar(state, b.name, now) if b.stage in OPEN_ITEM else None,
            b.stage in WAITING,
            b.organisation == actor.organisation,
        )
        for b in branches
        if reads_all(actor) or b.organisation == actor.organisation
    ]
    return Row(case, joint, cells)
