"""并联审批 and 告知承诺 as part of a case's process: each permit is a branch of its own. Pure.

A process that needs permits takes in PERMIT_STAGES and `permit_rules`. All departments work at the
same time, each on its branch; where the case stands follows from all of them (`joined`): it is with
the departments while one of them works, and waits only when every open item waits.
"""

from collections.abc import Mapping
from typing import Any

from tongdian.law.clocks import JOINT_APPROVAL, WHOLE_PROCESS
from tongdian.law.plan import load_plan
from tongdian.law.process import (
    BACK,
    EVERY,
    SAME,
    START,
    CaseState,
    Guard,
    Lane,
    Refusal,
    Rule,
    Stage,
)

ITEM_NAMES: Mapping[str, tuple[str, str]] = {
    "municipal": ("市政设施建设类审批", "Municipal works"),
    "green": ("城市绿地、树木审批", "Green land and trees"),
    "traffic": ("非交通占用道路审查", "Occupying a road"),
    "forest": ("林木采伐许可", "Felling in forest"),
}
AUTHORITIES: Mapping[str, str] = {
    "municipal": "GY-ZHZF",
    "green": "GY-ZHZF",
    "traffic": "GY-GAJG",
    "forest": "GY-LYJ",
}

_COUNTED = frozenset({WHOLE_PROCESS, JOINT_APPROVAL})
_WHOLE = frozenset({WHOLE_PROCESS})

# Of the case.
PERMITS, ISSUE, CORRECTION, AMENDING, SPECIAL = (
    "permits",
    "permits_issue",
    "permits_correction",
    "permits_amending",
    "permits_special",
)
PERMIT_STAGES = (
    Stage(PERMITS, "外线并联审批", "Joint permits", Lane.GOVERNMENT, _COUNTED),
    Stage(ISSUE, "统一出文", "Joint decision", Lane.GOVERNMENT, _COUNTED),
    Stage(CORRECTION, "补正许可材料", "Completing the packet", Lane.APPLICANT, _WHOLE),
    Stage(AMENDING, "供电企业补正", "Utility completes the packet", Lane.UTILITY, _WHOLE),
    # 行政许可法 art. 45: hearing, expert review, testing are not counted, but they are shown.
    Stage(SPECIAL, "特别程序", "Special procedure", Lane.GOVERNMENT),
)
AT_PERMITS = frozenset(stage.id for stage in PERMIT_STAGES)
JOINT_STAGES = frozenset({PERMITS, ISSUE})

# Of one item.
RECEIVED, REVIEWING, COMMITTING = "received", "reviewing", "committing"
ITEM_CORRECTION, ITEM_SPECIAL = "correction", "special"
GRANTED, GRANTED_DEFERRED, REFUSED = "granted", "granted_deferred", "refused"
NOT_ACCEPTED, WITHDRAWN, REVOKED = "not_accepted", "withdrawn", "revoked"
DECLINED = "declined"
COMMITTED, RECTIFYING, VERIFIED = "committed", "rectifying", "verified"
ITEM_STAGES = (
    Stage(RECEIVED, "已接件", "Received", Lane.GOVERNMENT, _COUNTED),
    Stage(REVIEWING, "审查中", "Under review", Lane.GOVERNMENT, _COUNTED),
    Stage(ITEM_CORRECTION, "补正中", "Being completed", Lane.APPLICANT),
    Stage(ITEM_SPECIAL, "特别程序中", "In a special procedure", Lane.GOVERNMENT),
    Stage(COMMITTING, "承诺待决定", "Commitment to be decided", Lane.GOVERNMENT, _COUNTED),
    Stage(GRANTED, "准予许可", "Granted", None, outcome=GRANTED),
    Stage(GRANTED_DEFERRED, "容缺准予", "Granted with papers due", None, outcome=GRANTED_DEFERRED),
    Stage(REFUSED, "不予许可", "Refused", None, outcome=REFUSED),
    Stage(NOT_ACCEPTED, "不予受理", "Not accepted", None, outcome=NOT_ACCEPTED),
    Stage(WITHDRAWN, "已撤回", "Withdrawn", None, outcome=WITHDRAWN),
    Stage(DECLINED, "不适用承诺", "Commitment declined", None, outcome=DECLINED),
    Stage(COMMITTED, "承诺准予", "Granted by commitment", None, outcome=COMMITTED),
    Stage(RECTIFYING, "限期整改", "To be put right", Lane.APPLICANT),
    Stage(VERIFIED, "承诺已核实", "Commitment verified", None, outcome=VERIFIED),
    Stage(REVOKED, "已撤销", "Revoked", None, outcome=REVOKED),
)
ITEM_TABLE = {stage.id: stage for stage in ITEM_STAGES}

