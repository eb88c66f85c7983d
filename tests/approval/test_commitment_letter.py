"""The letter says what the law wants said, in both languages, and is told by its digest."""

from datetime import date
from typing import Any

import pytest

from support.works import OLD_STREET, street_corner
from tongdian.law.plan import load_plan
from tongdian.service.approval.commitment_letter import build
from tongdian.service.approval.commitment_state import months_later
from tongdian.service.approval.inspection_checklist import checklist
from tongdian.service.approval.route_documents import digest_of
from tongdian.service.approval.route_objects import city_objects
from tongdian.works.permits import assess
from tongdian.works.points import from_csv

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 1)


@pytest.fixture
def letter() -> dict[str, Any]:
    street_corner(TODAY)
    route = from_csv(OLD_STREET)
    touched = city_objects().touching(route)
    found = assess(route, touched, "10", load_plan(), TODAY, None)
    return build(found, found.item_codes, number="GY1", applicant="示例·王小丽", on=TODAY)


def test_everything_that_has_to_be_told_is_told(letter: dict[str, Any]) -> None:
    titles = [part["zh"] for part in letter["notice"]]
    assert len(titles) == 7
    text = str(letter["notice"])
    for words in ("市政设施建设类审批", "国办发〔2020〕42号", "不超过 300 米", "不超过 20 千伏",
                  "民事责任", "行政责任", "刑事责任", "双随机", "公开期限", "撤回"):  # fmt: skip
        assert words in text, words
    declared = str(letter["declarations"])
    for words in ("已知晓", "符合告知的条件", "法律责任", "真实"):
        assert words in declared, words
    for part in [*letter["notice"], *letter["duties"], *letter["declarations"]]:
        assert part["zh"]
        assert part["en"]


def test_any_change_is_another_letter(letter: dict[str, Any]) -> None:
    digest = digest_of(letter)
    assert digest_of(dict(reversed(letter.items()))) == digest
    for changed in ({"length_m": "1.0"}, {"applicant": "示例·别人"}, {"items": ["municipal"]}):
        assert digest_of({**letter, **changed}) != digest


def test_the_checklist_follows_from_the_letter(letter: dict[str, Any]) -> None:
    road = {check.id: check for check in checklist(letter, "municipal")}
    assert {"length", "chamber", "tree", "depth", "road"} <= set(road)
    assert "green" not in road
    assert "green" in {check.id for check in checklist(letter, "green")}
    length = road["length"]
    assert length.met_by("300.00") is True
    assert length.met_by("300.01") is False
    assert length.met_by("") is None


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 9, 1), 2, date(2026, 11, 1)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, last: date) -> None:
    assert months_later(day, months) == last
