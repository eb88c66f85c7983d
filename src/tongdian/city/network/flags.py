"""What is true of the street graph's segments: ducts, overhead lines, moratoria, green land."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.city.greenery import lay_green
from tongdian.city.places import TOWN, URBAN
from tongdian.city.roads import BRIDGE_GRADES, Roads
from tongdian.grid.paths.graph import BRIDGE, CROSSING, DUCT, GREEN, MORATORIUM, OVERHEAD
from tongdian.law.plan import load_plan
from tongdian.works.moratoria import last_day

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Share of the roads of a class, or of ways between streets, that have ducts of the utility.
DUCTED: Final = {
    "expressway": 0.9, "arterial": 0.95, "secondary": 0.8, "branch": 0.45, "village": 0.0,
}  # fmt: skip
DUCTED_BETWEEN: Final = 0.5
# Share of the minor streets outside the very centre where overhead lines are still allowed.
OVERHEAD_IN_TOWN: Final = 0.8
BRIDGE_SHARE: Final = 0.006
CROSSED_SHARE: Final = 0.5


@dataclass(frozen=True)
class Marks:
    """By segment: flags of `paths.graph`, and the last day of a digging moratorium or NaT."""

    flags: npt.NDArray[np.uint8]
    no_digging_until: npt.NDArray[np.datetime64]


def flags_of(
    points: Floats, ends: npt.NDArray[np.int32], road: Ints, zone: Ints, roads: Roads, on: date,
    source: np.random.Generator,
) -> Marks:  # fmt: skip
    """Flags of segments `ends` between `points` in metres; `road` is -1 between streets."""
    own, grades = road >= 0, np.array([*roads.grades, "between"])[road]
    by_road = source.random((len(roads.grades) + 1, 2))
    shares = np.array([DUCTED[grade] for grade in roads.grades] + [DUCTED_BETWEEN])
    ducted = (by_road[:, 0] < shares)[road] & (zone <= URBAN)
    minor = ~np.isin(grades, list(BRIDGE_GRADES))
    overhead = (zone >= TOWN) | (
        (zone == URBAN) & minor & (by_road[:, 1] < OVERHEAD_IN_TOWN)[road] & ~ducted
    )
    until = np.append(_bans(roads, on), np.datetime64("NaT"))[road]
    young = until >= np.datetime64(on)
    flags = np.zeros(len(ends), np.uint8)
    for flag, here in (
        (DUCT, ducted), (OVERHEAD, overhead), (MORATORIUM, young),
        (GREEN, _green(points, ends, roads, source) & own),
        (CROSSING, _crossing(ends, grades, len(points), source)),
        (BRIDGE, np.isin(grades, list(BRIDGE_GRADES)) & (source.random(len(ends)) < BRIDGE_SHARE)),
    ):  # fmt: skip
        flags[here] |= flag
    return Marks(flags, np.where(young, until, np.datetime64("NaT")).astype("datetime64[D]"))


def _bans(roads: Roads, on: date) -> npt.NDArray[np.datetime64]:
    """Last day of each road's moratorium by the plan; of roads in the country none."""
    plan = load_plan()
    rules = {
        column: plan.value(f"moratorium.{key}_years", on)
        for column, key in (("built_on", "new"), ("overhauled_on", "overhaul"))
    }
    ends = [
        max(
            last_day(row[column], rule) for column, rule in rules.items() if row[column] is not None
        )
        for row in roads.rows
    ]
    village = np.array(roads.grades) == "village"
    return np.where(village, np.datetime64("NaT"), np.array(ends, "datetime64[D]"))


def _green(
    points: Floats, ends: npt.NDArray[np.int32], roads: Roads, source: np.random.Generator
) -> npt.NDArray[np.bool_]:
    """Segments whose middle lies in green land or forest."""
    rows = lay_green(roads, np.random.default_rng(source.integers(1 << 32)))
    middle = shapely.points((points[ends[:, 0]] + points[ends[:, 1]]) / 2)
    tree = shapely.STRtree([row["geometry"] for row in rows])
    inside = np.zeros(len(ends), bool)
    inside[tree.query(middle, predicate="intersects")[0]] = True
    return inside


def _crossing(
    ends: npt.NDArray[np.int32], grades: npt.NDArray[np.str_], nodes: int,
    source: np.random.Generator,
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Segments by which one leaves a major road on its far side: half of those that meet it."""
    major = np.isin(grades, ("expressway", "arterial"))
    on_major = np.zeros(nodes, bool)
    on_major[ends[major].ravel()] = True
    meets = ~major & (on_major[ends[:, 0]] != on_major[ends[:, 1]])
    return np.asarray(meets & (source.random(len(ends)) < CROSSED_SHARE))
