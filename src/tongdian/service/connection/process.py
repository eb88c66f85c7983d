"""用电报装: the process table of a connection, application to energised. Pure; one place for all.

Three shapes share one table. Residents and 三零 customers go from the scheme straight to works and
metering, for the utility builds and pays; the others decide on the scheme and build own works.
"""

from collections.abc import Mapping
from typing import Any

from tongdian.law.clocks import UTILITY_STAGES, WHOLE_PROCESS
from tongdian.law.plan import load_plan
from tongdian.law.process import (
    LANE_NAMES,
    SAME,
    START,
    CaseState,
    Guard,
    Lane,
    Process,
    Refusal,
    Rule,
    Stage,
)
from tongdian.service.approval.process import (
    ITEM_NAMES,
    ITEM_TABLE,
    PERMIT_STAGES,
    permit_rules,
    permits_in_order,
)

ZERO_INVESTMENT_TRACKS = frozenset({"resident", "zero_lv", "zero_lv_external"})
ENERGISED, WITHDRAWN, NOT_ACCEPTED = "energised", "withdrawn", "not_accepted"

_BOTH = frozenset({WHOLE_PROCESS, UTILITY_STAGES})
_WHOLE = frozenset({WHOLE_PROCESS})

STAGES = (
    Stage("owner_confirmation", "业主确认", "Owner's confirmation", Lane.APPLICANT),
    Stage("intake", "受理审核", "Intake", Lane.UTILITY, _BOTH),
    Stage("deficiency", "补正材料", "Completing the application", Lane.APPLICANT),
    Stage("survey", "现场勘查", "Site survey", Lane.UTILITY, _BOTH),
    Stage("scheme", "答复供电方案", "Supply scheme", Lane.UTILITY, _BOTH),
    Stage("scheme_decision", "确认供电方案", "Deciding on the scheme", Lane.APPLICANT, _WHOLE),
    Stage("own_works", "受电工程施工", "Customer's works", Lane.APPLICANT, _WHOLE),
    *PERMIT_STAGES,
    Stage("external_works", "外线工程施工", "External works", Lane.UTILITY, _WHOLE),
    Stage("inspection", "竣工检验", "Completion inspection", Lane.UTILITY, _BOTH),
    Stage("metering", "装表接电", "Metering and energisation", Lane.UTILITY, _BOTH),
    Stage(ENERGISED, "已通电", "Energised", None, outcome=ENERGISED),
    Stage(WITHDRAWN, "已撤回", "Withdrawn", None, outcome=WITHDRAWN),
    Stage(NOT_ACCEPTED, "不予受理", "Not accepted", None, outcome=NOT_ACCEPTED),
)
STAGE_TABLE = {stage.id: stage for stage in STAGES}
OPEN = frozenset(stage.id for stage in STAGES if not stage.terminal)
# A department stops the clock of its own item alone, by a special procedure.
HELD_BY_UTILITY = frozenset(stage.id for stage in STAGES if stage.lane == Lane.UTILITY)

APPLICANT = frozenset({"applicant"})
CLERK = frozenset({"clerk", "lead"})
ENGINEER = frozenset({"engineer", "lead"})
FIELD = frozenset({"fieldworker", "engineer"})
LEAD = frozenset({"lead"})
SYSTEM = frozenset({"system"})
KEEPERS = {"lead": Lane.UTILITY}


def _at(*stages: str) -> frozenset[str]:
    return frozenset(stages)


def _after_scheme(state: CaseState, payload: Mapping[str, Any]) -> str:
    if state.track not in ZERO_INVESTMENT_TRACKS:
        return "scheme_decision"
    return "external_works" if state.track == "zero_lv_external" else "metering"


