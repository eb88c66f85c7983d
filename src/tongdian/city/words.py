"""Phrases that staff and applicants of the synthetic city write. All in Chinese, as on the desk."""

from random import Random
from typing import Any, Final, NamedTuple


class Deficiency(NamedTuple):
    """A thing that is missing: the form's field, the problem and the remedy."""

    field: str
    problem: str
    remedy: str


PREMISES: Final = Deficiency(
    "premises", "权属证明照片不清晰，看不清坐落", "请重新拍照上传，四角完整、文字清晰"
)
RESIDENT_DEFICIENCIES: Final = (
    PREMISES,
    Deficiency("real_estate_unit", "不动产单元号与地址不符", "请核对不动产权证书上的28位单元号"),
    Deficiency("phone", "联系电话无法接通", "请提供可以联系到您的电话"),
)
COMPANY_DEFICIENCIES: Final = (
    PREMISES,
    Deficiency("licence", "营业执照为复印件且缺页", "请上传营业执照原件照片或电子证照"),
    Deficiency("agent_identity", "经办人与授权书不一致", "请上传经办人身份证明，或更换经办人"),
    Deficiency("load_kw", "报装容量与用电设备清单合计不符", "请核对设备清单后更正容量"),
)
HIGH_VOLTAGE_DEFICIENCIES: Final = (
    *COMPANY_DEFICIENCIES,
    Deficiency("equipment", "用电设备清单未注明冲击负荷", "请补充设备参数和启动方式"),
    Deficiency("project_approval", "项目备案编号查询不到", "请核对投资项目统一代码"),
)
ANSWER: Final = "已按要求补充"

REFUSALS: Final = (
    {
        "reason_code": "not_supply_area",
        "clause": "电力法 第二十五条",
        "remedy": "该地址由其他供电企业供电，请向其申请；不服可拨打12398投诉",
    },
    {
        "reason_code": "already_connected",
        "clause": "供电营业规则（2024）",
        "remedy": "该地址已有用电户号，可办理增容或过户；不服可拨打12398投诉",
    },
)
RECLASSIFICATION: Final = {
    "from": "zero_lv",
    "to": "zero_lv_external",
    "reason": "现场勘查发现现有低压线路余量不足，须新立电杆并架设线路",
    "clause": "方案 一-1",
}
TEAMS: Final = {"fieldworker": "低压业扩班", "engineer": "高压业扩班"}
PAUSE_EVIDENCE: Final = {
    "force_majeure": "贵阳市气象台道路结冰橙色预警，抢修调度令已存档",
    "site_not_ready": "现场照片3张，申请人已签字确认",
    "applicant_request": "申请人书面要求暂缓，已上传",
    "expert_review": "专家评审通知书（示例）",
    "testing": "检测委托书（示例）",
    "hearing": "听证通知书（示例）",
}
DISPUTES: Final = {
    "route": "方案线路绕行过长，希望就近接入",
    "cost": "受电工程费用偏高，希望调整接入点",
    "capacity": "希望减少首期容量，分期投运",
    "timing": "停电接火时间与生产安排冲突",
}
DEFECTS: Final = {
    "EARTHING": "重做接地并复测，接地电阻不大于4欧",
    "LABELLING": "补齐开关柜双重编号和警示标识",
    "PROTECTION": "按定值单重新整定保护并提交试验记录",
    "FIRE-SEALING": "电缆孔洞用防火材料封堵",
}
WITHDRAWALS: Final = ("plans_changed", "applied_twice", "cost", "too_slow", "other")
WITHDRAWAL_WEIGHTS: Final = (50, 15, 15, 8, 12)
COMMENTS: Final = {
    5: ("办得快，态度好", "全程手机办理，很方便", "师傅讲解很耐心"),
    4: ("整体不错", "希望再快一点"),
    3: ("一般，电话难打通",),
    2: ("等的时间比承诺的长",),
    1: ("拖了好多天没人联系", "两次上门都没通知"),
}
BOUNDARIES: Final = {
    "high": "用户围墙外第一断路器负荷侧",
    "low": "接户线用户侧最后支持物",
}
TRANSFORMERS_KVA: Final = (
    200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000,
    10000, 12500, 16000, 20000, 25000, 31500, 40000, 50000, 63000, 80000,
)  # fmt: skip


def deficiencies(source: Random, track: str) -> list[dict[str, Any]]:
    """One to three things that are missing, each once."""
    known: tuple[Deficiency, ...]
    if track == "resident":
        known = RESIDENT_DEFICIENCIES
    elif track.startswith("high_voltage"):
        known = HIGH_VOLTAGE_DEFICIENCIES
    else:
        known = COMPANY_DEFICIENCIES
    count = source.choices((1, 2, 3), (70, 22, 8))[0]
    return [item._asdict() for item in source.sample(known, count)]


def transformer_kva(load_kw: float) -> int:
    """The smallest standard transformer for a load at a power factor of 0.95."""
    return next((kva for kva in TRANSFORMERS_KVA if kva * 0.95 >= load_kw), TRANSFORMERS_KVA[-1])


PERMIT_MARKS: Final = {
    "municipal": "筑市政",
    "green": "筑绿化",
    "traffic": "筑公交",
    "forest": "筑林",
}
PERMIT_CHANGES: Final = "已按意见调整路线和施工组织方案（示例）"
SPECIAL_OUTCOME: Final = "特别程序已结束，意见已归入案卷（示例）"
PERMIT_LACKS: Final = {
    "municipal": {
        "field": "restoration_plan", "problem": "缺少路面修复做法",
        "remedy": "补充结构层和修复范围",
    },
    "green": {
        "field": "tree_list", "problem": "树木清单缺胸径", "remedy": "逐株填写树种、胸径和数量",
    },
    "traffic": {
        "field": "traffic_plan", "problem": "缺少夜间警示设置", "remedy": "补充警示灯和标志的位置",
    },
    "forest": {
        "field": "felling_area", "problem": "采伐面积与图纸不一致",
        "remedy": "按图纸核对面积后重填",
    },
}  # fmt: skip
PERMIT_REFUSALS: Final = {
    "municipal": {
        "reason": "该路段竣工未满五年", "clause": "城市道路管理条例 第三十三条",
        "remedy": "改用非开挖方式或改线后重新申报；不服的，可在六十日内申请行政复议",
    },
    "green": {
        "reason": "占用绿地期限与工期不符", "clause": "城市绿化条例 第十九条",
        "remedy": "按实际工期修改后重新申报；不服的，可在六十日内申请行政复议",
    },
    "traffic": {
        "reason": "高峰时段占用机动车道", "clause": "道路交通安全法 第三十二条",
        "remedy": "改为夜间施工后重新申报；不服的，可在六十日内申请行政复议",
    },
    "forest": {
        "reason": "未附林木权属材料", "clause": "森林法 第五十七条",
        "remedy": "补充权属材料后重新申报；不服的，可在六十日内申请行政复议",
    },
}  # fmt: skip
