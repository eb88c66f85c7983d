"""Names of roles."""

from django.utils.translation import gettext_lazy as _

ROLE_NAMES = {
    "applicant": _("申请人"),
    "clerk": _("窗口人员"),
    "engineer": _("方案工程师"),
    "fieldworker": _("现场人员"),
    "lead": _("班组长"),
    "officer": _("部门经办人"),
    "supervisor": _("监督人员"),
    "auditor": _("审计人员"),
    "administrator": _("系统管理员"),
    "system": _("系统"),
    "integrator": _("接入平台"),
}
