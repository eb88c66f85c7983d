"""Which track an application belongs to, and why: the plan's rule, clause by clause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from tongdian.law.plan import Plan, Value

PURPOSES = ("residential", "commercial", "industrial", "agricultural", "public", "charging")
HOUSEHOLD_PURPOSES = frozenset({"residential", "charging"})
APPLICANT_KINDS = ("resident", "small_micro", "enterprise", "other")
EXTERNAL_WORKS = ("no", "yes", "unknown")
LOW_VOLTAGES = ("220V", "380V")
HIGH_VOLTAGES = ("10kV", "35kV", "110kV", "220kV")
VOLTAGES = (*LOW_VOLTAGES, *HIGH_VOLTAGES)
# The largest apparent power that each level usually serves; above the last, 220 kV.
VOLTAGE_LIMITS = (
    ("10kV", "voltage.kv10.maximum_kva"),
    ("35kV", "voltage.kv35.maximum_kva"),
    ("110kV", "voltage.kv110.maximum_kva"),
)


class RequestError(ValueError):
    """A wish that cannot be: field, rule and remedy."""

    def __init__(
        self, field: str, rule_zh: str, rule_en: str, remedy_zh: str, remedy_en: str
    ) -> None:
        super().__init__(f"{field}: {rule_en}")
        self.field = field
        self.rule_zh, self.rule_en = rule_zh, rule_en
        self.remedy_zh, self.remedy_en = remedy_zh, remedy_en


@dataclass(frozen=True, slots=True)
class SupplyRequest:
    """What somebody wants to be supplied with. `load_kw` is the requested capacity (报装容量)."""

    purpose: str
    applicant_kind: str
    load_kw: Decimal
    supplies: int = 1
    external_works: str = "unknown"
    voltage_requested: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A statement with the clause behind it, and the clause's words where it has them."""

    zh: str
    en: str
    clause: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class TrackDecision:
    """The track, the voltage that goes with it (the scheme has the last word), and why."""

    track: str
    voltage: str
    reasons: tuple[Reason, ...]

    @property
    def high_voltage(self) -> bool:
        return self.voltage in HIGH_VOLTAGES


def classify(request: SupplyRequest, plan: Plan, on: date | None = None) -> TrackDecision:
    """The track of a request (DOMAIN §1.4) by the rules in force on `on`, or by the latest.

    Raises RequestError for a request that cannot be.
    """
    check_request(request, plan, on)
    bound = _low_voltage_bound(request, plan, on)
    why_high = _why_high_voltage(request, bound)
    if why_high is not None:
        track = "high_voltage_dual" if request.supplies >= 2 else "high_voltage_single"
        voltage, why_voltage = _high_voltage(request, plan, on)
        return TrackDecision(track, voltage, (why_high, why_voltage, _why_supplies(track, plan)))
    single = plan.limit("voltage.single_phase_kw", on)
    voltage = "220V" if request.load_kw <= single else "380V"
    if request.voltage_requested == "380V":
        voltage = "380V"
    track, why_track = _low_voltage_track(request, plan)
    why_low = Reason(
        f"不超过 {bound.value} 千瓦，以低压供电",
        f"Up to {bound.value} kW at low voltage",
        bound.clause,
        bound.quote,
    )
    return TrackDecision(track, voltage, (why_low, why_track))


def check_request(request: SupplyRequest, plan: Plan, on: date | None = None) -> None:
    """Raises RequestError for what cannot be."""
    _one_of("purpose", request.purpose, PURPOSES)
    _one_of("applicant_kind", request.applicant_kind, APPLICANT_KINDS)
    _one_of("external_works", request.external_works, EXTERNAL_WORKS)
    if request.voltage_requested is not None:
        _one_of("voltage", request.voltage_requested, VOLTAGES)
    if not request.load_kw.is_finite() or request.load_kw <= 0:
        raise RequestError(
            "load_kw",
            "报装容量必须大于 0",
            "The load has to be more than 0 kW",
            "请填写千瓦数，例如 8",
            "Give the kilowatts, for example 8",
        )
    most = plan.limit("load.maximum_kw", on)
    if request.load_kw > most:
        raise RequestError(
            "load_kw",
            f"报装容量不能超过 {most} 千瓦",
            f"The load cannot exceed {most} kW",
            "请核对单位：应为千瓦，不是瓦",
            "Check the unit: kilowatts, not watts",
        )
    if request.supplies not in (1, 2):
        raise RequestError(
            "supplies",
            "电源数须为 1 或 2",
            "One or two supplies",
            "请选择单电源或双电源",
            "Choose one supply or two",
        )
    if request.applicant_kind == "resident" and request.supplies == 2:
        raise RequestError(
            "supplies",
            "居民用电为单电源",
            "A resident has one supply",
            "请选择单电源",
            "Choose one supply",
        )


