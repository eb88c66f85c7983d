"""What the rules say of a customer before any route is looked at (DOMAIN: the scheme's contents):
voltage, number of supplies and how far apart, metering, power factor, boundaries, own supply."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

from tongdian.grid.schemes.request import Request
from tongdian.grid.schemes.rules import LOW_LEVELS, Rules

# What two supplies may not share: nothing asked, the busbar, the substation.
APART = ("", "busbar", "substation")
# Standard primary currents of current transformers, A (GB/T 20840.2).
PRIMARY_A = (
    5, 10, 15, 20, 30, 40, 50, 60, 75, 100, 150, 200, 300, 400, 500, 600, 750, 800, 1000, 1200,
    1500, 2000, 3000,
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """Voltage `level`; `supplies` and what they may not share (`apart`); `metering` side, and
    `transformer_a`, the primary current of its transformers, 0 if metered directly; the least
    `power_factor`, 0 if none, and `compensation_kvar` to reach it; `emergency_kw` of the
    customer's own; `is_free` if the customer pays nothing; `validity_months` of the scheme;
    `boundary` of ownership, `investment` and `reasons` in Chinese and English."""

    level: str
    supplies: int
    apart: str
    metering: str
    transformer_a: int
    power_factor: float
    compensation_kvar: float
    emergency_kw: float
    is_free: bool
    validity_months: int
    boundary: tuple[str, str]
    investment: tuple[str, str]
    reasons: tuple[tuple[str, str], ...]

    @property
    def is_low(self) -> bool:
        """Whether it is supplied at low voltage."""
        return self.level in LOW_LEVELS

    def to_dict(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "level": self.level, "supplies": self.supplies, "apart": self.apart,
            "metering": self.metering, "transformer_a": self.transformer_a,
            "power_factor": self.power_factor, "compensation_kvar": self.compensation_kvar,
            "emergency_kw": self.emergency_kw, "is_free": self.is_free,
            "validity_months": self.validity_months,
            "boundary_zh": self.boundary[0], "boundary_en": self.boundary[1],
            "investment_zh": self.investment[0], "investment_en": self.investment[1],
            "reasons": [{"zh": zh, "en": en} for zh, en in self.reasons],
        }  # fmt: skip


METERING = {
    "low": ("低供低计", "low voltage, metered there"),
    "high_low": ("高供低计", "high voltage, metered at low voltage"),
    "high": ("高供高计", "high voltage, metered there"),
}


def terms_of(request: Request, rules: Rules) -> Terms:
    """The terms of a request that was checked."""
    supplies, apart, why_many = _supplies(request, rules)
    level, why_level = _level(request, rules, supplies)
    is_low = level in LOW_LEVELS
    free, why_free = _free(request, rules, is_low)
    metering = "low" if is_low else (
        "high" if request.kva >= rules["high_metering_kva"] else "high_low")  # fmt: skip
    owned, due = _boundary(level), _power_factor(request, rules, is_low)
    paid = (
        ("供电企业投资到计量装置，客户零投资", "the utility pays up to the meter")
        if free else
        ("供电企业投资到用地红线，红线内由客户投资", "the utility pays up to the red line, the "
         "customer inside it")
        if rules["utility_builds_to_red_line"] else
        ("外线工程由客户投资", "the customer pays the external works")
    )  # fmt: skip
    return Terms(
        level, supplies, apart, metering, _transformer_a(request, rules, level, metering),
        due, _compensation(request, due),
        request.secured_kw * rules["emergency_ratio"] if request.critical != "none" else 0.0,
        free, int(rules["validity_months_low" if is_low else "validity_months_high"]),
        owned, paid, tuple(one for one in (why_level, why_many, why_free) if one),
    )  # fmt: skip


def _level(request: Request, rules: Rules, supplies: int) -> tuple[str, tuple[str, str]]:
    if request.level:
        return request.level, ("按申请的电压", "the voltage that was asked for")
    kw, kva = request.kw, request.kva
    if supplies == 1:
        if kw <= rules["single_phase_kw"] and request.is_single_phase:
            limit = rules["single_phase_kw"]
            return "220V", (f"单相且不超过 {limit:g} 千瓦", f"one phase, up to {limit:g} kW")
        limit = rules["three_phase_kw"]
        if request.is_small_micro:
            limit = max(limit, rules["zero_invest_kw"])
        if kw <= limit:
            return "380V", (f"不超过 {limit:g} 千瓦", f"up to {limit:g} kW")
    for level, name in (("10kV", "kv10_kva"), ("35kV", "kv35_kva"), ("110kV", "kv110_kva")):
        if kva <= rules[name]:
            return level, (f"{kva:,.0f} kVA，不超过 {rules[name]:,.0f} kVA",
                           f"{kva:,.0f} kVA, up to {rules[name]:,.0f} kVA")  # fmt: skip
    return "220kV", (f"{kva:,.0f} kVA，超过 110 kV 的范围", f"{kva:,.0f} kVA, above 110 kV's range")


def _supplies(request: Request, rules: Rules) -> tuple[int, str, tuple[str, str] | None]:
    if request.critical == "special":
        return int(rules["special_supplies"]), "substation", (
            "特级重要用户：不少于三路，两路来自不同变电站",
            "critical customer, special: three supplies, from two substations at least",
        )  # fmt: skip
    if request.critical == "first":
        return int(rules["first_supplies"]), "substation", (
            "一级重要用户：两路来自两座变电站",
            "critical customer, first class: two supplies from two substations")  # fmt: skip
    if request.critical == "second":
        return int(rules["second_supplies"]), "busbar", (
            "二级重要用户：双回路", "critical customer, second class: two circuits")  # fmt: skip
    if request.is_dual:
        return 2, "busbar", ("申请双电源", "two supplies were asked for")
    return 1, "", None


def _free(request: Request, rules: Rules, is_low: bool) -> tuple[bool, tuple[str, str] | None]:
    if is_low and request.use == "residential":
        return True, ("居民客户零投资", "a household pays nothing")
    limit = rules["zero_invest_kw"]
    if is_low and request.is_small_micro and request.kw <= limit:
        return True, (f"小微企业 {limit:g} 千瓦及以下零投资",
                      f"a small or micro firm up to {limit:g} kW pays nothing")  # fmt: skip
    return False, None


def _power_factor(request: Request, rules: Rules, is_low: bool) -> float:
    if request.kva < rules["power_factor_kva"]:
        return 0.0
    if request.use == "agricultural":
        return rules["power_factor_farm"]
    return rules["power_factor_other" if is_low else "power_factor_high"]


def _compensation(request: Request, due: float) -> float:
    """kvar that bring the load to the power factor that is due."""
    if due <= request.power_factor:
        return 0.0
    return request.kw * (request.tangent - sqrt(1 / due**2 - 1))


def _transformer_a(request: Request, rules: Rules, level: str, metering: str) -> int:
    """The smallest of the standard primary currents that carries the load; 0 for direct meters."""
    if level == "220V":
        amperes = request.kva / 0.22
    else:
        kv = 0.38 if metering != "high" else float(level.removesuffix("kV"))
        amperes = request.kva / sqrt(3) / kv
    if metering == "low" and amperes <= rules["direct_metering_a"]:
        return 0
    return next((one for one in PRIMARY_A if one >= amperes), PRIMARY_A[-1])


def _boundary(level: str) -> tuple[str, str]:
    if level in LOW_LEVELS:
        return (
            "供电接户线用户端最后支持物",
            "the last support of the service drop",
        )
    if level == "10kV":
        return ("用户厂界外或配电室前的第一断路器或第一支持物",
                "the first breaker or support before the fence or switch-room")  # fmt: skip
    return ("用户厂界外第一基电杆（杆塔）", "the first tower outside the customer's fence")
