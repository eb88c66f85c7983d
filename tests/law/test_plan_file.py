"""A plan with a mistake is refused with file, line, clause, rule and the word that was meant."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongdian.law.plan import FOLDER, Plan, PlanError, load_plan

SOURCE = FOLDER / "guiyang-2021.yaml"
GOOD = SOURCE.read_text(encoding="utf-8")


@pytest.fixture
def load(tmp_path: Path) -> Callable[[str], Plan]:
    """Loads a plan file of a given text beside the plan's own text."""
    (tmp_path / "guiyang-2021.txt").write_bytes((FOLDER / "guiyang-2021.txt").read_bytes())

    def loaded(text: str) -> Plan:
        path = tmp_path / "example.yaml"
        path.write_text(text, encoding="utf-8")
        return load_plan(path)

    return loaded


def changed(old: str, new: str) -> tuple[str, int]:
    """The good file with the first `old` replaced, and the line where the change begins."""
    at = GOOD.index(old)
    common = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new))
    return GOOD.replace(old, new, 1), GOOD[: at + common].count("\n") + 1


RESIDENT = "  promise.resident:\n    {value: 3, unit: working_days, kind: limit, clause: 一-1"

# what is written instead of what; the rule that it breaks; the clause and a word of the message
MISTAKES = [
    (RESIDENT, RESIDENT.replace("value:", "valeu:"), "unknown-key", "一-1", "mean value"),
    (RESIDENT, RESIDENT.replace(", clause: 一-1", ""), "clause-missing", "", "clause"),
    (RESIDENT, RESIDENT.replace("clause: 一-1", 'clause: ""'), "clause-missing", "", "clause"),
    (RESIDENT, RESIDENT.replace("一-1", "一-9"), "clause-unknown", "一-9", "mean 一-"),
    (RESIDENT, RESIDENT.replace("3,", '"3",'), "wrong-type", "一-1", "whole number"),
    (RESIDENT, RESIDENT.replace("3,", "2.5,"), "wrong-type", "一-1", "whole number"),
    (RESIDENT, RESIDENT.replace("3,", "0,"), "wrong-type", "一-1", "more than 0"),
    (RESIDENT, RESIDENT.replace("3,", "-3,"), "wrong-type", "一-1", "more than 0"),
    (RESIDENT, RESIDENT.replace("3,", "true,"), "wrong-type", "一-1", "whole number"),
    (RESIDENT, RESIDENT.replace("3,", "[3],"), "wrong-type", "一-1", "whole number"),
    (RESIDENT, RESIDENT.replace("value: 3, ", ""), "missing", "一-1", "value"),
    (RESIDENT, RESIDENT.replace("limit", "limmit"), "unknown-reference", "一-1", "mean limit"),
    (RESIDENT, RESIDENT.replace("working_days", "workdays"), "unknown-reference", "一-1", "unit"),
    ("value: 2021-12-31, unit: date", "value: 2021-13-31, unit: date", "bad-date", "一", "exists"),
    ("value: 2021-12-31, unit: date", "value: soon, unit: date", "bad-date", "一", "2021-09-30"),
    ("due: 2021-08-31", "due: 2021-02-30", "bad-date", "二(二)3", "exists"),
    ("valid_to: 2021-12-31", "valid_to: 2020-12-31", "bad-date", "一-4", "before it begins"),
    ("valid_from: 2024-06-01", "valid_from: 2024-05-31", "periods-overlap", "供电营业规则",
     "overlap"),
    ("  steps.other:\n", "  steps.zero:\n", "duplicate", "", "twice"),
    ("id: zero_lv\n", "id: resident\n", "duplicate", "", "twice"),
    ("{id: hearing,", "{id: expert_review,", "duplicate", "行政许可法 第四十五条", "twice"),
    ("{number: 4,", "{number: 3,", "duplicate", "二(二)4", "twice"),
    ("key: promise.resident", "key: promise.resitent", "unknown-reference", "", "promise.resident"),
    ("{scheme: statute.scheme.resident", "{schema: statute.scheme.resident", "unknown-key", "",
     "mean scheme"),
    ("- licence\n", "- license\n", "unknown-reference", "", "mean licence"),
    ("      - identity\n", "      - identity\n      - identity\n", "duplicate", "", "twice"),
    ("when: three_phase", "when: three_phases", "unknown-reference", "", "mean three_phase"),
    ("lanes: [utility]", "lanes: [utilities]", "unknown-reference", "一-1", "mean utility"),
    ("who: applicant", "who: aplicant", "unknown-reference", "供电营业规则", "mean applicant"),
    ("payments: [resident_free,", "payments: [resident_fee,", "unknown-reference", "",
     "mean resident_free"),
    ("供电监管办法 第十一条, status", "供电监督办法 第十一条, status", "clause-unknown",
     "供电监督办法 第十一条", "no clause or law"),
    ('starts: "3.拓宽办电渠道"', 'starts: "3.拓展办电渠道"', "text-order", "二(二)3",
     "not found"),
    ("text: guiyang-2021.txt", "text: ../guiyang-2021.txt", "missing", "", "no text"),
    ("goals:\n", "gaols:\n", "unknown-key", "", "mean goals"),
    ("laws:\n", "laws: none\nx:\n", "unknown-key", "", "no such entry"),
    ("title:\n", "title: [\n", "yaml", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule", "clause", "word"), MISTAKES)
def test_mistake_is_named(
    load: Callable[[str], Plan], old: str, new: str, rule: str, clause: str, word: str
) -> None:
    text, line = changed(old, new)
    with pytest.raises(PlanError) as caught:
        load(text)
    error = caught.value
    assert (error.rule, error.clause) == (rule, clause)
    assert word in error.en
    assert error.zh
    assert error.path.name == "example.yaml"
    assert abs(error.line - line) <= (5 if rule == "yaml" else 2)
    assert str(error).startswith(f"example.yaml:{error.line}")


def test_steps_have_to_match_their_limit(load: Callable[[str], Plan]) -> None:
    step = "        - {id: energisation, zh: 装表接电, en: Metering and energisation}\n"
    with pytest.raises(PlanError, match="do not match") as caught:
        load(GOOD.replace(step, "", 1))
    assert caught.value.rule == "steps-match"


def test_a_file_that_is_no_text_no_yaml_or_no_plan(
    load: Callable[[str], Plan], tmp_path: Path
) -> None:
    for text in ("", "[]", "just words", "a: &a [*a]\n", "{" * 5000, "id: \x07"):
        with pytest.raises(PlanError):
            load(text)
    broken = tmp_path / "broken.yaml"
    broken.write_bytes(b"id: x\n\xff\xfe\n")
    with pytest.raises(PlanError) as caught:
        load_plan(broken)
    assert (caught.value.rule, caught.value.line) == ("yaml", 2)


@pytest.mark.parametrize("name", ["atlantis", "../guiyang-2021", "x.yaml", "", "guiyang-2021/"])
def test_unknown_plans_are_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(PlanError, match="guiyang-2021"):
        load_plan(name)


def test_an_edited_file_is_read_again(load: Callable[[str], Plan]) -> None:
    assert load(GOOD).tracks["resident"].promise_working_days == 3
    stricter = GOOD.replace(RESIDENT, RESIDENT.replace("3,", "2,"))
    assert load(stricter).tracks["resident"].promise_working_days == 2


def test_versions_of_a_value(load: Callable[[str], Plan]) -> None:
    later = RESIDENT.replace("{value: 3", "{value: 2") + ", status: default, note: 示例,"
    versions = (
        RESIDENT.replace("    {", "    - {").replace("clause", "valid_to: 2024-12-31, clause")
        + ", status: default, note: 示例}\n"
        + later.split("\n")[1].replace("    {", "    - {")
        + " valid_from: 2025-01-01}\n  spare:\n    {value: 3, unit: working_days, kind: fact,"
        + " clause: 一-1"
    )
    plan = load(GOOD.replace(RESIDENT, versions, 1))
    assert plan.limit("promise.resident", on=date(2024, 12, 31)) == 3
    assert plan.limit("promise.resident", on=date(2025, 1, 1)) == 2
    assert plan.limit("promise.resident") == 2
    assert plan.tracks["resident"].promise_working_days == 2


@settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    at=st.integers(0, len(GOOD) - 1), length=st.integers(1, 40), put=st.sampled_from("x:{}[],-\n")
)
def test_any_damage_loads_or_is_a_plan_error(
    load: Callable[[str], Plan], at: int, length: int, put: str
) -> None:
    """Whatever is cut out or put in: never another exception."""
    plan, refused = None, None
    try:
        plan = load(GOOD[:at] + put + GOOD[at + length :])
    except PlanError as error:
        refused = error
    assert (plan is None) != (refused is None)
    assert refused is None or (refused.path.name == "example.yaml" and refused.zh)
