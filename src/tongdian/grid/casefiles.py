"""Case files: small published networks as JSON.

One object: `base_mva`, `base_kv`, `v_slack` (per unit), `slack_bus`; `buses` with `id`, `p_mw`,
`q_mvar` (generation below 0); `branches` with ends `f` and `t`, `r_pu`, `x_pu`, and `on`, 0 for a
tie that is open. What begins with `expected_` is what others found, and is not read.

Baran and Wu 1989, 33 buses: 202.68 kW of losses, 0.9131 per unit at bus 18.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from tongdian.grid.checks import check_finite, check_least, check_unique, no_such, not_radial
from tongdian.grid.powerflow import NotConvergedError, solve
from tongdian.grid.radial import Floats, NotRadialError, Radial
from tongdian.grid.refusals import GridError
from tongdian.grid.solution import Solution

MOST_BYTES: Final = 50_000_000
CASE_FIELDS: Final = ("base_mva", "base_kv", "v_slack", "slack_bus", "buses", "branches")
NOTES: Final = ("name", "title", "description", "source", "comment", "notes", "licence", "license")
BUS_FIELDS: Final = ("id", "p_mw", "q_mvar")
BRANCH_FIELDS: Final = ("f", "t", "r_pu", "x_pu", "on")


@dataclass(frozen=True)
class Case:
    """A case: its network in radial operation, and the loads of its buses, in the file's order."""

    name: str
    base_kv: float
    bus_ids: tuple[Any, ...]
    network: Radial
    p_kw: Floats
    q_kvar: Floats
    branches: int
    open_branches: int

    def solve(self) -> Solution:
        """Its power flow. Raises NotConvergedError, which names the bus."""
        try:
            return solve(self.network, self.p_kw, self.q_kvar)
        except NotConvergedError as error:
            bus = self.bus_ids[error.node]
            raise NotConvergedError(error.node, error.rounds, error.collapsed, bus) from None


def read_case(file: Path | str | bytes) -> Case:
    """The case of a file, or of its content as bytes.

    Raises GridError: `unreadable`, `not_json`, `unknown_field`, `missing_field`, `wrong_type`,
    `not_finite`, `out_of_range`, `duplicate_id`, `missing_reference`, `loop`, `island`.
    """
    given = _parsed(file)
    _known("", 0, given, CASE_FIELDS, NOTES)
    base_mva, base_kv, held = (_scalar(given, name) for name in CASE_FIELDS[:3])
    buses, branches = _rows(given, "buses", BUS_FIELDS), _rows(given, "branches", BRANCH_FIELDS)
    ids = tuple(_id("buses", row, "id", bus["id"]) for row, bus in enumerate(buses, 1))
    at = _places(ids)
    p, q = _numbers("buses", buses, "p_mw"), _numbers("buses", buses, "q_mvar")
    r, x = _numbers("branches", branches, "r_pu"), _numbers("branches", branches, "x_pu")
    for column, values in (("r_pu", r), ("x_pu", x)):
        check_least("branches", column, values, 0)
    ends = [
        [_place(at, "branches", row, column, branch[column]) for column in ("f", "t")]
        for row, branch in enumerate(branches, 1)
    ]
    start, end = np.array(ends, np.int32).reshape(-1, 2).T
    closed = np.array([_status(row, branch["on"]) for row, branch in enumerate(branches, 1)], bool)
    root = _place(at, "", 0, "slack_bus", given["slack_bus"])
    try:
        network = Radial.build(
            nodes=len(ids), start=start, end=end, r_pu=r, x_pu=x, roots=[root],
            source_pu=held, closed=closed, base_mva=base_mva,
        )  # fmt: skip
    except NotRadialError as error:
        names = [f"{branch['f']}–{branch['t']}" for branch in branches]
        raise not_radial(error, ("buses", ids), ("branches", names)) from None
    name = str(given.get("name", ""))
    return Case(name, base_kv, ids, network, p * 1e3, q * 1e3, len(branches), int((~closed).sum()))


