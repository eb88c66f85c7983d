"""Compensation for interruptions: the statutory formula, and over-runs of announced works.

供电营业规则 (1996 art. 95; the 2024 text, its article numbers among them, is to be verified):
compensation = average hourly energy before the interruption × hours out × energy price × multiple,
where the multiple depends on the tariff and less than an hour counts as an hour. It applies to
operating accidents of the utility where the supply contract has a clause on liability for them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import Any, Final

from tongdian.reliability.causes import CAUSES
from tongdian.reliability.natures import FAULT, NATURES
from tongdian.reliability.refusals import ReliabilityError

SINGLE, TWO_PART = "single", "two_part"
DUE, NOT_DUE, TO_DECIDE = "due", "not_due", "to_decide"
FEN: Final = Decimal("0.01")
_HOUR: Final = Decimal(3600)


@dataclass(frozen=True, slots=True)
class Rule:
    """The values of the formula: multiples by tariff, and the least hours that count.

    A city's plan may carry others; these are the ones of 1996. `clause` and `note` go with every
    result, so that nobody takes an unverified article for a verified one.
    """

    multiples: MappingProxyType[str, Decimal]
    least_hours: Decimal
    quality_share: Decimal
    clause: str
    note: str


STATUTORY: Final = Rule(
    MappingProxyType({SINGLE: Decimal(4), TWO_PART: Decimal(5)}),
    Decimal(1),
    Decimal("0.20"),
    "供电营业规则（1996）第九十五条",
    "2024 年修订后的条号和倍数待核对",
)


@dataclass(frozen=True, slots=True)
class Compensation:
    """What is due for one interruption of one customer, and how it comes about. Yuan to the fen."""

    hours: Decimal
    counted_hours: Decimal
    energy_kwh: Decimal
    price_yuan_per_kwh: Decimal
    multiple: Decimal
    yuan: Decimal
    clause: str
    note: str

    def to_dict(self) -> dict[str, Any]:
        """For programs: exact numbers as text."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


def compensation(
    start: datetime,
    end: datetime,
    average_kwh_per_hour: Decimal,
    price_yuan_per_kwh: Decimal,
    tariff: str,
    rule: Rule = STATUTORY,
) -> Compensation:
    """Compensation for an interruption from `start` to `end`.

    `average_kwh_per_hour`: mean hourly energy over the normal month before, `average_energy`.
    `tariff` is single or two_part. Raises ReliabilityError for times without zone or in the wrong
    order, negative amounts, and unknown tariffs.
    """
    if tariff not in rule.multiples:
        raise ReliabilityError(
            "unknown_tariff",
            "tariff",
            (f"没有电价制度“{tariff}”", f"there is no tariff {tariff!r}"),
            ("single 为单一制，two_part 为两部制。", "It is single or two_part."),
        )
    average = _amount("average_kwh_per_hour", average_kwh_per_hour)
    price = _amount("price_yuan_per_kwh", price_yuan_per_kwh)
    hours = _hours(start, end)
    counted = max(hours, rule.least_hours)
    energy = average * counted
    multiple = rule.multiples[tariff]
    yuan = (energy * price * multiple).quantize(FEN, ROUND_HALF_UP)
    return Compensation(hours, counted, energy, price, multiple, yuan, rule.clause, rule.note)


def poor_quality(
    energy_kwh: Decimal, price_yuan_per_kwh: Decimal, rule: Rule = STATUTORY
) -> Decimal:
    """Yuan for energy used while voltage or frequency was out of its band, the customer's power
    factor being in order (1996 arts. 96 and 97: a fifth of its price)."""
    energy = _amount("energy_kwh", energy_kwh)
    price = _amount("price_yuan_per_kwh", price_yuan_per_kwh)
    return (energy * price * rule.quality_share).quantize(FEN, ROUND_HALF_UP)


