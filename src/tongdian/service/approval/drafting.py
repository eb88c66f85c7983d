"""Draft words for a department: put together from the facts of the case and the clauses that its
item stands on. Nothing is invented and nothing is decided; the officer mends it and signs it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

# What each item is granted under, and what always goes with it.
GROUNDS: Final[Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]]] = {
    "municipal": (
        "城市道路管理条例 第三十三条",
        ("按批准的位置、面积、期限施工，现场公示许可",
         "竣工后及时清理现场，按标准恢复路面并通知验收"),
        ("work within the place, area and dates approved, with the permit on show",
         "clear the site and restore the surface to standard, then ask for the check"),
    ),
    "green": (
        "城市绿化条例 第二十条",
        ("不得损坏许可范围以外的树木", "按补植方案恢复绿化，保证成活"),
        ("damage no tree beyond the permit", "replant as planned and see that it lives"),
    ),
    "traffic": (
        "道路交通安全法 第三十二条",
        ("按批准的时间和车道施工，设置警示标志和防护", "完工后清除障碍，经验收合格后恢复通行"),
        ("keep to the times and lanes approved, with signs and guards",
         "clear the way, and reopen it once it is checked"),
    ),
    "forest": (
        "森林法 第五十六条",
        ("按许可的地点、树种、株数采伐", "按期完成更新造林"),
        ("fell only where, what and how many the permit says", "replant in time"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """Words for a grant, and the clause for either result."""

    conditions: str
    clause: str


def draft(item: str, facts: Mapping[str, Any], touched: Sequence[str], english: bool) -> Draft:
    """A draft for an item. `facts` may hold length_m, voltage_kv, starts_on, ends_on, method;
    `touched` names what the route touches, as the route's check found it."""
    clause, asked_zh, asked_en = GROUNDS[item]
    if english:
        return Draft(_en(facts, touched, asked_en), clause)
    return Draft(_zh(facts, touched, asked_zh), clause)


def _zh(facts: Mapping[str, Any], touched: Sequence[str], asked: Iterable[str]) -> str:
    told = [f"外线长 {facts['length_m']} 米"] if facts.get("length_m") else []
    told += [f"电压 {facts['voltage_kv']} 千伏"] if facts.get("voltage_kv") else []
    told += [f"涉及{'、'.join(touched)}"] if touched else []
    if facts.get("starts_on") and facts.get("ends_on"):
        told.append(f"工期 {facts['starts_on']} 至 {facts['ends_on']}")
    opening = "经审查，" + "，".join(told) + "。" if told else ""
    return opening + "请遵守：" + "；".join(asked) + "。"


def _en(facts: Mapping[str, Any], touched: Sequence[str], asked: Iterable[str]) -> str:
    told = [f"{facts['length_m']} m"] if facts.get("length_m") else []
    told += [f"{facts['voltage_kv']} kV"] if facts.get("voltage_kv") else []
    told += [f"touching {', '.join(touched)}"] if touched else []
    if facts.get("starts_on") and facts.get("ends_on"):
        told.append(f"from {facts['starts_on']} to {facts['ends_on']}")
    opening = "Reviewed: " + ", ".join(told) + ". " if told else ""
    return opening + "Conditions: " + "; ".join(asked) + "."
