"""Everything a question needs, opened once: network, streets, and where a line may be connected."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid.base import Base, base_state
from tongdian.grid.hosting import BINDINGS, Hosting, conservative
from tongdian.grid.limits import LOW_KV, Limits, VoltageRules, limits_of
from tongdian.grid.network import Network, assemble
from tongdian.grid.paths.attachments import Attachments
from tongdian.grid.paths.graph import StreetGraph
from tongdian.grid.paths.network import RouteNetwork
from tongdian.grid.paths.prices import Prices
from tongdian.grid.paths.snap import SegmentGrid
from tongdian.grid.paths.storage import load, save
from tongdian.grid.radial import Integers
from tongdian.grid.schemes.costs import Costs, default_costs
from tongdian.grid.schemes.design import grades
from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.rules import Rules, default_rules
from tongdian.grid.schemes.sections import Grade
from tongdian.grid.store import open_tables, save_tables
from tongdian.grid.tables import SWITCH_KINDS, Tables

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
NETWORK, ROUTES, WIRING, GRID, PRICES = "network", "routes", "wiring", "grid", "prices"
NOWHERE: Final = -1


@dataclass(frozen=True)
class Wiring:
    """`attachment_node` (attachments,): the network node of each attachment, -1 for none."""

    attachment_node: Integers


@dataclass(frozen=True)
class Ties:
    """Open lines between two feeders: their rows, the positions of both ends, and the first
    positions of their feeders."""

    line: Integers
    position: Integers
    head: Integers


@dataclass(frozen=True, eq=False)
class World:
    """A city: `network` with the state `base` and its `limits`, `routes` and their `grid`, and by
    attachment its network `node` (-1 for none). Threads may share it."""

    network: Network
    limits: Limits
    base: Base
    routes: RouteNetwork
    grid: SegmentGrid
    node: Integers
    rules: Rules
    costs: Costs

    @classmethod
    def of(
        cls,
        tables: Tables,
        routes: RouteNetwork,
        node: npt.ArrayLike,
        *,
        grid: SegmentGrid | None = None,
        rules: Rules | None = None,
        costs: Costs | None = None,
        check: bool = True,
    ) -> "World":
        """From tables, streets and the network `node` of each attachment in use.

        Raises GridError for a network that is not sound, SchemeError for an attachment at no node.
        """
        rules = rules or default_rules()
        given = np.asarray(node, np.int32)
        joints = np.full(routes.attachments.capacity, NOWHERE, np.int32)
        joints[: len(given)] = given
        wrong = np.flatnonzero((joints < NOWHERE) | (joints >= len(tables.nodes)))
        if len(wrong) or len(given) < len(routes.attachments):
            row = int(wrong[0]) if len(wrong) else len(given)
            raise SchemeError(
                "unknown_node", "node",
                (f"第 {row} 个接入点没有电网节点", f"attachment {row} has no node of the network"),
                ("请写明节点行号，没有时写 -1。", "Give the row of its node, -1 for none."),
            )  # fmt: skip
        network = assemble(tables, check=check)
        limits = limits_of(network, VoltageRules(deviation=rules["deviation"]))
        base = base_state(network.radial, network.p_kw, network.q_kvar)
        return cls(
            network, limits, base, routes, grid or SegmentGrid.of(routes.graph), joints, rules,
            costs or default_costs(),
        )  # fmt: skip

    @classmethod
    def open(
        cls, folder: Path, *, rules: Rules | None = None, costs: Costs | None = None
    ) -> "World":
        """Maps what `save` wrote, or a city's network without prices and grid, which are then made
        (`complete` writes them beside it). Tables were checked when they were saved. Raises
        SchemeError for a folder that holds no world, GridError and PathError for a damaged one."""
        for name in (NETWORK, ROUTES):
            if not (folder / name).is_dir():
                raise SchemeError(
                    "not_a_world", "folder",
                    (f"{folder} 中没有 {name}", f"there is no {name} in {folder}"),
                    ("请指定装有 network、routes、wiring 的城市文件夹。",
                     "Name a city's folder, with network, routes and wiring."),
                )  # fmt: skip
        costs = costs or default_costs()
        return cls.of(
            open_tables(folder / NETWORK), _routes(folder, costs), _wired(folder),
            grid=load(SegmentGrid, folder / GRID) if (folder / GRID).is_dir() else None,
            rules=rules, costs=costs, check=False,
        )  # fmt: skip

    def save(self, folder: Path) -> None:
        """Writes tables, streets, wiring and grid under `folder`."""
        save_world(folder, self.network.tables, self.routes, self.node, self.grid)

    def taking(self, node: npt.ArrayLike, p_kw: npt.ArrayLike, q_kvar: npt.ArrayLike) -> "World":
        """The world with more load at some nodes, as what was promised since it was opened: the
        same tables, a state solved anew. Raises ValueError for loads that are not finite."""
        p, q = self.network.p_kw.copy(), self.network.q_kvar.copy()
        at = np.asarray(node, np.int32)
        np.add.at(p, at, np.asarray(p_kw, float))
        np.add.at(q, at, np.asarray(q_kvar, float))
        network = replace(self.network, p_kw=p, q_kvar=q)
        return replace(self, network=network, base=base_state(network.radial, p, q))

    @cached_property
    def position(self) -> Integers:
        """By attachment the position of its node, -1 for none."""
        return np.where(self.node >= 0, self.network.radial.position[self.node], NOWHERE)

    @cached_property
    def kv(self) -> Floats:
        """By attachment the nominal voltage, kV; 0 for none."""
        return np.where(self.node >= 0, self.network.tables.nodes.nominal_kv[self.node], 0.0)

    @cached_property
    def hosting(self) -> Hosting:
        """By node what fits there at the usual power factor: a bound that is never above the exact
        answer."""
        factor = self.rules["default_power_factor"]
        return conservative(self.base, self.limits, power_factor=factor)

    @cached_property
    def capacity_kw(self) -> Floats:
        """By attachment the hosting bound, to ask the likely ones first."""
        return np.where(self.node >= 0, self.hosting.capacity_kw[self.node], 0.0)

    @cached_property
    def is_weak(self) -> Flags:
        """By attachment whether only the power flow can tell what fits."""
        weak = self.hosting.binding[self.node] == BINDINGS.index("weak")
        return np.asarray((self.node >= 0) & weak)

    @cached_property
    def tree(self) -> Integers:
        """By attachment the row of its source, the busbar; -1 for none."""
        found = np.searchsorted(self.network.radial.starts, self.position, side="right") - 1
        return np.where(self.node >= 0, found, NOWHERE).astype(np.int32)

    @cached_property
    def substation(self) -> Integers:
        """By attachment a number of its substation; -1 for none."""
        _, number = np.unique(self.network.tables.sources.substation, return_inverse=True)
        return np.where(self.tree >= 0, number[self.tree], NOWHERE).astype(np.int32)

    @cached_property
    def firsts(self) -> Integers:
        """The first positions of all feeders, roots among them, in order."""
        radial = self.network.radial
        above = np.maximum(radial.parent, 0)
        return np.flatnonzero((radial.parent < 0) | (radial.parent[above] < 0)).astype(np.int32)

    def heads_of(self, position: Integers) -> Integers:
        """The first positions of the feeders of some positions."""
        return self.firsts[np.searchsorted(self.firsts, position, side="right") - 1]

    @cached_property
    def head(self) -> Integers:
        """By attachment the first position of its feeder; -1 for none."""
        return np.where(self.node >= 0, self.heads_of(self.position), NOWHERE).astype(np.int32)

    @cached_property
    def ties(self) -> Ties:
        """The open ties."""
        lines, rows = self.network.tables.lines, self.network.open_lines
        nodes = np.stack([lines.start[rows], lines.end[rows]], axis=1)
        position = self.network.radial.position[nodes]
        head = self.heads_of(position.ravel()).reshape(position.shape)
        between = head[:, 0] != head[:, 1]
        return Ties(rows[between], position[between], head[between])

    @cached_property
    def grades(self) -> tuple[tuple[Grade, ...], tuple[Grade, ...]]:
        """Sizes of conductor that are offered at 10 kV and at low voltage, smallest first."""
        return grades(self.costs, True), grades(self.costs, False)

    @cached_property
    def is_low(self) -> Flags:
        """By attachment whether it is one of the low-voltage network."""
        return (self.kv > 0) & (self.kv < LOW_KV)

    @cached_property
    def is_medium(self) -> Flags:
        """By attachment whether it is one of 10 kV."""
        return (self.kv > LOW_KV) & (self.kv < 35)

    @cached_property
    def switch_of_line(self) -> Integers:
        """By line the row of its switch, -1 for none; fuses are left out."""
        switches = self.network.tables.switches
        found = np.full(len(self.network.tables.lines), NOWHERE, np.int32)
        rows = np.flatnonzero(switches.kind != SWITCH_KINDS.index("fuse"))
        found[switches.line[rows]] = rows
        return found

    def warm(self) -> None:
        """Computes what is kept, ahead of the first question."""
        for name in (
            "capacity_kw", "is_weak", "head", "ties", "substation", "is_low", "is_medium",
            "switch_of_line", "grades",
        ):  # fmt: skip
            getattr(self, name)
        _ = self.routes.scratch, self.routes.shift


def save_world(
    folder: Path,
    tables: Tables,
    routes: RouteNetwork,
    node: npt.ArrayLike,
    grid: SegmentGrid | None = None,
) -> None:
    """Writes a world's folders: `network`, `routes`, `wiring` (the network node of each attachment,
    -1 for none) and `grid`."""
    save_tables(tables, folder / NETWORK)
    routes.save(folder / ROUTES)
    save(Wiring(np.asarray(node, np.int32)), folder / WIRING)
    save(grid or SegmentGrid.of(routes.graph), folder / GRID)


def complete(folder: Path, costs: Costs | None = None) -> None:
    """Writes prices by the unit costs, and the grid of segments, into a city's folder: opening it
    then makes neither."""
    graph = load(StreetGraph, folder / ROUTES / "streets")
    save(Prices.of(graph, (costs or default_costs()).model()), folder / ROUTES / PRICES)
    save(SegmentGrid.of(graph), folder / GRID)


def _routes(folder: Path, costs: Costs) -> RouteNetwork:
    if (folder / ROUTES / PRICES).is_dir():
        return RouteNetwork.open(folder / ROUTES)
    graph = load(StreetGraph, folder / ROUTES / "streets")
    attachments = load(Attachments, folder / ROUTES / "attachments")
    return RouteNetwork(graph, Prices.of(graph, costs.model()), attachments)


def _wired(folder: Path) -> Integers:
    path = folder / WIRING / "attachment_node.npy"
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError):
        raise SchemeError(
            "not_a_world", "folder",
            (f"{folder} 中没有可读的 {WIRING}/{path.name}",
             f"there is no sound {WIRING}/{path.name} in {folder}"),
            ("请写明每个接入点的电网节点。", "Say which node of the network each attachment is."),
        ) from None  # fmt: skip
