"""Every stage and event of an item has its place among the national codes, and every code here."""

import re
from pathlib import Path

import pytest

from tongdian.service.approval import codes
from tongdian.service.approval.process import ALLOWING, ITEM_STAGES, ITEM_TABLE
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.connection.process import CONNECTION

STAGES = sorted(ITEM_TABLE)
ABOUT_ITEMS = {kind: rule for kind, rule in CONNECTION.rules.items() if rule.branching}
RULES = {**ABOUT_ITEMS, "callback_refused": CONNECTION.rules["callback_refused"]}


def test_every_stage_has_a_code_of_the_standard() -> None:
    assert set(codes.OF_STAGE) == {stage.id for stage in ITEM_STAGES}
    assert set(codes.OF_STAGE.values()) <= set(codes.CODES)
    assert list(codes.CODES) == list(range(1, 16))


def test_every_event_about_permits_says_what_it_makes_of_an_item() -> None:
    assert set(codes.OF_EVENT) == set(RULES)
    for result, code in codes.RESULTS.items():
        assert codes.code_of_event("item_decided", {"result": result}) == code


@pytest.mark.parametrize("kind", sorted(RULES))
def test_the_code_of_an_event_is_that_of_the_stage_it_leads_to(kind: str) -> None:
    """7 and 10 end what 6 and 9 began: then the item is under review again, which is 3."""
    target = RULES[kind].branch_target
    code = codes.OF_EVENT[kind]
    if isinstance(target, str) and target in ITEM_TABLE and code is not None:
        assert codes.OF_STAGE[target] == {7: 3, 10: 3}.get(code, code)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("code", list(codes.CODES))
def test_every_code_is_an_event_nothing_new_or_refused_by_name(code: int, stage: str) -> None:
    try:
        kind = codes.event_for(code, stage)
    except InvalidInput as refused:
        (error,) = refused.errors
        assert error.field == "blzt"
        assert all((error.rule_zh, error.rule_en, error.remedy_zh, error.remedy_en))
        return
    if not kind:
        assert stage in codes.INCOMING[code].known
        return
    rule = RULES[kind]
    assert rule.roles == {"officer"}, "a department says nothing in another's name"
    said = codes.code_of_event(kind, {"result": codes.INCOMING[code].result})
    assert said == {4: 5}.get(code, code)


@pytest.mark.parametrize("stage", STAGES)
def test_a_code_that_says_how_it_stands_already_says_nothing_new(stage: str) -> None:
    """But for grants by commitment, which no department decided."""
    code = codes.OF_STAGE[stage]
    if stage not in ("committed", "rectifying", "verified"):
        assert codes.event_for(code, stage) == ""


def test_what_no_department_can_say_is_refused_whatever_the_stage() -> None:
    for stage in STAGES:
        with pytest.raises(InvalidInput):
            codes.event_for(14, stage)
        for code in (0, 16, -1):
            with pytest.raises(InvalidInput, match="1 to 15"):
                codes.event_for(code, stage)


def test_a_revocation_goes_by_how_the_permit_was_granted() -> None:
    assert {codes.event_for(15, stage) for stage in ALLOWING} == {
        "permit_revoked",
        "commitment_revoked",
    }
    assert codes.event_for(15, "verified") == "commitment_revoked"
    assert codes.event_for(15, "granted_deferred") == "permit_revoked"


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_guide_for_departments_has_these_codes_and_no_others() -> None:
    guide = Path(__file__).parents[2] / "docs" / "guide-departments.md"
    lines = [_cells(line) for line in guide.read_text("utf-8").splitlines() if "|" in line]
    incoming = {int(line[0]): line for line in lines if line[0].isdecimal()}
    assert {code: (line[1], line[2]) for code, line in incoming.items()} == codes.CODES
    for code, line in incoming.items():
        told = set(re.findall(r"`([a-z_]+)`", line[3]))
        assert told == set(codes.INCOMING[code].events.values())
        assert codes.INCOMING[code].result in line[3]
    stages = {line[0].strip("`"): int(line[2]) for line in lines if line[0].startswith("`")}
    assert stages == codes.OF_STAGE
