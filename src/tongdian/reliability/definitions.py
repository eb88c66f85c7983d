"""What each index is: its formula, unit and source. What the programs answer is named by these."""

from dataclasses import dataclass
from typing import Final

DLT836, IEEE1366 = "DL/T 836", "IEEE 1366"
SOURCES: Final = {
    DLT836: "DL/T 836.2-2016 供电系统供电可靠性评价规程 第2部分：高中压用户",
    IEEE1366: "IEEE Std 1366-2022, Guide for Electric Power Distribution Reliability Indices",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One index. `formula`: t hours and n customers of a step, N customers served, T hours of the
    period, CN customers interrupted at least once, L connected kVA. `older` is the symbol of
    2012."""

    standard: str
    symbol: str
    zh: str
    en: str
    unit: str
    formula: str
    older: str = ""


def _four(symbol: str, older: str, zh: str, en: str, unit: str, formula: str) -> list[Definition]:
    left_out = (
        ("", "", "all"),
        ("（不计外部影响）", ", without external causes", "not external"),
        ("（不计系统电源不足限电）", ", without shortage of generation", "not shortage"),
        ("（不计短时停电）", ", without short interruptions", "t > 3 min"),
    )
    return [
        Definition(DLT836, f"{symbol}-{k}", zh + more_zh, en + more_en, unit,
                   f"{formula}, {which}", f"{older}-{k}")
        for k, (more_zh, more_en, which) in enumerate(left_out, 1)
    ]  # fmt: skip


_PER_YEAR = "per customer"
DEFINITIONS: Final[tuple[Definition, ...]] = (
    *_four("SAIDI", "AIHC", "用户平均停电时间", "average interruption hours", "h", "Σ t n ÷ N"),
    *_four("SAIFI", "AITC", "用户平均停电次数", "average interruptions", _PER_YEAR, "Σ n ÷ N"),
    *_four("ASAI", "RS", "平均供电可靠率", "reliability of supply", "share", "1 − SAIDI ÷ T"),
    Definition(DLT836, "SAIDI-F", "用户平均故障停电时间", "average hours of faults", "h",
               "Σ t n ÷ N, faults", "AIHC-F"),
    Definition(DLT836, "SAIDI-S", "用户平均预安排停电时间", "average hours of scheduled works", "h",
               "Σ t n ÷ N, scheduled", "AIHC-S"),
    Definition(DLT836, "SAIFI-F", "用户平均故障停电次数", "average interruptions by faults",
               _PER_YEAR, "Σ n ÷ N, faults", "AITC-F"),
    Definition(DLT836, "SAIFI-S", "用户平均预安排停电次数", "average scheduled interruptions",
               _PER_YEAR, "Σ n ÷ N, scheduled", "AITC-S"),
    Definition(DLT836, "MAIFI", "用户平均短时停电次数", "average short interruptions", _PER_YEAR,
               "Σ n ÷ N, t ≤ 3 min", "ATITC"),
    Definition(DLT836, "MID-F", "故障停电平均持续时间", "mean duration of faults", "h",
               "Σ duration ÷ number of interruptions, faults", "MID-F"),
    Definition(DLT836, "MID-S", "预安排停电平均持续时间",
               "mean duration of scheduled interruptions", "h",
               "Σ duration ÷ number of interruptions, scheduled", "MID-S"),
    Definition(DLT836, "MIC-F", "故障停电平均用户数", "mean customers of faults", "customers",
               "Σ n ÷ number of interruptions, faults", "MIC-F"),
    Definition(DLT836, "MIC-S", "预安排停电平均用户数", "mean customers of scheduled interruptions",
               "customers", "Σ n ÷ number of interruptions, scheduled", "MIC-S"),
    Definition(DLT836, "AENS", "用户平均停电缺供电量", "average energy not supplied", "kWh",
               "Σ t n × average kW of a customer ÷ N", "AENS"),
    Definition(DLT836, "CUSTOMER-HOURS", "停电时户数", "customer interruption hours", "h", "Σ t n"),
    Definition(IEEE1366, "SAIDI", "系统平均停电持续时间", "system average interruption duration",
               "h", "Σ t n ÷ N, t > 5 min"),
    Definition(IEEE1366, "SAIFI", "系统平均停电频率", "system average interruption frequency",
               _PER_YEAR, "Σ n ÷ N, t > 5 min"),
    Definition(IEEE1366, "CAIDI", "每次停电平均持续时间", "customer average interruption duration",
               "h", "SAIDI ÷ SAIFI"),
    Definition(IEEE1366, "CTAIDI", "受停电用户平均停电时间",
               "customer total average interruption duration", "h", "Σ t n ÷ CN, t > 5 min"),
    Definition(IEEE1366, "CAIFI", "受停电用户平均停电频率",
               "customer average interruption frequency", "per interrupted customer",
               "Σ n ÷ CN, t > 5 min"),
    Definition(IEEE1366, "ASAI", "平均供电可用率", "average service availability", "share",
               "1 − SAIDI ÷ T"),
    Definition(IEEE1366, "CEMI", "多次停电用户比例",
               "customers experiencing n or more interruptions", "share of N, by n",
               "CN(k ≥ n) ÷ N, t > 5 min"),
    Definition(IEEE1366, "CELID-s", "单次长时停电用户比例",
               "customers with one interruption of s hours or more", "share of N, by hours",
               "CN(longest t ≥ s) ÷ N"),
    Definition(IEEE1366, "CELID-t", "累计长时停电用户比例",
               "customers with t hours or more in all", "share of N, by hours",
               "CN(Σ t ≥ s) ÷ N"),
    Definition(IEEE1366, "MAIFI", "平均瞬时停电频率", "momentary average interruption frequency",
               _PER_YEAR, "Σ n ÷ N, t ≤ 5 min"),
    Definition(IEEE1366, "MAIFI_E", "平均瞬时停电事件频率",
               "momentary average interruption event frequency", _PER_YEAR,
               "Σ n of momentary events ÷ N; those within 5 minutes are one event, and none that a"
               " sustained interruption follows within 5 minutes"),
    Definition(IEEE1366, "ASIFI", "平均系统停电频率（容量）",
               "average system interruption frequency", "per kVA", "Σ L ÷ L of all, t > 5 min"),
    Definition(IEEE1366, "ASIDI", "平均系统停电持续时间（容量）",
               "average system interruption duration", "h", "Σ t L ÷ L of all, t > 5 min"),
)  # fmt: skip


def symbols(standard: str) -> tuple[str, ...]:
    """The symbols of a standard, in their order."""
    return tuple(d.symbol for d in DEFINITIONS if d.standard == standard)
