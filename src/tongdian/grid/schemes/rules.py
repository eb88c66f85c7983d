"""Rules of supply schemes as plan data: thresholds, classes of customers, duties.

Values are plain numbers with a note each, read from `data/rules.yaml` or from a caller's file; a
caller who has the city's plan puts the plan's values in their place. Nothing here is law by itself:
each value names its source and how sure it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.tables import CONFIDENCES

DATA: Final = Path(__file__).with_name("data")
LEVELS: Final = ("220V", "380V", "10kV", "35kV", "110kV", "220kV")
LOW_LEVELS: Final = ("220V", "380V")
# 重要电力用户 (GB/T 29328): none, 二级, 一级, 特级.
CLASSES: Final = ("none", "second", "first", "special")
MOTOR_STARTS: Final = ("direct", "star_delta", "soft")


@dataclass(frozen=True)
class RuleValue:
    """One value: unit, source, confidence (sourced, known, unsure) and a note."""

    value: float
    unit: str
    confidence: str
    source: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "value": self.value, "unit": self.unit, "confidence": self.confidence,
            "source": self.source, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Values by name; `rules["zero_invest_kw"]` is the number."""

    values: Mapping[str, RuleValue]

    def __getitem__(self, name: str) -> float:
        return self.values[name].value

    def changed(self, **values: RuleValue) -> "Rules":
        """With some values replaced, as by those of the city's plan. Raises SchemeError for a name
        that no rule has."""
        for name in values:
            if name not in self.values:
                raise SchemeError(
                    "unknown_rule", name, ("没有这条规则", "there is no such rule"),
                    (f"规则有：{'、'.join(self.values)}", f"Rules are {', '.join(self.values)}."),
                )  # fmt: skip
        return Rules({**self.values, **values})

    def unsure(self) -> dict[str, RuleValue]:
        """Values that are to be verified."""
        return {name: one for name, one in self.values.items() if one.confidence == "unsure"}


@cache
def default_rules() -> Rules:
    """The rules that the room brings along."""
    return read_rules(DATA / "rules.yaml")


def read_rules(path: Path) -> Rules:
    """Rules of a file, on top of nothing: it has to have every value. Raises SchemeError."""
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    values = {name: _value(name, entry) for name, entry in read.items()}
    missing = [name for name in NAMES if name not in values]
    if missing:
        raise SchemeError(
            "missing_rule", missing[0], ("缺少这条规则", "the rule is missing"),
            (f"请在 {path.name} 中补上。", f"Add it to {path.name}."),
        )  # fmt: skip
    return Rules(values)


def _value(name: str, entry: Any) -> RuleValue:
    try:
        one = RuleValue(
            float(entry["value"]), str(entry["unit"]), str(entry["confidence"]),
            str(entry["source"]), str(entry["note"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise SchemeError(
            "bad_rule", name, ("写法有误", "is not written as it should be"),
            ("应有 value、unit、confidence、source、note。",
             "It has value, unit, confidence, source and note."),
        ) from None  # fmt: skip
    if one.confidence not in CONFIDENCES or not 0 <= one.value < float("inf"):
        raise SchemeError(
            "bad_rule", name, (f"值 {one.value} 或可信度 {one.confidence} 无效",
                               f"value {one.value} or confidence {one.confidence} will not do"),
            (f"可信度为 {'、'.join(CONFIDENCES)}。", f"Confidence is {', '.join(CONFIDENCES)}."),
        )  # fmt: skip
    return one


NAMES: Final = (
    "single_phase_kw", "three_phase_kw", "zero_invest_kw", "kv10_kva", "kv35_kva", "kv110_kva",
    "most_kw", "low_voltage_radius_m", "high_metering_kva", "power_factor_kva",
    "power_factor_high", "power_factor_other", "power_factor_farm", "default_power_factor",
    "emergency_ratio", "special_supplies", "first_supplies", "second_supplies", "deviation",
    "single_phase_deviation", "abnormal_deviation", "transformer_loading", "motor_dip_seldom",
    "motor_dip_often", "motor_direct", "motor_star_delta", "motor_soft", "motor_start_factor",
    "busbar_fault_mva", "fluctuation_1", "fluctuation_10", "fluctuation_100", "fluctuation_1000",
    "direct_metering_a", "validity_months_low", "validity_months_high",
    "utility_builds_to_red_line",
)  # fmt: skip
