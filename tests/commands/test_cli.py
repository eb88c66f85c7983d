"""The command as a whole: help, languages, unknown commands, pipes that close."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from support.terminal import TONGDIAN, Answer, environment, run

Tongdian = Callable[..., Answer]
COMMANDS = ("serve", "demo", "plan", "deadline", "verify", "worker", "doctor", "manage")


def test_help_names_every_command_in_both_languages(tongdian: Tongdian) -> None:
    zh, en = tongdian("--help"), tongdian("--help", "--lang", "en")
    assert (zh.status, en.status) == (0, 0)
    for command in COMMANDS:
        assert command in zh.out
        assert command in en.out
    assert "用法" in zh.out
    assert "usage" in en.out


@pytest.mark.parametrize("command", [c for c in COMMANDS if c != "manage"])
def test_every_command_explains_itself(tongdian: Tongdian, command: str) -> None:
    answer = tongdian(command, "--help")
    assert answer.status == 0
    assert command in answer.out or command == "verify"


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("--nonsense",), ("deadlin",)])
def test_what_is_no_command_is_named(tongdian: Tongdian, arguments: tuple[str, ...]) -> None:
    answer = tongdian(*arguments)
    assert (answer.status, answer.out) == (2, "")
    assert "tongdian --help" in answer.err
    assert tongdian(*arguments, "--json").data["error"]["remedy_en"]


def test_demo_and_serve_refuse_bad_numbers(tongdian: Tongdian) -> None:
    for arguments, option in (
        (("demo", "--customers", "10"), "--customers"),
        (("demo", "--seed", "x"), "--seed"),
        (("demo", "--until", "yesterday"), "--until"),
        (("serve", "--port", "70000"), "--port"),
        (("serve", "--workers", "0"), "--workers"),
        (("serve", "--demo", "--customers", "9999999"), "--customers"),
    ):
        problem = tongdian(*arguments, "--json")
        assert problem.status == 2
        assert option in problem.data["error"]["zh"]
        assert problem.data["error"]["remedy_en"]


def test_a_port_of_the_environment_that_is_none() -> None:
    answer = run("serve", PORT="abc")
    assert answer.status == 2
    assert answer.err.startswith("PORT 的“abc”不对")


def test_as_a_module() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "tongdian", "plan", "check"],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    assert (answer.returncode, answer.stdout) == (0, "方案没有问题。\n")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{TONGDIAN} plan show | head -1"
    done = subprocess.run(
        command, shell=True, capture_output=True, text=True, env=environment(), check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.startswith("贵阳市")
