"""`tongdian retention`: what is past its term, by kind and count; `--apply` destroys it."""

import argparse
from dataclasses import asdict
from typing import Any

from tongdian.commands.speech import DONE, Speaker


def register(commands: Any, shared: argparse.ArgumentParser, speaker: Speaker) -> None:
    text = speaker.choose("到期应删除的个人信息", "personal data past its term")
    parser = commands.add_parser("retention", parents=[shared], help=text, description=text)
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--dry-run",
        action="store_true",
        help=speaker.choose("只列出将删除什么（默认）", "list what would go (the default)"),
    )
    how.add_argument(
        "--apply", action="store_true", help=speaker.choose("删除", "destroy it, for good")
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, speaker: Speaker) -> int:
    from tongdian.service.environment import with_database

    with with_database(make=False) as database:
        database.become_web()
        import django

        django.setup()
        from tongdian.service.privacy.retention import apply, due

        lines = apply() if options.apply else due()
    if speaker.as_json:
        speaker.data({"applied": options.apply, "lines": [asdict(line) for line in lines]})
    for line in lines:
        speaker.words(
            f"{line.count:>9,}  {line.zh}（保留{line.term_zh}）",
            f"{line.count:>9,}  {line.en} (kept {line.term_en})",
        )
    total = sum(line.count for line in lines)
    if options.apply:
        speaker.words(f"已删除 {total:,} 项。", f"{total:,} destroyed.")
    else:
        speaker.words(
            f"共 {total:,} 项到期，没有改动任何数据；加 --apply 删除。",
            f"{total:,} past their term; nothing was changed. --apply destroys them.",
        )
    return DONE
