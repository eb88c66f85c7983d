"""What the law asks of a route: permit items, moratoria, the bridge rule, the commitment route.

A statement of what the plan and the laws say about one drawing on one day. It holds no personal
data and is kept on the case as it was when the case was decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tongdian.law.plan import Plan
from tongdian.works.commitment import OUTCOMES, Condition, conditions, outcome
from tongdian.works.geometry import OVERHEAD, Route
from tongdian.works.items import (
    CROSS_BRIDGE,
    ITEM_NAMES,
    OPENS_GROUND,
    SUB_ITEM_NAMES,
    Item,
    items_of,
)
from tongdian.works.kinds import FOREST, ROAD
from tongdian.works.moratoria import NO_CITY_ROAD, Moratorium, moratoria
from tongdian.works.refusals import WorksError
from tongdian.works.touching import Touched

MOST_KV = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Caution:
    """Something true that no item says: text and clause."""

    zh: str
    en: str
    clause: str

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        return {"zh": self.zh, "en": self.en, "clause": self.clause}


@dataclass(frozen=True, slots=True)
class BridgeReview:
    """A line on a bridge that goes to manual legal review: `from_kv` and above."""

    from_kv: int
    clause: str
    zh: str
    en: str

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        return {"from_kv": self.from_kv, "clause": self.clause, "zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a route needs on a day. `commitment` is yes, no, waiting or not_needed."""

    plan_id: str
    on: date
    route_digest: str
    length_m: Decimal
    voltage_kv: Decimal
    items: tuple[Item, ...]
    moratoria: tuple[Moratorium, ...]
    bridge_review: BridgeReview | None
    commitment: str
    conditions: tuple[Condition, ...]
    cautions: tuple[Caution, ...]

    @property
    def item_codes(self) -> tuple[str, ...]:
        """Codes of the items, such as ("municipal", "traffic")."""
        return tuple(item.code for item in self.items)

    def item(self, code: str) -> Item | None:
        """One of the items, None when it is not needed."""
        return next((item for item in self.items if item.code == code), None)

    def to_json(self) -> dict[str, Any]:
        """JSON-able: numbers that were measured as text, days as ISO 8601. No personal data."""
        zh, en = OUTCOMES[self.commitment]
        return {
            "plan": self.plan_id,
            "on": self.on.isoformat(),
            "route_digest": self.route_digest,
            "length_m": str(self.length_m),
            "voltage_kv": str(self.voltage_kv),
            "items": [item.to_json() for item in self.items],
            "moratoria": [ban.to_json() for ban in self.moratoria],
            "bridge_review": self.bridge_review.to_json() if self.bridge_review else None,
            "commitment": self.commitment,
            "commitment_zh": zh,
            "commitment_en": en,
            "conditions": [condition.to_json() for condition in self.conditions],
            "cautions": [caution.to_json() for caution in self.cautions],
        }


def assess(
    route: Route,
    touched: Touched,
    voltage_kv: Decimal | int | float | str,
    plan: Plan,
    on: date,
    credit: bool | None,
) -> Assessment:
    """What a route needs by the plan and the laws in force on a day.

    `touched` is that of the same route; `credit` is None while it is not known. Raises WorksError
    for a voltage that is none, ValueError for the touches of another route.
    """
    if touched.digest != route.digest:
        raise ValueError("the touches are those of another route")
    voltage = _voltage(voltage_kv)
    items = items_of(route, touched.touches)
    bans = moratoria(touched.touches, plan, on)
    review = _bridge_review(items, voltage, plan, on)
    trace = conditions(route, touched, voltage, plan, on, credit, bans, review is not None)
    return Assessment(
        plan.id, on, route.digest, route.measured_m, voltage, items, bans, review,
        outcome(trace, needed=bool(items)), trace, tuple(_cautions(route, touched)),
    )  # fmt: skip


def _voltage(given: Decimal | int | float | str) -> Decimal:
    try:
        voltage = Decimal(str(given))
        if not 0 < voltage <= MOST_KV:
            raise InvalidOperation
    except InvalidOperation:
        raise WorksError(
            "not_a_voltage",
            "voltage_kv",
            (f"电压“{given}”不是千伏数", f"{given!r} is no voltage in kV"),
            ("请填写电压等级，例如 0.38、10、20。", "Give the voltage, such as 0.38, 10 or 20."),
        ) from None
    return voltage


def _bridge_review(
    items: tuple[Item, ...], voltage: Decimal, plan: Plan, on: date
) -> BridgeReview | None:
    rule = plan.value("bridge.review_from_kv", on)
    on_bridge = any(CROSS_BRIDGE in item.sub_items for item in items)
    if not on_bridge or voltage < Decimal(str(rule.value)):
        return None
    return BridgeReview(
        int(str(rule.value)),
        rule.clause,
        f"{voltage} 千伏电力线上桥：条例禁止 {rule.value} 千伏以上，转人工法律审查",
        f"a line of {voltage} kV on a bridge: forbidden from {rule.value} kV, so it goes to manual"
        " legal review",
    )


def _cautions(route: Route, touched: Touched) -> Iterator[Caution]:
    if any(t.kind == FOREST and t.laying in OPENS_GROUND for t in touched.touches):
        yield Caution(
            "占用林地另需林业主管部门审核（长期占用或临时占用），不在外线工程四项审批之内",
            "occupying forest land needs a decision of its own, outside the four items",
            "森林法 第三十七条",
        )
    if any(t.kind == ROAD and t.grade in NO_CITY_ROAD for t in touched.touches):
        yield Caution(
            "村道不是城市道路：挖掘、占用另须征得道路主管部门同意",
            "a village road is no city road: ask whoever maintains it before digging",
            "道路交通安全法 第三十二条",
        )
    if any(part.laying == OVERHEAD for part in route.parts):
        yield Caution(
            "架空线的杆位会开挖地面：请把杆位核对到禁挖道路和绿地之外",
            "poles of an overhead line open the ground: keep them off young roads and green land",
            "城市道路管理条例 第三十三条",
        )


__all__ = [
    "ITEM_NAMES",
    "SUB_ITEM_NAMES",
    "Assessment",
    "BridgeReview",
    "Caution",
    "Condition",
    "Item",
    "Moratorium",
    "assess",
]
