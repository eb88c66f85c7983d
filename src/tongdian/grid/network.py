"""Tables assembled into an operating state: radial, with open ties, per unit.

Branches are numbered lines first, then transformers. Each node's base voltage follows the rated
ratios and taps on the way from its source, so that no ratio is left in the equations: a voltage in
kV is its per unit value times `base_kv` of the node.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tongdian.compiled import kernel
from tongdian.grid.checks import not_radial
from tongdian.grid.powerflow import NotConvergedError, solve
from tongdian.grid.radial import Floats, Integers, NotRadialError, Order, Radial, trace
from tongdian.grid.solution import Solution
from tongdian.grid.soundness import findings
from tongdian.grid.tables import LOAD_STATES, Tables

BASE_MVA: Final = 10.0
HERTZ: Final = 50.0


@dataclass(frozen=True, eq=False)
class Network:
    """An operating state of `tables`.

    `radial` is what power flow is computed on; `base_kv` is by node; `p_kw`, `q_kvar` are the loads
    of each node; `current_limit_pu` is by position what the branch from above may carry (at a root:
    what its source may give), infinite if unknown; `open_lines` are the rows of lines that carry
    nothing.
    """

    tables: Tables
    radial: Radial
    base_kv: Floats
    p_kw: Floats
    q_kvar: Floats
    current_limit_pu: Floats
    open_lines: Integers

    def solve(self) -> Solution:
        """The power flow of its loads. Raises NotConvergedError, which names the node."""
        try:
            return solve(self.radial, self.p_kw, self.q_kvar)
        except NotConvergedError as error:
            name = self.tables.nodes.id[error.node]
            raise NotConvergedError(error.node, error.rounds, error.collapsed, name) from None

    def element(self, position: int) -> tuple[str, int]:
        """Table and row of what brings current to a position: a line, a transformer, a source."""
        branch, lines = int(self.radial.branch[position]), len(self.tables.lines)
        if branch < 0:
            tree = int(np.searchsorted(self.radial.starts, position, side="right")) - 1
            return "sources", tree
        return ("lines", branch) if branch < lines else ("transformers", branch - lines)

    @cached_property
    def nominal_share(self) -> Floats:
        """By node, what turns a per unit voltage into a share of the nominal voltage."""
        return np.asarray(self.base_kv / self.tables.nodes.nominal_kv)


def assemble(
    tables: Tables,
    *,
    load_states: tuple[str, ...] = LOAD_STATES,
    resistance_factor: float = 1.0,
    base_mva: float = BASE_MVA,
    check: bool = True,
) -> Network:
    """The operating state of tables with the loads of `load_states`.

    `resistance_factor` scales conductors' resistance from 20 °C to what they have in use. `check`
    may be left out for tables that were checked when they were saved. Raises GridError: the first
    of `soundness.findings`, or `loop`, `sources_joined`, `island`.
    """
    if check:
        for finding in findings(tables):
            raise finding
    closed = np.ones(len(tables.lines), bool)
    closed[tables.switches.line[~tables.switches.is_closed]] = False
    order = _order(tables, closed)
    base_kv = _bases(tables, order)
    r, x = _impedances(tables, base_kv, base_mva, resistance_factor)
    g, b = _admittances(tables, base_kv, base_mva, closed)
    share = tables.nodes.nominal_kv[tables.sources.node] / base_kv[tables.sources.node]
    radial = Radial.hang(
        order, r_pu=r, x_pu=x, g_pu=g, b_pu=b, source_pu=tables.sources.voltage_pu * share,
        base_mva=base_mva,
    )  # fmt: skip
    wanted = np.isin(tables.loads.state, [LOAD_STATES.index(state) for state in load_states])
    p, q = (
        np.bincount(
            tables.loads.node[wanted], weights=values[wanted], minlength=len(tables.nodes)
        ).astype(float)
        for values in (tables.loads.p_kw, tables.loads.q_kvar)
    )
    limits = _limits(tables, radial, base_kv)
    return Network(tables, radial, base_kv, p, q, limits, np.flatnonzero(~closed).astype(np.int32))


def _order(tables: Tables, closed: npt.NDArray[np.bool_]) -> Order:
    lines, transformers = tables.lines, tables.transformers
    start = np.concatenate([lines.start[closed], transformers.high])
    end = np.concatenate([lines.end[closed], transformers.low])
    names = np.concatenate(
        [np.flatnonzero(closed), len(lines) + np.arange(len(transformers))]
    ).astype(np.int32)
    try:
        return trace(len(tables.nodes), start, end, np.array(tables.sources.node), names)
    except NotRadialError as error:
        ids = np.concatenate([lines.id, transformers.id])
        table = "lines"
        if len(error.branches) and error.branches[-1] >= len(lines):
            table, error.branches = "transformers", error.branches - len(lines)
            ids = np.roll(ids, len(transformers))
        raise not_radial(error, ("nodes", tables.nodes.id), (table, ids)) from None


def _bases(tables: Tables, order: Order) -> Floats:
    """Base voltage of each node, kV."""
    types, transformers = tables.transformer_types, tables.transformers
    ratio = types.low_kv[transformers.type] / (
        types.high_kv[transformers.type] * (1 + transformers.tap_percent / 100)
    )
    ratios = np.ones(len(order.node))
    lines = len(tables.lines)
    stepped = np.flatnonzero(order.branch >= lines)
    at = order.branch[stepped] - lines
    is_down = transformers.low[at] == order.node[stepped]
    ratios[stepped] = np.where(is_down, ratio[at], 1 / ratio[at])
    base = tables.nodes.nominal_kv[order.node].copy()
    _hand_down(order.parent, ratios, base, steps=len(base))
    by_node = np.empty_like(base)
    by_node[order.node] = base
    return by_node


@kernel
def _hand_down(parent: Integers, ratios: Floats, base: Floats) -> Any:
    """Sets each base from its parent's."""
    for i in range(len(parent)):
        if parent[i] >= 0:
            base[i] = base[parent[i]] * ratios[i]


