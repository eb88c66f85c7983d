"""`tongdian`: the platform from a terminal. Words for people, `--json` for programs.

Chinese unless `--lang en` or TONGDIAN_LANG=en. Exit status: 0 done, 1 something was found (by
`plan check`, `doctor` or `verify`), 2 the command cannot be done. A problem is said on the error
stream with what to do about it; with `--json` it is the answer: {"error": {zh, en, remedy_…}}.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from tongdian.commands.speech import DONE, Parser, Speaker, shared, wants
from tongdian.problem import Problem

COMMANDS = (
    "serve", "demo", "sandbox", "plan", "deadline", "grid", "worker", "doctor", "keys", "retention",
    "reliability",
)  # fmt: skip
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Do one command. Returns the exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    language = wants(arguments, "--lang") or os.environ.get("TONGDIAN_LANG", "zh")
    speaker = Speaker("en" if language == "en" else "zh", wants(arguments, "--json") is not None)
    try:
        return _dispatch(arguments, speaker)
    except Problem as problem:
        return speaker.problem(problem)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our answer has heard enough; nothing more is flushed at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _dispatch(arguments: list[str], speaker: Speaker) -> int:
    if arguments[:1] == ["verify"]:
        from tongdian.proof import verify

        given = [] if wants(arguments, "--lang") is not None else ["--lang", speaker.language]
        return int(verify.main([*given, *arguments[1:]]))
    if arguments[:1] == ["manage"]:
        from tongdian.commands import manage

        return manage.run(arguments[1:])
    options = _parser(arguments, speaker).parse_args(arguments)
    return int(options.run(options, speaker))


def _parser(arguments: list[str], speaker: Speaker) -> Parser:
    """Knows the command that is wanted; all of them when that is not clear."""
    Parser.speaker = speaker
    parser = Parser(
        prog="tongdian",
        description=speaker.choose("通电：获得电力平台", "Tongdian: getting electricity"),
    )
    commands = parser.add_subparsers(
        required=True,
        metavar=speaker.choose("命令", "COMMAND"),
        title=speaker.choose("命令", "commands"),
    )
    wanted = arguments[0] if arguments else ""
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        import_module(f"tongdian.commands.{name}").register(commands, shared(speaker), speaker)
    commands.add_parser(
        "verify", help=speaker.choose("核验回执和导出的案件", "verify receipts and exported cases")
    )
    commands.add_parser("manage", help=speaker.choose("Django 的管理命令", "Django's own commands"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
