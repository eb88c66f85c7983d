"""Reads CSV tables with a declared heading; every refusal names row and column."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tongdian.reliability.refusals import ReliabilityError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number in the file, and its cells by column."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """What stands in a column that must not be empty. Raises ReliabilityError."""
        value = self.cells.get(column, "")
        if not value:
            raise self.wrong("missing", column, ("没有填写", "is empty"),
                             (f"请填写 {column}。", f"Fill in {column}."))  # fmt: skip
        return value

    def whole(self, column: str, least: int = 1) -> int:
        """A whole number. Raises ReliabilityError."""
        value = self.text(column)
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 16 else -1
        if number < least:
            raise self.wrong("wrong_number", column,
                             (f"“{value}”不是不小于 {least} 的整数",
                              f"{value!r} is no whole number from {least} up"),
                             ("请填写户数。", "Give the number of customers."))  # fmt: skip
        return number

    def number_or_nan(self, column: str) -> float:
        """A number from zero up, NaN where the cell is empty. Raises ReliabilityError."""
        value = self.cells.get(column, "")
        if not value:
            return float("nan")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 1e12:
            raise self.wrong("wrong_number", column,
                             (f"“{value}”不是非负数", f"{value!r} is no number from zero up"),
                             ("请改正，不知道就留空。",
                              "Mend it; leave it empty if not known."))  # fmt: skip
        return number

    def instant(self, column: str) -> int:
        """Seconds since 1970 of an ISO 8601 time with its offset. Raises ReliabilityError."""
        value = self.text(column)
        remedy = (
            "时间写作 2021-09-17T08:30:00+08:00。",
            "Write times as 2021-09-17T08:30:00+08:00.",
        )
        try:
            read = datetime.fromisoformat(value)
        except ValueError:
            raise self.wrong("wrong_time", column,
                             (f"“{value}”不是时间", f"{value!r} is no time"),
                             remedy) from None  # fmt: skip
        if read.tzinfo is None:
            raise self.wrong("no_time_zone", column,
                             (f"“{value}”没有时区", f"{value!r} names no time zone"),
                             remedy)  # fmt: skip
        return round(read.timestamp())

    def wrong(
        self, code: str, column: str, rule: tuple[str, str], remedy: tuple[str, str]
    ) -> ReliabilityError:
        """A refusal of a cell of this row."""
        return ReliabilityError(code, column, rule, remedy, self.number)


def rows_of(content: bytes | str, needed: Iterable[str], known: Iterable[str]) -> Iterator[Row]:
    """The rows of a CSV file, one at a time. `needed` columns have to be there, others of `known`
    may be. Raises ReliabilityError."""
    text = content if isinstance(content, str) else _decoded(content)
    reader = csv.reader(io.StringIO(text), strict=True)
    heading = [name.strip() for name in next(reader, [])]
    _check_heading(heading, tuple(needed), tuple(known))
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heading):
                raise ReliabilityError(
                    "wrong_row",
                    "file",
                    (f"有 {len(cells)} 列，表头有 {len(heading)} 列",
                     f"has {len(cells)} cells under {len(heading)} headings"),
                    ("请检查逗号和引号。", "Check its commas and quotes."),
                    reader.line_num,
                )  # fmt: skip
            named = {name: cell.strip() for name, cell in zip(heading, cells, strict=True)}
            yield Row(reader.line_num, named)
    except csv.Error as error:
        raise ReliabilityError(
            "wrong_row",
            "file",
            (f"不是 CSV：{error}", f"is no CSV: {error}"),
            ("请检查逗号和引号。", "Check its commas and quotes."),
            reader.line_num,
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReliabilityError(
        "wrong_encoding",
        "file",
        ("编码不是 UTF-8 或 GB 18030", "is encoded neither in UTF-8 nor in GB 18030"),
        ("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
    )


def _check_heading(heading: list[str], needed: tuple[str, ...], known: tuple[str, ...]) -> None:
    for column in needed:
        if column not in heading:
            raise ReliabilityError(
                "missing_column",
                column,
                ("表头没有这一列", "the heading has no such column"),
                (f"表头应有 {'、'.join(needed)}，可有 {'、'.join(known)}。",
                 f"The heading has {', '.join(needed)}, and may have {', '.join(known)}."),
                1,
            )  # fmt: skip
    for column in heading:
        if heading.count(column) > 1 or column not in (*needed, *known):
            raise ReliabilityError(
                "unknown_column",
                column or "heading",
                ("表头不认识这一列或重复", "is no column of this table, or stands there twice"),
                (f"可用的列：{'、'.join((*needed, *known))}。",
                 f"Columns: {', '.join((*needed, *known))}."),
                1,
            )  # fmt: skip
