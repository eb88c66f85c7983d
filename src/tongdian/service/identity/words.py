"""Names of roles and audit kinds for people."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

ROLE_NAMES = {
    "applicant": gettext_noop("申请人"),
    "clerk": gettext_noop("受理员"),
    "engineer": gettext_noop("方案工程师"),
    "fieldworker": gettext_noop("现场人员"),
    "lead": gettext_noop("班组负责人"),
    "officer": gettext_noop("审批部门经办人"),
    "supervisor": gettext_noop("督办人员"),
    "auditor": gettext_noop("审计员"),
    "administrator": gettext_noop("系统管理员"),
    "system": gettext_noop("系统"),
    "integrator": gettext_noop("接入系统"),
}

AUDIT_NAMES = {
    "user_created": gettext_noop("建立用户"),
    "signed_up": gettext_noop("注册"),
    "signed_in": gettext_noop("登录"),
    "signed_out": gettext_noop("退出"),
    "sign_in_failed": gettext_noop("登录失败"),
    "sign_in_locked": gettext_noop("登录被暂时锁定"),
    "session_ended": gettext_noop("会话被结束"),
    "role_granted": gettext_noop("授予角色"),
    "role_revoked": gettext_noop("撤销角色"),
    "user_locked": gettext_noop("停用用户"),
    "user_unlocked": gettext_noop("恢复用户"),
    "password_changed": gettext_noop("修改密码"),
    "password_reset": gettext_noop("重设密码"),
    "second_factor_activated": gettext_noop("启用二次验证"),
    "second_factor_reset": gettext_noop("清除二次验证"),
    "access_rotated": gettext_noop("更换查询码"),
    "access_revoked": gettext_noop("作废查询码"),
    "access_locked": gettext_noop("查询被暂时锁定"),
    "delegated": gettext_noop("委托"),
    "delegation_revoked": gettext_noop("撤销委托"),
    "api_client_created": gettext_noop("建立接入系统"),
    "api_key_rotated": gettext_noop("更换接入密钥"),
    "api_client_switched": gettext_noop("启用或停用接入系统"),
}


def role_name(role: str) -> str:
    """The role in the language of the request."""
    return _(ROLE_NAMES[role]) if role in ROLE_NAMES else role


def audit_name(kind: str) -> str:
    """What an audit entry says happened, in the language of the request."""
    return _(AUDIT_NAMES[kind]) if kind in AUDIT_NAMES else kind