WORKING = frozenset({RECEIVED, REVIEWING, COMMITTING})
WAITING = frozenset({ITEM_CORRECTION, ITEM_SPECIAL})
OPEN_ITEM = WORKING | WAITING
UNANSWERED = frozenset({RECEIVED, REVIEWING})
DECIDED = frozenset({GRANTED, GRANTED_DEFERRED, REFUSED, NOT_ACCEPTED})
ALLOWING = frozenset({GRANTED, GRANTED_DEFERRED, COMMITTED, VERIFIED})
BY_COMMITMENT = frozenset({COMMITTED, RECTIFYING, VERIFIED})
REOPENED = frozenset({REFUSED, NOT_ACCEPTED, WITHDRAWN, DECLINED, REVOKED})

OFFICER = frozenset({"officer"})
SYSTEM = frozenset({"system"})
FILERS = frozenset({"applicant", "engineer", "lead"})
BUILDERS = frozenset({"fieldworker", "engineer", "lead"})

Payload = Mapping[str, Any]


def joined(state: CaseState, payload: Payload) -> str:
    """Where the case stands once the items have moved: with the departments, waiting for whoever
    has to complete the packet, in a special procedure, at the window, or back where it was."""
    if state.outcome is not None:
        return SAME
    stages = [branch.stage for branch in state.branches.values()]
    if any(stage in WORKING for stage in stages):
        return PERMITS
    if ITEM_CORRECTION in stages:
        return AMENDING if filed_by_utility(state) else CORRECTION
    if ITEM_SPECIAL in stages:
        return SPECIAL
    return ISSUE if unissued(state) else BACK


def filed_by_utility(state: CaseState) -> bool:
    """The utility builds and files: whoever it waits for then, it is not the applicant."""
    source = state.return_stage or state.stage
    return source == "external_works"


def unissued(state: CaseState) -> list[str]:
    """Items decided by their departments that are in no joint decision yet."""
    return [
        name
        for name, branch in state.branches.items()
        if branch.stage in DECIDED and not branch.done.get("permits_decided")
    ]


def _item(state: CaseState, payload: Payload) -> Any:
    return state.branches.get(str(payload.get("item", "")))


def one_list_only(state: CaseState, payload: Payload) -> Refusal | None:
    """行政许可法 art. 32: what is missing is told once, completely, by each department."""
    item = _item(state, payload)
    if item is None or not item.done.get("item_correction_listed"):
        return None
    return Refusal(
        "补正内容只能一次性告知",
        "Everything that is missing is told once, in one list",
        "行政许可法 第三十二条",
        "请作出决定，或依法说明理由",
        "Decide the item, or refuse it with the clause",
    )


def ground_of_departments(state: CaseState, payload: Payload) -> Refusal | None:
    """Only what 行政许可法 art. 45 leaves out, or force majeure, stops a department's clock."""
    ground = payload.get("ground")
    if not ground:
        return None
    known = {g.id for g in load_plan(state.plan).pause_grounds if Lane.GOVERNMENT in g.lanes}
    if ground in known:
        return None
    return Refusal(
        "这一事由不能停止审批计时",
        "This ground does not stop the clock of a department",
        "行政许可法 第四十五条",
        "请选择听证、专家评审、检验检测鉴定或不可抗力，并附通知书",
        "Choose hearing, expert review, testing or force majeure, with its notice",
    )


def rectified_first(state: CaseState, payload: Payload) -> Refusal | None:
    """国办发〔2020〕42号: an unmet promise is put right first; a false one is revoked at once."""
    item = _item(state, payload)
    if item is None or payload.get("false_commitment") == "yes" or item.stage == RECTIFYING:
        return None
    return Refusal(
        "未履行承诺的，先责令限期整改；虚假承诺的，直接撤销",
        "An unmet promise is put right first; only a false one is revoked at once",
        "国办发〔2020〕42号",
        "先登记核查结果并限期整改，或认定为虚假承诺",
        "Record the inspection with a term first, or find the commitment false",
    )


