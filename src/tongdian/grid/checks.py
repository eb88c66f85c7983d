"""Checks of columns that every reader of network tables shares. Rows in errors count from 1."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from tongdian.grid.radial import NotRadialError
from tongdian.grid.refusals import GridError

MOST_NAMED = 6
Names = Sequence[Any] | npt.NDArray[Any]


def check_finite(table: str, column: str, values: npt.NDArray[Any]) -> None:
    """Raises GridError `not_finite` for the first NaN or infinity."""
    row = first_row(~np.isfinite(values))
    if row:
        raise GridError(
            "not_finite",
            (f"值为 {values[row - 1]}，不是有限的数", f"{values[row - 1]} is not a finite number"),
            ("请填写数值。", "Give a number."),
            table=table, row=_row(table, row), column=column,
        )  # fmt: skip


def check_least(
    table: str, column: str, values: npt.NDArray[Any], least: float, *, above: bool = False
) -> None:
    """Raises GridError `out_of_range` for the first value below `least`, or not `above` it."""
    row = first_row(values <= least if above else values < least)
    if row:
        bound = (f"大于 {least:g}", f"above {least:g}") if above else (
            f"不小于 {least:g}", f"{least:g} or more")  # fmt: skip
        raise GridError(
            "out_of_range",
            (f"值为 {values[row - 1]:g}，应{bound[0]}",
             f"{values[row - 1]:g} is out of range, it has to be {bound[1]}"),
            ("请改正该值，并检查单位。", "Mend the value, and check its unit."),
            table=table, row=_row(table, row), column=column,
        )  # fmt: skip


def check_unique(table: str, column: str, ids: Names) -> None:
    """Raises GridError `duplicate_id` for the first id that another row has."""
    values = np.asarray(ids)
    order = np.argsort(values, kind="stable")
    again = np.flatnonzero(values[order[1:]] == values[order[:-1]])
    if len(again):
        first = again[order[again + 1].argmin()]
        earlier, row = order[first] + 1, order[first + 1] + 1
        raise GridError(
            "duplicate_id",
            (f"编号 {ids[row - 1]} 与第 {earlier} 行重复",
             f"the id {ids[row - 1]} is that of row {earlier} too"),
            ("每行须有自己的编号：请改名或删去一行。",
             "Each row needs an id of its own: rename one or delete it."),
            table=table, row=int(row), column=column,
        )  # fmt: skip


def no_such(table: str, row: int, column: str, value: object, among: str) -> GridError:
    """A reference to an id that its table doesn't have."""
    return GridError(
        "missing_reference",
        (f"{among} 中没有编号 {value}", f"{among} has no id {value}"),
        ("请补上该行，或改正引用。", f"Add it to {among}, or mend the reference."),
        table=table, row=row, column=column,
    )  # fmt: skip


def not_radial(
    error: NotRadialError, nodes: tuple[str, Names], branches: tuple[str, Names]
) -> GridError:
    """What `Radial.build` found, in the words of the tables: name and ids of nodes and branches."""
    if error.kind == "island":
        table, ids = nodes
        lost = _named([ids[i] for i in error.nodes])
        return GridError(
            "island",
            (f"{len(error.nodes)} 个节点没有电源：{lost}",
             f"{len(error.nodes)} nodes have no way to a source: {lost}"),
            ("请闭合一处开关、补上支路，或删去这些节点。",
             "Close a switch, add the missing branch, or delete the nodes."),
            table=table, row=int(error.nodes[0]) + 1,
        )  # fmt: skip
    table, ids = branches
    ring = _named([ids[i] for i in error.branches])
    row = int(error.branches[-1]) + 1 if len(error.branches) else 0
    if error.kind == "loop":
        rule = f"这些支路成环：{ring}", f"these branches form a loop: {ring}"
    else:
        rule = f"这些支路连通两个电源：{ring}", f"these branches join two sources: {ring}"
    return GridError(
        error.kind,
        rule,
        ("配电网须开环运行：请断开其中一条支路。",
         "The network has to be radial: open one of them."),
        table=table, row=row,
    )  # fmt: skip


def _named(ids: list[Any]) -> str:
    more = f" … ({len(ids)})" if len(ids) > MOST_NAMED else ""
    return ", ".join(str(one) for one in ids[:MOST_NAMED]) + more


def _row(table: str, row: int) -> int:
    """A field that stands in no table has no row."""
    return row if table else 0


def first_row(wrong: npt.NDArray[np.bool_]) -> int:
    """The first row that is wrong, counted from 1; 0 if none."""
    return int(wrong.argmax()) + 1 if len(wrong) and wrong.any() else 0
