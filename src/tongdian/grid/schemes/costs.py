"""What works cost and how long they take: dated tables, and bands in place of false points.

`data/unit_costs.csv` and `data/durations.csv` tell source and confidence of each row. Money is
yuan as Decimal, rounded to the fen by line of the bill, so that a total is the sum of its lines.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, TypeVar

from tongdian.grid.paths.prices import CostModel
from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.rules import DATA
from tongdian.grid.tables import CONFIDENCES

FEN: Final = Decimal("0.01")
MILLI: Final = Decimal("0.001")
# For choosing a route before its conductor is known.
USUAL_CABLE: Final = "YJV22-10-300"
USUAL_LINE: Final = "JKLYJ-10-240"
Row = TypeVar("Row")


@dataclass(frozen=True)
class Band:
    """From `low` to `high`: yuan, or working days."""

    low: Decimal
    high: Decimal

    def __add__(self, other: "Band") -> "Band":
        return Band(self.low + other.low, self.high + other.high)

    @property
    def middle(self) -> Decimal:
        """Half way: for ranking alone."""
        return (self.low + self.high) / 2

    def to_dict(self) -> dict[str, str]:
        """JSON-able, as text."""
        return {"low": str(self.low), "high": str(self.high)}


NOTHING: Final = Band(Decimal(0), Decimal(0))


@dataclass(frozen=True)
class UnitCost:
    """Yuan for one `unit` of an item since a day."""

    item: str
    zh: str
    en: str
    unit: str
    low: Decimal
    high: Decimal
    valid_from: date
    confidence: str
    source: str


@dataclass(frozen=True)
class Duration:
    """Working days of a step, fixed or for each hundred metres."""

    step: str
    zh: str
    en: str
    unit: str
    low: Decimal
    high: Decimal
    confidence: str
    source: str


@dataclass(frozen=True)
class Line:
    """A line of the bill: `amount` of an item (metres to the millimetre, or pieces), its band, and
    whether it stands on the customer's land."""

    cost: UnitCost
    amount: Decimal
    band: Band
    is_inside: bool = False

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "item": self.cost.item, "zh": self.cost.zh, "en": self.cost.en,
            "amount": str(self.amount), "unit": self.cost.unit,
            "yuan": self.band.to_dict(), "is_inside": self.is_inside,
            "confidence": self.cost.confidence, "source": self.cost.source,
        }  # fmt: skip


@dataclass(frozen=True)
class Costs:
    """Unit costs by item and durations by step."""

    units: Mapping[str, UnitCost]
    durations: Mapping[str, Duration]

    def line(self, item: str, amount: float | int, *, is_inside: bool = False) -> Line:
        """A line of the bill. Raises SchemeError for an item without a price."""
        if item not in self.units:
            raise SchemeError(
                "no_price", item, ("单价表中没有此项", "the unit costs do not have it"),
                ("请补上该行。", "Add it."),
            )  # fmt: skip
        cost = self.units[item]
        many = Decimal(repr(float(amount))).quantize(MILLI, ROUND_HALF_UP)
        band = Band(*((many * one).quantize(FEN, ROUND_HALF_UP) for one in (cost.low, cost.high)))
        return Line(cost, many, band, is_inside)

    def days(self, step: str, hundreds: float = 1.0) -> Band:
        """Working days of a step."""
        one, times = self.durations[step], Decimal(repr(round(hundreds, 2)))
        return Band(one.low * times, one.high * times)

    @cached_property
    def offered(self) -> frozenset[str]:
        """Items with a price."""
        return frozenset(self.units)

    def model(self) -> CostModel:
        """Prices for the route search: the middle of the bands, with the usual conductors."""

        def yuan(*items: str) -> Decimal:
            total = sum((self.units[i].low + self.units[i].high for i in items), Decimal(0)) / 2
            return total.quantize(FEN, ROUND_HALF_UP)

        return CostModel(
            duct_per_m=yuan(USUAL_CABLE), overhead_per_m=yuan(USUAL_LINE),
            trench_per_m=yuan(USUAL_CABLE, "trench"), crossing=yuan("crossing"),
            moratorium_per_m=yuan("moratorium"), green_per_m=yuan("green"),
            bridge_per_m=yuan("bridge"),
        )  # fmt: skip


def total(lines: Iterable[Line]) -> Band:
    """The sum of lines."""
    return sum((line.band for line in lines), NOTHING)


@cache
def default_costs() -> Costs:
    """The tables that the room brings along."""
    return read_costs(DATA / "unit_costs.csv", DATA / "durations.csv")


def read_costs(units: Path, durations: Path, on: date | None = None) -> Costs:
    """Unit costs in force on a day (the latest if None) and durations. Raises SchemeError with the
    line of the file."""
    by_item: dict[str, UnitCost] = {}
    for one in _rows(units, _unit_cost):
        older = by_item.get(one.item)
        if (on is None or one.valid_from <= on) and (
            older is None or one.valid_from >= older.valid_from
        ):
            by_item[one.item] = one
    return Costs(by_item, {one.step: one for one in _rows(durations, _duration)})


def _rows(path: Path, read: Callable[[Mapping[str, str]], Row]) -> list[Row]:
    found = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file), start=2):
            try:
                found.append(read(cells))
            except (KeyError, TypeError, ValueError, InvalidOperation) as error:
                raise SchemeError(
                    "bad_row", path.name,
                    (f"第 {number} 行写法有误：{error}", f"line {number} will not do: {error}"),
                    ("请改正该行。", "Mend it."),
                ) from None  # fmt: skip
    return found


def _unit_cost(cells: Mapping[str, str]) -> UnitCost:
    low, high = _band(cells["low_yuan"], cells["high_yuan"])
    return UnitCost(
        cells["item"], cells["zh"], cells["en"], cells["unit"], low, high,
        date.fromisoformat(cells["valid_from"]), _sure(cells), cells["source"],
    )  # fmt: skip


def _duration(cells: Mapping[str, str]) -> Duration:
    low, high = _band(cells["low_days"], cells["high_days"])
    return Duration(
        cells["step"], cells["zh"], cells["en"], cells["unit"], low, high, _sure(cells),
        cells["source"],
    )  # fmt: skip


def _band(low: str, high: str) -> tuple[Decimal, Decimal]:
    band = Decimal(low), Decimal(high)
    if not (band[0].is_finite() and band[1].is_finite() and 0 < band[0] <= band[1]):
        raise ValueError(f"{low}–{high} is no band")
    return band


def _sure(cells: Mapping[str, str]) -> str:
    if cells["confidence"] not in CONFIDENCES:
        raise ValueError(f"confidence {cells['confidence']}")
    return cells["confidence"]
