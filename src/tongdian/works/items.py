"""Which permit items a route needs, each with its reasons: a table of laying by object."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tongdian.works.geometry import (
    EXISTING_DUCT,
    LAYING_NAMES,
    ON_BRIDGE,
    OVERHEAD,
    PULLED,
    TRENCH,
    Route,
)
from tongdian.works.kinds import BRIDGE, FOREST, GREEN, ROAD
from tongdian.works.moratoria import NO_CITY_ROAD
from tongdian.works.touching import CHAMBER, Touch

MUNICIPAL, GREENERY, TRAFFIC, FELLING = "municipal", "green", "traffic", "forest"
ITEM_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    MUNICIPAL: ("市政设施建设类审批", "works on municipal facilities"),
    GREENERY: ("工程建设涉及城市绿地、树木审批", "works that touch green land and trees"),
    TRAFFIC: ("非交通占用道路审查", "occupying a road for other than traffic"),
    FELLING: ("林木采伐许可", "permit to fell forest trees"),
}
OCCUPY, DIG, ATTACH, CROSS_BRIDGE = "occupy", "dig", "attach", "bridge"
SUB_ITEM_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    OCCUPY: ("占用城市道路", "occupying a road"),
    DIG: ("挖掘城市道路", "digging a road"),
    ATTACH: ("依附城市道路建设管线、杆线", "lines built along a road"),
    CROSS_BRIDGE: ("城市桥梁上架设市政管线", "lines on a bridge"),
}
GREEN_SUB_ITEM_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "land": ("临时占用城市绿地", "occupying green land"),
    "tree": ("涉及城市树木", "city trees affected"),
    "protected_tree": ("涉及古树名木、大树", "ancient, notable or big trees affected"),
}
CLAUSES: Final[Mapping[tuple[str, str], str]] = {
    (MUNICIPAL, OCCUPY): "城市道路管理条例 第三十条",
    (MUNICIPAL, DIG): "城市道路管理条例 第三十三条",
    (MUNICIPAL, ATTACH): "城市道路管理条例 第二十九条",
    (MUNICIPAL, CROSS_BRIDGE): "城市道路管理条例 第二十九条",
    (GREENERY, "land"): "城市绿化条例 第十九条",
    (GREENERY, "tree"): "城市绿化条例 第二十条",
    (GREENERY, "protected_tree"): "城市绿化条例 第二十四条",
    (TRAFFIC, ""): "道路交通安全法 第三十二条",
    (FELLING, ""): "森林法 第五十六条",
}
# On a city road; a line that is pulled across it leaves the carriageway alone.
ON_ROAD: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    (TRENCH, "crossing"): (OCCUPY, DIG, ATTACH),
    (TRENCH, "along"): (OCCUPY, DIG, ATTACH),
    (CHAMBER, "crossing"): (OCCUPY, DIG, ATTACH),
    (CHAMBER, "along"): (OCCUPY, DIG, ATTACH),
    (EXISTING_DUCT, "crossing"): (OCCUPY,),
    (EXISTING_DUCT, "along"): (OCCUPY,),
    (OVERHEAD, "crossing"): (OCCUPY, ATTACH),
    (OVERHEAD, "along"): (OCCUPY, ATTACH),
    (ON_BRIDGE, "crossing"): (OCCUPY,),
    (ON_BRIDGE, "along"): (OCCUPY,),
    (PULLED, "crossing"): (ATTACH,),
    (PULLED, "along"): (OCCUPY, ATTACH),
}
CARRIED_BY_BRIDGE: Final = frozenset({ON_BRIDGE, TRENCH, EXISTING_DUCT, CHAMBER})
OPENS_GROUND: Final = frozenset({TRENCH, CHAMBER, OVERHEAD})
TENTH: Final = Decimal("0.1")
PROTECTED: Final = frozenset({"ancient", "big"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is needed: an object and how much of it. `part` counts from 1 for people, 0 for
    a chamber; `length_m` and `area_m2` are on the object; `distance_m` is from a tree."""

    item: str
    sub_item: str
    object_id: str
    kind: str
    grade: str
    zh: str
    en: str
    part: int
    laying: str
    clause: str
    length_m: Decimal = Decimal("0.0")
    area_m2: Decimal = Decimal("0.0")
    distance_m: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        zh, en = _laying_words(self.laying)
        return {
            "sub_item": self.sub_item, "object_id": self.object_id, "kind": self.kind,
            "grade": self.grade, "zh": self.zh, "en": self.en, "part": self.part,
            "laying": self.laying, "laying_zh": zh, "laying_en": en, "clause": self.clause,
            "length_m": str(self.length_m), "area_m2": str(self.area_m2),
            "distance_m": None if self.distance_m is None else str(self.distance_m),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A permit item with its sub-items and the reasons for them."""

    code: str
    sub_items: tuple[str, ...]
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """JSON-able."""
        zh, en = ITEM_NAMES[self.code]
        names = {**SUB_ITEM_NAMES, **GREEN_SUB_ITEM_NAMES}
        return {
            "code": self.code, "zh": zh, "en": en,
            "sub_items": [
                {"code": sub, "zh": names[sub][0], "en": names[sub][1]} for sub in self.sub_items
            ],
            "reasons": [reason.to_json() for reason in self.reasons],
        }  # fmt: skip


def items_of(route: Route, touches: Iterable[Touch]) -> tuple[Item, ...]:
    """The items that a route needs, in the order of ITEM_NAMES; none when it touches nothing."""
    reasons = [*_reasons(touches)]
    reasons += _undocumented_bridges(route, reasons)
    found = []
    for code in ITEM_NAMES:
        mine = tuple(reason for reason in reasons if reason.item == code)
        if mine:
            subs = [*SUB_ITEM_NAMES, *GREEN_SUB_ITEM_NAMES]
            named = {reason.sub_item for reason in mine}
            found.append(Item(code, tuple(sub for sub in subs if sub in named), mine))
    return tuple(found)


def _reasons(touches: Iterable[Touch]) -> Iterator[Reason]:
    for touch in touches:
        for item, sub_item in _demands(touch):
            yield _reason(item, sub_item, touch)


def _demands(touch: Touch) -> Iterator[tuple[str, str]]:
    """Items and sub-items that one touch asks for."""
    if touch.kind == ROAD:
        subs = ON_ROAD[touch.laying, touch.how]
        if touch.grade not in NO_CITY_ROAD:
            yield from ((MUNICIPAL, sub) for sub in subs)
        if OCCUPY in subs:
            yield TRAFFIC, ""
    elif touch.kind == BRIDGE:
        if touch.laying in CARRIED_BY_BRIDGE:
            yield MUNICIPAL, CROSS_BRIDGE
    elif touch.kind == GREEN:
        if touch.laying in OPENS_GROUND:
            yield GREENERY, "land"
    elif touch.kind == FOREST:
        if touch.laying in OPENS_GROUND:
            yield FELLING, ""
    else:
        yield GREENERY, "protected_tree" if touch.grade in PROTECTED else "tree"


def _reason(item: str, sub_item: str, touch: Touch) -> Reason:
    return Reason(
        item, sub_item, touch.id, touch.kind, touch.grade, touch.zh, touch.en,
        0 if touch.part is None else touch.part + 1, touch.laying, CLAUSES[item, sub_item],
        _tenth(touch.length_m), _tenth(touch.area_m2),
        _tenth(touch.distance_m) if touch.how == "near" else None,
    )  # fmt: skip


def _undocumented_bridges(route: Route, reasons: list[Reason]) -> Iterator[Reason]:
    """Parts said to lie on a bridge where the city's data knows of none."""
    known = {reason.part for reason in reasons if reason.sub_item == CROSS_BRIDGE}
    for number, part in enumerate(route.parts, 1):
        if part.laying == ON_BRIDGE and number not in known:
            yield Reason(
                MUNICIPAL, CROSS_BRIDGE, "", BRIDGE, "bridge", "未登记的桥梁",
                "a bridge not on record", number, part.laying, CLAUSES[MUNICIPAL, CROSS_BRIDGE],
                _tenth(part.length_m),
            )  # fmt: skip


def _tenth(value: float) -> Decimal:
    return Decimal(value).quantize(TENTH)


def _laying_words(laying: str) -> tuple[str, str]:
    return ("电力井室", "chamber") if laying == CHAMBER else LAYING_NAMES[laying]
