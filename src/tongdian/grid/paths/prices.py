"""What a segment costs to lay: a cost model as plain parameters, and the prices it gives a graph.

Every segment is laid in the cheapest way it allows. Money is integer fen: metres are rounded to
millimetres and products half up, so that two machines agree to the last fen.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.graph import (
    BRIDGE,
    CROSSING,
    DUCT,
    GREEN,
    MORATORIUM,
    OVERHEAD,
    StreetGraph,
)
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.storage import shown

Fen = npt.NDArray[np.int64]

# How a segment is laid; the words of `tongdian.works.geometry.LAYINGS`.
NO_WAY, IN_DUCT, ON_POLES, IN_TRENCH = 0, 1, 2, 3
LAYINGS: Final = ("none", "existing_duct", "overhead", "trench")
FORBIDDEN: Final = -1
# Sums along any route then stay far below what a heap key holds.
MOST_FEN: Final = 10**12
ARC: Final = np.dtype([("cost", np.int64), ("head", np.int32), ("edge", np.int32)])


@dataclass(frozen=True, kw_only=True)
class CostModel:
    """Yuan a metre by way of laying, and surcharges. None forbids.

    `crossing`, for each segment that crosses a carriageway, `moratorium_per_m` and `green_per_m`
    fall on trenches alone: a cable in a free duct and an overhead line dig nothing. `bridge_per_m`
    falls on every way over a bridge: 10 kV there goes to legal review (城市道路管理条例 27).
    """

    duct_per_m: Decimal | None
    overhead_per_m: Decimal | None
    trench_per_m: Decimal | None
    crossing: Decimal | None
    moratorium_per_m: Decimal | None
    green_per_m: Decimal | None
    bridge_per_m: Decimal | None


@dataclass(frozen=True)
class Prices:
    """Of one graph by one cost model: `cost_fen` (m,), FORBIDDEN where no way is allowed; `laying`
    (m,) indexes LAYINGS; `arcs` (2 m,) what a search reads: cost, head and segment together."""

    cost_fen: Fen
    laying: npt.NDArray[np.uint8]
    arcs: npt.NDArray[np.void]

    @classmethod
    def of(cls, graph: StreetGraph, model: CostModel) -> "Prices":
        """Prices of every segment. Raises PathError for a model that is not above zero."""
        ways = (
            (IN_DUCT, DUCT, model.duct_per_m), (ON_POLES, OVERHEAD, model.overhead_per_m),
            (IN_TRENCH, 0, model.trench_per_m),
        )  # fmt: skip
        millimetres = np.rint(graph.length_m * 1000).astype(np.int64)
        cost = np.full(graph.edges, FORBIDDEN, dtype=np.int64)
        laying = np.full(graph.edges, NO_WAY, dtype=np.uint8)
        for way, needs, price in ways:
            if price is None:
                continue
            allowed = (graph.flags & needs) == needs
            fen = np.full(graph.edges, _fen("price", price, least=1), dtype=np.int64)
            fixed = np.zeros(graph.edges, dtype=np.int64)
            for name, flag, falls in (
                ("moratorium_per_m", MORATORIUM, way == IN_TRENCH),
                ("green_per_m", GREEN, way == IN_TRENCH),
                ("bridge_per_m", BRIDGE, True),
                ("crossing", CROSSING, way == IN_TRENCH),
            ):
                if not falls:
                    continue
                here = (graph.flags & flag) != 0
                extra = getattr(model, name)
                if extra is None:
                    allowed &= ~here
                else:
                    into = fixed if name == "crossing" else fen
                    into[here] += _fen(name, extra, least=0)
            total = np.maximum((millimetres * fen + 500) // 1000, 1) + fixed
            better = allowed & ((cost == FORBIDDEN) | (total < cost))
            cost[better], laying[better] = total[better], way
        return cls.given(graph, cost, laying)

    @classmethod
    def given(
        cls, graph: StreetGraph, cost_fen: npt.ArrayLike, laying: npt.ArrayLike | None = None
    ) -> "Prices":
        """From costs (m,) that another table gives: 1 fen or more, or FORBIDDEN.

        Raises PathError with the row.
        """
        cost = np.array(cost_fen, dtype=np.int64)
        ways = np.zeros(len(cost)) if laying is None else np.asarray(laying)
        if cost.shape != (graph.edges,) or ways.shape != (graph.edges,):
            raise PathError(
                "bad_shape", "cost_fen",
                (f"应为每个路段一个值，共 {graph.edges} 个", f"it must be {graph.edges} values"),
                ("请检查价格表。", "Check the price table."),
            )  # fmt: skip
        for row in np.flatnonzero(((cost < 1) & (cost != FORBIDDEN)) | (cost > MOST_FEN))[:1]:
            refuse_cost(int(cost[row]), int(row))
        arcs = np.empty(2 * graph.edges, dtype=ARC)
        arcs["cost"] = cost[graph.arc_edge]
        arcs["head"], arcs["edge"] = graph.arc_head, graph.arc_edge
        return cls(cost, ways.astype(np.uint8), arcs)

    def change(self, graph: StreetGraph, edge: int, cost_fen: int, laying: int = NO_WAY) -> None:
        """Price one segment anew, in place: a duct that filled up, a moratorium that ended.

        Other processes that map the same files see it at once. Raises PathError.
        """
        if not 0 <= edge < graph.edges:
            raise PathError(
                "unknown_segment", "edge",
                (f"没有路段 {edge}", f"there is no segment {edge}"),
                (f"请用 0 到 {graph.edges - 1}。", f"Use 0 to {graph.edges - 1}."),
            )  # fmt: skip
        if not (1 <= cost_fen <= MOST_FEN or cost_fen == FORBIDDEN):
            refuse_cost(cost_fen, edge)
        if not 0 <= laying < len(LAYINGS):
            raise PathError(
                "unknown_laying", "laying",
                (f"没有敷设方式 {laying}", f"there is no way of laying {laying}"),
                (f"请用 0 到 {len(LAYINGS) - 1}。", f"Use 0 to {len(LAYINGS) - 1}."),
            )  # fmt: skip
        self.cost_fen[edge] = cost_fen
        self.laying[edge] = laying
        self.arcs["cost"][graph.edge_arcs[edge]] = cost_fen

    @property
    def seen(self) -> npt.NDArray[np.void]:
        """The arcs as kernels take them."""
        return shown(self.arcs)


def refuse_cost(cost_fen: int, row: int) -> None:
    """Raises PathError: a segment's cost is out of range."""
    raise PathError(
        "bad_cost", "cost_fen",
        (f"费用 {cost_fen} 分不在 1 到 {MOST_FEN} 之间，也不是 {FORBIDDEN}（禁止）",
         f"{cost_fen} fen is neither within 1 to {MOST_FEN} nor {FORBIDDEN}, which forbids"),
        ("请改正单价或长度。", "Correct the unit price or the length."), row,
    )  # fmt: skip


def _fen(name: str, yuan: Decimal, least: int) -> int:
    if not yuan.is_finite() or not least <= yuan * 100 <= MOST_FEN or yuan * 100 % 1:
        raise PathError(
            "bad_price", name,
            (f"单价 {yuan} 元无效", f"{yuan} yuan is no price"),
            ("请用不少于零、最多两位小数的金额；禁止时用空值。",
             "Use an amount from zero with at most two decimals; None to forbid."),
        )  # fmt: skip
    return int(yuan * 100)
