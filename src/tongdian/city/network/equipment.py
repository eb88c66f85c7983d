"""What lines are built of: overhead line or cable, of which section, and how it is laid."""

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.network.feeders import Feeders
from tongdian.city.network.forest import sums_above
from tongdian.city.network.low_voltage import LowVoltage
from tongdian.city.network.plan import POWER_FACTOR
from tongdian.city.network.streets import StreetNet
from tongdian.grid import catalogue
from tongdian.grid.paths.graph import DUCT, OVERHEAD
from tongdian.grid.tables import LAYINGS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.int8]

MEDIUM_KV, LOW_KV = 10.0, 0.38
IN_AIR, IN_SOIL, IN_DUCT = (LAYINGS.index(word) for word in ("overhead", "soil", "duct"))
# Sections in use: of main lines, of branches, of lines of 0.38 kV.
MAIN: Final = {
    IN_AIR: ("JKLYJ-10-120", "JKLYJ-10-150", "JKLYJ-10-185", "JKLYJ-10-240"),
    IN_DUCT: ("YJV22-10-185", "YJV22-10-240", "YJV22-10-300", "YJV22-10-400"),
}
BRANCH: Final = {
    IN_AIR: ("JKLYJ-10-70", "JKLYJ-10-120", "JKLYJ-10-185", "JKLYJ-10-240"),
    IN_DUCT: ("YJV22-10-70", "YJV22-10-120", "YJV22-10-185", "YJV22-10-300", "YJV22-10-400"),
}
LOW: Final = {
    IN_AIR: ("JKLY-0.4-70", "JKLY-0.4-120", "JKLY-0.4-185", "JKLY-0.4-240"),
    IN_SOIL: ("YJV22-0.4-120", "YJV22-0.4-240"),
}
# The loading that a conductor is chosen for: a ring takes over half a neighbour's load.
MAIN_LOADING, BRANCH_LOADING, LOW_LOADING = 0.45, 0.5, 0.6
# From this fall on, of the nominal, lines of 0.38 kV are doubled; planners allow 4 %.
LOW_FALL, DOUBLINGS = 0.04, 2
TANGENT: Final = float(np.tan(np.arccos(POWER_FACTOR)))
# The cable from the busbar to the street, and a tie.
OUTLET: Final = "YJV22-10-400"


@dataclass(frozen=True)
class Built:
    """By line: row of the catalogue, laying, conductors side by side."""

    conductor: Ints
    laying: Codes
    parallel: Ints


def laying_on(net: StreetNet, edge: Ints) -> Codes:
    """How 10 kV goes along segments: on poles where they are allowed, else in a duct if there is
    one; -1 (no segment) is in a duct."""
    flags = np.append(net.graph.flags, DUCT)[edge]
    return np.select(
        [flags & OVERHEAD > 0, flags & DUCT > 0], [IN_AIR, IN_DUCT], IN_SOIL
    ).astype(np.int8)  # fmt: skip


def medium_lines(
    net: StreetNet, lines: Feeders, strengthened: npt.NDArray[np.bool_] | None = None
) -> Built:
    """The lines of feeders, each from the row above, for the load that was planned; of the largest
    section where `strengthened`. Outlets are cables."""
    laying = laying_on(net, lines.edge)
    planned = (lines.below_kw[lines.first] / lines.growth)[lines.feeder]
    amps = np.where(
        lines.is_main, planned / MAIN_LOADING, lines.below_kw / BRANCH_LOADING
    ) * _amps_per_kw(MEDIUM_KV)  # fmt: skip
    if strengthened is not None:
        amps[strengthened] = np.inf
    conductor = np.empty(len(amps), np.int32)
    for names, here in ((MAIN, lines.is_main), (BRANCH, ~lines.is_main)):
        for on_poles in (True, False):
            mine = here & ((laying == IN_AIR) == on_poles)
            group = IN_AIR if on_poles else IN_DUCT
            conductor[mine] = _smallest(names[group], amps[mine], group)
    conductor[lines.parent < 0] = catalogue.row_of(catalogue.conductors(), OUTLET)
    return Built(conductor, laying, np.ones(len(amps), np.int32))


def tie_lines(net: StreetNet, edge: npt.NDArray[np.integer]) -> Built:
    """Ties along segments: of the largest sections."""
    laying = laying_on(net, edge.astype(np.int32))
    table = catalogue.conductors()
    rows = [catalogue.row_of(table, MAIN[group][-1]) for group in (IN_AIR, IN_DUCT)]
    conductor = np.where(laying == IN_AIR, rows[0], rows[1]).astype(np.int32)
    return Built(conductor, laying, np.ones(len(edge), np.int32))


def low_lines(net: StreetNet, low: LowVoltage) -> tuple[Built, Built]:
    """Lines from the board, pole or box before, and the lines to service points. Where voltage
    would fall too far on the way from a board, its lines are doubled."""
    on_poles = laying_on(net, low.edge) == IN_AIR
    at_point = np.append(on_poles, False)[low.point_pole]
    lines, points = _low(on_poles, low.below_kw), _low(at_point, low.point_kw)
    for _ in range(DOUBLINGS):
        fall = _low_fall(net, low, lines)
        lines = replace(
            lines, parallel=lines.parallel * np.where(fall > LOW_FALL, 2, 1)[low.transformer]
        )
    return lines, points


def _low_fall(net: StreetNet, low: LowVoltage, built: Built) -> Floats:
    """The largest fall of voltage on lines of each transformer, of the nominal."""
    own = fall_of_lines(built, low.below_kw, net.graph.length_m[low.edge], LOW_KV)
    most = np.zeros(int(low.point_transformer.max(initial=0)) + 1)
    np.maximum.at(most, low.transformer, sums_above(low.parent, own))
    return most


def fall_of_lines(built: Built, p_kw: Floats, length_m: Floats, kv: float) -> Floats:
    """How far voltage falls along lines, of the nominal: (P r + Q x) l / U², losses left out."""
    table = catalogue.conductors()
    ohm_km = table.r_ohm_km[built.conductor] + TANGENT * table.x_ohm_km[built.conductor]
    return np.asarray(p_kw / 1e3 * ohm_km / built.parallel * length_m / 1e3 / kv**2)


def _low(on_poles: npt.NDArray[np.bool_], p_kw: Floats) -> Built:
    laying = np.where(on_poles, IN_AIR, IN_SOIL).astype(np.int8)
    amps = p_kw / LOW_LOADING * _amps_per_kw(LOW_KV)
    conductor, parallel = np.empty((2, len(p_kw)), np.int32)
    table = catalogue.conductors()
    for group, names in LOW.items():
        mine = laying == group
        conductor[mine] = _smallest(names, amps[mine], group)
        most = table.ampacity()[catalogue.row_of(table, names[-1]), group]
        parallel[mine] = np.maximum(np.ceil(amps[mine] / most), 1)
    return Built(conductor, laying, parallel)


def _smallest(names: tuple[str, ...], amps: Floats, laying: int) -> Ints:
    """The first of types, in order of section, that may carry so much; else the last."""
    table = catalogue.conductors()
    rows = np.array([catalogue.row_of(table, name) for name in names], np.int32)
    rated = table.ampacity()[rows, laying]
    return np.asarray(rows[np.searchsorted(rated, amps).clip(max=len(rows) - 1)])


def _amps_per_kw(kv: float) -> float:
    return 1 / (sqrt(3) * kv * POWER_FACTOR)
