"""`tongdian demo`: build the synthetic city, of any size."""

import argparse
from typing import Any

from tongdian.commands.speech import DONE, Speaker, day, whole


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    from tongdian.service.preparing import CUSTOMERS, LEAST, MOST, SEED

    text = speaker.choose("在空数据库中建立演示城市", "build the demo city in an empty database")
    parser = commands.add_parser("demo", parents=[shared], help=text, description=text)
    parser.add_argument(
        "--customers",
        type=whole("--customers", LEAST, MOST),
        default=CUSTOMERS,
        metavar="N",
        help=speaker.choose(
            f"用户数，{LEAST} 到 {MOST}，默认 {CUSTOMERS}",
            f"customers, {LEAST} to {MOST}, {CUSTOMERS} if not said",
        ),
    )
    parser.add_argument(
        "--seed",
        type=whole("--seed", 0, 2**63 - 1),
        default=SEED,
        metavar="S",
        help=speaker.choose("随机种子：同种子同城市", "the same seed gives the same city"),
    )
    parser.add_argument(
        "--until",
        type=day("--until"),
        metavar="YYYY-MM-DD",
        help=speaker.choose("一年到哪一天为止，默认今天", "the last day of its year, else today"),
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help=speaker.choose("先清空内置数据库", "empty the embedded database first"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.serving import build_demo

    counts = build_demo(
        customers=options.customers,
        seed=options.seed,
        until=options.until,
        fresh=options.fresh,
        say=speaker.words,
    )
    if speaker.as_json:
        speaker.data(counts)
        return DONE
    speaker.words(
        f"演示城市：{counts['customers']:,} 户，{counts['cases']:,} 件，"
        f"{counts['events']:,} 个事件，用时 {counts['seconds']} 秒",
        f"Demo city: {counts['customers']:,} customers, {counts['cases']:,} cases,"
        f" {counts['events']:,} events in {counts['seconds']} s",
    )
    return DONE
