"""What people typed never runs in a spreadsheet."""

import csv
import io
import zipfile
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tongdian.service.supervision.exports import as_format, harmless

FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    ' =HYPERLINK("http://example.test")',
)
PLAIN = ("示例·王小丽", "GY2611250000017K", "3 号楼-2", "")


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_formulas_become_text(text: str) -> None:
    assert harmless(text) == f"'{text}"
    response = as_format("csv", "示例", [text], [[text, 1.5]])
    header, row = csv.reader(io.StringIO(content(response).decode("utf-8-sig"), newline=""))
    assert header == [f"'{text}"]
    assert row == [f"'{text}", "1.5"]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize("number", [-3, 0, 2.5])
def test_negative_numbers_stay_numbers(number: float) -> None:
    assert harmless(number) == number


def test_excel_formulas_stay_text() -> None:
    response = as_format("xlsx", "x", ["a"], [[text] for text in FORMULAS])
    book = content(response)
    assert b"<f>" not in raw_sheet(book)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:4]] == list(FORMULAS[:3])


def test_excel_keeps_numbers_booleans_and_nothing() -> None:
    response = as_format("xlsx", "x", ["a", "b", "c"], [[1.5, True, None], [2, "007", ""]])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content(response))).get_sheet_by_index(0)
    assert rows.to_python()[1:] == [[1.5, "True", ""], [2.0, "007", ""]]


def raw_sheet(book: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")
