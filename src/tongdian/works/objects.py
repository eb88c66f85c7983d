"""The city's objects that works may touch, in columns, with their spatial index.

One row an object. Geometry is EPSG:4490: a road or bridge is its centre line and width, green land
and forest are polygons, a tree is a point. Columns of other kinds are empty: "", 0 or NaT.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from tongdian.works.geometry import Route
from tongdian.works.kinds import GRADE_NAMES
from tongdian.works.projection import city_projection
from tongdian.works.reach import Reach
from tongdian.works.spatial_index import Index
from tongdian.works.touching import Touched, touched_by

Strings = npt.NDArray[np.str_]
Days = npt.NDArray[np.datetime64]


@dataclass(frozen=True)
class CityObjects:
    """Columns of equal length.

    `ids` are unique; `kinds` from KINDS; `grades` from GRADES of the kind; `width_m` of roads and
    bridges; `built_on`, `built_as` and `overhauled_on` of roads; `on_road` is the id of the road
    that a bridge carries; `age_years` and `crown_m` (radius of the crown) of trees; `geometry`
    holds shapely geometries, degrees.
    """

    ids: Strings
    kinds: Strings
    grades: Strings
    names: Strings
    width_m: npt.NDArray[np.float64]
    built_on: Days
    built_as: Strings
    overhauled_on: Days
    on_road: Strings
    age_years: npt.NDArray[np.int32]
    crown_m: npt.NDArray[np.float64]
    geometry: npt.NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> Index:
        """The spatial index, built on first use and kept; it is not changed by queries."""
        return Index.of(
            self.kinds, self.width_m, self.crown_m, city_projection().to_metres(self.geometry)
        )

    def touching(self, route: Route, reach: Reach | None = None) -> Touched:
        """Which objects each part of a route touches; `reach` is the plan's unless given."""
        return touched_by(self, route, reach or Reach.of())

    def built(self, row: int) -> date | None:
        """The day a road was delivered after it was built, expanded or rebuilt."""
        return _day(self.built_on[row])

    def overhauled(self, row: int) -> date | None:
        """The day a road's overhaul was completed."""
        return _day(self.overhauled_on[row])

    def label(self, row: int, grade: str = "") -> tuple[str, str]:
        """What an object is called, in Chinese and English; its grade when it has no name."""
        zh, en = GRADE_NAMES[grade or str(self.grades[row])]
        name = str(self.names[row])
        return (f"{name}（{zh}）", f"{name} ({en})") if name else (zh, en)

    def of_kind(self, kind: str) -> npt.NDArray[np.intp]:
        """Rows of one kind."""
        return np.flatnonzero(self.kinds == kind)

    def take(self, rows: npt.NDArray[np.intp]) -> "CityObjects":
        """Some of the rows as objects of their own."""
        return CityObjects(*(getattr(self, column.name)[rows] for column in fields(self)))

    def save(self, path: Path) -> None:
        """Into one .npz file: columns as they are, geometry as well-known binary end to end."""
        blobs = shapely.to_wkb(self.geometry).tolist()
        columns = {c.name: getattr(self, c.name) for c in fields(self) if c.name != "geometry"}
        ends = np.cumsum([len(blob) for blob in blobs], dtype=np.int64)
        with path.open("wb") as file:
            np.savez_compressed(
                file, **columns, wkb=np.frombuffer(b"".join(blobs), np.uint8), ends=ends
            )

    @classmethod
    def load(cls, path: Path) -> "CityObjects":
        """What `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            columns = {c.name: stored[c.name] for c in fields(cls) if c.name != "geometry"}
            blob, ends = stored["wkb"].tobytes(), stored["ends"].tolist()
        pieces = [blob[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
        return cls(**columns, geometry=shapely.from_wkb(np.array(pieces, dtype=object)))

    @classmethod
    def from_rows(cls, rows: list[dict[str, Any]]) -> "CityObjects":
        """From one mapping an object; columns that are left out are empty."""
        columns = {name: [row.get(name, empty) for row in rows] for name, empty in EMPTY.items()}
        arrays = {name: np.array(columns[name], dtype=kind) for name, kind in TYPES.items()}
        geometry = np.empty(len(rows), dtype=object)
        geometry[:] = [row["geometry"] for row in rows]
        return cls(**arrays, geometry=geometry)


EMPTY: Final[Mapping[str, Any]] = {
    "ids": "", "kinds": "", "grades": "", "names": "", "width_m": 0.0, "built_on": None,
    "built_as": "", "overhauled_on": None, "on_road": "", "age_years": 0, "crown_m": 0.0,
}  # fmt: skip
TYPES: Final[Mapping[str, str]] = {
    "ids": "U", "kinds": "U", "grades": "U", "names": "U", "width_m": "f8",
    "built_on": "datetime64[D]", "built_as": "U", "overhauled_on": "datetime64[D]",
    "on_road": "U", "age_years": "i4", "crown_m": "f8",
}  # fmt: skip


def _day(value: np.datetime64) -> date | None:
    found = value.astype(object)
    return found if isinstance(found, date) else None
