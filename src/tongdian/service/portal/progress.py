"""What a waiting person wants to know: what to do now, who holds it, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.law.clocks import JOINT_APPROVAL, charged_to
from tongdian.law.plan import load_plan
from tongdian.law.process import Rule
from tongdian.service.approval.process import RECTIFYING, REOPENED, WITHDRAWN
from tongdian.service.casework.timeline import CaseView
from tongdian.service.connection.process import ZERO_INVESTMENT_TRACKS
from tongdian.service.look.dates import day_in_full
from tongdian.service.portal.clauses import clause_link
from tongdian.service.portal.grounds import ground_words
from tongdian.service.portal.words import pick


@dataclass(frozen=True)
class Now:
    """The card on top of a case: the one thing to do, or that there is nothing to do."""

    title: str
    text: str
    kind: str = ""
    button: str = ""

    @property
    def quiet(self) -> bool:
        return not self.kind


ASKED = {
    "owner_confirmed": (
        gettext_lazy("请业主核对并确认申请"),
        gettext_lazy("这份申请由代办人填写。您确认后才开始计时；有误可以撤回。"),
        gettext_lazy("核对并确认"),
    ),
    "deficiency_answered": (
        gettext_lazy("请补正材料"),
        gettext_lazy("清单只给一次，补齐后继续计时。等您补正的时间不计入办电时限。"),
        gettext_lazy("查看清单并补正"),
    ),
    "item_corrected": (
        gettext_lazy("请补正许可材料"),
        gettext_lazy("审批部门一次性列出了要补正的内容。等您补正的时间不计入审批时限。"),
        gettext_lazy("查看清单并补正"),
    ),
    "commitment_rectified": (
        gettext_lazy("请按期整改，改好后告诉我们"),
        gettext_lazy("核查发现施工与承诺不一致。逾期不改的，许可会被撤销。"),
        gettext_lazy("报告整改完成"),
    ),
    "items_resubmitted": (
        gettext_lazy("有许可没有取得，请先处理再施工"),
        gettext_lazy("理由和救济途径写在下面“外线工程许可”里。修改后可以重新申报，重新计时。"),
        gettext_lazy("修改后重新申报"),
    ),
    "scheme_accepted": (
        gettext_lazy("请看供电方案，并作出决定"),
        gettext_lazy("同意后由您组织受电工程施工；有异议可以退回，供电企业重新答复。"),
        gettext_lazy("查看供电方案"),
    ),
    "completion_reported": (
        gettext_lazy("请组织受电工程施工，完工后告诉我们"),
        gettext_lazy("设计、施工、设备由您自己选择，任何人不得指定。施工时间不计入供电企业时间。"),
        gettext_lazy("报告完工"),
    ),
}
DO_FIRST = tuple(ASKED)

NEXT = {
    "owner_confirmation": gettext_lazy("业主确认后开始计时，由供电企业受理。"),
    "intake": gettext_lazy("供电企业审核申请；材料齐全就受理，并安排现场勘查。"),
    "deficiency": gettext_lazy("收到您的补正后，供电企业继续受理。"),
    "survey": gettext_lazy("工作人员到现场勘查，然后答复供电方案。"),
    "own_works": gettext_lazy("您报告完工后，供电企业来检验。"),
    "permits": gettext_lazy("政府部门一次出具联合审批决定，然后继续施工。"),
    "external_works": gettext_lazy("外线完工后装表接电。"),
    "inspection": gettext_lazy("检验合格后装表接电；不合格会一次说明要整改的地方。"),
    "metering": gettext_lazy("签好供用电合同、装好电表，就送电，办电完成。"),
    "scheme_decision": gettext_lazy("您同意方案后组织受电工程施工；不同意可以退回。"),
}
OUTCOMES = {
    "energised": (
        gettext_lazy("已经通电"),
        gettext_lazy("办电完成。用电中有问题请拨打 95598。"),
    ),
    "withdrawn": (
        gettext_lazy("申请已撤回"),
        gettext_lazy("需要用电时可以随时重新申请。"),
    ),
    "not_accepted": (
        gettext_lazy("没有受理"),
        gettext_lazy("理由、依据和救济途径写在下面的经过里。"),
    ),
}


def now_card(
    view: CaseView, rules: Sequence[Rule], offices: Mapping[str, str], lost: Sequence[str] = ()
) -> Now:
    """What stands on top of the page for somebody who may do `rules`. `offices`: names by code.
    `lost` are papers that have to come by upload since consent to fetch them was withdrawn."""
    outcome = view.state.outcome
    if outcome:
        title, text = OUTCOMES[outcome]
        return Now(str(title), str(text))
    kinds = {rule.kind for rule in rules}
    if not _lost_permits(view):
        kinds.discard("items_resubmitted")
    for kind in DO_FIRST:
        if kind in kinds:
            title, text, button = ASKED[kind]
            term = _term(view) if kind == "commitment_rectified" else ""
            return Now(str(title), f"{text}{term}", kind, str(button))
    if lost and "evidence_added" in kinds:
        return Now(
            _("请上传撤回授权后缺少的材料"),
            _(
                "您撤回了授权，我们不再取用这些证照，请自己上传：见下面的清单。不影响已经办好的环节。"
            ),
            "evidence_added",
            _("上传材料"),
        )
    return Now(_("现在不用您做任何事"), _waiting(view, offices))


def _term(view: CaseView) -> str:
    """Until when works have to be put right, in words; the earliest of several."""
    inspected = (
        branch.facts.get("commitment_inspected", {})
        for branch in view.state.branches.values()
        if branch.stage == RECTIFYING
    )
    terms = sorted(str(one["rectify_by"]) for one in inspected if one.get("rectify_by"))
    if not terms:
        return ""
    return _("整改期限：%(day)s。") % {"day": day_in_full(date.fromisoformat(terms[0]))}


def _lost_permits(view: CaseView) -> bool:
    """Whether a permit was refused, not accepted or revoked; a withdrawn one was not lost."""
    stages = {branch.stage for branch in view.state.branches.values()}
    return bool(stages & (REOPENED - {WITHDRAWN}))


def _waiting(view: CaseView, offices: Mapping[str, str]) -> str:
    if view.state.pause_ground:
        ground, _clause = ground_words(view.state.pause_ground, view.state.plan)
        return _("办理已中止：%(ground)s。恢复后继续计时。") % {"ground": ground}
    if view.state.stage == "owner_confirmation":
        return _("正在等业主确认。查询码已用短信发给业主。")
    if view.state.lane == "applicant":
        return _("现在由您这边办理“%(stage)s”，做完后供电企业继续。") % {"stage": stage_name(view)}
    return _("%(who)s正在办理“%(stage)s”。") % {
        "who": holder(view, offices),
        "stage": stage_name(view),
    }


def holder(view: CaseView, offices: Mapping[str, str]) -> str:
    """Who holds the case now: lane, and the office for the utility."""
    names = view.holder_names
    if names is None:
        return ""
    office = offices.get(view.case.office, "") if view.state.lane == "utility" else ""
    return office or pick(*names)


def stage_name(view: CaseView) -> str:
    return pick(*view.stage_names)


def what_next(view: CaseView) -> str:
    """The step after the present one, in a sentence."""
    if view.state.outcome:
        return ""
    if view.state.stage == "scheme":
        if view.state.track not in ZERO_INVESTMENT_TRACKS:
            return _("供电方案答复后，由您决定同意还是提出异议。")
        if view.state.track == "zero_lv_external":
            return _("方案定好后，由供电企业出资施工外线，然后装表接电。")
        return _("方案定好后，直接装表接电，您不用花钱。")
    return str(NEXT.get(view.state.stage, ""))


@dataclass(frozen=True)
class DueLine:
    """What `{% due %}` needs: the day, the start of the running count and the days left then."""

    day: date | None
    start: date | None
    working_days: int | None
    provisional: bool
    clause: str


def due_line(view: CaseView) -> DueLine:
    """The due date of the strictest running limit; no day while nothing runs."""
    clock = view.clocks.due
    if clock is None:
        return DueLine(None, None, None, False, "")
    left = max(clock.limit.working_days - clock.base_days, 0)
    clause = clause_link(clock.limit.clause, load_plan(view.state.plan)).reference
    return DueLine(clock.due, clock.start, left, clock.provisional, clause)


@dataclass(frozen=True)
class Total:
    """One of the four totals, in words."""

    name: str
    days: int
    text: str


def totals(view: CaseView) -> list[Total]:
    """The four totals of the case, never mixed, with the limit where the plan sets one."""
    measured = view.clocks.totals
    limits = {c.limit.scope: c.limit.working_days for c in view.clocks.clocks if _is_plan(c)}
    rows: list[tuple[str, str, int]] = [
        ("whole_process", _("全过程"), measured.whole_process),
        ("utility_stages", _("供电企业各环节合计"), measured.utility_stages),
        ("joint_approval", _("政府并联审批"), measured.joint_approval),
    ]
    found = []
    for scope, name, days in rows:
        if scope == JOINT_APPROVAL and not charged_to(view.state.holds, view.process, scope):
            continue
        limit = limits.get(scope)
        words = _("%(days)s 个工作日") % {"days": days}
        if limit is not None:
            words = _("%(days)s 个工作日（上限 %(limit)s 个）") % {"days": days, "limit": limit}
        found.append(Total(name, days, words))
    calendar = _("%(days)s 个日历日") % {"days": measured.world_bank}
    found.append(Total(_("世界银行口径"), measured.world_bank, calendar))
    return found


def _is_plan(clock: Any) -> bool:
    return bool(clock.limit.status == "plan")
