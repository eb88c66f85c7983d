"""用电接入准备: the process table of a lead, from the pushed permit to the application.

The utility holds a lead while it prepares; once it is prepared, it waits for the builder. Being
tied to an application is a fact beside the stages: preparing goes on after it, and ends with it.
"""

from collections.abc import Mapping
from typing import Any

from tongdian.law.clocks import UTILITY_STAGES
from tongdian.law.process import SAME, START, CaseState, Lane, Process, Refusal, Rule, Stage

ANNOUNCED, PREPARING, PREPARED = "announced", "preparing", "prepared"
TIED, LAPSED = "tied", "lapsed"
TRACK = "lead"
CLAUSE = "二(一)1"

_COUNTED = frozenset({UTILITY_STAGES})
STAGES = (
    Stage(ANNOUNCED, "待安排", "To be prepared", Lane.UTILITY, _COUNTED),
    Stage(PREPARING, "准备中", "Being prepared", Lane.UTILITY, _COUNTED),
    Stage(PREPARED, "已备好，等申请", "Prepared, awaiting the application", Lane.APPLICANT),
    Stage(TIED, "已转入办电", "Taken up by an application", None, outcome=TIED),
    Stage(LAPSED, "已关闭", "Closed", None, outcome=LAPSED),
)
STAGE_TABLE = {stage.id: stage for stage in STAGES}
EVERYWHERE = frozenset(STAGE_TABLE)
OPEN = frozenset(stage.id for stage in STAGES if not stage.terminal)

SYSTEM = frozenset({"system"})
ENGINEER = frozenset({"engineer", "lead"})
LEAD = frozenset({"lead"})


def tied_to(state: CaseState) -> str:
    """The number of the connection that the lead is tied to now; empty for none."""
    done = state.done
    if done.get("matched", 0) <= done.get("match_undone", 0):
        return ""
    return str(state.facts["matched"]["connection"])


def is_withdrawn(state: CaseState) -> bool:
    """Whether the approval system has taken the permit back, and not given it again."""
    return state.done.get("permit_withdrawn", 0) > state.done.get("permit_reinstated", 0)


