"""`tongdian grid quote`: where and how a load can be supplied, for people and for programs."""

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongdian.commands import grid_city
from tongdian.commands.speech import DONE, FOUND, Speaker
from tongdian.problem import Problem

if TYPE_CHECKING:
    from tongdian.grid.schemes.costs import Band
    from tongdian.grid.schemes.quote import Quote
    from tongdian.grid.schemes.scheme import Scheme
    from tongdian.grid.schemes.supply import Supply

KINDS = {
    "busbar": ("母线", "busbar"), "pole": ("电杆", "pole"),
    "ring_main_unit": ("环网柜", "ring-main unit"),
    "switching_station": ("开关站", "switching station"), "joint": ("接头", "joint"),
    "transformer": ("变压器", "transformer"),
    "low_voltage_board": ("低压配电屏", "low-voltage board"),
    "branch_box": ("分支箱", "branch box"), "service_point": ("接户点", "service point"),
}  # fmt: skip
LAYINGS = {
    "none": ("", ""), "existing_duct": ("既有管道", "in ducts"), "overhead": ("架空", "overhead"),
    "trench": ("开挖", "in trenches"),
}  # fmt: skip


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    """Adds the command."""
    text = speaker.choose(
        "就近供电方案：位置和负荷", "supply schemes for a place and a load"
    )  # fmt: skip
    parser = commands.add_parser("quote", parents=[shared], help=text, description=text)
    say = speaker.choose
    parser.add_argument(
        "--network", default="", metavar="FOLDER",
        help=say("城市文件夹：电网、道路、接入点；不写则用示例城市",
                 "a city's folder: network, routes, wiring; the synthetic city's without it"),
    )  # fmt: skip
    for name, help_text in (
        ("lon", say("经度，EPSG:4490，度", "longitude, EPSG:4490, degrees")),
        ("lat", say("纬度，EPSG:4490，度", "latitude, EPSG:4490, degrees")),
        ("kw", say("报装容量，千瓦", "requested capacity, kW")),
    ):
        parser.add_argument(f"--{name}", required=True, help=help_text)
    parser.add_argument("--power-factor", help=say("功率因数", "power factor"))
    parser.add_argument("--dual", action="store_true", help=say("双电源", "two supplies"))
    parser.add_argument("--small-micro", action="store_true", help=say("小微企业", "small firm"))
    parser.add_argument("--single-phase", action="store_true", help=say("单相", "single phase"))
    parser.add_argument("--transfer", action="store_true", help=say("要求馈线可转供（N-1）", "N-1"))
    parser.add_argument(
        "--critical", default="none", help=say("重要用户：second|first|special", "critical class")
    )
    parser.add_argument("--motor-kva", help=say("最大电动机，千伏安", "largest motor, kVA"))
    parser.add_argument(
        "--motor-start", default="direct",
        help=say("起动方式：direct|star_delta|soft", "how it starts: direct|star_delta|soft"),
    )  # fmt: skip
    parser.add_argument("--count", default="5", help=say("方案数", "number of schemes"))
    parser.add_argument(
        "--plan", default="guiyang-2021", help=say("实施方案：编号或文件", "the plan: id or file")
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    """Says ranked schemes, or the best infeasible ones. Raises Problem."""
    from tongdian.commands.plan_rules import rules_of
    from tongdian.grid.schemes import Motor, World
    from tongdian.grid.schemes.quote import quote
    from tongdian.law.plan import PlanError, load_plan

    numbers = {name: _number(f"--{name}", getattr(options, name)) for name in ("lon", "lat", "kw")}
    wishes: dict[str, Any] = {
        "is_dual": options.dual, "is_small_micro": options.small_micro,
        "is_single_phase": options.single_phase, "needs_transfer": options.transfer,
        "critical": options.critical,
    }  # fmt: skip
    if options.power_factor is not None:
        wishes["power_factor"] = _number("--power-factor", options.power_factor)
    if options.motor_kva is not None:
        rated = _number("--motor-kva", options.motor_kva)
        wishes["motor"] = Motor(rated_kva=rated, start=options.motor_start)
    count = int(_number("--count", options.count))
    try:
        plan = load_plan(options.plan)
    except PlanError as error:
        raise Problem(
            f"方案 {options.plan} 不能用：{error.zh}",
            f"the plan {options.plan} will not do: {error.en}.",
            remedy_zh="用 tongdian plan check 检查。", remedy_en="Ask tongdian plan check.",
        ) from None  # fmt: skip
    folder = Path(options.network) if options.network else grid_city.city_folder(speaker)
    world = World.open(folder, rules=rules_of(plan))
    answer = quote(world, **numbers, count=count, **wishes)
    if speaker.as_json:
        speaker.data(answer.to_dict())
    else:
        _say(answer, speaker)
    return DONE if answer.schemes else FOUND


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise Problem(
            f"{option} 的“{text}”不是数", f"{option}: {text!r} is not a number.",
            remedy_zh="请写成 106.7135 这样的数。", remedy_en="Write numbers like 106.7135.",
        ) from None  # fmt: skip


def _say(answer: "Quote", speaker: Speaker) -> None:
    terms, request = answer.terms, answer.request
    reasons_zh = "；".join(zh for zh, _ in terms.reasons)
    reasons_en = "; ".join(en for _, en in terms.reasons)
    speaker.words(
        f"{request.kw:g} kW，供电电压 {terms.level}（{reasons_zh}）",
        f"{request.kw:g} kW, supplied at {terms.level} ({reasons_en})",
    )
    if answer.why[0]:
        speaker.words(answer.why[0] + "。", answer.why[1] + ".")
    for number, scheme in enumerate(answer.schemes, start=1):
        mark_zh, mark_en = ("（帕累托点）", " (Pareto point)") if scheme.is_pareto else ("", "")
        speaker.words(f"\n方案 {number}{mark_zh}", f"\nScheme {number}{mark_en}")
        _say_scheme(scheme, speaker)
    if answer.best is not None:
        _say_nearer(answer, answer.best, speaker)
    if not answer.schemes and answer.infeasible:
        speaker.words("\n没有可行的方案。最接近的：", "\nNo scheme is feasible. The nearest to it:")
        for scheme in answer.infeasible:
            _say_scheme(scheme, speaker)
    speaker.words(
        "\n费用和工期是区间；标“待核实”的单价和规则须核实后使用。",
        "\nCosts and days are bands; verify unsure unit costs and rules before relying on them.",
    )


def _say_nearer(answer: "Quote", best: "Scheme", speaker: Speaker) -> None:
    """Why what is cheaper was not taken."""
    for scheme in answer.infeasible:
        if scheme.cost.middle < best.cost.middle:
            node, zh, en = scheme.supplies[0].source.node, _limit(scheme, 0), _limit(scheme, 1)
            speaker.words(
                f"\n更省的 {node} 不可行：{zh}", f"\nCheaper, but {node} will not do: {en}"
            )


def _say_scheme(scheme: "Scheme", speaker: Speaker) -> None:
    for supply in scheme.supplies:
        _say_supply(supply, speaker)
    cost, pays, days = _yuan(scheme.cost), _yuan(scheme.customer_pays), scheme.days
    unsure = any(line.cost.confidence == "unsure" for s in scheme.supplies for line in s.bill)
    speaker.words(
        f"  工程费用 {cost} 元{'（含待核实单价）' if unsure else ''}，客户出 {pays} 元",
        f"  works {cost} yuan{' (unsure prices)' if unsure else ''}, the customer pays {pays}",
    )
    speaker.words(
        f"  工期 {days.low}–{days.high} 个工作日，新增损耗 {scheme.loss_kw:.1f} kW",
        f"  {days.low}–{days.high} working days, {scheme.loss_kw:.1f} kW more losses",
    )
    if not scheme.is_feasible:
        zh, en = scheme.binding.helps
        speaker.words(f"  不可行：{_limit(scheme, 0)}。{zh}", f"  No: {_limit(scheme, 1)}. {en}")


def _say_supply(supply: "Supply", speaker: Speaker) -> None:
    source = supply.source
    kind = KINDS[source.kind]
    parts = {way: metres for way, metres in supply.metres_by_laying().items() if metres > 0}
    ways = [", ".join(f"{LAYINGS[way][k]} {m:.0f} m" for way, m in parts.items()) for k in (0, 1)]
    new = ("，新建公用变压器", ", with a new public transformer")
    extra = new if supply.is_new_transformer else ("", "")
    speaker.words(
        f"  电源点 {source.substation} / 母线 {source.busbar} / 馈线 {source.feeder or '专线'} / "
        f"{kind[0]} {source.node} / 上级开关 {source.switch or '无'}{extra[0]}",
        f"  from {source.substation} / busbar {source.busbar} / feeder {source.feeder or 'own'} / "
        f"{kind[1]} {source.node} / switch above {source.switch or 'none'}{extra[1]}",
    )
    speaker.words(
        f"  沿道路 {supply.street_m:.0f} m（{ways[0]}），路边到户 {supply.inside_m:.0f} m；"
        f"最多可接 {supply.fits_kw:,.0f} kW",
        f"  {supply.street_m:.0f} m along streets ({ways[1]}), {supply.inside_m:.0f} m beside them;"
        f" up to {supply.fits_kw:,.0f} kW",
    )


def _limit(scheme: "Scheme", language: int) -> str:
    from tongdian.grid.schemes.checks import WORDS

    check = scheme.binding
    where = f" {check.id}" if check.id else ""
    word = WORDS[check.kind][language]
    if check.kind in ("unsolved", "transfer"):
        return f"{word}{where}"
    sign = "，限值" if language == 0 else ", limit"
    return f"{word}{where} {check.value:,.4g} {check.unit}{sign} {check.limit:,.4g} {check.unit}"


def _yuan(band: "Band") -> str:
    """A band to three figures: what it says is not known any better."""
    low, high = (_rounded(value) for value in (band.low, band.high))
    return low if low == high else f"{low}–{high}"


def _rounded(value: Decimal) -> str:
    return f"{float(f'{value:.3g}'):,.0f}"
