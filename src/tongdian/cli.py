"""`tongdian`: the platform from a terminal. Words for people, `--json` for programs.

Commands import what they need when they run: `tongdian deadline` starts in a blink.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

EXIT_FINDINGS, EXIT_USAGE = 1, 2


class CommandError(Exception):
    """A command that cannot be done: what is wrong and what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class Speaker:
    """Says things in the chosen language, or as JSON."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.json = getattr(options, "json", False)
        self.zh = options.lang == "zh"

    def words(self, zh: str, en: str) -> None:
        print(zh if self.zh else en, flush=True)

    def data(self, value: Any) -> None:
        print(json.dumps(value, ensure_ascii=False, indent=None))

    def error(self, error: CommandError) -> None:
        if self.json:
            self.data({"error": {"zh": error.zh, "en": error.en}})
        else:
            print(error.zh if self.zh else error.en, file=sys.stderr)


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. Returns the exit status: 0 done, 1 found something, 2 cannot."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["verify"]:
        from tongdian.proof import verify

        return int(verify.main(arguments[1:]))
    if arguments[:1] == ["manage"]:
        return _manage(arguments[1:])
    options = _parser().parse_args(arguments)
    speaker = Speaker(options)
    command: Callable[[argparse.Namespace, Speaker], int] = options.command
    try:
        return command(options, speaker)
    except CommandError as error:
        speaker.error(error)
        return EXIT_USAGE


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--lang",
        choices=("zh", "en"),
        default="en" if os.environ.get("LANG", "").startswith("en_") else "zh",
        help="zh | en",
    )
    shared.add_argument("--json", action="store_true", help="给程序用 · for programs")
    parser = argparse.ArgumentParser(prog="tongdian", description="通电 · Getting Electricity")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[..., int], text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, parents=[shared], help=text, description=text)
        one.set_defaults(command=command)
        return one

    serve = add("serve", _serve, "启动服务 · serve the platform")
    serve.add_argument("--demo", action="store_true", help="演示城市 · with the demo city")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    demo = add("demo", _demo, "生成演示城市 · make the demo city")
    demo.add_argument("--customers", type=int, default=20_000)
    demo.add_argument("--seed", type=int, default=20_211)
    demo.add_argument("--until", type=_day, default=None, metavar="YYYY-MM-DD")
    plan = add("plan", _plan, "查看或检查方案 · show or check the plan")
    plan.add_argument("what", choices=("show", "check"))
    plan.add_argument("plan", nargs="?", default="guiyang-2021")
    deadline = add("deadline", _deadline, "推算到期日 · a deadline in working days")
    deadline.add_argument("--from", dest="start", type=_day, required=True, metavar="YYYY-MM-DD")
    deadline.add_argument("--working-days", type=int, required=True)
    add("worker", _worker, "后台任务 · sequencing and timed jobs")
    add("doctor", _doctor, "检查环境 · check that all is well")
    commands.add_parser("verify", help="核验回执 · verify a receipt", add_help=False)
    commands.add_parser("manage", help="Django 管理命令 · Django's own commands", add_help=False)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: 例如 2021-09-17 · e.g. 2021-09-17") from None


def _deadline(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.law.calendar import CalendarRangeError, default_calendar

    if not 0 <= options.working_days <= 10_000:
        raise CommandError(
            "--working-days 须在 0 到 10000 之间", "--working-days has to be from 0 to 10000"
        )
    try:
        found = default_calendar().explain(options.start, options.working_days)
    except CalendarRangeError as error:
        zh = f"超出日历范围：{error.first} 至 {error.last}"
        raise CommandError(zh, str(error)) from None
    if speaker.json:
        speaker.data(found.to_dict())
        return 0
    speaker.words(f"到期日 {found.due}", f"Due {found.due}")
    if found.provisional:
        speaker.words("（暂定：该年放假安排尚未公布）", "(provisional: that year is not announced)")
    for day in found.skipped:
        speaker.words(f"  跳过 {day.date} {day.reason_zh}", f"  skips {day.date} {day.reason_en}")
    return 0


def _plan(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.law.plan import PlanError, load_plan
    from tongdian.law.plan_check import check

    if options.what == "check":
        findings = check(options.plan)
        if speaker.json:
            names = ("file", "line", "clause", "rule", "message_zh", "message_en")
            speaker.data([{n: getattr(f, n) for n in names} for f in findings])
        else:
            for f in findings:
                where = f"{f.file}:{f.line}"
                speaker.words(f"{where} [{f.clause}] {f.message_zh}", f"{where} {f.message_en}")
            if not findings:
                speaker.words("方案没有问题。", "The plan is sound.")
        return EXIT_FINDINGS if findings else 0
    try:
        plan = load_plan(options.plan)
    except PlanError as error:
        raise CommandError(f"{error.path.name}:{error.line} {error.zh}", str(error)) from None
    if speaker.json:
        speaker.data(
            {
                "id": plan.id,
                "title_zh": plan.title_zh,
                "values": {
                    key: {"value": str(v.value), "unit": v.unit, "clause": v.clause,
                          "status": v.status, "quote": v.quote}
                    for key, v in plan.values.items()
                },
            }
        )  # fmt: skip
        return 0
    print(plan.title_zh if speaker.zh else plan.title_en)
    for track in plan.tracks.values():
        name = track.zh if speaker.zh else track.en
        clause = plan.value(track.promise_key).clause
        print(f"  {name}: {track.promise_working_days} · {len(track.steps)} · {clause}")
    return 0


def _serve(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.serving import serve

    return serve(port=options.port, workers=options.workers, demo=options.demo, say=speaker.words)


def _demo(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.serving import build_demo

    if not 500 <= options.customers <= 3_000_000:
        raise CommandError(
            "--customers 须在 500 到 3000000 之间", "--customers has to be from 500 to 3000000"
        )
    say = (lambda zh, en: None) if speaker.json else speaker.words
    try:
        counts = build_demo(
            customers=options.customers, seed=options.seed, until=options.until, say=say
        )
    except RuntimeError as error:
        raise CommandError(
            "数据库里已有案件，演示城市需要空的数据库。删除数据文件夹后重试。", str(error)
        ) from None
    if speaker.json:
        speaker.data(counts)
    return 0


def _worker(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.serving import run_worker

    return run_worker()


def _doctor(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.doctor import examine

    found = examine()
    if speaker.json:
        speaker.data([vars(line) for line in found])
    else:
        for line in found:
            mark = "✓" if line.ok else "✗"
            speaker.words(
                f"{mark} {line.zh}：{line.detail}{'' if line.ok else ' → ' + line.remedy_zh}",
                f"{mark} {line.en}: {line.detail}{'' if line.ok else ' → ' + line.remedy_en}",
            )
    return 0 if all(line.ok for line in found) else EXIT_FINDINGS


def _manage(arguments: list[str]) -> int:
    from tongdian.service.serving import with_database

    with with_database():
        from django.core.management import execute_from_command_line

        execute_from_command_line(["tongdian manage", *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main())