def reported_first(state: CaseState, payload: Payload) -> Refusal | None:
    """A restoration is checked after it has been reported, and once for each report."""
    item = _item(state, payload)
    if item is None:
        return None
    if item.done.get("restoration_reported", 0) > item.done.get("restoration_checked", 0):
        return None
    return Refusal(
        "供电企业还没有报告恢复情况",
        "The restoration has not been reported",
        "方案 二(一)2",
        "等待供电企业报告恢复并上传前后照片",
        "Wait for the report with its photographs",
    )


def already_granted(item: str) -> Refusal:
    """Nobody is asked twice for a permit of the same route."""
    zh, en = ITEM_NAMES[item]
    return Refusal(
        f"“{zh}”已经准予，路径没有变，不需要再申报",
        f"“{en}” is granted and the route has not changed; it need not be filed again",
        "行政许可法 第八条",
        "改变路径后再申报；只申报没有取得的事项",
        "Change the route first, or file only what was not granted",
    )


def for_another_route(state: CaseState, payload: Payload) -> Refusal | None:
    """What is granted may be asked for again for another route alone: the filing has to name one.
    Whether it is another is looked at once the case is locked (`filed_routes`)."""
    if any(m.get("kind") == "route" and m.get("digest") for m in payload.get("materials", ())):
        return None
    for name in payload.get("items", ()):
        branch = state.branches.get(str(name))
        if branch is not None and branch.stage in ALLOWING:
            return already_granted(str(name))
    return None


def permits_in_order(state: CaseState, payload: Payload) -> Refusal | None:
    """Works that need a permit are not complete without it."""
    missing = [name for name, b in state.branches.items() if b.stage not in ALLOWING | {WITHDRAWN}]
    if not missing:
        return None
    names = [ITEM_NAMES[name] for name in missing]
    return Refusal(
        "尚未取得许可：" + "、".join(zh for zh, _ in names),
        "Without permit: " + ", ".join(en for _, en in names),
        "城市道路管理条例 第三十三条",
        "补正后重新申报该事项；改变路线后不再需要的，撤回该事项",
        "File the item again, or withdraw it if the new route does not need it",
    )


def permit_rules(
    works: frozenset[str], finished: frozenset[str], abandoned: frozenset[str]
) -> tuple[Rule, ...]:
    """The rules of permits for a process whose works are built in the stages `works`, and whose
    commitments are looked after even once it is `finished`. A false one is put on record even when
    the case was `abandoned`."""
    anywhere = works | AT_PERMITS
    later = anywhere | finished
    return (
        *_filing(works, anywhere),
        *_for_all(later),
        *_deciding(),
        *_committing(anywhere, later),
        Rule(
            "false_commitment_reported",
            "虚假承诺记入信用平台",
            "Report a false commitment",
            SYSTEM,
            later | abandoned,
            SAME,
            record=True,
            manual=False,
        ),
    )


def _filing(works: frozenset[str], anywhere: frozenset[str]) -> tuple[Rule, ...]:
    to_permits = tuple((stage, PERMITS) for stage in sorted(works))
    return (
        Rule(
            "permits_filed",
            "申报外线并联审批",
            "File for joint permits",
            FILERS,
            works,
            joined,
            (for_another_route,),
            clock_zh="由政府部门并联审批，计入审批总时限",
            clock_en="The departments hold the case; charged to the joint approval",
            record=True,
            remember=True,
            opens="items",
            branch_sources=frozenset({START, *REOPENED, *ALLOWING}),
            branch_target=RECEIVED,
            leads=to_permits,
        ),
        Rule(
            "items_resubmitted",
            "修改后重新申报",
            "File items again",
            FILERS,
            anywhere,
            joined,
            (for_another_route,),
            clock_zh="该事项重新计时，其他部门的决定不变",
            clock_en="A fresh period for the item; what others decided stands",
            record=True,
            remember=True,
            opens="items",
            branch_sources=REOPENED | ALLOWING,
            branch_target=RECEIVED,
            leads=to_permits,
        ),
        Rule(
            "item_corrected",
            "提交补正材料",
            "Complete an item",
            FILERS,
            AT_PERMITS,
            joined,
            clock_zh="恢复该部门计时",
            clock_en="The department's clock runs again",
            record=True,
            branch="item",
            branch_sources=frozenset({ITEM_CORRECTION}),
            branch_target=REVIEWING,
            leads=((CORRECTION, PERMITS), (AMENDING, PERMITS)),
        ),
        Rule(
            "item_withdrawn",
            "撤回事项",
            "Withdraw an item",
            FILERS,
            anywhere,
            joined,
            clock_zh="该事项结束",
            clock_en="Ends the item",
            record=True,
            branch="item",
            branch_sources=OPEN_ITEM | {REFUSED, NOT_ACCEPTED, DECLINED, REVOKED},
            branch_target=WITHDRAWN,
            leads=((PERMITS, ISSUE), (PERMITS, BACK)),
        ),
    )


