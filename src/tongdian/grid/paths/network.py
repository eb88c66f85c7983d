"""One question's world: graph, prices and attachments together, and where a route begins."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.kernels import Ints, Longs, Tables
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.refusals import PathError
from tongdian.grid.paths.scratch import Scratch
from tongdian.grid.paths.storage import load, save, shown

# No route costs more; sums below it never overflow.
MOST_ROUTE_FEN: Final = 1 << 60


@dataclass(frozen=True)
class Origin:
    """Where routes begin: a node (`edge` -1), or a place on a segment, `share` of the way from its
    first end. `lon`, `lat` are the foot on the street, `aside_m` the customer's distance from it.
    """

    node: int
    edge: int = -1
    share: float = 0.0
    lon: float = float("nan")
    lat: float = float("nan")
    aside_m: float = 0.0

    @classmethod
    def at(cls, node: int) -> "Origin":
        """At a node of the graph."""
        return cls(node)


@dataclass(frozen=True)
class RouteNetwork:
    """Threads may share it: each searches in buffers of its own."""

    graph: StreetGraph
    prices: Prices
    attachments: Attachments
    _threads: threading.local = field(default_factory=threading.local, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path, *, writable: bool = False) -> "RouteNetwork":
        """Map what `save` wrote. Raises PathError."""
        return cls(
            load(StreetGraph, folder / "streets", writable=False),
            load(Prices, folder / "prices", writable=writable),
            load(Attachments, folder / "attachments", writable=writable),
        )

    def save(self, folder: Path) -> None:
        """Write the three tables under `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        save(self.graph, folder / "streets")
        save(self.prices, folder / "prices")
        save(self.attachments, folder / "attachments")

    @property
    def scratch(self) -> Scratch:
        """The buffers of this thread."""
        made: Scratch | None = getattr(self._threads, "scratch", None)
        if made is None:
            made = Scratch.of(self.graph.nodes, 2 * self.graph.edges, self.attachments.capacity)
            self._threads.scratch = made
        return made

    @cached_property
    def tables(self) -> Tables:
        """What every search reads."""
        return Tables(
            shown(self.graph.start), shown(self.prices.arcs),
            shown(self.attachments.first), shown(self.attachments.rows),
        )  # fmt: skip

    @cached_property
    def ends(self) -> Ints:
        """`graph.ends` as kernels take it."""
        return shown(self.graph.ends)

    @cached_property
    def shift(self) -> int:
        """Buckets of a search are 2 ** shift fen wide: a sixteenth of the usual segment's cost."""
        allowed = self.prices.cost_fen[self.prices.cost_fen > 0]
        usual = int(np.median(allowed)) if len(allowed) else 1
        return max(usual >> 4, 1).bit_length() - 1

    def seeds(self, origin: Origin) -> tuple[Longs, Longs]:
        """Nodes a route may begin with, and the cost of getting there. Raises PathError."""
        if origin.edge < 0:
            if not 0 <= origin.node < self.graph.nodes:
                raise PathError(
                    "unknown_node", "origin",
                    (f"没有节点 {origin.node}", f"there is no node {origin.node}"),
                    (f"请用 0 到 {self.graph.nodes - 1}。", f"Use 0 to {self.graph.nodes - 1}."),
                )  # fmt: skip
            return np.array([origin.node]), np.zeros(1, dtype=np.int64)
        if origin.edge >= self.graph.edges or not 0 < origin.share < 1:
            raise PathError(
                "bad_origin", "origin",
                (f"路段 {origin.edge} 上没有 {origin.share} 处",
                 f"segment {origin.edge} has no place {origin.share}"),
                ("请用 0 与 1 之间的比例。", "Use a share between 0 and 1."),
            )  # fmt: skip
        whole = int(self.prices.cost_fen[origin.edge])
        if whole < 0:
            raise PathError(
                "forbidden_segment", "origin",
                (f"路段 {origin.edge} 不许敷设",
                 f"nothing may be laid on segment {origin.edge}"),
                ("请在允许敷设的路段上取点。",
                 "Take a place on a segment where laying is allowed."),
            )  # fmt: skip
        first = int(whole * origin.share)
        ends = self.graph.ends[origin.edge].astype(np.int64)
        return ends, np.array([first, whole - first])

    def feasible(self, mask: npt.ArrayLike | None) -> npt.NDArray[np.bool_]:
        """A mask over attachments as kernels take it; those beyond its end are not feasible."""
        if mask is None:
            return shown(np.ones(self.attachments.capacity, dtype=np.bool_))
        return shown(np.ascontiguousarray(mask, dtype=np.bool_))

    def told_apart(
        self, column: npt.NDArray[np.int32], mask: npt.ArrayLike | None
    ) -> npt.NDArray[np.bool_]:
        """The feasible attachments whose group is known: nobody can say that an unknown busbar is
        another one."""
        feasible = self.feasible(mask)
        return shown(feasible & (column[: len(feasible)] >= 0))

    def groups(self, column: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """A column over attachments as kernels take it. Raises PathError when it is too short."""
        values = np.ascontiguousarray(column, dtype=np.int32)
        if values.shape != (self.attachments.capacity,):
            raise PathError(
                "bad_shape", "groups",
                (f"应为每个接入点一个值，共 {self.attachments.capacity} 个",
                 f"it must be {self.attachments.capacity} values, one for each attachment"),
                ("请用接入点表的列，如 feeder、busbar、substation。",
                 "Use a column of the attachments: feeder, busbar, substation."),
            )  # fmt: skip
        return shown(values)
