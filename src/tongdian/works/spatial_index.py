"""Footprints of the city's objects in metres, and a tree over them to ask."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.works.kinds import BRIDGE, ROAD, TREE

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Index:
    """Areas (roads and bridges by their width, green land, forest) and trees, each with the rows of
    the objects they are. Threads share it: nothing in it is prepared, for GEOS does that lazily."""

    areas: Any
    area_rows: Rows
    footprints: npt.NDArray[np.object_]
    trees: Any
    tree_rows: Rows
    stems: npt.NDArray[np.object_]
    widest_crown_m: float

    @classmethod
    def of(
        cls,
        kinds: npt.NDArray[np.str_],
        width_m: npt.NDArray[np.float64],
        crown_m: npt.NDArray[np.float64],
        geometry: Any,
    ) -> "Index":
        """From columns of equal length; `geometry` in metres."""
        tree_rows = np.flatnonzero(kinds == TREE)
        area_rows = np.flatnonzero(kinds != TREE)
        footprints = np.array(geometry[area_rows], dtype=object)
        with_width = np.isin(kinds[area_rows], (ROAD, BRIDGE))
        half = width_m[area_rows[with_width]] / 2
        footprints[with_width] = shapely.buffer(
            footprints[with_width], half, quad_segs=4, cap_style="flat"
        )
        stems = np.array(geometry[tree_rows], dtype=object)
        widest = float(crown_m[tree_rows].max()) if len(tree_rows) else 0.0
        return cls(
            shapely.STRtree(footprints), area_rows, footprints,
            shapely.STRtree(stems), tree_rows, stems, widest,
        )  # fmt: skip