def _for_all(later: frozenset[str]) -> tuple[Rule, ...]:
    """What concerns all items: the window, and machines between us and the departments. A message
    that is turned away stands on record `later` too, when the items are long closed."""
    return (
        Rule(
            "permits_received",
            "统一收件",
            "Receive the packet",
            OFFICER,
            AT_PERMITS,
            joined,
            clock_zh="各部门同时受理，开始审查",
            clock_en="Every department starts at the same time",
            record=True,
            branch=EVERY,
            branch_sources=frozenset({RECEIVED}),
            branch_target=REVIEWING,
            leads=((PERMITS, PERMITS),),
        ),
        Rule(
            "item_requested",
            "转部门自有系统办理",
            "Request it in the department's own system",
            SYSTEM,
            AT_PERMITS,
            SAME,
            record=True,
            manual=False,
            branch="item",
            branch_sources=UNANSWERED,
        ),
        Rule(
            "callback_refused",
            "退回部门系统回执",
            "Turn a department's message away",
            SYSTEM,
            later,
            SAME,
            manual=False,
        ),
        Rule(
            "permits_decided",
            "统一出文",
            "Issue the joint decision",
            OFFICER,
            frozenset({ISSUE}),
            joined,
            clock_zh="审批时限到此为止",
            clock_en="Ends the joint approval period",
            record=True,
            branch=EVERY,
            branch_sources=DECIDED,
            leads=((ISSUE, BACK),),
        ),
    )


def _deciding() -> tuple[Rule, ...]:
    """What a department does to its item."""
    return (
        _of_item(
            "item_accepted",
            "受理事项",
            "Accept an item",
            {RECEIVED},
            REVIEWING,
            leads=((PERMITS, PERMITS),),
        ),
        _of_item(
            "item_correction_listed",
            "一次性告知补正（许可）",
            "List what an item lacks",
            UNANSWERED,
            ITEM_CORRECTION,
            one_list_only,
            clock=(
                "停止该部门计时，等待补正",
                "Stops the department's clock until it is completed",
            ),
            leads=((PERMITS, CORRECTION), (PERMITS, AMENDING)),
        ),
        _of_item(
            "item_special_started",
            "启动特别程序",
            "Start a special procedure",
            {REVIEWING},
            ITEM_SPECIAL,
            ground_of_departments,
            clock=("依法不计入时限，向申请人公开", "Not counted by law; shown to the applicant"),
            leads=((PERMITS, SPECIAL),),
            pauses=True,
        ),
        _of_item(
            "item_special_ended",
            "特别程序结束",
            "End a special procedure",
            {ITEM_SPECIAL},
            REVIEWING,
            clock=("恢复该部门计时", "The department's clock runs again"),
            leads=((SPECIAL, PERMITS),),
            resumes=True,
        ),
        _of_item(
            "item_decided",
            "作出许可决定",
            "Decide an item",
            {REVIEWING},
            _decision,
            clock=("该部门计时到此为止", "Ends the department's clock"),
            leads=((PERMITS, ISSUE),),
            branch_leads=(GRANTED, GRANTED_DEFERRED, REFUSED),
        ),
        _of_item(
            "item_not_accepted",
            "不予受理事项",
            "Refuse to accept an item",
            UNANSWERED,
            NOT_ACCEPTED,
            clock=("该部门计时到此为止", "Ends the department's clock"),
            leads=((PERMITS, ISSUE),),
        ),
    )


