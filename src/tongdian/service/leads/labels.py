"""Words for what is said of a lead, for pages and forms."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

LABELS = {
    "permit": _("施工许可证"),
    "project_code": _("项目代码"),
    "engineering_code": _("工程代码"),
    "district": _("行政区划"),
    "use": _("用途"),
    "area_m2": _("建筑面积（平方米）"),
    "w_per_m2": _("负荷密度（瓦/平方米）"),
    "expected_kw": _("预计负荷（kW）"),
    "starts_on": _("计划开工"),
    "expected_on": _("计划竣工"),
    "issued_by": _("发证机关"),
    "issued_on": _("发证日期"),
    "source_point": _("拟接入电源点"),
    "voltage": _("拟供电电压"),
    "available_kw": _("可用容量（kW）"),
    "prepared": _("已完成的准备"),
    "connection": _("办电案件"),
    "ground": _("关联依据"),
    "distance_m": _("相距（米）"),
    "reason": _("原因"),
    "note": _("备注"),
    "assignee": _("派给"),
    "limits": _("超过的时限"),
    "due_before": _("原到期日"),
    "due_after": _("新到期日"),
    "calendar": _("放假安排版本"),
    "instant": _("更正为"),
    "seq": _("更正哪个事件"),
    "evidence": _("证据"),
}
# What is for programs: shown nowhere.
HIDDEN = frozenset({"plan", "track", "content", "valid", "told_at"})
CHOICES: Mapping[str, Any] = {
    "permit": _("施工许可证编号和单位一致"),
    "unit": _("不动产单元一致"),
    "project": _("单位和项目代码一致"),
    "address": _("单位和地址一致"),
    "place": _("单位一致，地点相近"),
    "builder": _("单位一致，地点未核实"),
    "same_project": _("项目代码一致，单位不同"),
    "same_address": _("地址一致，单位不同"),
    "nearby": _("地点相近，单位不同"),
    "by_hand": _("人工确认"),
    "site_visited": _("现场踏勘"),
    "source_checked": _("核对电源点"),
    "capacity_reserved": _("预留容量"),
    "duct_checked": _("核对通道管沟"),
    "scheme_drafted": _("拟定初步方案"),
    "other_project": _("属于另一个项目"),
    "other_place": _("不在同一地点"),
    "wrong_number": _("案件编号填错"),
    "project_stopped": _("项目停建"),
    "no_new_load": _("没有新增用电"),
    "duplicate": _("与另一条重复"),
    "outside_area": _("不在供电营业区内"),
    "preparation": _("接入准备时限"),
}
STATES = {
    "open": _("全部在办"),
    "todo": _("待准备"),
    "late": _("准备超期"),
    "suggested": _("待确认关联"),
    "prepared": _("已备好，等申请"),
    "ended": _("已结束"),
}
CLOCK_OF_STAGE = {
    "announced": _("准备计时中"),
    "preparing": _("准备计时中"),
    "prepared": _("等建设单位申请，不计时"),
}
