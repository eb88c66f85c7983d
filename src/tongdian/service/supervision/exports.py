"""CSV and Excel of anything on the board; formulas typed by people stay text."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import xlsxwriter
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

# What a spreadsheet takes for a formula, full-width signs of Chinese keyboards included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_EXCEL_ROWS = 100_000
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Rows = Iterable[Sequence[Any]]


class _Echo:
    """A file that hands every line straight on."""

    def write(self, line: str) -> str:
        return line


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets a leading apostrophe."""
    if isinstance(value, str) and value.lstrip(" \u3000").startswith(DANGEROUS):
        return f"'{value}"
    return value


def as_csv(name: str, header: Sequence[str], rows: Rows) -> HttpResponseBase:
    """UTF-8 with a byte order mark, so that office programs read Chinese; sent line by line."""
    response = StreamingHttpResponse(_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(header: Sequence[str], rows: Rows) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([harmless(str(h)) for h in header])
    for row in rows:
        yield writer.writerow(["" if v is None else harmless(v) for v in row])


def as_excel(name: str, header: Sequence[str], rows: Rows) -> HttpResponseBase:
    """One sheet with a frozen, filterable header; text is never a formula.

    Written to disk as it comes, so that many rows need little memory.
    """
    file = tempfile.TemporaryFile(prefix="tongdian-")  # noqa: SIM115 - closed by the response
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom"})
    for column, words in enumerate(header):
        sheet.set_column(column, column, 18 if column == 0 else 12)
        sheet.write_string(0, column, str(words), bold)
    sheet.freeze_panes(1, 1)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _write(sheet, last, column, value)
    sheet.autofilter(0, 0, last, len(header) - 1)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL)


def _write(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        sheet.write_string(row, column, str(value))
    elif value is not None:
        sheet.write_number(row, column, value)


def as_format(wanted: str, name: str, header: Sequence[str], rows: Rows) -> HttpResponseBase:
    """`xlsx`, or CSV for anything else."""
    return (as_excel if wanted == "xlsx" else as_csv)(name, header, rows)
