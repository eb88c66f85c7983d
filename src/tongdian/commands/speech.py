"""How commands speak: words in the chosen language for people, JSON for programs."""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

from tongdian.problem import Problem

DONE, FOUND, CANNOT = 0, 1, 2


class Speaker:
    """Says things in one language, or as JSON when a program asks."""

    def __init__(self, language: str, as_json: bool) -> None:
        self.language = language
        self.as_json = as_json

    def choose(self, zh: str, en: str) -> str:
        """The words of the chosen language."""
        return zh if self.language == "zh" else en

    def words(self, zh: str, en: str) -> None:
        """Say something to people; programs do not hear it."""
        if not self.as_json:
            print(self.choose(zh, en), flush=True)

    def data(self, value: Any) -> None:
        """Answer a program."""
        print(json.dumps(value, ensure_ascii=False), flush=True)

    def problem(self, problem: Problem) -> int:
        """Say what is wrong and what to do: to people on the error stream, to a program where it
        reads its answer. Returns the exit status."""
        if self.as_json:
            self.data({"error": problem.to_dict()})
        else:
            print(problem.words(self.language), file=sys.stderr, flush=True)
        return CANNOT


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help with a Chinese heading for its usage line when Chinese was asked for."""

    usage_prefix = "用法："

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self.usage_prefix if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the chosen language, and tells a program of a bad command as JSON."""

    speaker = Speaker("zh", False)

    def __init__(self, **keywords: Any) -> None:
        if self.speaker.language == "zh":
            keywords["formatter_class"] = Formatter
        super().__init__(**{"allow_abbrev": False, **keywords, "add_help": False})
        self._positionals.title = self.speaker.choose("参数", "arguments")
        self._optionals.title = self.speaker.choose("选项", "options")
        self.add_argument(
            "-h", "--help", action="help", help=self.speaker.choose("显示帮助", "show this help")
        )

    def error(self, message: str) -> NoReturn:
        """A command that is not written as it should be."""
        problem = Problem(
            f"命令写法有误：{_in_chinese(message)}",
            f"cannot read this command: {message}.",
            remedy_zh=f"用法见 {self.prog} --help",
            remedy_en=f"See {self.prog} --help",
        )
        sys.exit(self.speaker.problem(problem))


def _in_chinese(message: str) -> str:
    """argparse's own few sentences."""
    for english, chinese in (
        ("the following arguments are required: ", "缺少 "),
        ("unrecognized arguments: ", "不认识 "),
        ("expected one argument", "后面要有一个值"),
        ("expected at least one argument", "后面至少要有一个值"),
        ("invalid int value: ", "不是整数："),
        ("invalid choice: ", "不能选 "),
        ("choose from ", "可选 "),
        ("argument ", "参数 "),
    ):
        message = message.replace(english, chinese)
    return message


def shared(speaker: Speaker) -> argparse.ArgumentParser:
    """Options of every command."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--lang",
        choices=("zh", "en"),
        default=speaker.language,
        help=speaker.choose("语言", "language"),
    )
    parent.add_argument(
        "--json", action="store_true", help=speaker.choose("给程序用的输出", "output for programs")
    )
    return parent


def day(option: str) -> Callable[[str], date]:
    """An option's type: a day such as 2021-09-17. Reading raises Problem."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Problem(
                f"{option} 的“{text}”不是日期",
                f"{option}: {text!r} is not a day.",
                remedy_zh="日期写作 2021-09-17。",
                remedy_en="Write days as 2021-09-17.",
            ) from None

    return read


def whole(option: str, least: int, most: int) -> Callable[[str], int]:
    """An option's type: a whole number within bounds. Reading raises Problem."""

    def read(text: str) -> int:
        number = int(text) if re.fullmatch(r"-?\d{1,20}", text) else least - 1
        if not least <= number <= most:
            raise Problem(
                f"{option} 的“{text}”不对",
                f"{option}: {text!r} will not do.",
                remedy_zh=f"应为 {least} 到 {most} 的整数。",
                remedy_en=f"It has to be a whole number from {least} to {most}.",
            )
        return number

    return read


def wants(arguments: Sequence[str], option: str) -> str | None:
    """The value of `--option value` or `--option=value` before anything is parsed; "" for a flag
    at the end; None when it is not there."""
    for index, argument in enumerate(arguments):
        if argument == "--":
            return None
        if argument == option:
            return next(iter(arguments[index + 1 : index + 2]), "")
        if argument.startswith(f"{option}="):
            return argument.partition("=")[2]
    return None
