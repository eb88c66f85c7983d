"""`cn.tongdian.permit_item.status.v1`: how an item stands in its department's own system.

What the department says is done here by the same actions as at the desk, in the department's name:
no rule is spared. A status that says nothing new changes nothing, whoever sends it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tongdian.law.process import Branch
from tongdian.service.approval.actions import ACTIONS
from tongdian.service.approval.callbacks_reading import GROUNDS, Status, read_status, split
from tongdian.service.approval.callbacks_systems import own_systems
from tongdian.service.approval.codes import INCOMING, event_for
from tongdian.service.approval.commands import COMMANDS
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework import clock
from tongdian.service.casework.commands import Command, parse
from tongdian.service.casework.errors import (
    CaseNotFound,
    FieldError,
    InvalidInput,
    NotAllowed,
)
from tongdian.service.casework.models import Case
from tongdian.service.casework.perform import perform
from tongdian.service.exchange.inbound import InboundEvent, Refused
from tongdian.service.identity.actors import Actor

EVENT_TYPE: Final = "cn.tongdian.permit_item.status.v1"
# Pushed at once, a status happened when it came: `blsj` knows only whole seconds.
AT_ONCE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Applied:
    """What a status did. `kind` is the event, "" when it said nothing new; `stage` where the item
    stands now."""

    case: str
    item: str
    kind: str
    stage: str

    def to_json(self) -> dict[str, str]:
        outcome = "done" if self.kind else "unchanged"
        return {"case": self.case, "item": self.item, "outcome": outcome, "event": self.kind,
                "stage": self.stage}  # fmt: skip


def take_status(event: InboundEvent) -> Mapping[str, Any]:
    """Handle a pushed status. The subject of the message is 审批事项实例编码, so that the statuses
    of an item come in order. Raises InvalidInput, Refused; nothing is done then."""
    told = read_status(event.data)
    if event.subject != told.spsxslbm:
        raise InvalidInput([FieldError("subject", *_OTHER_SUBJECT)])
    system = own_systems().get(told.spbmbm)
    if system is None or system.source != event.source:
        raise InvalidInput([FieldError("spbmbm", *_NOT_ITS_SOURCE)])
    return apply_status(told, source=event.source).to_json()


_OTHER_SUBJECT = (
    "subject 应与 spsxslbm 相同",
    "subject has to be the same as spsxslbm",
    "按审批事项实例编码排序推送",
    "Push in the order of each item",
)
_NOT_ITS_SOURCE = (
    "这个来源没有登记为该部门的自有系统",
    "This source is not registered as the department's own system",
    "请平台管理员在部门自有系统配置中登记来源",
    "Ask the administrator to name the source among the departments' systems",
)


def apply_status(told: Status, *, source: str) -> Applied:
    """Do what a checked status says, in the name of its department. Raises InvalidInput, Refused
    with the field of the table that is wrong; nothing is done then."""
    with transaction.atomic():
        case = Case.objects.select_for_update().filter(number=told.case).first()
        branch = case.folded.branches.get(told.item) if case is not None else None
        if case is None or branch is None:
            raise InvalidInput([FieldError("spsxslbm", *_NO_SUCH_ITEM)])
        kind = event_for(told.blzt, branch.stage)
        if not kind:
            _refuse_other_words(told, branch)
            return Applied(told.case, told.item, "", branch.stage)
        stage = _do(told, kind, source)
    return Applied(told.case, told.item, kind, stage)


_NO_SUCH_ITEM = (
    "没有这个办件，或者办件没有申报这个事项",
    "No such case, or the case has not filed for this item",
    "核对 spsxslbm；以本平台转送的编码为准",
    "Check spsxslbm: it is the one under which this platform handed the item over",
)


def _refuse_other_words(told: Status, branch: Branch) -> None:
    """The same status again has to say the same as before: what is told once (a list of what is
    missing, a decision) is not changed by saying it again, nor ended without having begun."""
    known = INCOMING[told.blzt]
    if known.after and not branch.done.get(known.after):
        raise InvalidInput([FieldError("blzt", *_NOT_BEGUN)])
    kind = known.events.get(branch.stage) or known.events.get("", "")
    recorded = branch.facts.get(kind)
    if recorded is not None and _command(told, kind).split()[0] != dict(recorded):
        raise InvalidInput([FieldError("blzt", *_OTHER_WORDS)])


_NOT_BEGUN = (
    "该事项没有开始过补正或特别程序，无从结束",
    "The item is in no correction or special procedure that could end",
    "先推送开始的状态（6 或 9）",
    "Push the status that begins it first (6 or 9)",
)
_OTHER_WORDS = (
    "该事项已是这个状态，但这次的内容与记录不同；已告知的内容不能以再次推送更改",
    "The item has this status already, with other words; what was told is not changed by a push",
    "内容相同可以重复推送；确需更改的，由部门书面告知统一窗口",
    "Push the same words again, or write to the window if they have to change",
)


def _command(told: Status, kind: str) -> Command:
    """The checked command of an event. Raises InvalidInput in the names of the tables."""
    try:
        return parse(COMMANDS[kind], _data(told, kind))
    except InvalidInput as error:
        raise InvalidInput([_in_table_names(one) for one in error.errors]) from None


def _do(told: Status, kind: str, source: str) -> str:
    """The action; returns where the item stands after it."""
    actor = Actor(frozenset({"officer"}), AUTHORITIES[told.item], f"source:{source}"[:64])
    try:
        done = ACTIONS[kind](told.case, _command(told, kind), actor=actor, at=_at(told))
    except NotAllowed as error:
        raise _refused(error) from None
    except InvalidInput as error:
        raise InvalidInput([_in_table_names(one) for one in error.errors]) from None
    except CaseNotFound:
        raise InvalidInput([FieldError("spsxslbm", *_NO_SUCH_ITEM)]) from None
    return done.case.folded.branches[told.item].stage


def _at(told: Status) -> datetime | None:
    if told.blsj is None or abs(clock.now() - told.blsj) < AT_ONCE:
        return None
    return told.blsj


def _data(told: Status, kind: str) -> dict[str, Any]:
    """The command of an event, from the fields of the tables."""
    item = {"item": told.item}
    reasons = {"reason": told.blyj, "clause": told.flyj, "remedy": told.jjtj}
    match kind:
        case "item_not_accepted" | "permit_revoked":
            return {**item, **reasons}
        case "commitment_revoked":
            if told.xjcn is None:
                raise InvalidInput([FieldError("xjcn", *_FALSE_OR_NOT)])
            return {**item, **reasons, "false_commitment": "yes" if told.xjcn else "no"}
        case "item_correction_listed":
            listed = [
                {"field": one.clbm, "problem": one.wt, "remedy": one.bzyq} for one in told.bzqd
            ]
            return {**item, "items": listed}
        case "item_special_started":
            ground = GROUNDS.get(told.tbcxmc)
            if ground is None:
                raise InvalidInput([FieldError("tbcxmc", *_KNOWN_GROUNDS)])
            days = {} if told.tbcxsx is None else {"days": told.tbcxsx}
            return {**item, "ground": ground, "evidence": told.tbcxtzs, **days}
        case "item_special_ended":
            return {**item, "outcome": told.blyj}
        case "item_decided":
            result = INCOMING[told.blzt].result
            told_why = reasons if result == "refused" else {"conditions": told.blyj}
            return {**item, "result": result, "document_number": told.pfwh, **told_why}
    return item


_FALSE_OR_NOT = (
    "撤销告知承诺须说明是否虚假承诺",
    "Whether the commitment was false has to be said",
    "虚假承诺填 1；逾期未整改填 0",
    "1 for a false commitment, 0 when it was not put right in time",
)
_KNOWN_GROUNDS = (
    "不是法定的特别程序",
    "No special procedure of the law",
    f"填写 {'、'.join(GROUNDS)} 之一",
    f"One of {', '.join(GROUNDS)}",
)
_TABLE_NAMES = {
    "item": "spsxslbm",
    "reason": "blyj",
    "outcome": "blyj",
    "conditions": "blyj",
    "clause": "flyj",
    "remedy": "jjtj",
    "document_number": "pfwh",
    "evidence": "tbcxtzs",
    "ground": "tbcxmc",
    "days": "tbcxsx",
    "occurred_at": "blsj",
}
_OF_A_LIST = {"field": "clbm", "problem": "wt", "remedy": "bzyq"}


def _in_table_names(error: FieldError) -> FieldError:
    """The same, under the name that the sender knows."""
    head, *rest = error.field.split(".")
    if head == "items":
        field = ".".join(("bzqd", *(_OF_A_LIST.get(part, part) for part in rest)))
    else:
        field = _TABLE_NAMES.get(head, head)
    return FieldError(field, error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en)


def _refused(error: NotAllowed) -> Refused:
    """A status that cannot follow the one before."""
    why = error.refusal
    clause_zh, clause_en = (f"（{why.clause}）", f" ({why.clause})") if why.clause else ("", "")
    field = FieldError(
        "blzt",
        why.rule_zh + clause_zh,
        why.rule_en + clause_en,
        why.remedy_zh or "查看该事项在本平台的状态，推送可以接续的状态",
        why.remedy_en or "Look up how the item stands here, and push a status that can follow",
    )
    return Refused(why.rule_zh, why.rule_en, (field,))


def note_refusal(event: InboundEvent, problem: Mapping[str, Any]) -> None:
    """Put on the case's record that a message about it was turned away, and why; nothing of what
    the message said. Of a case that was withdrawn the exchange alone remembers."""
    case, item = split(str(event.data.get("spsxslbm", "")))
    known = Case.objects.filter(number=case).first() if case else None
    if known is None or item not in known.folded.branches:
        return
    first: Mapping[str, Any] = next(iter(problem.get("errors", ())), {})
    payload = {
        "item": item,
        "source": event.source,
        "message": event.id,
        "field": first.get("field", ""),
        "reason": first.get("rule") or problem.get("detail", ""),
        "remedy": first.get("remedy", ""),
    }
    actor = Actor(frozenset({"system"}), event.organisation, f"source:{event.source}"[:64])
    try:
        perform(case, "callback_refused", actor=actor, payload=payload)
    except NotAllowed:
        return
