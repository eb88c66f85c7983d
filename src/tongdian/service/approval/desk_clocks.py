"""The clocks of items as bars: how many working days of how many, and when they are up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.clocks import Clock
from tongdian.law.process import CaseState
from tongdian.service.approval.process import ITEM_SPECIAL, WAITING
from tongdian.service.casework.planning import measure_branch, measure_state
from tongdian.service.casework.processes import CONNECTION, definition_of

WIDTH: Final = 96
NAMES: Final[Mapping[str, Any]] = {
    "item": gettext_lazy("本事项（方案）"),
    "item_statute": gettext_lazy("本事项（法定）"),
    "item_intake": gettext_lazy("受理（内部目标）"),
    "item_review": gettext_lazy("审查（内部目标）"),
    "joint_approval": gettext_lazy("并联审批合计"),
    "permits_issue": gettext_lazy("统一出文（内部目标）"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One limit as it is drawn. `over` days beyond it; `due` None while it stands or is over."""

    name: str
    used: int
    limit: int
    filled: int
    over: int
    left: int
    due: date | None
    clause: str
    running: bool
    width: int = WIDTH


def of_plan(clause: str) -> str:
    """`一-1` is a place in the city's plan; a law names itself."""
    return f"方案 {clause}" if clause[:1] in "一二三四五六七八九十" else clause


def bar(clock: Clock) -> Bar:
    limit = clock.limit.working_days
    filled = min(WIDTH, round(WIDTH * clock.used / limit)) if limit else WIDTH
    name = str(NAMES.get(clock.limit.id, clock.limit.id))
    return Bar(name, clock.used, limit, filled, max(-clock.left, 0), max(clock.left, 0),
               clock.due if clock.running else None, of_plan(clock.limit.clause),
               clock.running)  # fmt: skip


def bars_of(state: CaseState, item: str, now: datetime) -> list[Bar]:
    """The clocks of one item that have started, then the joint ones."""
    definition = definition_of(CONNECTION)
    own = measure_branch(definition, state, item, now).clocks
    joint = [c for c in measure_state(definition, state, now).clocks if c.limit.id in NAMES]
    return [bar(clock) for clock in (*own, *joint) if clock.start is not None]


def plan_bar(state: CaseState, item: str, now: datetime) -> Bar | None:
    """The plan's limit on one item, for lists."""
    clocks = measure_branch(definition_of(CONNECTION), state, item, now).clocks
    return next((bar(c) for c in clocks if c.limit.id == "item" and c.start is not None), None)


def standing(state: CaseState, item: str) -> str:
    """Why the department's clock stands, in words; empty while it runs or is over."""
    branch = state.branches[item]
    if branch.stage not in WAITING:
        return ""
    if branch.stage == ITEM_SPECIAL:
        return _("特别程序期间依法不计入审批时限（行政许可法 第四十五条），申请人可以看到。")
    return _("等待补正，不计入审批时限；补正后继续计时，不重新起算。")
