"""`tongdian deadline`: the day, why that day, and what it says to a bad question."""

from collections.abc import Callable

import pytest

from support.terminal import Answer, run

Tongdian = Callable[..., Answer]
MID_AUTUMN = ("--from", "2021-09-17", "--working-days", "5")


def test_the_real_command_answers_programs() -> None:
    """Mid-autumn 2021: a worked Saturday, three holidays, a weekend day, a worked Sunday."""
    answer = run("deadline", *MID_AUTUMN, "--json")
    assert (answer.status, answer.err) == (0, "")
    assert answer.data["due"] == "2021-09-26"
    assert answer.data["provisional"] is False
    skipped = answer.data["skipped"]
    assert [day["date"] for day in skipped] == [
        "2021-09-19", "2021-09-20", "2021-09-21", "2021-09-25",
    ]  # fmt: skip
    assert "中秋" in skipped[0]["reason"]
    assert [day["date"] for day in answer.data["counted_makeup"]] == ["2021-09-18", "2021-09-26"]


def test_the_real_command_answers_people_in_chinese_and_english() -> None:
    zh = run("deadline", *MID_AUTUMN)
    assert zh.status == 0
    assert zh.out.splitlines()[0] == "2021-09-17 起 5 个工作日，到期日 2021-09-26"
    assert "不计 2021-09-19 中秋节放假" in zh.out
    assert "计入 2021-09-18" in zh.out
    en = run("deadline", *MID_AUTUMN, TONGDIAN_LANG="en")
    assert en.out.splitlines()[0] == "5 working days from 2021-09-17 end on 2021-09-26"
    assert run("deadline", *MID_AUTUMN, "--lang", "en").out == en.out


def test_no_day_is_skipped_or_counted_twice(tongdian: Tongdian) -> None:
    """Days between start and due are counted or skipped, each once."""
    answer = tongdian("deadline", "--from", "2026-02-10", "--working-days", "10", "--json")
    skipped = {day["date"] for day in answer.data["skipped"]}
    from datetime import date

    span = (date.fromisoformat(answer.data["due"]) - date(2026, 2, 10)).days
    assert span - len(skipped) == 10


def test_an_unannounced_year_is_provisional_and_says_so(tongdian: Tongdian) -> None:
    question = ("deadline", "--from", "2031-09-17", "--working-days", "5")
    answer = tongdian(*question, "--json")
    assert answer.status == 0
    assert answer.data["provisional"] is True
    assert "尚未公布" in tongdian(*question).out
    assert "not announced yet" in tongdian(*question, "--lang", "en").out


@pytest.mark.parametrize(
    ("arguments", "option", "remedy"),
    [
        (("--from", "2021-13-17", "--working-days", "5"), "--from", "Write days as 2021-09-17"),
        (("--from", "", "--working-days", "5"), "--from", "Write days as 2021-09-17"),
        (("--from", "2021-09-17", "--working-days", "five"), "--working-days", "from 0 to 10000"),
        (("--from", "2021-09-17", "--working-days", "-1"), "--working-days", "from 0 to 10000"),
        (("--from", "2021-09-17", "--working-days", "9" * 30), "--working-days", "0 to 10000"),
        (("--from", "2021-09-17"), "--working-days", "--help"),
        (("--working-days", "5"), "--from", "--help"),
        (("--from", "2021-09-17", "--working-days"), "--working-days", "--help"),
        ((*MID_AUTUMN, "--speed", "9"), "--speed", "--help"),
        ((*MID_AUTUMN, "--lang", "fr"), "--lang", "--help"),
        (("--from", "1999-01-01", "--working-days", "3"), "2015-01-01", "2060-12-31"),
        (("--from", "2060-12-01", "--working-days", "90"), "2015-01-01", "2060-12-31"),
    ],
)
def test_a_bad_question_is_named_with_what_to_do(
    tongdian: Tongdian, arguments: tuple[str, ...], option: str, remedy: str
) -> None:
    program = tongdian("deadline", *arguments, "--json")
    assert program.status == 2
    problem = program.data["error"]
    assert option in problem["en"] + problem["remedy_en"]
    assert remedy in problem["remedy_en"] + problem["en"]
    assert problem["zh"]
    assert problem["remedy_zh"]
    person = tongdian("deadline", *arguments)
    assert (person.status, person.out) == (2, "")
    assert problem["zh"] in person.err
    assert problem["remedy_zh"] in person.err
