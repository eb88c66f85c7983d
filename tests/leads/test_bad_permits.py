"""What is refused of a pushed permit: by field, with its rule and remedy in both languages."""

from typing import Any

import pytest

from support.permits import PROJECT, approval_system, message, permit_data
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.casework.models import Case
from tongdian.service.leads.permits import read_permit

BAD = [
    ({"jd": "26.5687", "wd": "106.7144"}, "jd", "swapped"),
    ({"jd": "116.39", "wd": "39.9"}, "jd", "outside the city"),
    ({"jd": "106.0", "wd": "27.5"}, "jd", "outside the city"),
    ({"jd": "1067144"}, "jd", "at most 180"),
    ({"jd": "east"}, "jd", "number"),
    ({"jd": None}, "jd", ""),
    ({"xmdm": "2503-520102-99-99"}, "xmdm", ""),
    ({"jsdwtyshxydm": "91520199XN0000080Q"}, "jsdwtyshxydm", ""),
    ({"bdcdyh": "520102999001GB90008F0012"}, "bdcdyh", ""),
    ({"xzqhdm": "110101"}, "xzqhdm", ""),
    ({"sgxkzbh": "110101202506180108"}, "sgxkzbh", "division of the city"),
    ({"sgxkzbh": "520102202513400108"}, "sgxkzbh", "a date"),
    ({"sgxkzbh": "黔建施2025-8"}, "sgxkzbh", "form"),
    ({"jsgm": "0"}, "jsgm", "more than 0"),
    ({"jsgm": "-5"}, "jsgm", "more than 0"),
    ({"yt": "space_port"}, "yt", "one of"),
    ({"fzrq": "2099-01-01"}, "fzrq", "future"),
    ({"fzrq": "18.6.2025"}, "fzrq", ""),
    ({"jhkgrq": "2028-01-01", "jhjgrq": "2027-12-31"}, "jhjgrq", "before the start"),
    ({"lxrsjh": "12"}, "lxrsjh", ""),
    ({"jsdz": "路"}, "jsdz", "Too short"),
    ({"sjyxbs": 2}, "sjyxbs", "one of"),
    ({"gcmc": "示例\u202e厂房"}, "gcmc", "form"),
]


@pytest.mark.parametrize(("changes", "field", "rule"), BAD)
def test_a_bad_field_is_named_with_its_rule(changes: dict[str, Any], field: str, rule: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_permit(permit_data(**changes))
    errors = {error.field.partition(".")[0]: error for error in refused.value.errors}
    assert list(errors) == [field]
    assert rule in errors[field].rule_en
    assert all((errors[field].rule_zh, errors[field].remedy_zh, errors[field].remedy_en))


@pytest.mark.parametrize("name", [n for n in permit_data() if n not in
                                  ("lsh", "dfsjzj", "lxrsjh", "bdcdyh")])  # fmt: skip
def test_what_is_needed_is_missed_by_name(name: str) -> None:
    data = permit_data()
    del data[name]
    with pytest.raises(InvalidInput) as refused:
        read_permit(data)
    assert [error.field for error in refused.value.errors] == [name]


def test_several_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_permit(permit_data(xmdm="1", jsdwtyshxydm="2", jd="1", wd="2"))
    assert [error.field for error in refused.value.errors] == ["xmdm", "jsdwtyshxydm", "jd"]


def test_the_same_numbers_written_otherwise_say_the_same() -> None:
    one = read_permit(permit_data(jd="106.7144", wd=26.5687, jsgm="8e3", sjyxbs="1", yt="工业"))
    assert one.content == read_permit(permit_data()).content


def test_the_district_of_a_permit_of_the_city_is_that_of_the_place() -> None:
    assert read_permit(permit_data(xzqhdm="520100")).district == "520102"


@pytest.mark.django_db
def test_a_bad_push_writes_nothing_and_says_why() -> None:
    sender = approval_system()
    answer = sender.post(message(sender, 1, jd="26.5687", wd="106.7144"))
    assert answer.status_code == 422
    body = answer.json()
    assert body["errors"][0]["field"] == "jd"
    assert "写反" in body["errors"][0]["rule"]
    assert not Case.objects.exists()


@pytest.mark.django_db
def test_the_subject_is_the_project() -> None:
    sender = approval_system()
    event = message(sender)
    assert event["subject"] == PROJECT
    answer = sender.post({**event, "subject": "2503-520102-99-99-000009"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "subject"
    assert not Case.objects.exists()
