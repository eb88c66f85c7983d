"""`tongdian reliability indices|definitions`: indices of a log of interruptions, and what they
are."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongdian.commands.speech import DONE, Speaker, day
from tongdian.problem import Problem

if TYPE_CHECKING:
    from tongdian.reliability.coverage import Coverage
    from tongdian.reliability.indices import Table, Value
    from tongdian.reliability.interruption_log import Customers, InterruptionLog, Period
    from tongdian.reliability.major_event_days import Threshold

BY = {"zone": "地区", "feeder": "馈线", "cause": "责任原因", "nature": "停电性质", "month": "月份"}
UNITS = {
    "h": "小时",
    "per customer": "次/户",
    "per interrupted customer": "次/受停电户",
    "customers": "户",
    "kWh": "千瓦时/户",
    "share": "占比",
    "share of N, by n": "按次数，占总户数",
    "share of N, by hours": "按小时，占总户数",
    "per kVA": "次/千伏安",
}
RULES = {
    "zh": (
        "DL/T 836：时间按落在统计期内的部分计，次数计入停电开始的那一期（跨年的两年各计时间）",
        "IEEE 1366：停电的全部时间计入开始的那一天",
        "短时停电：DL/T 836 不超过 3 分钟，IEEE 1366 不超过 5 分钟",
        "尚未恢复的停电计到统计期末",
        "日期按北京时间，全年小时数平年 8760、闰年 8784",
    ),
    "en": (
        "DL/T 836: hours count in the period in which they fall, an interruption in the period in"
        " which it begins (over New Year each year has its own hours)",
        "IEEE 1366: all hours of an interruption count on the day on which it begins",
        "short: up to 3 minutes in DL/T 836, up to 5 minutes in IEEE 1366",
        "an interruption that has not ended lasts until the end of the period",
        "days are those of China's clocks; a year has 8,760 hours, a leap year 8,784",
    ),
}


def register(what: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    """The two commands."""
    text = speaker.choose("由停电记录计算指标", "indices of a log of interruptions")
    parser = what.add_parser("indices", parents=[shared], help=text, description=text)
    parser.add_argument(
        "file",
        metavar="FILE",
        help=speaker.choose(
            "停电记录 CSV：interruption, feeder, start, end, customers, nature, cause",
            "interruptions as CSV: interruption, feeder, start, end, customers, nature, cause",
        ),
    )
    parser.add_argument(
        "--customers",
        required=True,
        metavar="FILE",
        help=speaker.choose(
            "用户 CSV：feeder, zone, customers", "customers as CSV: feeder, zone, customers"
        ),
    )
    for option, end_zh, end_en in (("--from", "首日", "first day"), ("--to", "末日", "last day")):
        parser.add_argument(
            option,
            dest="first" if option == "--from" else "last",
            type=day(option),
            metavar="YYYY-MM-DD",
            help=speaker.choose(
                f"统计期{end_zh}，默认最后一次停电所在的年",
                f"{end_en} of the period; the year of the last interruption if not given",
            ),
        )
    parser.add_argument(
        "--by", choices=tuple(BY), default="zone", help=speaker.choose("分组", "what to group by")
    )
    parser.add_argument(
        "--major-event-day",
        action="append",
        type=day("--major-event-day"),
        default=[],
        metavar="YYYY-MM-DD",
        help=speaker.choose(
            "重大事件日，可重复；不给则按 2.5β 法认定",
            "a major event day, may be repeated; found by 2.5 beta if none is given",
        ),
    )
    parser.set_defaults(run=indices_of_files)
    text = speaker.choose("每个指标的定义和来源", "definition and source of every index")
    parser = what.add_parser("definitions", parents=[shared], help=text, description=text)
    parser.set_defaults(run=say_definitions)


def content(name: str) -> bytes:
    """What is in a file. Raises Problem."""
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Problem(
            f"无法读取文件 {name}",
            f"cannot read the file {name}: {error.strerror}.",
            remedy_zh="请检查路径和权限。",
            remedy_en="Check its path and permissions.",
        ) from None


def indices_of_files(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.reliability.coverage import coverage
    from tongdian.reliability.indices import WHOLE, measure
    from tongdian.reliability.log_files import read_customers, read_log
    from tongdian.reliability.period_view import view

    base = read_customers(content(options.customers))
    log = read_log(content(options.file), base)
    period = _period(options, log)
    covered = coverage(view(log, base, period))
    limit, days = _major_event_days(options, log, base, period)
    whole = measure(log, base, period)[WHOLE]
    without = measure(log, base, period, WHOLE, days)[WHOLE]
    groups = measure(log, base, period, options.by)
    if speaker.as_json:
        speaker.data(
            {
                "period": _period_data(period, covered),
                "customers": int(base.counts.sum()),
                "indices": whole,
                "major_event_days": {
                    "days": [day.isoformat() for day in days],
                    "threshold": _threshold_data(limit),
                },
                "without_major_event_days": without,
                "by": options.by,
                "groups": groups,
                "rules": RULES["en"],
            }
        )
        return DONE
    _say(period, covered, base, whole, days, speaker)
    _say_groups(groups, options.by, speaker)
    return DONE


def _period(options: argparse.Namespace, log: "InterruptionLog") -> "Period":
    from tongdian.reliability.coverage import default_period
    from tongdian.reliability.interruption_log import OPEN, Period

    if not log.start.size and options.first is None and options.last is None:
        raise Problem(
            "停电记录是空的，要说明统计期",
            "the log is empty, so the period has to be said.",
            remedy_zh="请加 --from YYYY-MM-DD --to YYYY-MM-DD。",
            remedy_en="Add --from YYYY-MM-DD --to YYYY-MM-DD.",
        )
    usual = default_period(log)
    first = options.first or (
        usual.first if options.last is None else date(options.last.year, 1, 1)
    )
    last = options.last or date(first.year, 12, 31)
    if last < first:
        raise Problem(
            f"--to {last} 早于 --from {first}",
            f"--to {last} is before --from {first}.",
            remedy_zh="请改正统计期。",
            remedy_en="Give a period that ends after it begins.",
        )
    if options.last is None and (log.end == OPEN).any():
        raise Problem(
            "有停电尚未恢复，要说明统计到哪一天",
            "interruptions have not ended, so the last day has to be said.",
            remedy_zh="请加 --to YYYY-MM-DD。",
            remedy_en="Add --to YYYY-MM-DD.",
        )
    return Period(first, last)


def _major_event_days(
    options: argparse.Namespace, log: "InterruptionLog", base: "Customers", period: "Period"
) -> "tuple[Threshold | None, list[date]]":
    from tongdian.reliability.major_event_days import history, major_days

    if options.major_event_day:
        return None, sorted(set(options.major_event_day))
    limit = history(log, base, period)
    return limit, major_days(log, base, period, limit.hours) if limit else []


def _period_data(period: "Period", covered: "Coverage") -> dict[str, Any]:
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "hours": period.hours,
        "days": covered.days,
        "days_with_interruptions": covered.days_with_interruptions,
        "covered_share": covered.share,
        "gaps": [[first.isoformat(), last.isoformat()] for first, last in covered.gaps],
    }


def _threshold_data(limit: "Threshold | None") -> dict[str, Any] | None:
    if limit is None:
        return None
    return {
        "hours": limit.hours,
        "alpha": limit.alpha,
        "beta": limit.beta,
        "days": limit.days,
        "years": limit.years,
        "provisional": limit.provisional,
    }


def _say(
    period: "Period",
    covered: "Coverage",
    base: "Customers",
    whole: "Table",
    days: list[date],
    speaker: Speaker,
) -> None:
    from tongdian.reliability.definitions import DEFINITIONS

    n = int(base.counts.sum())
    speaker.words(
        f"{period.first} 至 {period.last}，{n} 户，记录覆盖 {covered.share:.1%} 的日子",
        f"{period.first} to {period.last}, {n} customers, {covered.share:.1%} of the days covered",
    )
    for first, last in covered.gaps:
        speaker.words(
            f"  {first} 至 {last} 没有记录，可能缺失", f"  nothing from {first} to {last}: missing?"
        )
    standard = ""
    for one in DEFINITIONS:
        if one.standard != standard:
            standard = one.standard
            speaker.words(f"\n{standard}", f"\n{standard}")
        value = _shown(whole[one.standard][one.symbol], speaker, one.unit == "share")
        speaker.words(
            f"  {one.symbol} {one.zh}（{UNITS[one.unit]}）：{value}",
            f"  {one.symbol}, {one.en} ({one.unit}): {value}",
        )
    named = "、".join(map(str, days)) or speaker.choose("无", "none")
    speaker.words(f"\n重大事件日：{named}", f"\nMajor event days: {named}")


def _say_groups(groups: "dict[str, Table]", by: str, speaker: Speaker) -> None:
    from tongdian.reliability.definitions import DLT836

    speaker.words(
        f"\n按{BY[by]}：SAIDI-1（小时）、SAIFI-1（次）、停电时户数",
        f"\nBy {by}: SAIDI-1 (h), SAIFI-1, customer hours",
    )
    for name, table in groups.items():
        found = table[DLT836]
        if found["CUSTOMER-HOURS"]:
            told = [_shown(found[s], speaker) for s in ("SAIDI-1", "SAIFI-1", "CUSTOMER-HOURS")]
            print(f"  {_group_name(name, by, speaker)}  {'  '.join(told)}")


def _group_name(name: str, by: str, speaker: Speaker) -> str:
    from tongdian.reliability.causes import CAUSES
    from tongdian.reliability.log_files import ZONES
    from tongdian.reliability.natures import NATURES

    if by == "zone":
        return speaker.choose(ZONES[name], name)
    if by == "cause":
        return speaker.choose(*CAUSES[name])
    if by == "nature":
        return speaker.choose(NATURES[name].zh, NATURES[name].en)
    return name


def _shown(value: "Value", speaker: Speaker, percent: bool = False) -> str:
    if value is None:
        return speaker.choose("无从计算", "not known")
    if isinstance(value, dict):
        return ", ".join(f"{step}: {share:.4f}" for step, share in value.items())
    return f"{value:.5%}" if percent else f"{value:.6f}".rstrip("0").rstrip(".")


def say_definitions(options: argparse.Namespace, speaker: Speaker) -> int:
    from dataclasses import asdict

    from tongdian.reliability.definitions import DEFINITIONS, SOURCES

    if speaker.as_json:
        speaker.data([{**asdict(one), "source": SOURCES[one.standard]} for one in DEFINITIONS])
        return DONE
    for standard, source in SOURCES.items():
        print(f"{standard}  {source}")
        for one in DEFINITIONS:
            if one.standard == standard:
                name, unit = (
                    speaker.choose(one.zh, one.en),
                    speaker.choose(UNITS[one.unit], one.unit),
                )
                print(f"  {one.symbol}  {name}  [{unit}]  {one.formula}")
    speaker.words("\n规则", "\nRules")
    for rule in RULES[speaker.language]:
        print(f"  {rule}")
    return DONE