def average_energy(month_kwh: Decimal, days: int) -> Decimal:
    """Mean hourly energy, kWh, of a normal month or of so many normal days."""
    if days < 1:
        raise ReliabilityError(
            "wrong_number",
            "days",
            (f"“{days}”不是天数", f"{days} is no number of days"),
            ("请填写正常用电的天数。", "Give the number of normal days."),
        )
    return _amount("month_kwh", month_kwh) / (24 * days)


def overrun_hours(announced_end: datetime, actual_end: datetime) -> Decimal:
    """Hours by which announced works took longer than announced; 0 when they did not."""
    _zoned("announced_end", announced_end)
    _zoned("actual_end", actual_end)
    return max(_in_hours(actual_end - announced_end), Decimal(0))


@dataclass(frozen=True, slots=True)
class Grounds:
    """Whether the statutory formula applies: due, not_due or to_decide, and why."""

    outcome: str
    zh: str
    en: str
    clause: str


def grounds(nature: str, cause: str, contract_has_clause: bool) -> Grounds:
    """What an interruption's nature and cause say about liability (codes of natures and causes).

    Force majeure has to be shown by who relies on it, so natural causes are decided by a person.
    Raises ReliabilityError for codes that are none.
    """
    if nature not in NATURES or cause not in CAUSES:
        raise ReliabilityError(
            "unknown_code",
            "nature" if nature not in NATURES else "cause",
            ("没有这个代码", "is no code"),
            ("请用停电性质和责任原因的代码。", "Use a code of nature and of cause."),
        )
    top = cause.split(".", 1)[0]
    if NATURES[nature].part != FAULT:
        return Grounds(NOT_DUE, "预安排停电不是运行事故；超时部分按地方规则",
                       "scheduled works are no operating accident; over-runs go by local rules",
                       STATUTORY.clause)  # fmt: skip
    if top == "customer":
        return Grounds(NOT_DUE, "用户自身过错", "the customer's own fault", "电力法 第六十条")
    if top == "external":
        return Grounds(TO_DECIDE, "第三人责任，由其依法赔偿",
                       "a third party is liable and has to pay", "电力法 第六十条")  # fmt: skip
    if top in ("weather", "upstream", "unknown") or NATURES[nature].external:
        return Grounds(TO_DECIDE, "是否不可抗力或他人责任，须举证认定",
                       "force majeure or others' liability has to be shown",
                       "电力法 第六十条")  # fmt: skip
    if not contract_has_clause:
        return Grounds(NOT_DUE, "供用电合同没有电力运行事故责任条款",
                       "the supply contract has no clause on operating accidents",
                       STATUTORY.clause)  # fmt: skip
    return Grounds(DUE, "供电企业电力运行事故", "an operating accident of the utility",
                   STATUTORY.clause)  # fmt: skip


def _hours(start: datetime, end: datetime) -> Decimal:
    _zoned("start", start)
    _zoned("end", end)
    if end <= start:
        raise ReliabilityError(
            "end_before_start",
            "end",
            (f"恢复时间 {end} 不晚于停电时间 {start}", f"{end} is not after the start, {start}"),
            ("请核对两个时间和时区。", "Check both times and their zones."),
        )
    return _in_hours(end - start)


def _in_hours(length: timedelta) -> Decimal:
    seconds = Decimal(length.days) * 86_400 + length.seconds + Decimal(length.microseconds) / 10**6
    return seconds / _HOUR


def _zoned(field: str, when: datetime) -> None:
    if when.tzinfo is None:
        raise ReliabilityError(
            "no_time_zone",
            field,
            (f"“{when}”没有时区", f"{when} names no time zone"),
            ("请带时区，例如 +08:00。", "Give its zone, such as +08:00."),
        )


def _amount(field: str, value: Decimal) -> Decimal:
    if not value.is_finite() or value < 0:
        raise ReliabilityError(
            "wrong_number",
            field,
            (f"“{value}”不是非负数", f"{value} is no number from zero up"),
            ("请填写电量和电价。", "Give energy and price."),
        )
    return value
