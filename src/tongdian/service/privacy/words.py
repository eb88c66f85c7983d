"""What the read log says, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

PURPOSES = {
    "handling": gettext_noop("办理用电报装"),
    "registry": gettext_noop("按您的授权取得证照信息"),
    "oversight": gettext_noop("督办、审计"),
    "integration": gettext_noop("由代为提交的系统读取"),
    "own": gettext_noop("当事人自己查看"),
    "erasure": gettext_noop("办理删除申请"),
}
WHAT = {
    "application": gettext_noop("申请内容"),
    "evidence": gettext_noop("上传的材料"),
    "permit": gettext_noop("施工许可"),
    "receipt": gettext_noop("回执中的个人信息"),
    "export": gettext_noop("全部记录"),
    "my_data": gettext_noop("我的信息"),
    "registry": gettext_noop("政府部门的证照信息"),
    "registry:identity": gettext_noop("身份信息"),
    "registry:business": gettext_noop("营业执照信息"),
    "registry:real_estate": gettext_noop("不动产信息"),
    "registry:land_planning": gettext_noop("用地规划信息"),
    "registry:projects": gettext_noop("项目信息"),
}
IDENTIFIERS = {
    "resident_id": gettext_noop("居民身份证"),
    "uscc": gettext_noop("统一社会信用代码"),
}
PARTIES = {
    "applicant": gettext_noop("申请人"),
    "agent": gettext_noop("代理人"),
    "contractor": gettext_noop("施工单位"),
    "owner": gettext_noop("业主"),
}
EVENTS = {
    "application_filed": gettext_noop("代为提交的申请"),
    "application_submitted": gettext_noop("用电申请"),
    "deficiency_answered": gettext_noop("补正材料"),
    "survey_completed": gettext_noop("现场勘查"),
    "scheme_disputed": gettext_noop("对供电方案的异议"),
    "step_rated": gettext_noop("评价"),
    "evidence_added": gettext_noop("上传材料"),
    "item_corrected": gettext_noop("许可事项补正"),
}


def purpose_name(code: str) -> str:
    return _(PURPOSES[code]) if code in PURPOSES else code


def what_name(code: str) -> str:
    """What was read; of a code that is not known, its first part."""
    known = WHAT.get(code) or WHAT.get(code.partition(":")[0])
    return _(known) if known else code


def identifier_kind(code: str) -> str:
    return _(IDENTIFIERS[code]) if code in IDENTIFIERS else code


def party_name(code: str) -> str:
    return _(PARTIES[code]) if code in PARTIES else code


def event_name(kind: str) -> str:
    return _(EVENTS[kind]) if kind in EVENTS else kind
