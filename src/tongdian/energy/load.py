"""A load from a list of equipment: installed power, expected maximum demand, apparent power.

    demand = max(coincidence · Σ rated · count · demand factor,  largest single rated · factor)
    apparent power = demand / cos φ

Coincidence and power factors by category follow the project's domain table (§8.1): residential
0.85 up to 20 households, 0.65 up to 100, 0.50 above; commercial 0.75; industrial 0.85. Categories
without a published factor take the safe default and say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any, Final

from tongdian.energy.equipment import CATALOGUE, CATEGORIES

MAXIMUM_RATED_KW: Final = Decimal(100_000)
MAXIMUM_COUNT: Final = 10_000
MAXIMUM_ITEMS: Final = 500
MAXIMUM_HOUSEHOLDS: Final = 100_000
_CENT: Final = Decimal("0.01")


class EquipmentError(ValueError):
    """A list that cannot be added up: which line (from 1; 0 for the whole), field, rule, remedy."""

    def __init__(
        self, line: int, field: str, rule: tuple[str, str], remedy: tuple[str, str]
    ) -> None:
        super().__init__(f"line {line}, {field}: {rule[1]}" if line else f"{field}: {rule[1]}")
        self.line, self.field = line, field
        self.rule_zh, self.rule_en = rule
        self.remedy_zh, self.remedy_en = remedy


@dataclass(frozen=True, slots=True)
class Factor:
    """A dimensionless factor, whether it is published (`source`) or a `default`, and when used."""

    value: Decimal
    status: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """One line of a list. `rated_kw` is per piece; `demand_factor` in (0, 1]."""

    name: str
    rated_kw: Decimal
    count: int = 1
    demand_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class LoadLine:
    """What one line adds, in kW: all of it, and at its own highest."""

    name: str
    count: int
    rated_kw: Decimal
    demand_factor: Decimal
    installed_kw: Decimal
    demand_kw: Decimal


@dataclass(frozen=True, slots=True)
class LoadEstimate:
    """The load of a list. `suggested_kw` is the demand rounded up to whole kilowatts: what to apply
    for. `steps` explain the sum, in Chinese and English."""

    category: str
    installed_kw: Decimal
    demand_kw: Decimal
    suggested_kw: Decimal
    coincidence: Factor
    power_factor: Factor
    apparent_kva: Decimal
    governed_by_largest: bool
    lines: tuple[LoadLine, ...]
    steps_zh: tuple[str, ...]
    steps_en: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; numbers as text in kW and kVA."""
        return {
            "category": self.category,
            "installed_kw": str(self.installed_kw),
            "demand_kw": str(self.demand_kw),
            "suggested_kw": str(self.suggested_kw),
            "coincidence": _factor(self.coincidence),
            "power_factor": _factor(self.power_factor),
            "apparent_kva": str(self.apparent_kva),
            "governed_by_largest": self.governed_by_largest,
            "lines": [
                {
                    "name": line.name,
                    "count": line.count,
                    "rated_kw": f"{line.rated_kw:f}",
                    "demand_factor": f"{line.demand_factor:f}",
                    "installed_kw": f"{line.installed_kw:f}",
                    "demand_kw": f"{line.demand_kw:f}",
                }
                for line in self.lines
            ],
            "steps_zh": list(self.steps_zh),
            "steps_en": list(self.steps_en),
        }


def _factor(factor: Factor) -> dict[str, str]:
    return {
        "value": str(factor.value),
        "status": factor.status,
        "zh": factor.zh,
        "en": factor.en,
    }


# Upper bound of households (None: no bound) and the coincidence up to it.
_RESIDENTIAL: Final = (
    (
        20,
        Factor(Decimal("0.85"), "source", "居民，20 户及以下", "Residential, up to 20 households"),
    ),
    (100, Factor(Decimal("0.65"), "source", "居民，21 至 100 户", "Residential, 21 to 100")),
    (None, Factor(Decimal("0.50"), "source", "居民，超过 100 户", "Residential, above 100")),
)
_COINCIDENCE: Final = {
    "commercial": Factor(Decimal("0.75"), "source", "商业", "Commercial"),
    "industrial": Factor(Decimal("0.85"), "source", "工业", "Industrial"),
    "public": Factor(Decimal("0.75"), "default", "公共，按商业取值", "Public, as commercial"),
    "agricultural": Factor(Decimal(1), "default", "农业，不打折", "Agricultural, no reduction"),
    "charging": Factor(Decimal(1), "default", "充电，按同时使用", "Charging, all at once"),
}
_POWER_FACTOR: Final = {
    "residential": Factor(Decimal("0.92"), "source", "居民", "Residential"),
    "commercial": Factor(Decimal("0.90"), "source", "商业", "Commercial"),
    "industrial": Factor(Decimal("0.88"), "source", "工业", "Industrial"),
    "agricultural": Factor(Decimal("0.85"), "source", "农业", "Agricultural"),
    "charging": Factor(Decimal("0.98"), "source", "充电", "Charging"),
    "public": Factor(Decimal("0.90"), "default", "公共，按商业取值", "Public, as commercial"),
}


def coincidence_factor(category: str, households: int = 1) -> Factor:
    """The coincidence (同时率) of a category; residential by number of households.

    Raises EquipmentError for an unknown category or an absurd number of households.
    """
    _check_category(category)
    if not 1 <= households <= MAXIMUM_HOUSEHOLDS:
        raise EquipmentError(
            0,
            "households",
            (f"户数须在 1 到 {MAXIMUM_HOUSEHOLDS} 之间", f"From 1 to {MAXIMUM_HOUSEHOLDS}"),
            ("请填写合用的户数", "Give the number of households that share the supply"),
        )
    if category != "residential":
        return _COINCIDENCE[category]
    return next(f for most, f in _RESIDENTIAL if most is None or households <= most)