def one_list_only(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """行政许可法 art. 32: what is missing is told once, completely."""
    if not state.done.get("deficiency_listed"):
        return None
    return Refusal(
        "补正清单只能一次性告知",
        "Everything that is missing is told once, in one list",
        "行政许可法 第三十二条",
        "请受理申请，或依法说明不予受理的理由",
        "Accept the application, or refuse it with the clause",
    )


def contract_and_meter_first(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """No energising without a contract on record and a meter in place."""
    missing = [
        names
        for kind, names in (
            ("contract_recorded", ("供用电合同", "the supply contract")),
            ("meter_installed", ("装表", "the meter")),
        )
        if not state.done.get(kind)
    ]
    if not missing:
        return None
    return Refusal(
        "送电前须先登记" + "和".join(zh for zh, _ in missing),
        "Before energising, record " + " and ".join(en for _, en in missing),
        "电力供应与使用条例 第三十二条",
        "先登记，再送电",
        "Record it first",
    )


def only_once(kind: str, zh: str, en: str) -> Guard:
    def guard(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
        """Recorded once."""
        if not state.done.get(kind):
            return None
        return Refusal(f"{zh}已登记", f"{en} is already on record")

    return guard


def external_works_track_first(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """A longer limit is never taken silently: the track changes by its own visible event."""
    if payload.get("external_works") != "yes" or state.track != "zero_lv":
        return None
    return Refusal(
        "勘查认为需要外线工程时，须先登记“变更办电类型”并说明依据",
        "When the survey finds external works, first record the change of track with its reason",
        "方案 一-1",
        "先“变更办电类型”，再完成勘查",
        "Change the track first, then complete the survey",
    )


def works_as_reclassified(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Whoever took the longer limit for external works cannot then find that there are none."""
    if payload.get("external_works") != "no" or not state.done.get("track_reclassified"):
        return None
    return Refusal(
        "已因外线工程变更办电类型，勘查结论不能是“不涉及外线工程”",
        "The track was changed for external works; the survey cannot find that there are none",
        "方案 一-1",
        "请核对勘查结论；变更有误的，请督办人员依记录处理",
        "Check the finding; a wrong change of track is for the supervisor",
    )


def zero_lv_only(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Only 三零 without external works has a longer limit to change to."""
    if state.track == "zero_lv":
        return None
    return Refusal(
        "只有“三零（不涉及外线工程）”可以变更为“三零（涉及外线工程）”",
        "Only 三零 without external works can become 三零 with external works",
        "方案 一-1",
    )


def ground_of_this_lane(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Each ground stops the clock of certain lanes: a hearing never excuses the utility."""
    lane = STAGE_TABLE[state.stage].lane
    for ground in load_plan(state.plan).pause_grounds:
        if ground.id == payload.get("ground") and lane not in ground.lanes:
            return Refusal(
                f"“{ground.zh}”不能中止{LANE_NAMES[lane][0] if lane else ''}的时限",
                f"“{ground.en}” does not stop the clock of this lane",
                ground.clause,
                "请选择适用于当前办理方的事由",
                "Choose a ground that applies to whoever holds the case",
            )
    return None


def not_paused(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """A clock that stands cannot be paused again."""
    if state.pause_ground is None:
        return None
    return Refusal("计时已经中止", "The clock is paused already")


def paused(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Only a clock that stands can run again."""
    if state.pause_ground is not None:
        return None
    return Refusal("计时没有中止", "The clock is not paused")


def consent_stands(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """Consent, given with the application or later, is withdrawn once."""
    if state.done.get("consent_withdrawn", 0) <= state.done.get("consent_given", 0):
        return None
    return Refusal(
        "授权已经撤回", "The consent has been withdrawn already", "个人信息保护法 第十五条"
    )


RATED_AFTER = {
    "application": ("application_accepted", "acceptance_deemed"),
    "scheme": ("scheme_replied",),
    "energisation": ("energised",),
}


def finished_and_unrated(state: CaseState, payload: Mapping[str, Any]) -> Refusal | None:
    """A step is rated once, after it is finished. Without a payload: is there any such step?"""
    steps = [payload["step"]] if payload.get("step") else list(RATED_AFTER)
    for step in steps:
        finished = any(state.done.get(kind) for kind in RATED_AFTER.get(step, ()))
        if finished and not state.done.get(f"step_rated:{step}"):
            return None
    return Refusal(
        "只能评价已完成且尚未评价的环节",
        "Only a finished step that is not yet rated can be rated",
        "优化营商环境条例 第三十七条",
    )


_RULES = (
    Rule(
        "application_filed",
        "代为提交申请",
        "File for the owner",
        APPLICANT,
        _at(START),
        "owner_confirmation",
        clock_zh="业主确认后开始计时",
        clock_en="The clock starts when the owner confirms",
    ),
    Rule(
        "application_submitted",
        "提交申请",
        "Submit the application",
        APPLICANT,
        _at(START),
        "intake",
        clock_zh="开始计时，由供电企业办理",
        clock_en="The clock starts; the utility holds the case",
    ),
    Rule(
        "owner_confirmed",
        "业主确认申请",
        "Confirm as owner",
        APPLICANT,
        _at("owner_confirmation"),
        "intake",
        clock_zh="开始计时，由供电企业办理",
        clock_en="The clock starts; the utility holds the case",
    ),
    Rule(
        "deficiency_listed",
        "一次性告知补正",
        "List what is missing",
        CLERK,
        _at("intake"),
        "deficiency",
        (one_list_only,),
        "等待申请人补正，不计入办电时限",
        "Waits for the applicant; not counted",
        record=True,
    ),
    Rule(
        "deficiency_answered",
        "提交补正",
        "Answer the list",
        APPLICANT,
        _at("deficiency"),
        "intake",
        clock_zh="恢复计时，由供电企业办理",
        clock_en="The clock runs again; the utility holds the case",
    ),
    Rule(
        "application_accepted",
        "受理",
        "Accept",
        CLERK,
        _at("intake"),
        "survey",
        clock_zh="继续计时，转现场勘查",
        clock_en="The clock goes on; survey is next",
    ),
    Rule(
        "acceptance_deemed",
        "逾期未告知，视为受理",
        "Deemed accepted by silence",
        SYSTEM,
        _at("intake"),
        "survey",
        clock_zh="自收到申请之日起即为受理",
        clock_en="Accepted as of the day it was received",
        manual=False,
        retroactive=True,
    ),
    Rule(
        "application_not_accepted",
        "不予受理",
        "Refuse to accept",
        CLERK,
        _at("intake"),
        NOT_ACCEPTED,
        clock_zh="停止计时并结束，须说明理由、依据和救济途径",
        clock_en="Ends the case; reason, clause and remedy are required",
        record=True,
    ),
    Rule(
        "track_reclassified",
        "变更办电类型",
        "Change the track",
        ENGINEER,
        _at("survey"),
        SAME,
        (zero_lv_only,),
        "时限改按新类型计算，原因对申请人公开",
        "The limit of the new track applies; the reason is shown to the applicant",
        record=True,
        retracks=True,
    ),
    Rule(
        "survey_completed",
        "完成勘查",
        "Complete the survey",
        FIELD,
        _at("survey"),
        "scheme",
        (external_works_track_first, works_as_reclassified),
        "继续计时，转答复供电方案",
        "The clock goes on; the supply scheme is next",
        record=True,
    ),
    Rule(
        "scheme_replied",
        "答复供电方案",
        "Reply with the supply scheme",
        ENGINEER,
        _at("scheme"),
        _after_scheme,
        clock_zh="方案答复时限到此为止",
        clock_en="Ends the period for the scheme reply",
        record=True,
    ),
    Rule(
        "scheme_accepted",
        "同意供电方案",
        "Accept the scheme",
        APPLICANT,
        _at("scheme_decision"),
        "own_works",
        clock_zh="由申请人组织施工，不计入供电企业时间",
        clock_en="The applicant builds; not charged to the utility",
    ),
    Rule(
        "scheme_disputed",
        "对方案有异议",
        "Dispute the scheme",
        APPLICANT,
        _at("scheme_decision"),
        "scheme",
        clock_zh="退回供电企业，恢复计入供电企业时间",
        clock_en="Back to the utility; its time runs again",
        record=True,
    ),
    *permit_rules(
        works=_at("own_works", "external_works"),
        finished=_at("inspection", "metering", ENERGISED),
        abandoned=_at(WITHDRAWN),
    ),
    Rule(
        "external_works_completed",
        "外线工程完工",
        "Complete the external works",
        FIELD,
        _at("external_works"),
        "metering",
        (permits_in_order,),
        clock_zh="继续计时，转装表接电",
        clock_en="The clock goes on; metering is next",
        record=True,
    ),
    Rule(
        "completion_reported",
        "报告受电工程完工",
        "Report completed works",
        APPLICANT,
        _at("own_works"),
        "inspection",
        (permits_in_order,),
        clock_zh="由供电企业检验，恢复计入供电企业时间",
        clock_en="The utility inspects; its time runs again",
        record=True,
    ),
    Rule(
        "inspection_passed",
        "检验合格",
        "Pass the inspection",
        ENGINEER,
        _at("inspection"),
        "metering",
        clock_zh="继续计时，转装表接电",
        clock_en="The clock goes on; metering is next",
        record=True,
    ),
    Rule(
        "inspection_failed",
        "检验不合格",
        "Fail the inspection",
        ENGINEER,
        _at("inspection"),
        "own_works",
        clock_zh="由申请人整改，不计入供电企业时间",
        clock_en="The applicant reworks; not charged to the utility",
        record=True,
    ),
    Rule(
        "contract_recorded",
        "登记供用电合同",
        "Record the contract",
        CLERK,
        _at("metering"),
        SAME,
        (only_once("contract_recorded", "合同", "The contract"),),
        record=True,
    ),
    Rule(
        "meter_installed",
        "登记装表",
        "Record the meter",
        FIELD,
        _at("metering"),
        SAME,
        (only_once("meter_installed", "电表", "The meter"),),
        record=True,
    ),
    Rule(
        "energised",
        "送电",
        "Energise",
        FIELD,
        _at("metering"),
        ENERGISED,
        (contract_and_meter_first,),
        "停止计时，办电完成",
        "Stops the clock; the power is on",
        record=True,
    ),
    Rule(
        "step_rated",
        "评价",
        "Rate a step",
        APPLICANT,
        OPEN | {ENERGISED},
        SAME,
        (finished_and_unrated,),
        counts_by="step",
    ),
    Rule(
        "withdrawn",
        "撤回申请",
        "Withdraw",
        APPLICANT,
        OPEN,
        WITHDRAWN,
        clock_zh="停止计时并结束",
        clock_en="Ends the case",
        record=True,
    ),
    Rule(
        "consent_withdrawn",
        "撤回授权",
        "Withdraw consent",
        APPLICANT,
        OPEN,
        SAME,
        (consent_stands,),
        record=True,
    ),
    Rule("consent_given", "授权取用证照", "Consent to shared facts", APPLICANT, OPEN, SAME),
    Rule(
        "fact_obtained",
        "取得共享证照",
        "Obtain a shared fact",
        SYSTEM,
        OPEN,
        SAME,
        manual=False,
        counts_by="document",
    ),
    Rule(
        "fact_unavailable",
        "共享证照暂不可用",
        "A shared fact cannot be had",
        SYSTEM,
        OPEN,
        SAME,
        manual=False,
        counts_by="document",
    ),
    Rule(
        "lead_matched",
        "关联用电接入准备",
        "Tie to the early preparation",
        SYSTEM | {"engineer", "lead"},
        OPEN,
        SAME,
        record=True,
        manual=False,
    ),
    Rule(
        "lead_untied",
        "解除用电接入准备的关联",
        "Untie from the early preparation",
        SYSTEM | {"engineer", "lead"},
        OPEN | {ENERGISED, WITHDRAWN, NOT_ACCEPTED},
        SAME,
        manual=False,
    ),
    Rule("assigned", "派工", "Assign", LEAD, OPEN, SAME),
    Rule(
        "clock_paused",
        "中止计时",
        "Pause the clock",
        LEAD,
        HELD_BY_UTILITY,
        SAME,
        (not_paused, ground_of_this_lane),
        "停止计时，须有法定事由和证据，对申请人公开",
        "Stops the clock; ground and evidence are required and shown",
        pauses=True,
        holders=KEEPERS,
    ),
    Rule(
        "clock_resumed",
        "恢复计时",
        "Resume the clock",
        LEAD,
        HELD_BY_UTILITY,
        SAME,
        (paused,),
        "恢复计时",
        "The clock runs again",
        resumes=True,
        holders=KEEPERS,
    ),
    Rule(
        "evidence_added",
        "补充证据",
        "Add evidence",
        frozenset({"applicant", "clerk", "engineer", "fieldworker", "lead", "officer"}),
        OPEN,
        SAME,
    ),
    Rule(
        "event_time_corrected",
        "更正时间",
        "Correct a time",
        frozenset({"supervisor"}),
        OPEN | {ENERGISED},
        SAME,
        clock_zh="按更正后的时间重算，原记录保留",
        clock_en="Recomputed from the corrected time; the original stays",
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
        OPEN | {ENERGISED, WITHDRAWN, NOT_ACCEPTED},
        SAME,
        manual=False,
    ),
)

CONNECTION = Process(
    "connection",
    "用电报装",
    "Electricity connection",
    STAGE_TABLE,
    {rule.kind: rule for rule in _RULES},
    ITEM_TABLE,
    ITEM_NAMES,
)