def _impedances(
    tables: Tables, base_kv: Floats, base_mva: float, resistance_factor: float
) -> tuple[Floats, Floats]:
    """Resistance and reactance of each branch, per unit."""
    lines, conductors = tables.lines, tables.conductors
    ohm = base_kv[lines.start] ** 2 / base_mva
    km = lines.length_m / 1e3 / lines.parallel
    transformers, types = tables.transformers, tables.transformer_types
    rated = types.rated_kva[transformers.type] / 1e3
    # On the low side, whose rated voltage no tap changes.
    to_base = (types.low_kv[transformers.type] / base_kv[transformers.low]) ** 2 * base_mva / rated
    z = types.short_circuit_percent[transformers.type] / 100
    r = types.load_loss_kw[transformers.type] / 1e3 / rated
    x = np.sqrt(np.maximum(z**2 - r**2, 0))
    return (
        np.concatenate([conductors.r_ohm_km[lines.conductor] * resistance_factor * km / ohm,
                        r * to_base]),
        np.concatenate([conductors.x_ohm_km[lines.conductor] * km / ohm, x * to_base]),
    )  # fmt: skip


def _admittances(
    tables: Tables, base_kv: Floats, base_mva: float, closed: npt.NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Shunts of each node, per unit: half of what each branch has at either end, of lines their
    capacitance, of transformers iron losses and magnetising current."""
    nodes, lines, conductors = len(tables.nodes), tables.lines, tables.conductors
    siemens = 2 * np.pi * HERTZ * conductors.c_nf_km[lines.conductor] * 1e-9
    charging = siemens * lines.length_m / 1e3 * lines.parallel * base_kv[lines.start] ** 2
    transformers, types = tables.transformers, tables.transformer_types
    iron = types.no_load_loss_kw[transformers.type] / 1e3
    seen = types.no_load_percent[transformers.type] / 100 * types.rated_kva[transformers.type] / 1e3
    to_base = (base_kv[transformers.low] / types.low_kv[transformers.type]) ** 2
    magnetising = np.sqrt(np.maximum(seen**2 - iron**2, 0)) * to_base
    g, b = np.zeros(nodes), np.zeros(nodes)
    for end in (lines.start, lines.end):
        b += np.bincount(end, np.where(closed, charging, 0) / 2, nodes)
    for side in (transformers.high, transformers.low):
        g += np.bincount(side, iron * to_base / 2, nodes)
        b -= np.bincount(side, magnetising / 2, nodes)
    return g / base_mva, b / base_mva


def _limits(tables: Tables, radial: Radial, base_kv: Floats) -> Floats:
    """What each position's branch may carry, per unit of its base current."""
    lines, transformers = tables.lines, tables.transformers
    types = tables.transformer_types
    kilo = tables.conductors.ampacity()[lines.conductor, lines.laying] / 1e3 * lines.parallel
    by_line = kilo * np.sqrt(3) * base_kv[lines.start] / radial.base_mva
    rated = types.rated_kva[transformers.type] / 1e3 / types.low_kv[transformers.type]
    by_transformer = rated * base_kv[transformers.low] / radial.base_mva
    limits = np.concatenate([by_line, by_transformer])
    at_source = tables.sources.capacity_mva / radial.base_mva / radial.source_pu
    found = np.empty(radial.size)
    hung = radial.branch >= 0
    found[hung] = limits[radial.branch[hung]]
    found[radial.starts[:-1]] = at_source
    return np.where(np.isnan(found), np.inf, found)
