"""Roads that may not be dug yet: five years after delivery, three after an overhaul (33)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from tongdian.law.plan import Plan, Value
from tongdian.works.geometry import TRENCH
from tongdian.works.kinds import ROAD
from tongdian.works.touching import CHAMBER, Touch

DIGGING: Final = frozenset({TRENCH, CHAMBER})
# Roads in villages are no city roads; other law governs them.
NO_CITY_ROAD: Final = frozenset({"village"})
WORDS: Final = {
    "new": ("新建交付", "new"),
    "expanded": ("扩建交付", "expanded"),
    "rebuilt": ("改建交付", "rebuilt"),
    "overhaul": ("大修竣工", "overhauled"),
}
REMEDY_ZH: Final = "可报县级以上城市人民政府批准例外，或改线，或改用非开挖敷设，或待期满后开挖。"
REMEDY_EN: Final = (
    "Ask the city government for an exception, take another way, lay it without digging, or wait"
    " until the period has ended."
)


@dataclass(frozen=True, slots=True)
class Moratorium:
    """A road that the works would dig before they may. `until` is the last day of the ban; `ground`
    is new or overhaul, `how` a key of WORDS; `dug_m` is the trench's length on the road."""

    object_id: str
    zh: str
    en: str
    ground: str
    how: str
    since: date
    years: int
    until: date
    clause: str
    dug_m: Decimal

    @property
    def rule(self) -> tuple[str, str]:
        """What is forbidden and why, in Chinese and English."""
        done_zh, done_en = WORDS[self.how]
        since, until = self.since.isoformat(), self.until.isoformat()
        return (
            f"{self.zh}于 {since} {done_zh}，{self.years} 年内不得挖掘，至 {until} 止",
            f"{self.en}, {done_en} on {since}, may not be dug for {self.years} years, that is until"
            f" {until}",
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        zh, en = self.rule
        return {
            "object_id": self.object_id, "zh": self.zh, "en": self.en, "ground": self.ground,
            "how": self.how, "since": self.since.isoformat(), "years": self.years,
            "until": self.until.isoformat(),
            "clause": self.clause, "dug_m": str(self.dug_m), "rule_zh": zh, "rule_en": en,
            "remedy_zh": REMEDY_ZH, "remedy_en": REMEDY_EN,
        }  # fmt: skip


def moratoria(touches: Iterable[Touch], plan: Plan, on: date) -> tuple[Moratorium, ...]:
    """Every ban in force on a day on a road that is dug, each once."""
    new = plan.value("moratorium.new_years", on)
    overhaul = plan.value("moratorium.overhaul_years", on)
    dug: dict[str, list[Touch]] = {}
    for touch in touches:
        if touch.kind == ROAD and touch.laying in DIGGING and touch.grade not in NO_CITY_ROAD:
            dug.setdefault(touch.id, []).append(touch)
    found = []
    for mine in dug.values():
        metres = Decimal(sum(touch.length_m for touch in mine)).quantize(Decimal("0.1"))
        for since, ground, rule in (
            (mine[0].built_on, "new", new),
            (mine[0].overhauled_on, "overhaul", overhaul),
        ):
            if since is not None and since <= on <= last_day(since, rule):
                found.append(_moratorium(mine[0], ground, since, rule, metres))
    return tuple(found)


def last_day(since: date, rule: Value) -> date:
    """The last day of so many years: the same day of the year, or the month's last (民法典 202)."""
    year = since.year + int(str(rule.value))
    try:
        return since.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _moratorium(touch: Touch, ground: str, since: date, rule: Value, metres: Decimal) -> Moratorium:
    how = "overhaul" if ground == "overhaul" else touch.built_as or "new"
    return Moratorium(
        touch.id, touch.zh, touch.en, ground, how, since, int(str(rule.value)),
        last_day(since, rule), rule.clause, metres,
    )  # fmt: skip
