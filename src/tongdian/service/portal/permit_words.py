"""What happened to the permits of a case, in the words of somebody who waits for power."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongdian.service.approval.labels import paper_name
from tongdian.service.connection.labels import label
from tongdian.service.identity.selectors import organisation_names
from tongdian.service.portal.grounds import ground_words

Payload = Mapping[str, Any]

HAPPENED = {
    "permits_filed": gettext_lazy("申报了外线工程并联审批"),
    "items_resubmitted": gettext_lazy("修改后重新申报了许可"),
    "permits_received": gettext_lazy("政务服务中心统一收件，各部门同时开始审查"),
    "permits_decided": gettext_lazy("出具了联合审批决定"),
    "item_requested": gettext_lazy("许可转到部门自己的系统办理"),
    "callback_refused": gettext_lazy("退回了部门系统发来的一条办理结果"),
    "item_accepted": gettext_lazy("部门受理了许可事项"),
    "item_correction_listed": gettext_lazy("部门一次性告知了许可要补正的内容"),
    "item_corrected": gettext_lazy("提交了许可事项的补正"),
    "item_special_started": gettext_lazy("部门启动了特别程序，期间依法不计时"),
    "item_special_ended": gettext_lazy("特别程序结束，继续计时"),
    "item_decided": gettext_lazy("部门作出了许可决定"),
    "item_not_accepted": gettext_lazy("部门没有受理许可事项"),
    "item_withdrawn": gettext_lazy("撤回了许可事项"),
    "commitment_made": gettext_lazy("提交了告知承诺"),
    "commitment_granted": gettext_lazy("凭告知承诺当场准予了许可"),
    "commitment_declined": gettext_lazy("不适用告知承诺，可以按一般程序申报"),
    "commitment_inspected": gettext_lazy("部门核查了承诺的履行情况"),
    "commitment_rectified": gettext_lazy("报告整改完成，等待再次核查"),
    "commitment_revoked": gettext_lazy("撤销了凭承诺取得的许可"),
    "permit_revoked": gettext_lazy("撤销了许可"),
    "restoration_reported": gettext_lazy("报告道路或绿化已经恢复"),
    "restoration_checked": gettext_lazy("部门验收了恢复情况"),
    "false_commitment_reported": gettext_lazy("虚假承诺记入了信用平台"),
    "lead_matched": gettext_lazy("接上了项目早期的用电准备"),
    "lead_untied": gettext_lazy("不再关联项目早期的用电准备"),
}


def _item(payload: Payload) -> str:
    item = payload.get("item")
    return _("许可事项：%(text)s") % {"text": label(str(item))} if item else ""


def _items(payload: Payload) -> str:
    names = [label(str(item)) for item in payload.get("items", [])]
    return _("事项：%(text)s") % {"text": _("、").join(names)} if names else ""


def _said(payload: Payload, **words: str) -> list[str]:
    """A line for each field that was given; `words` have one place for it."""
    return [text % {"text": payload[name]} for name, text in words.items() if payload.get(name)]


def _refusal(payload: Payload) -> list[str]:
    return _said(
        payload,
        reason=_("理由：%(text)s"),
        clause=_("依据：%(text)s"),
        remedy=_("您可以：%(text)s"),
    )


def _filed(payload: Payload) -> list[str]:
    return [_items(payload), *_said(payload, changes=_("改了什么：%(text)s"))]


def _listed(payload: Payload) -> list[str]:
    lines = [
        _("%(paper)s：%(problem)s → %(remedy)s")
        % {
            "paper": paper_name(str(one.get("field", ""))),
            "problem": one["problem"],
            "remedy": one["remedy"],
        }
        for one in payload.get("items", [])
    ]
    return [_item(payload), *lines]


def _special(payload: Payload) -> list[str]:
    ground, _clause = ground_words(str(payload.get("ground", "")))
    return [
        _item(payload),
        _("事由：%(text)s") % {"text": ground} if ground else "",
        *_said(payload, evidence=_("通知书：%(text)s"), days=_("预计 %(text)s 个工作日")),
    ]


def _decided(payload: Payload) -> list[str]:
    result = _("结果：%(text)s") % {"text": label(str(payload.get("result", "")))}
    document = _said(payload, document_number=_("决定书文号：%(text)s"))
    conditions = _said(payload, conditions=_("条件：%(text)s"))
    return [_item(payload), result, *document, *conditions, *_refusal(payload)]


def _department(payload: Payload) -> list[str]:
    code = str(payload.get("department", ""))
    return [_item(payload), organisation_names().get(code, "")]


def _inspected(payload: Payload) -> list[str]:
    result = _("结果：%(text)s") % {"text": label(str(payload.get("result", "")))}
    more = _said(payload, findings=_("核查情况：%(text)s"), rectify_by=_("整改期限：%(text)s"))
    return [_item(payload), result, *more]


def _of_item(**words: Any) -> Callable[[Payload], list[str]]:
    return lambda payload: [
        _item(payload),
        *_said(payload, **{name: str(text) for name, text in words.items()}),
    ]


DETAILS: Mapping[str, Callable[[Payload], list[str]]] = {
    "permits_filed": _filed,
    "items_resubmitted": _filed,
    "commitment_made": _filed,
    "item_requested": _department,
    "callback_refused": _department,
    "item_accepted": _of_item(),
    "item_corrected": _of_item(),
    "item_correction_listed": _listed,
    "item_special_started": _special,
    "item_special_ended": _of_item(outcome=gettext_lazy("结论：%(text)s")),
    "item_decided": _decided,
    "item_not_accepted": lambda payload: [_item(payload), *_refusal(payload)],
    "item_withdrawn": _of_item(reason=gettext_lazy("原因：%(text)s")),
    "permits_decided": lambda payload: (
        _said(payload, document_number=_("决定书文号：%(text)s"))
        if payload.get("document_number") != "—"
        else []
    ),
    "commitment_inspected": _inspected,
    "commitment_rectified": _of_item(what_was_done=gettext_lazy("整改情况：%(text)s")),
    "commitment_revoked": lambda payload: [_item(payload), *_refusal(payload)],
    "permit_revoked": lambda payload: [_item(payload), *_refusal(payload)],
    "restoration_reported": _of_item(completed_on=gettext_lazy("完工日期：%(text)s")),
    "restoration_checked": lambda payload: [
        _item(payload),
        _("结果：%(text)s") % {"text": label(str(payload.get("result", "")))},
        *_said(payload, findings=_("验收情况：%(text)s")),
    ],
}
