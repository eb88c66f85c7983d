"""Rules of supply schemes as a city's plan sets them: the grid knows no law, so it is told here."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from tongdian.law.plan import Plan

if TYPE_CHECKING:
    from tongdian.grid.schemes.rules import Rules

# Rule by rule, the key of the plan's value.
KEYS: Mapping[str, str] = {
    "single_phase_kw": "voltage.single_phase_kw",
    "three_phase_kw": "voltage.three_phase_kw",
    "zero_invest_kw": "zero_investment.capacity_kw",
    "kv10_kva": "voltage.kv10.maximum_kva",
    "kv35_kva": "voltage.kv35.maximum_kva",
    "kv110_kva": "voltage.kv110.maximum_kva",
    "most_kw": "load.maximum_kw",
    "power_factor_high": "power_factor.high_voltage",
    "emergency_ratio": "critical.emergency_ratio",
    "special_supplies": "critical.special.supplies",
    "first_supplies": "critical.first.supplies",
    "second_supplies": "critical.second.supplies",
    "validity_months_low": "scheme.validity_months.low_voltage",
    "validity_months_high": "scheme.validity_months.high_voltage",
}
CONFIDENCE: Mapping[str, str] = {"plan": "sourced", "statute": "known", "default": "unsure"}


def rules_of(plan: Plan, on: date | None = None) -> "Rules":
    """The room's rules with the plan's values in force on a day (the latest if None) in place of
    theirs, each with its clause."""
    from tongdian.grid.schemes.rules import RuleValue, default_rules

    rules = default_rules()
    values = {name: plan.value(key, on) for name, key in KEYS.items()}
    return rules.changed(**{
        name: RuleValue(
            float(str(one.value)), rules.values[name].unit, CONFIDENCE[one.status], one.clause,
            one.note or one.quote,
        )
        for name, one in values.items()
    })  # fmt: skip