def _one_of(field: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise RequestError(
            field,
            f"须为其中之一：{'、'.join(choices)}",
            f"Has to be one of {', '.join(choices)}",
            "请从选项中选择",
            "Choose one of them",
        )


def _low_voltage_bound(request: SupplyRequest, plan: Plan, on: date | None) -> Value:
    """The largest load at low voltage: 200 kW for small and micro firms by the plan, else by the
    supply rules. 以下 includes the bound (民法典 art. 1259)."""
    small = request.applicant_kind == "small_micro"
    key = "zero_investment.capacity_kw" if small else "voltage.three_phase_kw"
    return plan.value(key, on)


def _why_high_voltage(request: SupplyRequest, bound: Value) -> Reason | None:
    """The reason for high voltage: too large for low voltage, dual, or asked for; else None."""
    if request.load_kw > Decimal(str(bound.value)):
        return Reason(
            f"超过低压上限 {bound.value} 千瓦",
            f"Above the low-voltage bound of {bound.value} kW",
            bound.clause,
            bound.quote,
        )
    if request.supplies >= 2:
        zh, en = "双电源以高压供电", "Two supplies are at high voltage"
        return Reason(zh, en, bound.clause)
    if request.voltage_requested in HIGH_VOLTAGES:
        zh = f"申请电压 {request.voltage_requested}，属于高压"
        return Reason(zh, f"{request.voltage_requested} was asked for", bound.clause)
    return None


def _high_voltage(request: SupplyRequest, plan: Plan, on: date | None) -> tuple[str, Reason]:
    """The voltage asked for, or the lowest one that usually serves the load."""
    factor = Decimal(str(plan.value("power_factor.high_voltage", on).value))
    apparent_kva = (request.load_kw / factor).to_integral_value(ROUND_CEILING)
    usual, clause = "220kV", plan.value(VOLTAGE_LIMITS[-1][1], on).clause
    for voltage, key in VOLTAGE_LIMITS:
        if apparent_kva <= plan.limit(key, on):
            usual, clause = voltage, plan.value(key, on).clause
            break
    asked = request.voltage_requested
    if asked not in HIGH_VOLTAGES or asked == usual:
        zh = f"约 {apparent_kva} 千伏安，一般以 {usual} 供电，以供电方案为准"
        en = f"About {apparent_kva} kVA is usually served at {usual}; the scheme decides"
        return usual, Reason(zh, en, clause)
    zh = f"申请电压 {asked}；约 {apparent_kva} 千伏安一般以 {usual} 供电，以供电方案为准"
    en = (
        f"{asked} was asked for; about {apparent_kva} kVA is usually at {usual}; the scheme decides"
    )
    return asked, Reason(zh, en, clause)


def _why_supplies(track: str, plan: Plan) -> Reason:
    dual = track == "high_voltage_dual"
    promise = plan.value(plan.tracks[track].promise_key)
    return Reason(
        "两路电源，按高压双电源办理" if dual else "一路电源，按高压单电源办理",
        "Two supplies: high voltage, dual" if dual else "One supply: high voltage, single",
        promise.clause,
        promise.quote,
    )


def _low_voltage_track(request: SupplyRequest, plan: Plan) -> tuple[str, Reason]:
    """居民 for a household's own use; 三零 for small and micro firms; other low voltage."""
    kind, household = request.applicant_kind, request.purpose in HOUSEHOLD_PURPOSES
    if kind == "resident" and household:
        track, zh, en = "resident", "居民生活用电", "A household's own supply"
    elif kind == "small_micro" and request.external_works == "yes":
        track = "zero_lv_external"
        zh = "小微企业，实行“三零”服务，涉及外线工程"
        en = "Small or micro firm: 三零, with external works"
    elif kind == "small_micro":
        track = "zero_lv"
        zh = "小微企业，实行“三零”服务，不涉及外线工程"
        en = "Small or micro firm: 三零, without external works"
        if request.external_works == "unknown":
            zh = "小微企业，实行“三零”服务；是否涉及外线工程由现场勘查确定"
            en = "Small or micro firm: 三零; the survey finds out about external works"
    elif kind == "resident":
        track = "low_voltage"
        zh = "不是居民生活用电，按低压非居民办理；有营业执照的请选“小微企业”"
        en = "Not a household's use, so low voltage; with a business licence choose small or micro"
    else:
        track = "low_voltage"
        zh, en = "未实行“三零”服务的低压非居民用户", "Low voltage outside 三零"
    promise = plan.value(plan.tracks[track].promise_key)
    return track, Reason(zh, en, promise.clause, promise.quote)
