"""告知承诺书: what the authority tells, and what the applicant declares, as a document of its own.

The Chinese text binds; the English says the same. The document is canonical JSON: its digest is
what the event carries, so that the letter that was signed can be told from any other.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from tongdian.law.calendar import local_date
from tongdian.law.plan import load_plan
from tongdian.service.approval.packet import Packet
from tongdian.service.approval.process import AUTHORITIES
from tongdian.service.casework import clock
from tongdian.works.items import ITEM_NAMES
from tongdian.works.permits import Assessment

SCHEMA: Final = "tongdian/commitment-letter/1"
Text = tuple[str, str]
AUTHORITY_NAMES: Final[Mapping[str, Text]] = {
    "GY-ZHZF": ("市综合行政执法局", "the city's administration bureau"),
    "GY-GAJG": ("市公安交通管理局", "the traffic police"),
    "GY-LYJ": ("市林业局", "the forestry bureau"),
}
LIABILITY: Final[tuple[Text, ...]] = (
    (
        "民事责任：因不实承诺、违反承诺给他人造成损害的，依法承担赔偿责任；"
        "已建成的管线须自费迁移或恢复原状。",
        "Civil: whoever is harmed by a false or broken commitment is compensated; lines already"
        " laid are moved or the ground restored at the own expense.",
    ),
    (
        "行政责任：未履行承诺的，责令限期整改；逾期不改或整改后仍不符合条件的，撤销决定。"
        "作出虚假承诺的，直接撤销决定，按未取得许可处理，并记入信用信息共享平台。",
        "Administrative: what is not kept has to be put right within a term; if it is not, the"
        " decision is revoked. After a false commitment it is revoked at once, the works count as"
        " without permit, and it goes on the credit record.",
    ),
    (
        "刑事责任：伪造、变造证明文件或者造成重大事故，构成犯罪的，依法追究刑事责任。",
        "Criminal: forging documents or causing a serious accident is prosecuted where it is a"
        " crime.",
    ),
)
DUTIES: Final[tuple[Text, ...]] = (
    (
        "按承诺的路径、长度、电压等级和敷设方式施工，不新增电力井室",
        "to build on the route, in the length, at the voltage and in the way of laying stated here,"
        " without a chamber",
    ),
    (
        "不砍伐、不迁移、不损伤古树名木和大树",
        "to fell, move or harm no ancient, notable or big tree",
    ),
    (
        "按规范埋深敷设并设置永久标志，竣工后报送位置资料",
        "to lay the line at the depth of the standards, mark it for good and report its position",
    ),
    (
        "按标准恢复道路和绿化，并上传恢复前后的照片",
        "to restore road and green to the standards and hand in photographs from before and after",
    ),
)
DECLARATIONS: Final[tuple[Text, ...]] = (
    ("已知晓告知的全部内容", "I know everything that the notice says"),
    ("符合告知的条件和标准，并履行上述义务",
     "The works meet the conditions and standards, and I will keep the duties above"),
    ("愿意承担不实承诺、违反承诺的法律责任",
     "I accept the liability for a false or broken commitment"),
    ("所作承诺是真实的意思表示，所填内容真实、准确",
     "This declaration is genuine, and what I stated is true and exact"),
)  # fmt: skip


def letter_of(packet: Packet) -> dict[str, Any]:
    """The letter for the items of a packet as it would be signed today."""
    opening = packet.case.events.get(seq=1)
    return build(
        packet.found.assessment,
        packet.items,
        number=packet.case.number,
        applicant=str((opening.personal or {}).get("name", "")),
        on=local_date(clock.now()),
    )


def build(
    assessment: Assessment, items: Iterable[str], *, number: str, applicant: str, on: date
) -> dict[str, Any]:
    """The letter as JSON-able content; measured numbers are text."""
    codes = list(items)
    months = int(str(load_plan(assessment.plan_id).value("commitment.check_months", on).value))
    return {
        "schema": SCHEMA,
        "case": number,
        "plan": assessment.plan_id,
        "made_on": on.isoformat(),
        "applicant": applicant,
        "items": codes,
        "route": assessment.route_digest,
        "length_m": str(assessment.length_m),
        "voltage_kv": str(assessment.voltage_kv),
        "conditions": [c.to_json() for c in assessment.conditions if c.id != "credit"],
        "notice": [_section(*part) for part in _notice(assessment, codes, months)],
        "duties": [_pair(duty) for duty in DUTIES],
        "declarations": [_pair(declaration) for declaration in DECLARATIONS],
    }


def _pair(text: Text) -> dict[str, str]:
    return {"zh": text[0], "en": text[1]}


def _section(zh: str, en: str, lines: Iterable[Text]) -> dict[str, Any]:
    return {"zh": zh, "en": en, "lines": [_pair(line) for line in lines]}


def _notice(
    assessment: Assessment, codes: list[str], months: int
) -> list[tuple[str, str, list[Text]]]:
    """What the law wants to be told before anybody commits (国办发〔2020〕42号)."""
    return [
        ("事项名称和审批部门", "Items and authorities", [_item(code) for code in codes]),
        ("法律依据", "Legal basis", _bases(assessment, codes)),
        ("条件和标准", "Conditions and standards", [_condition(c) for c in assessment.conditions]),
        ("承诺方式", "How to commit", [(
            "书面承诺，在线提交。提交后当场作出决定；信用平台暂时查询不到的，查询到后立即决定。"
            "决定作出前可以撤回承诺，改走一般程序。",
            "In writing, online. The decision is made at once, or as soon as the credit platform"
            " answers. Until then the commitment may be withdrawn for the ordinary procedure.",
        )]),
        ("不实承诺、违反承诺的法律责任", "Liability", list(LIABILITY)),
        ("行政机关的核查权力", "The right to verify", [(
            f"决定作出后 {months} 个月内，审批部门按双随机抽查或者全覆盖核查的方式现场核查，"
            "申请人和施工单位应当配合。",
            f"Within {months} months of the decision the authority inspects the site, by lot or"
            " every one; applicant and contractor have to cooperate.",
        )]),
        ("承诺书是否公开", "Publication", [(
            "承诺书向社会公开，公开范围为事项名称、办件编号、路径长度、电压等级、承诺和核查结果，"
            "不含个人信息；公开期限为决定作出之日起至核查完毕后一年。",
            "The letter is public: item, case number, length, voltage, commitment and result of the"
            " inspection, without personal data, from the decision until one year after the"
            " inspection.",
        )]),
    ]  # fmt: skip


def _item(code: str) -> Text:
    authority = AUTHORITY_NAMES[AUTHORITIES[code]]
    zh, en = ITEM_NAMES[code]
    return f"{zh}（{authority[0]}）", f"{en} ({authority[1]})"


def _bases(assessment: Assessment, codes: list[str]) -> list[Text]:
    clauses: list[str] = ["国办发〔2020〕42号", "方案 二(一)2"]
    for code in codes:
        item = assessment.item(code)
        for reason in item.reasons if item else ():
            if reason.clause not in clauses:
                clauses.append(reason.clause)
    return [(clause, clause) for clause in clauses]


def _condition(condition: Any) -> Text:
    words = {
        "voltage": ("不超过 {} 千伏", "at most {} kV"),
        "length": ("不超过 {} 米", "at most {} m"),
    }
    if condition.id in words:
        zh, en = words[condition.id]
        limit = condition.limit.removeprefix("≤ ")
        return f"{condition.zh}{zh.format(limit)}", f"{condition.en} {en.format(limit)}"
    if condition.id == "credit":
        return (
            "申请人没有较严重的不良信用记录，未曾作出虚假承诺，或者信用已经修复",
            "the applicant has no serious bad credit record and made no false commitment, or the"
            " credit was repaired",
        )
    return condition.zh, condition.en