def _parsed(file: Path | str | bytes) -> Mapping[str, Any]:
    try:
        data = file if isinstance(file, bytes) else _content(Path(file))
        given = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except OSError as error:
        raise GridError(
            "unreadable",
            (f"读不了文件 {file!s}：{error.strerror}", f"cannot read {file!s}: {error.strerror}"),
            ("请检查路径。", "Check its path."),
        ) from None
    except (ValueError, RecursionError) as error:
        raise GridError(
            "not_json",
            (f"文件不是 UTF-8 编码的 JSON：{error}", f"the file is not JSON in UTF-8: {error}"),
            ("请按 JSON 重新导出。", "Export it as JSON again."),
        ) from None
    if not isinstance(given, dict):
        raise _wrong_type("", 0, "", given, ("一个 JSON 对象", "a JSON object"))
    return given


def _content(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        size = f"{path.stat().st_size / 1e6:.0f} MB"
        raise ValueError(f"{size}, more than {MOST_BYTES / 1e6:.0f} MB")
    return path.read_bytes()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} stands twice in one object")
    return found


def _known(
    table: str, row: int, given: Mapping[str, Any], needed: Sequence[str], notes: Sequence[str] = ()
) -> None:
    for name in given:
        if name not in needed and name not in notes and not name.startswith("expected_"):
            raise GridError(
                "unknown_field",
                (f"不认识的字段 {name}", f"the field {name} is not known"),
                (f"字段有：{'、'.join(needed)}", f"Fields are {', '.join(needed)}."),
                table=table, row=row, column=name,
            )  # fmt: skip
    for name in needed:
        if name not in given and name != "on":
            raise GridError(
                "missing_field",
                (f"缺少字段 {name}", f"the field {name} is missing"),
                ("请补上该字段。", "Add it."),
                table=table, row=row, column=name,
            )  # fmt: skip


def _rows(given: Mapping[str, Any], table: str, fields: Sequence[str]) -> list[dict[str, Any]]:
    rows = given[table]
    if not isinstance(rows, list) or (table == "buses" and not rows):
        raise _wrong_type(table, 0, "", rows, ("非空的列表", "a list that is not empty"))
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise _wrong_type(table, number, "", row, ("一个 JSON 对象", "a JSON object"))
        _known(table, number, row, fields)
    return [{"on": 1, **row} for row in rows]


def _numbers(table: str, rows: list[dict[str, Any]], column: str) -> Floats:
    for number, row in enumerate(rows, 1):
        _number(table, number, column, row[column])
    values = np.array([row[column] for row in rows], float)
    check_finite(table, column, values)
    return values


def _scalar(given: Mapping[str, Any], column: str) -> float:
    value = np.array([_number("", 0, column, given[column])], float)
    check_finite("", column, value)
    check_least("", column, value, 0, above=True)
    return float(value[0])


def _number(table: str, row: int, column: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong_type(table, row, column, value, ("一个数", "a number"))
    return value


def _id(table: str, row: int, column: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str) or value == "":
        raise _wrong_type(table, row, column, value, ("整数或文字", "a whole number or a text"))
    return value


def _places(ids: tuple[Any, ...]) -> dict[Any, int]:
    places = {one: index for index, one in enumerate(ids)}
    if len(places) < len(ids):
        check_unique("buses", "id", [str(one) for one in ids])
    return places


def _place(at: Mapping[Any, int], table: str, row: int, column: str, value: Any) -> int:
    place = at.get(_id(table, row, column, value))
    if place is None:
        raise no_such(table, row, column, value, "buses")
    return place


def _status(row: int, value: Any) -> bool:
    if value not in (0, 1):
        raise _wrong_type("branches", row, "on", value, ("0 或 1", "0 or 1"))
    return bool(value)


def _wrong_type(
    table: str, row: int, column: str, value: Any, wanted: tuple[str, str]
) -> GridError:
    shown = json.dumps(value, ensure_ascii=False)
    shown = shown if len(shown) <= 40 else shown[:37] + "…"
    return GridError(
        "wrong_type",
        (f"值为 {shown}，应为{wanted[0]}", f"{shown} is not {wanted[1]}"),
        ("请改正该值。", "Mend the value."),
        table=table, row=row, column=column,
    )  # fmt: skip
