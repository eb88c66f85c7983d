"""`tongdian reliability predict|indices|definitions`: supply that will fail, and that has
failed."""

import argparse
from typing import TYPE_CHECKING, Any

from tongdian.commands import reliability_indices
from tongdian.commands.reliability_indices import content
from tongdian.commands.speech import DONE, Speaker
from tongdian.problem import Problem

if TYPE_CHECKING:
    from tongdian.reliability.predict import Prediction
    from tongdian.reliability.radial import RadialSystem

MOST_SHOWN = 12
# The words for what `--without` leaves away: predict_cases.PARTS.
PARTS = ("disconnectors", "fuses", "ties")


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("供电可靠性：预测、指标", "reliability of supply: predicted, measured")
    parser = commands.add_parser("reliability", help=text, description=text)
    what = parser.add_subparsers(
        required=True,
        metavar="predict|indices|definitions",
        title=speaker.choose("命令", "commands"),
    )
    _register_predict(what, shared, speaker)
    reliability_indices.register(what, shared, speaker)


def _register_predict(what: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("按故障模式预测指标", "predicted indices from the failure modes")
    parser = what.add_parser("predict", parents=[shared], help=text, description=text)
    parser.add_argument(
        "file",
        metavar="FILE",
        help=speaker.choose("辐射状网络的 JSON 文件", "a radial network as JSON"),
    )
    parser.add_argument(
        "--without",
        action="append",
        choices=PARTS,
        default=[],
        help=speaker.choose(
            "假设没有隔离开关、支线熔断器或联络，可重复",
            "as if there were no disconnectors, lateral fuses or ties; may be repeated",
        ),
    )
    parser.add_argument(
        "--transformer-hours",
        type=_hours("--transformer-hours"),
        metavar="H",
        help=speaker.choose(
            "变压器修复或更换小时数", "hours to repair or to replace any transformer"
        ),
    )
    parser.add_argument(
        "--switching-hours",
        type=_hours("--switching-hours"),
        metavar="H",
        help=speaker.choose(
            "开关操作不超过的小时数（3 分钟即 0.05）",
            "hours within which every switch is operated (three minutes are 0.05)",
        ),
    )
    parser.set_defaults(run=predict_file)


def predict_file(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.reliability.predict import predict
    from tongdian.reliability.predict_cases import switched_within, transformers_back_in, without
    from tongdian.reliability.predict_file import read_system

    system = without(read_system(content(options.file)), *options.without)
    if options.transformer_hours is not None:
        system = transformers_back_in(system, options.transformer_hours)
    if options.switching_hours is not None:
        system = switched_within(system, options.switching_hours)
    found = predict(system)
    if speaker.as_json:
        speaker.data(_for_programs(system, found))
    else:
        _say(system, found, speaker)
    return DONE


def _hours(option: str) -> Any:
    """An option's type: hours from zero up. Reading raises Problem."""

    def read(text: str) -> float:
        try:
            hours = float(text)
        except ValueError:
            hours = -1.0
        if not 0 <= hours <= 8760:
            raise Problem(
                f"{option} 的“{text}”不对",
                f"{option}: {text!r} will not do.",
                remedy_zh="应为 0 到 8760 的小时数。",
                remedy_en="It has to be hours from 0 to 8760.",
            )
        return hours

    return read


def _for_programs(system: "RadialSystem", found: "Prediction") -> dict[str, Any]:
    """Interruptions per year, hours per year, kWh per year."""
    return {
        "customers": found.customers,
        "SAIFI": found.saifi,
        "SAIDI": found.saidi,
        "CAIDI": found.caidi,
        "ASAI": found.asai,
        "MAIFI": found.maifi,
        "ENS_kWh": found.ens_kwh,
        "AENS": found.aens_kwh,
        "load_points": {
            name: {
                "lambda_per_yr": float(found.failures[i]),
                "U_h_per_yr": float(found.hours[i]),
                "momentary_per_yr": float(found.momentary[i]),
            }
            for i, name in enumerate(system.load_names)
        },
    }


def _say(system: "RadialSystem", found: "Prediction", speaker: Speaker) -> None:
    caidi = "—" if found.caidi is None else f"{found.caidi:.3f}"
    points = len(system.load_names)
    speaker.words(
        f"预测：{found.customers} 户，{system.upstream.size} 段线路，{points} 个负荷点",
        f"Prediction: {found.customers} customers, {system.upstream.size} sections,"
        f" {points} load points",
    )
    for zh, en, value in (
        ("用户平均停电次数 SAIFI", "SAIFI, interruptions per customer and year",
         f"{found.saifi:.4f}"),
        ("用户平均停电时间 SAIDI（小时）", "SAIDI, hours per customer and year",
         f"{found.saidi:.4f}"),
        ("每次停电平均时间 CAIDI（小时）", "CAIDI, hours per interruption", caidi),
        ("供电可靠率 ASAI", "ASAI, share of the year with supply", f"{found.asai:.6%}"),
        ("用户平均短时停电次数 MAIFI", "MAIFI, momentary interruptions", f"{found.maifi:.4f}"),
        ("缺供电量 ENS（千瓦时/年）", "ENS, kWh not supplied per year", f"{found.ens_kwh:.1f}"),
        ("每户缺供电量 AENS（千瓦时/年）", "AENS, kWh per customer and year",
         f"{found.aens_kwh:.3f}"),
    ):  # fmt: skip
        speaker.words(f"  {zh}：{value}", f"  {en}: {value}")
    speaker.words("停电最久的负荷点", "Load points that are out the longest")
    for i in (-found.hours).argsort(kind="stable")[:MOST_SHOWN]:
        speaker.words(
            f"  {system.load_names[i]}：{found.failures[i]:.4f} 次/年，"
            f"{found.hours[i]:.3f} 小时/年",
            f"  {system.load_names[i]}: {found.failures[i]:.4f} per year,"
            f" {found.hours[i]:.3f} h per year",
        )
