"""Network tables as CSV: one file for each table, `nodes.csv` and so on, in one folder.

The first line names the columns. A reference is written as the id it points to, a code as its word,
a flag as true or false, a day as 2026-11-25; what is unknown is left empty. A column with a default
may be missing. Catalogue tables that are missing are the room's own.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tongdian.grid.checks import no_such
from tongdian.grid.columns import Column, Table
from tongdian.grid.refusals import GridError
from tongdian.grid.tables import KINDS, Tables

Kind = TypeVar("Kind", bound=Table)
FLAGS: Mapping[str, bool] = {
    "true": True, "1": True, "yes": True, "是": True,
    "false": False, "0": False, "no": False, "否": False,
}  # fmt: skip


def read_tables(folder: Path) -> Tables:
    """The tables of a folder. Raises GridError with table, row (below the heading) and column."""
    from tongdian.grid import catalogue

    if not (folder / "nodes.csv").is_file():
        raise GridError(
            "unreadable",
            (f"文件夹 {folder.name} 中没有 nodes.csv", f"there is no nodes.csv in {folder.name}"),
            ("请指定装有网络各表的文件夹。", "Name the folder that holds the network's tables."),
        )
    raw = {
        name: _cells(kind, folder / f"{name}.csv")
        for name, kind in KINDS.items()
        if (folder / f"{name}.csv").is_file()
    }
    tables: dict[str, Table] = {
        "conductors": catalogue.conductors(), "transformer_types": catalogue.transformer_types(),
    }  # fmt: skip
    ids = {name: cells["id"] for name, cells in raw.items()}
    for name in ("conductors", "transformer_types"):
        ids.setdefault(name, _ids(tables[name]))
    places = {name: {one: row for row, one in enumerate(rows)} for name, rows in ids.items()}
    for name, cells in raw.items():
        tables[name] = _table(KINDS[name], cells, places)
    return Tables.of(**tables)


def read_table(kind: type[Kind], path: Path) -> Kind:
    """One table without references. Raises GridError."""
    return _table(kind, _cells(kind, path), {})


def write_tables(tables: Tables, folder: Path) -> None:
    """Writes every table that has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in tables.all():
        if not len(table):
            continue
        columns = [_words(one, values, tables) for _, one, values in table.items()]
        path = folder / f"{table.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(table.columns())
            writer.writerows(zip(*columns, strict=True))


def _cells(kind: type[Table], path: Path) -> dict[str, list[str]]:
    """The cells of a file by column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise GridError(
            "unreadable",
            (f"读不了 {path.name}：{error}", f"cannot read {path.name}: {error}"),
            ("请另存为 UTF-8 编码的 CSV。", "Save it as CSV in UTF-8."),
            table=kind.name,
        ) from None
    heading = rows[0] if rows else []
    columns = kind.columns()
    for name in heading:
        if name not in columns or heading.count(name) > 1:
            twice = name in columns
            raise GridError(
                "duplicate_column" if twice else "unknown_field",
                (f"列 {name} 出现两次" if twice else f"不认识的列 {name}",
                 f"the column {name} stands twice" if twice else f"the column {name} is not known"),
                (f"列有：{'、'.join(columns)}", f"Columns are {', '.join(columns)}."),
                table=kind.name, column=name,
            )  # fmt: skip
    if "id" not in heading:
        kind.of()  # says which column is missing
    body = [row for row in rows[1:] if row]
    for number, row in enumerate(body, 1):
        if len(row) != len(heading):
            raise GridError(
                "wrong_length",
                (f"有 {len(row)} 格，应为 {len(heading)} 格",
                 f"has {len(row)} cells, not {len(heading)}"),
                ("请补齐或删去多余的格。", "Complete the row, or remove what is too much."),
                table=kind.name, row=number,
            )  # fmt: skip
    if not body:
        return {name: [] for name in heading}
    return dict(zip(heading, (list(cells) for cells in zip(*body, strict=True)), strict=True))


def _table(
    kind: type[Kind], cells: Mapping[str, list[str]], places: Mapping[str, Mapping[str, int]]
) -> Kind:
    columns = kind.columns()
    values: dict[str, Any] = {}
    for name, column in cells.items():
        one = columns[name]
        read = _reader(one, places)
        values[name] = _read(kind.name, name, one, column, read)
    if cells and not next(iter(cells.values())):
        return kind.empty()
    return kind.of(**values)


def _reader(one: Column, places: Mapping[str, Mapping[str, int]]) -> Callable[[str], Any]:
    """What reads one cell; raises KeyError or ValueError."""
    if one.kind == "reference":
        rows = places.get(one.table, {})
        return lambda cell: -1 if one.optional and not cell else rows[cell]
    if one.kind == "number":
        return lambda cell: float(cell) if cell or not one.optional else np.nan
    if one.kind == "count":
        return int
    if one.kind == "flag":
        return lambda cell: FLAGS[cell.strip().lower()]
    if one.kind == "code":
        words = {word: place for place, word in enumerate(one.choices)}
        return lambda cell: words[cell]
    if one.kind == "day":
        return lambda cell: np.datetime64(cell if cell or not one.optional else "NaT", "D")
    return str


def _read(
    table: str, name: str, one: Column, cells: Sequence[str], read: Callable[[str], Any]
) -> list[Any]:
    found = []
    for row, cell in enumerate(cells, 1):
        try:
            found.append(read(cell))
        except KeyError:
            if one.kind == "reference":
                raise no_such(table, row, name, cell, one.table) from None
            known = one.choices or tuple(FLAGS)
            raise _unreadable(table, row, name, cell, f"{', '.join(known)}") from None
        except (ValueError, OverflowError):
            raise _unreadable(table, row, name, cell, one.kind) from None
    return found


def _unreadable(table: str, row: int, name: str, cell: str, wanted: str) -> GridError:
    return GridError(
        "wrong_type",
        (f"“{cell}”不对，应为：{wanted}", f"{cell!r} will not do, it has to be: {wanted}"),
        ("请改正该格。", "Mend the cell."),
        table=table, row=row, column=name,
    )  # fmt: skip


def _words(one: Column, values: npt.NDArray[Any], tables: Tables) -> list[Any]:
    """A column as cells."""
    if one.kind == "reference":
        ids = _ids(tables.table(one.table))
        return [ids[row] if row >= 0 else "" for row in values]
    if one.kind == "code":
        return [one.choices[place] for place in values]
    if one.kind == "flag":
        return ["true" if value else "false" for value in values]
    if one.kind == "number":
        return ["" if np.isnan(value) else repr(float(value)) for value in values]
    if one.kind == "day":
        return ["" if np.isnat(value) else str(value) for value in values]
    return list(values.tolist())


def _ids(table: Table) -> list[str]:
    return next(list(values.tolist()) for name, _, values in table.items() if name == "id")
