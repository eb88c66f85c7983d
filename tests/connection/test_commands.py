"""What people type: look-alikes and other spellings are refused or written in one way."""

from typing import Any

import pytest

from support.cases import facts, scheme
from tongdian.service.casework.errors import InvalidInput
from tongdian.service.connection import commands


def refused_fields(model: type[commands.Command], data: dict[str, Any]) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        commands.parse(model, data)
    return [error.field for error in refused.value.errors]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "1٣٨00000000"),  # Arabic-Indic digits are digits, too
        ("phone", "1३800000000"),
        ("district", "5201٠٢"),
        ("district", "520199"),  # no such district: no office would ever see the case
        ("district", "5201ZZ"),
        ("district", "520100"),
        ("name", "示例\u202e丽小王"),
        ("address", "示例路 1 号\u2066附 2"),
        ("premise_note", "一行\u2028另一行"),
        ("load_kw", "NaN"),
        ("load_kw", "Infinity"),
        ("load_kw", "1e99"),
        ("load_kw", "0.001"),
        ("load_kw", "-0"),
    ],
)
def test_what_is_not_what_it_looks_like(field: str, value: str) -> None:
    assert refused_fields(commands.Application, facts("resident") | {field: value}) == [field]


def test_the_clause_of_a_refusal_reads_as_it_is_written() -> None:
    data = {"reason_code": "unlawful", "clause": "第\u202e二十六条", "remedy": "可以申诉"}
    assert refused_fields(commands.RefuseToAccept, data) == ["clause"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("1e3", "1000"), ("8", "8"), ("12.50", "12.50"), ("0.1E2", "10")]
)
def test_a_load_is_kept_without_an_exponent(typed: str, kept: str) -> None:
    wish = commands.parse(commands.Application, facts("high_voltage_single") | {"load_kw": typed})
    assert wish.split()[0]["load_kw"] == kept
    reply = commands.parse(commands.ReplyScheme, scheme(capacity_kva=typed))
    assert reply.split()[0]["capacity_kva"] == kept