def not_tied(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Only while it is tied to no application."""
    number = tied_to(state)
    if not number:
        return None
    return Refusal(
        f"已关联办电案件 {number}",
        f"It is tied to the connection {number} already",
        remedy_zh="先解除原来的关联",
        remedy_en="Undo that first",
    )


def tied(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Only while it is tied to an application."""
    if tied_to(state):
        return None
    return Refusal("还没有关联办电案件", "It is tied to no connection")


def withdrawn(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Only after the permit was taken back."""
    if is_withdrawn(state):
        return None
    return Refusal("许可证没有撤销", "The permit was not withdrawn")


def _when_tied(state: CaseState, payload: Mapping[str, Any]) -> str:
    return TIED if state.stage == PREPARED else SAME


def _when_prepared(state: CaseState, payload: Mapping[str, Any]) -> str:
    return TIED if tied_to(state) else PREPARED


def _when_undone(state: CaseState, payload: Mapping[str, Any]) -> str:
    return PREPARED if state.stage == TIED else SAME


def _when_withdrawn(state: CaseState, payload: Mapping[str, Any]) -> str:
    return SAME if state.stage == TIED else LAPSED


def _when_reinstated(state: CaseState, payload: Mapping[str, Any]) -> str:
    if state.stage != LAPSED:
        return SAME
    return PREPARED if state.done.get("preparation_completed") else ANNOUNCED


_RULES = (
    Rule(
        "permit_pushed",
        "收到施工许可",
        "Construction permit received",
        SYSTEM,
        frozenset({START}),
        ANNOUNCED,
        clock_zh="接入准备开始计时",
        clock_en="The time for preparing starts",
        record=True,
        manual=False,
    ),
    Rule(
        "permit_updated",
        "施工许可有变更",
        "Construction permit changed",
        SYSTEM,
        EVERYWHERE,
        SAME,
        record=True,
        manual=False,
    ),
    Rule(
        "permit_withdrawn",
        "施工许可撤销",
        "Construction permit withdrawn",
        SYSTEM,
        EVERYWHERE,
        _when_withdrawn,
        clock_zh="停止计时；已转入办电的不受影响",
        clock_en="Ends the time; what was taken up stays so",
        record=True,
        manual=False,
        leads=((ANNOUNCED, LAPSED), (PREPARING, LAPSED), (PREPARED, LAPSED)),
    ),
    Rule(
        "permit_reinstated",
        "施工许可恢复",
        "Construction permit valid again",
        SYSTEM,
        EVERYWHERE,
        _when_reinstated,
        (withdrawn,),
        "接入准备重新计时",
        "The time for preparing starts again",
        record=True,
        manual=False,
        leads=((LAPSED, ANNOUNCED), (LAPSED, PREPARED)),
    ),
    Rule(
        "preparation_started",
        "开始准备",
        "Start preparing",
        ENGINEER,
        frozenset({ANNOUNCED}),
        PREPARING,
        record=True,
    ),
    Rule(
        "preparation_completed",
        "完成准备",
        "Complete preparing",
        ENGINEER,
        frozenset({PREPARING}),
        _when_prepared,
        clock_zh="停止计时，等建设单位申请",
        clock_en="Ends the time; the builder's application is awaited",
        record=True,
        leads=((PREPARING, PREPARED), (PREPARING, TIED)),
    ),
    Rule(
        "match_suggested",
        "可能相关的申请",
        "Application that may belong to it",
        SYSTEM,
        EVERYWHERE,
        SAME,
        manual=False,
    ),
    Rule(
        "match_dismissed",
        "排除可能相关的申请",
        "Set aside an application that does not belong to it",
        ENGINEER,
        EVERYWHERE,
        SAME,
    ),
    Rule(
        "matched",
        "关联办电申请",
        "Tie to an application",
        SYSTEM | ENGINEER,
        OPEN,
        _when_tied,
        (not_tied,),
        "已备好的随之办结",
        "Ends what has been prepared",
        record=True,
        leads=((PREPARED, TIED),),
    ),
    Rule(
        "match_undone",
        "解除关联",
        "Untie from the application",
        ENGINEER,
        OPEN | {TIED},
        _when_undone,
        (tied,),
        "已办结的恢复为等申请",
        "What had ended awaits an application again",
        record=True,
        leads=((TIED, PREPARED),),
    ),
    Rule(
        "closed",
        "关闭",
        "Close",
        ENGINEER,
        OPEN,
        LAPSED,
        (not_tied,),
        "停止计时，须写明原因",
        "Ends the time; the reason is recorded",
        record=True,
    ),
    Rule("assigned", "派工", "Assign", LEAD, OPEN, SAME),
    Rule(
        "event_time_corrected",
        "更正时间",
        "Correct a time",
        frozenset({"supervisor"}),
        EVERYWHERE,
        SAME,
        clock_zh="按更正后的时间重算，原记录保留",
        clock_en="Recomputed from the corrected time; the original stays",
        manual=False,
    ),
    Rule(
        "clock_recomputed",
        "按新放假通知重算时限",
        "Recompute for a new holiday notice",
        SYSTEM,
        OPEN,
        SAME,
        clock_zh="到期日按新的放假安排重算",
        clock_en="The due date follows the new holiday notice",
        manual=False,
    ),
    Rule(
        "overdue_recorded",
        "超期记录",
        "Record the overdue",
        SYSTEM,
        OPEN,
        SAME,
        clock_zh="记录超期并上报",
        clock_en="Records the overdue and escalates",
        record=True,
        manual=False,
    ),
    Rule(
        "personal_data_erased",
        "删除个人信息",
        "Erase personal data",
        SYSTEM | {"administrator"},
        EVERYWHERE,
        SAME,
        manual=False,
    ),
)

LEAD_PROCESS = Process(
    "lead",
    "用电接入准备",
    "Early start",
    STAGE_TABLE,
    {rule.kind: rule for rule in _RULES},
)
