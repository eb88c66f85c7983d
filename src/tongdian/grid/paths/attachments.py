"""Where a customer may be connected: poles, switches, ring-main units and busbars by the road."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.prices import MOST_FEN
from tongdian.grid.paths.refusals import PathError

Ints = npt.NDArray[np.int32]

ROW: Final = np.dtype([("cost", np.int64), ("node", np.int32), ("next", np.int32)])
NOBODY: Final = -1


@dataclass(frozen=True)
class Attachments:
    """Rows with room for more. `first` (n,) names the first row at a node, a row's `next` the one
    after it, -1 ends. `rows` (capacity,) has the row's own cost in fen, its node, and `next`.
    `feeder`, `busbar`, `substation` (capacity,) say where it is fed from; -1 where unknown.
    `count` (1,) is how many rows are in use.
    """

    first: Ints
    rows: npt.NDArray[np.void]
    feeder: Ints
    busbar: Ints
    substation: Ints
    count: npt.NDArray[np.int64]

    @classmethod
    def build(
        cls,
        nodes: int,
        node: npt.ArrayLike,
        cost_fen: npt.ArrayLike,
        feeder: npt.ArrayLike | None = None,
        busbar: npt.ArrayLike | None = None,
        substation: npt.ArrayLike | None = None,
        spare: int = 0,
    ) -> "Attachments":
        """From columns of equal length, for a graph of `nodes` nodes, with `spare` free rows.

        Raises PathError with the row: no such node, a cost below zero, columns of unequal length.
        """
        places = np.asarray(node, dtype=np.int64)
        costs = np.asarray(cost_fen, dtype=np.int64)
        count, capacity = len(places), len(places) + spare
        columns: list[Ints] = []
        for given in (feeder, busbar, substation):
            column = np.full(capacity, NOBODY, dtype=np.int32)
            values = column[:count] if given is None else np.asarray(given, dtype=np.int32)
            if values.shape != (count,) or costs.shape != (count,):
                raise PathError(
                    "bad_shape", "attachments",
                    (f"各列应等长，共 {count} 行", f"the columns must all have {count} rows"),
                    ("请检查接入点表。", "Check the table of attachments."),
                )  # fmt: skip
            column[:count] = values
            columns.append(column)
        for row in np.flatnonzero((places < 0) | (places >= nodes) | ~_payable(costs))[:1]:
            _refuse(int(places[row]), int(costs[row]), nodes, int(row))
        rows = np.zeros(capacity, dtype=ROW)
        rows["cost"][:count], rows["node"][:count] = costs, places
        rows["next"] = NOBODY
        first = np.full(nodes, NOBODY, dtype=np.int32)
        # Chained from the last row to the first, so that a node's rows come in their order.
        order = np.lexsort((np.arange(count), places))
        same = places[order][1:] == places[order][:-1]
        rows["next"][order[:-1][same]] = order[1:][same]
        heads = order[np.append(True, ~same)] if count else order
        first[places[heads]] = heads
        by_feeder, by_busbar, by_substation = columns
        used = np.array([count], dtype=np.int64)
        return cls(first, rows, by_feeder, by_busbar, by_substation, used)

    def __len__(self) -> int:
        return int(self.count[0])

    @property
    def capacity(self) -> int:
        """Rows in use and free."""
        return len(self.rows)

    def add(
        self,
        node: int,
        cost_fen: int,
        *,
        feeder: int = NOBODY,
        busbar: int = NOBODY,
        substation: int = NOBODY,
    ) -> int:
        """Add an attachment in place, when a case is energised; gives its row.

        One process writes at a time (the caller sees to that); readers see the row whole or not
        at all, for it is chained last. Raises PathError: no such node, a bad cost, no free row.
        """
        row = len(self)
        if not 0 <= node < len(self.first) or not _payable(np.array([cost_fen]))[0]:
            _refuse(node, cost_fen, len(self.first), row)
        if row == self.capacity:
            raise PathError(
                "full", "attachments",
                (f"接入点表已满（{row} 行）", f"the table of attachments is full ({row} rows)"),
                ("请用更大的 spare 重建该表。", "Build it again with more spare rows."),
            )  # fmt: skip
        self.feeder[row], self.busbar[row], self.substation[row] = feeder, busbar, substation
        self.rows[row] = (cost_fen, node, self.first[node])
        self.count[0] = row + 1
        self.first[node] = row
        return row


def _payable(cost_fen: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    return (cost_fen >= 0) & (cost_fen <= MOST_FEN)


def _refuse(node: int, cost_fen: int, nodes: int, row: int) -> None:
    if not 0 <= node < nodes:
        raise PathError(
            "unknown_node", "attachments",
            (f"节点 {node} 不在 0 到 {nodes - 1} 之间", f"node {node} is not in 0 to {nodes - 1}"),
            ("请改正节点。", "Correct the node."), row,
        )  # fmt: skip
    raise PathError(
        "bad_cost", "attachments",
        (f"费用 {cost_fen} 分不在 0 到 {MOST_FEN} 之间",
         f"{cost_fen} fen is not in 0 to {MOST_FEN}"),
        ("请改正费用。", "Correct the cost."), row,
    )  # fmt: skip
