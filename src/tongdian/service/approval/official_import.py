"""Statuses from a file in the standard's tables, in: for departments that cannot push.

Each row does what the same status would do if it were pushed (`callbacks`), in a transaction of its
own. A row that is refused does nothing and comes back whole, with field, rule and remedy; rows that
say nothing new change nothing, so that a mended file can be taken in again as it is.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tongdian.service.approval.callbacks import Applied, apply_status
from tongdian.service.approval.callbacks_reading import read_status
from tongdian.service.approval.official import FIELDS, STATUSES
from tongdian.service.casework.errors import CaseworkError, FieldError, Forbidden, InvalidInput
from tongdian.service.exchange.inbound import Refused

SOURCE: Final = "file"
NEEDED: Final = frozenset({"spsxslbm", "spbmbm", "blzt"})
MOST_ROWS: Final = 100_000


@dataclass(frozen=True)
class Rejected:
    """A row that was refused: its number in the file (from 1), as it stood, and why."""

    number: int
    row: Mapping[str, Any]
    errors: tuple[FieldError, ...]


@dataclass
class Taken:
    """What became of a file."""

    done: list[Applied] = field(default_factory=list)
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def read_table(text: str, *, is_json: bool) -> list[dict[str, Any]]:
    """The rows of a file: CSV with a header, or JSON, a list of rows or an object of tables. Raises
    InvalidInput when it is no such file."""
    rows = _of_json(text) if is_json else _of_csv(text)
    if len(rows) > MOST_ROWS:
        raise _bad_file(f"超过 {MOST_ROWS} 行", f"More than {MOST_ROWS} rows")
    return rows


def _of_json(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad_file("不是 JSON", "No JSON") from None
    if isinstance(found, dict):
        found = found.get(STATUSES)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise _bad_file(f"没有 {STATUSES} 的行", f"Has no rows of {STATUSES}")
    return found


def _of_csv(text: str) -> list[dict[str, Any]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), restkey="…", restval="")
    missing = sorted(NEEDED - {name.lower() for name in reader.fieldnames or ()})
    if missing:
        raise _bad_file(f"缺少列 {'、'.join(missing)}", f"Lacks the columns {', '.join(missing)}")
    try:
        return list(reader)
    except csv.Error as error:
        raise _bad_file(f"不是 CSV：{error}", f"No CSV: {error}") from None


def _bad_file(zh: str, en: str) -> InvalidInput:
    remedy = (
        f"按 {STATUSES} 的列名提供 CSV 或 JSON",
        f"Give CSV or JSON in the columns of {STATUSES}",
    )
    return InvalidInput([FieldError("file", zh, en, *remedy)])


def take_rows(rows: list[dict[str, Any]]) -> Taken:
    """Apply every row in turn; those that are refused are named and hold up nothing."""
    taken = Taken()
    for number, row in enumerate(rows, start=1):
        try:
            applied = _take(row)
        except InvalidInput as error:
            taken.rejected.append(Rejected(number, row, tuple(error.errors)))
        except Refused as error:
            taken.rejected.append(Rejected(number, row, error.errors))
        except Forbidden:
            taken.rejected.append(Rejected(number, row, (_NOT_THEIRS,)))
        except CaseworkError as error:
            words = FieldError("spsxslbm", str(error), str(error))
            taken.rejected.append(Rejected(number, row, (words,)))
        else:
            if applied.kind:
                taken.done.append(applied)
            else:
                taken.unchanged += 1
    return taken


_NOT_THEIRS = FieldError(
    "spbmbm",
    "该部门不能办理这个事项",
    "This department may not do this",
    "由该事项的审批部门提供",
    "Let the authority of the item provide it",
)


def _take(row: Mapping[str, Any]) -> Applied:
    known = {name.lower(): value for name, value in row.items()}
    if "…" in known:
        too_many = "单元格比表头多", "More cells than the header has"
        mend = "检查这一行的逗号和引号", "Check commas and quotes of the row"
        raise InvalidInput([FieldError("row", *too_many, *mend)])
    return apply_status(read_status(known), source=SOURCE)


def rejected_rows(taken: Taken) -> Iterator[dict[str, Any]]:
    """Refused rows whole, with what is wrong with each: to be mended and taken in again."""
    for one in taken.rejected:
        yield {
            **one.row,
            "row": one.number,
            "errors": [error.to_dict() for error in one.errors],
        }


def to_csv(table: str, rows: list[dict[str, str]]) -> str:
    """A table as CSV with its header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS[table], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
