"""Which track an application belongs to, and why: the plan's rule, clause by clause."""

from dataclasses import dataclass
from decimal import Decimal

from tongdian.law.plan import Plan

PURPOSES = ("residential", "commercial", "industrial", "agricultural", "public", "charging")
APPLICANT_KINDS = ("resident", "small_micro", "enterprise", "other")
EXTERNAL_WORKS = ("no", "yes", "unknown")
HIGH_VOLTAGES = frozenset({"10kV", "35kV", "110kV"})
VOLTAGES = frozenset({"220V", "380V"}) | HIGH_VOLTAGES


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
    """A statement with the clause behind it."""

    zh: str
    en: str
    clause: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class TrackDecision:
    """The track, the voltage that goes with it, and why."""

    track: str
    voltage: str
    reasons: tuple[Reason, ...]


def classify(request: SupplyRequest, plan: Plan) -> TrackDecision:
    """The track of a request (DOMAIN §1.4). Raises RequestError."""
    check_request(request, plan)
    high, voltage_reason = _is_high_voltage(request, plan)
    if high:
        dual = request.supplies >= 2
        track = "high_voltage_dual" if dual else "high_voltage_single"
        voltage = request.voltage_requested
        voltage = voltage if voltage in HIGH_VOLTAGES and voltage else "10kV"
        count = Reason(
            "两路及以上电源按高压双电源办理" if dual else "一路电源按高压单电源办理",
            "Two or more supplies" if dual else "One supply",
            plan.value(plan.tracks[track].promise_key).clause,
        )
        return TrackDecision(track, voltage, (voltage_reason, count))
    single = plan.limit("voltage.single_phase_kw")
    voltage = "220V" if request.load_kw <= single else "380V"
    track, reason = _low_voltage_track(request, plan)
    return TrackDecision(track, voltage, (voltage_reason, reason))


def check_request(request: SupplyRequest, plan: Plan) -> None:
    """Raises RequestError for what cannot be."""
    _one_of("purpose", request.purpose, PURPOSES)
    _one_of("applicant_kind", request.applicant_kind, APPLICANT_KINDS)
    _one_of("external_works", request.external_works, EXTERNAL_WORKS)
    if request.voltage_requested is not None:
        _one_of("voltage", request.voltage_requested, sorted(VOLTAGES))
    if not request.load_kw.is_finite() or request.load_kw <= 0:
        raise RequestError(
            "load_kw",
            "报装容量必须大于 0",
            "The load has to be more than 0 kW",
            "请填写千瓦数，例如 8",
            "Give the kilowatts, for example 8",
        )
    most = plan.limit("load.maximum_kw")
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


def _one_of(field: str, value: str, choices: tuple[str, ...] | list[str]) -> None:
    if value not in choices:
        words = "、".join(choices)
        raise RequestError(
            field,
            f"须为其中之一：{words}",
            f"Has to be one of {', '.join(choices)}",
            "请从选项中选择",
            "Choose one of them",
        )


def _is_high_voltage(request: SupplyRequest, plan: Plan) -> tuple[bool, Reason]:
    """Whether the supply is high voltage: asked for, dual, or too large for low voltage."""
    small = request.applicant_kind == "small_micro"
    key = "zero_investment.capacity_kw" if small else "voltage.three_phase_kw"
    most = plan.value(key)
    if request.voltage_requested in HIGH_VOLTAGES:
        text = (f"申请电压 {request.voltage_requested}，属于高压", "High voltage was asked for")
        return True, Reason(*text, most.clause)
    if request.supplies >= 2:
        return True, Reason("双电源以高压供电", "Two supplies are at high voltage", most.clause)
    if request.load_kw > plan.limit(key):
        text = (
            f"超过低压上限 {most.value} 千瓦",
            f"Above the low-voltage bound of {most.value} kW",
        )
        return True, Reason(*text, most.clause, most.quote)
    text = (f"不超过 {most.value} 千瓦，以低压供电", f"Up to {most.value} kW at low voltage")
    return False, Reason(*text, most.clause, most.quote)


def _low_voltage_track(request: SupplyRequest, plan: Plan) -> tuple[str, Reason]:
    if request.applicant_kind == "resident":
        track = "resident"
        words = ("居民生活用电", "A resident's supply")
    elif request.applicant_kind == "small_micro":
        external = request.external_works == "yes"
        track = "zero_lv_external" if external else "zero_lv"
        words = (
            ("小微企业，实行“三零”服务，涉及外线工程", "Small or micro, 三零, with external works")
            if external
            else (
                "小微企业，实行“三零”服务，不涉及外线工程",
                "Small or micro, 三零, no external works",
            )
        )
    else:
        track = "low_voltage"
        words = ("未实行“三零”服务的低压用户", "Low voltage outside 三零")
    promise = plan.value(plan.tracks[track].promise_key)
    return track, Reason(*words, promise.clause, promise.quote)
