"""The rules of supply schemes are those of the plan."""

from datetime import date

import pytest

from tongdian.commands.plan_rules import KEYS, rules_of
from tongdian.grid.schemes.rules import default_rules
from tongdian.law.plan import load_plan


def test_what_the_room_brings_along_agrees_with_the_plan() -> None:
    ours, plans = default_rules(), rules_of(load_plan())
    for name in KEYS:
        assert ours[name] == pytest.approx(plans[name]), name
    assert plans.values["zero_invest_kw"].source == "一-3"
    assert plans.values["three_phase_kw"].confidence == "unsure"


def test_the_day_decides() -> None:
    before, after = (rules_of(load_plan(), date(year, 6, 30)) for year in (2023, 2025))
    assert (before["three_phase_kw"], after["three_phase_kw"]) == (100, 160)
    assert before.values["three_phase_kw"].confidence == "known"
