"""Whether notice and commitment (告知承诺) stand in for review: every condition, with its value.

A length is compared as it is measured and shown, in decimetres rounded half up: 300.04 m is 300.0 m
and within 300 m, 300.05 m is 300.1 m and beyond. A voltage is compared as it is given.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tongdian.law.plan import Plan, Value
from tongdian.works.geometry import Route
from tongdian.works.items import PROTECTED
from tongdian.works.kinds import TREE
from tongdian.works.moratoria import Moratorium
from tongdian.works.touching import Touched

YES, NO, WAITING, NOT_NEEDED = "yes", "no", "waiting", "not_needed"
OUTCOMES: Final = {
    YES: ("适用告知承诺", "decided on the spot by commitment"),
    NO: ("不适用告知承诺，按并联审批办理", "parallel approval; commitment does not apply"),
    WAITING: ("待信用核验后确定，不能当场决定", "waits for the credit check"),
    NOT_NEEDED: ("不需要办理审批", "no permit is needed"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what it asks, the value found, the limit, whether met (None: unknown)."""

    id: str
    zh: str
    en: str
    value: str
    limit: str
    unit: str
    clause: str
    passed: bool | None
    note_zh: str = ""
    note_en: str = ""

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "id": self.id, "zh": self.zh, "en": self.en, "value": self.value, "limit": self.limit,
            "unit": self.unit, "clause": self.clause, "passed": self.passed,
            "note_zh": self.note_zh, "note_en": self.note_en,
        }  # fmt: skip


def conditions(
    route: Route,
    touched: Touched,
    voltage_kv: Decimal,
    plan: Plan,
    on: date,
    credit: bool | None,
    bans: tuple[Moratorium, ...],
    bridge_review: bool,
) -> tuple[Condition, ...]:
    """Every condition of the commitment route, met or not; none is left out."""

    def rule(key: str) -> Value:
        return plan.value(key, on)

    trees = [touch for touch in touched.of(TREE) if touch.grade in PROTECTED]
    trees_zh = "、".join(sorted({f"{touch.zh} {touch.id}" for touch in trees}))
    trees_en = ", ".join(sorted({f"{touch.en} {touch.id}" for touch in trees}))
    return (
        _at_most("voltage", "电压等级", "voltage", voltage_kv, rule("commitment.voltage_kv")),
        _at_most("length", "管线长度", "length", route.measured_m, rule("commitment.length_m")),
        _none_of(
            "chamber", "不包括电力井室", "no chamber", route.with_chamber,
            rule("commitment.no_chamber"),
        ),
        _none_of(
            "protected_tree", "不涉及古树名木、大树", "no ancient, notable or big tree",
            bool(trees), rule("commitment.no_ancient_tree"), trees_zh, trees_en,
        ),
        _credit(credit, rule("commitment.good_credit")),
        _no_ban(bans, rule("moratorium.new_years")),
        _no_review(bridge_review, rule("bridge.review_from_kv")),
    )  # fmt: skip


def outcome(trace: tuple[Condition, ...], *, needed: bool) -> str:
    """yes, no, waiting or not_needed. One condition that fails decides; one unknown only waits."""
    if not needed:
        return NOT_NEEDED
    answers = {condition.passed for condition in trace}
    if False in answers:
        return NO
    return WAITING if None in answers else YES


def _at_most(key: str, zh: str, en: str, value: Decimal, rule: Value) -> Condition:
    limit = Decimal(str(rule.value))
    return Condition(key, zh, en, str(value), f"≤ {limit}", rule.unit, rule.clause, value <= limit)


def _none_of(
    key: str, zh: str, en: str, present: bool, rule: Value, note_zh: str = "", note_en: str = ""
) -> Condition:
    asked = rule.value is True
    limit = "no" if asked else "any"
    return Condition(
        key, zh, en, "yes" if present else "no", limit, "boolean", rule.clause,
        not (present and asked), note_zh, note_en,
    )  # fmt: skip


def _credit(credit: bool | None, rule: Value) -> Condition:
    asked = rule.value is True
    value = "unknown" if credit is None else "good" if credit else "bad"
    note = ("", "")
    if credit is None:
        note = (
            "信用平台尚未答复，不能当场决定，待核验后继续",
            "the credit platform has not answered: not decided on the spot, it waits",
        )
    passed = credit if asked else True
    return Condition(
        "credit", "申请人信用", "the applicant's credit", value, "good" if asked else "any",
        "boolean", rule.clause, passed, *note,
    )  # fmt: skip


def _no_ban(bans: tuple[Moratorium, ...], rule: Value) -> Condition:
    note = ("", "")
    if bans:
        note = (
            "禁挖期内的例外由城市人民政府批准，部门无权当场承诺："
            + "；".join(ban.rule[0] for ban in bans),
            "only the city government may grant an exception, so no office can decide on the spot: "
            + "; ".join(ban.rule[1] for ban in bans),
        )
    return Condition(
        "moratorium", "不挖掘禁挖期内的道路", "no road dug within its moratorium",
        str(len(bans)), "0", "roads", rule.clause, not bans, *note,
    )  # fmt: skip


def _no_review(bridge_review: bool, rule: Value) -> Condition:
    note = ("", "")
    if bridge_review:
        note = (
            f"条例禁止在桥梁上架设 {rule.value} 千伏以上电力线，方案又列有桥梁架设管线一项，"
            "须先人工法律审查，不能当场承诺",
            f"the regulations forbid lines of {rule.value} kV and above on bridges while the plan"
            " names lines on bridges as an item: a lawyer looks first, nothing is decided on the"
            " spot",
        )
    return Condition(
        "bridge_review", "无须桥梁法律审查", "no legal review for a bridge",
        "yes" if bridge_review else "no", "no", "boolean", rule.clause, not bridge_review, *note,
    )  # fmt: skip