def _decision(state: CaseState, payload: Payload) -> str:
    return str(payload["result"])


def _of_item(
    kind: str,
    zh: str,
    en: str,
    sources: frozenset[str] | set[str],
    target: Any,
    *guards: Guard,
    clock: tuple[str, str] = ("继续计时", "The clock goes on"),
    **more: Any,
) -> Rule:
    """What a department does to its item."""
    return Rule(
        kind,
        zh,
        en,
        OFFICER,
        AT_PERMITS,
        joined,
        tuple(guards),
        *clock,
        record=True,
        branch="item",
        branch_sources=frozenset(sources),
        branch_target=target,
        **more,
    )


def _committing(anywhere: frozenset[str], later: frozenset[str]) -> tuple[Rule, ...]:
    return (
        Rule(
            "commitment_made",
            "提交告知承诺",
            "Commit instead of a review",
            FILERS,
            anywhere,
            joined,
            (for_another_route,),
            clock_zh="当场决定",
            clock_en="Decided on the spot",
            record=True,
            remember=True,
            opens="items",
            branch_sources=frozenset({START, *(REOPENED - {REVOKED}), *ALLOWING}),
            branch_target=COMMITTING,
            leads=tuple((stage, PERMITS) for stage in sorted(anywhere - AT_PERMITS)),
        ),
        Rule(
            "commitment_granted",
            "当场准予（告知承诺）",
            "Grant by commitment",
            SYSTEM,
            AT_PERMITS,
            joined,
            clock_zh="审批时限到此为止",
            clock_en="Ends the approval",
            record=True,
            manual=False,
            branch=EVERY,
            branch_sources=frozenset({COMMITTING}),
            branch_target=COMMITTED,
            leads=((PERMITS, BACK),),
        ),
        Rule(
            "commitment_declined",
            "不适用告知承诺",
            "Decline a commitment",
            SYSTEM,
            AT_PERMITS,
            joined,
            clock_zh="承诺到此为止，可以按一般程序申报",
            clock_en="Ends the commitment; the ordinary way stays open",
            record=True,
            manual=False,
            branch=EVERY,
            branch_sources=frozenset({COMMITTING}),
            branch_target=DECLINED,
            leads=((PERMITS, BACK),),
        ),
        _after("commitment_inspected", "核查承诺", "Inspect", OFFICER, later,
               {COMMITTED}, _inspection, leads=(VERIFIED, RECTIFYING)),
        _after("commitment_rectified", "报告整改完成", "Report that it is put right",
               FILERS | BUILDERS, later, {RECTIFYING}, COMMITTED),
        _after("commitment_revoked", "撤销（告知承诺）", "Revoke a grant by commitment", OFFICER,
               later, BY_COMMITMENT, REVOKED, rectified_first),
        _after("permit_revoked", "撤销许可", "Revoke a permit", OFFICER, later,
               {GRANTED, GRANTED_DEFERRED}, REVOKED),
        _after("restoration_reported", "报告道路、绿化恢复", "Report the restoration",
               FILERS | BUILDERS,
               later, ALLOWING | {RECTIFYING, REVOKED}, SAME),
        _after("restoration_checked", "验收恢复", "Check the restoration", OFFICER, later,
               ALLOWING | {RECTIFYING, REVOKED}, SAME, reported_first),
    )  # fmt: skip


def _inspection(state: CaseState, payload: Payload) -> str:
    return VERIFIED if payload["result"] == "met" else RECTIFYING


def _after(
    kind: str,
    zh: str,
    en: str,
    roles: frozenset[str],
    later: frozenset[str],
    sources: frozenset[str] | set[str],
    target: Any,
    *guards: Guard,
    leads: tuple[str, ...] = (),
) -> Rule:
    """What happens to an item after it was granted; the case goes its own way meanwhile."""
    return Rule(
        kind,
        zh,
        en,
        roles,
        later,
        SAME,
        tuple(guards),
        record=True,
        branch="item",
        branch_sources=frozenset(sources),
        branch_target=target,
        branch_leads=leads,
    )