def power_factor(category: str) -> Factor:
    """The usual cos φ of a category. Raises EquipmentError for an unknown one."""
    _check_category(category)
    return _POWER_FACTOR[category]


def from_catalogue(item_id: str, count: int = 1) -> Equipment:
    """A line for usual equipment, named in Chinese. Raises EquipmentError for an unknown id."""
    item = CATALOGUE.get(item_id)
    if item is None:
        raise EquipmentError(
            0,
            "item",
            (f"目录中没有“{item_id}”", f"There is no {item_id} in the catalogue"),
            ("请从目录中选择，或自己填写功率", "Choose from the catalogue, or give the power"),
        )
    return Equipment(item.zh, item.rated_kw, count, item.demand_factor)


def estimate_load(items: Sequence[Equipment], category: str, households: int = 1) -> LoadEstimate:
    """The load of a list of equipment for a purpose of use, kW and kVA to two decimals.

    For a residential supply `items` are those of all its `households` together.

    Raises EquipmentError, which names the line and field, for an empty list or impossible numbers.
    """
    coincidence, cosine = coincidence_factor(category, households), power_factor(category)
    _check(items)
    lines = tuple(
        LoadLine(
            item.name,
            item.count,
            item.rated_kw,
            item.demand_factor,
            item.rated_kw * item.count,
            item.rated_kw * item.count * item.demand_factor,
        )
        for item in items
    )
    installed = sum((line.installed_kw for line in lines), Decimal(0))
    total = sum((line.demand_kw for line in lines), Decimal(0))
    largest = max(item.rated_kw * item.demand_factor for item in items)
    together = coincidence.value * total
    demand = max(together, largest)
    steps_zh, steps_en = _explain(installed, total, largest, demand, coincidence, cosine)
    return LoadEstimate(
        category=category,
        installed_kw=_round(installed),
        demand_kw=_round(demand),
        suggested_kw=demand.quantize(Decimal(1), ROUND_CEILING),
        coincidence=coincidence,
        power_factor=cosine,
        apparent_kva=_round(demand / cosine.value),
        governed_by_largest=largest > together,
        lines=lines,
        steps_zh=steps_zh,
        steps_en=steps_en,
    )


def _explain(
    installed: Decimal,
    total: Decimal,
    largest: Decimal,
    demand: Decimal,
    coincidence: Factor,
    cosine: Factor,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    together = _round(coincidence.value * total)
    zh = [
        f"设备容量合计 {_round(installed)} 千瓦",
        f"乘以各自的需用系数后合计 {_round(total)} 千瓦",
        f"乘以同时率 {coincidence.value}（{coincidence.zh}）得 {together} 千瓦",
    ]
    en = [
        f"Installed {_round(installed)} kW",
        f"Each at its demand factor: {_round(total)} kW",
        f"Times coincidence {coincidence.value} ({coincidence.en}): {together} kW",
    ]
    if largest > coincidence.value * total:
        zh.append(f"不小于最大一台设备的 {_round(largest)} 千瓦")
        en.append(f"Not less than the largest piece, {_round(largest)} kW")
    zh.append(f"除以功率因数 {cosine.value} 得 {_round(demand / cosine.value)} 千伏安")
    en.append(f"Divided by power factor {cosine.value}: {_round(demand / cosine.value)} kVA")
    return tuple(zh), tuple(en)


def _check_category(category: str) -> None:
    if category not in CATEGORIES:
        words = ", ".join(CATEGORIES)
        raise EquipmentError(
            0,
            "category",
            (f"须为其中之一：{words}", f"Has to be one of {words}"),
            ("请从选项中选择", "Choose one of them"),
        )


def _check(items: Sequence[Equipment]) -> None:
    if not 1 <= len(items) <= MAXIMUM_ITEMS:
        raise EquipmentError(
            0,
            "items",
            (f"清单须有 1 到 {MAXIMUM_ITEMS} 行", f"From 1 to {MAXIMUM_ITEMS} lines"),
            ("请至少加入一种设备", "Add at least one piece of equipment"),
        )
    for line, item in enumerate(items, start=1):
        if not item.rated_kw.is_finite() or not 0 < item.rated_kw <= MAXIMUM_RATED_KW:
            raise EquipmentError(
                line,
                "rated_kw",
                (
                    f"单台功率须大于 0、不超过 {MAXIMUM_RATED_KW} 千瓦",
                    f"More than 0 and at most {MAXIMUM_RATED_KW} kW a piece",
                ),
                ("请看铭牌，单位是千瓦，不是瓦", "See the nameplate: kilowatts, not watts"),
            )
        if not 1 <= item.count <= MAXIMUM_COUNT:
            raise EquipmentError(
                line,
                "count",
                (f"台数须在 1 到 {MAXIMUM_COUNT} 之间", f"From 1 to {MAXIMUM_COUNT} pieces"),
                ("没有的设备请删去这一行", "Remove the line of what you do not have"),
            )
        if not item.demand_factor.is_finite() or not 0 < item.demand_factor <= 1:
            raise EquipmentError(
                line,
                "demand_factor",
                ("需用系数须大于 0、不超过 1", "More than 0 and at most 1"),
                ("不清楚时填 1", "Give 1 when you do not know"),
            )


def _round(value: Decimal) -> Decimal:
    return value.quantize(_CENT, ROUND_HALF_UP)
