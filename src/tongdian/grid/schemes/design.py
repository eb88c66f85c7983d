"""From pieces of a route to sections of a chosen conductor, and to the lines of the bill."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.grid import catalogue
from tongdian.grid.paths.prices import ON_POLES
from tongdian.grid.schemes.costs import Costs, Line
from tongdian.grid.schemes.extension import Section
from tongdian.grid.schemes.rules import Rules
from tongdian.grid.schemes.sections import LINE_LAYING, Crossed, Grade, Piece, offered
from tongdian.grid.tables import LAYINGS, NODE_KINDS, TransformerTypes

# A single-phase line goes and comes back by conductors of one size: six times the voltage drop and
# a third of the power of three balanced phases.
ONE_PHASE_DROP, ONE_PHASE_SHARE = 6.0, 1 / 3
SERIES: Final = "S13"
NOMINAL_LOW_KV: Final = 0.38
KIOSK_FROM_KVA: Final = 630.0
# Of YJV22-10: 405 A in a duct to 450 A in soil; low-voltage cables are rated in soil alone.
IN_DUCT_SHARE: Final = 0.9
SWITCHGEAR: Final = {
    "busbar": "feeder_bay", "pole": "pole_switch", "ring_main_unit": "ring_main_bay",
    "switching_station": "ring_main_bay", "low_voltage_board": "branch_box",
    "branch_box": "branch_box", "service_point": "branch_box",
}  # fmt: skip


@dataclass(frozen=True)
class Foot:
    """Where the new line begins: base and nominal voltage of the node, and the network's base."""

    base_kv: float
    nominal_kv: float
    base_mva: float

    @property
    def is_medium(self) -> bool:
        """Above 1 kV."""
        return self.nominal_kv > 1


@dataclass(frozen=True)
class Wanted:
    """What the line is for: `kva`, single phase or not, and whether a new public transformer ends
    the line of 10 kV."""

    kva: float
    is_single_phase: bool
    has_transformer: bool


@cache
def _ampacity() -> npt.NDArray[np.float64]:
    """By conductor and laying, with low-voltage cables in ducts."""
    rated = catalogue.conductors().ampacity().copy()
    soil, duct = LAYINGS.index("soil"), LAYINGS.index("duct")
    unknown = np.isnan(rated[:, duct])
    rated[unknown, duct] = rated[unknown, soil] * IN_DUCT_SHARE
    return rated


def grades(costs: Costs, is_medium: bool) -> tuple[Grade, ...]:
    """Steps of size that are offered, smallest first; at 10 kV at last two circuits of the
    largest."""
    overhead, cable = offered(catalogue.conductors(), costs, is_medium)
    count = max(len(overhead), len(cable))
    steps = [Grade(_at(overhead, step, count), _at(cable, step, count)) for step in range(count)]
    if is_medium and steps:
        steps.append(replace(steps[-1], circuits=2))
    return tuple(steps)


def _at(rows: list[int], step: int, count: int) -> int:
    return rows[max(0, len(rows) - count + step)] if rows else -1


def first_grade(steps: Sequence[Grade], pieces: Sequence[Piece], wanted: Wanted, kv: float) -> int:
    """The smallest step that carries the load at nominal voltage; the last if none does."""
    amperes = wanted.kva / (sqrt(3) * kv) / (ONE_PHASE_SHARE if wanted.is_single_phase else 1)
    rated = _ampacity()
    for step, grade in enumerate(steps):
        need = amperes / grade.circuits
        if all(rated[grade.row(p.way), LINE_LAYING[p.way]] >= need for p in pieces):
            return step
    return len(steps) - 1


def line_sections(
    pieces: Sequence[Piece], grade: Grade, foot: Foot, rules: Rules, *, is_single_phase: bool
) -> list[Section]:
    """Sections of the pieces, from a foot."""
    table, rated = catalogue.conductors(), _ampacity()
    ohm = foot.base_kv**2 / foot.base_mva
    deviation = rules["single_phase_deviation" if is_single_phase else "deviation"]
    lowest = (1 - deviation) * foot.nominal_kv / foot.base_kv
    drop, share = (ONE_PHASE_DROP, ONE_PHASE_SHARE) if is_single_phase else (1.0, 1.0)
    found = []
    for piece in pieces:
        row = grade.row(piece.way)
        km = piece.length_m / 1e3 * drop / grade.circuits
        kilo = float(rated[row, LINE_LAYING[piece.way]]) / 1e3 * share * grade.circuits
        found.append(Section(
            str(table.id[row]), piece.way, piece.length_m,
            float(table.r_ohm_km[row]) * km / ohm, float(table.x_ohm_km[row]) * km / ohm,
            kilo * sqrt(3) * foot.base_kv / foot.base_mva, lowest, foot.base_kv,
            circuits=grade.circuits,
        ))  # fmt: skip
    return found


def transformer_section(kva: float, foot: Foot, rules: Rules) -> tuple[Section, Foot, float]:
    """The smallest transformer of the series that carries the load at the loading planned for, the
    foot behind it, and its rating; the largest one if none does."""
    types = catalogue.transformer_types()
    rows = [row for row in np.flatnonzero(types.series == SERIES).tolist()]
    fit = [row for row in rows if types.rated_kva[row] * rules["transformer_loading"] >= kva]
    row = fit[0] if fit else rows[-1]
    rated = float(types.rated_kva[row]) / 1e3
    to_base = (float(types.high_kv[row]) / foot.base_kv) ** 2 * foot.base_mva / rated
    z = float(types.short_circuit_percent[row]) / 100
    r = float(types.load_loss_kw[row]) / 1e3 / rated
    iron, seen = float(types.no_load_loss_kw[row]) / 1e3, _seen(types, row)
    low = foot.base_kv * float(types.low_kv[row] / types.high_kv[row])
    behind = Foot(low, NOMINAL_LOW_KV, foot.base_mva)
    return (
        Section(
            str(types.id[row]), 0, 0.0, r * to_base, sqrt(max(z * z - r * r, 0)) * to_base,
            rated / float(types.low_kv[row]) * low / foot.base_mva,
            (1 - rules["deviation"]) * NOMINAL_LOW_KV / low, low,
            iron / foot.base_mva, sqrt(max(seen**2 - iron**2, 0)) / foot.base_mva, True,
        ),
        behind, rated * 1e3,
    )  # fmt: skip


def _seen(types: TransformerTypes, row: int) -> float:
    return float(types.no_load_percent[row]) / 100 * float(types.rated_kva[row]) / 1e3


def own_cost_fen(kinds: npt.ArrayLike, costs: Costs) -> npt.NDArray[np.int64]:
    """What connecting costs at nodes of some `kinds` (places in NODE_KINDS), in fen: the middle of
    the switchgear's band, for the route search."""
    by_kind = np.zeros(len(NODE_KINDS), np.int64)
    for place, kind in enumerate(NODE_KINDS):
        unit = costs.units[SWITCHGEAR.get(kind, "ring_main_bay")]
        by_kind[place] = int((unit.low + unit.high) * 50)
    return np.asarray(by_kind[np.asarray(kinds)])


def bill_of(
    sections: Sequence[Section], pieces: Sequence[Piece], crossed: Crossed, node_kind: int,
    costs: Costs,
) -> tuple[Line, ...]:  # fmt: skip
    """The bill of quantities: conductors by type, trenches, what is crossed, switchgear. Its metres
    of conductor are those of the route, and of the way from the street to the customer, for each
    circuit."""
    metres: dict[tuple[str, bool], float] = {}
    circuits = max((one.circuits for one in sections), default=1)
    trench: dict[bool, float] = {}
    lines_only = [one for one in sections if not one.is_transformer]
    for section, piece in zip(lines_only, pieces, strict=True):
        key = section.name, piece.is_inside
        metres[key] = metres.get(key, 0.0) + piece.length_m * section.circuits
        if LINE_LAYING[piece.way] == LAYINGS.index("soil"):
            trench[piece.is_inside] = trench.get(piece.is_inside, 0.0) + piece.length_m
    found = [costs.line(name, much, is_inside=inside) for (name, inside), much in metres.items()]
    found += [costs.line("trench", much, is_inside=inside) for inside, much in trench.items()]
    for item, much in (
        ("crossing", crossed.crossings), ("moratorium", crossed.moratorium_m),
        ("green", crossed.green_m), ("bridge", crossed.bridge_m),
    ):  # fmt: skip
        if much > 0:
            found.append(costs.line(item, much))
    for section in sections:
        if section.is_transformer:
            large = float(section.name.rpartition("-")[2]) >= KIOSK_FROM_KVA
            found.append(costs.line("transformer_kiosk" if large else "transformer_station", 1))
    overhead = bool(pieces) and pieces[0].way == ON_POLES
    usual = "pole_switch" if overhead else "ring_main_bay"
    found.append(costs.line(SWITCHGEAR.get(NODE_KINDS[node_kind], usual), circuits))
    return tuple(found)
