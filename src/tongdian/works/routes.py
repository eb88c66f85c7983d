"""Routes of external works: what they are and how they are read.

>>> route = from_csv("lon,lat\\n106.7135,26.5783\\n106.7150,26.5783")
>>> str(route.measured_m)
'149.4'
"""

from collections.abc import Callable
from pathlib import PurePath
from typing import Final

from tongdian.works.drawing import from_dxf
from tongdian.works.geojson import from_geojson
from tongdian.works.geometry import LAYING_NAMES, LAYINGS, Part, Route
from tongdian.works.points import from_csv
from tongdian.works.reading import MOST_BYTES
from tongdian.works.refusals import RouteError
from tongdian.works.soundness import MOST_METRES, MOST_VERTICES

READERS: Final[dict[str, Callable[[bytes], Route]]] = {
    ".geojson": from_geojson,
    ".json": from_geojson,
    ".dxf": from_dxf,
    ".csv": from_csv,
    ".txt": from_csv,
}


def read_route(name: str, data: bytes) -> Route:
    """A route from a file, by the suffix of its name. Raises RouteError."""
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        suffixes = "、".join(READERS)
        raise RouteError(
            "unknown_format",
            "file",
            (f"不认识的文件格式：{PurePath(name).suffix or name}",
             f"the format of {PurePath(name).name} is not known"),
            (f"请上传 {suffixes} 文件。", f"Upload one of {', '.join(READERS)}."),
        )  # fmt: skip
    return reader(data)


__all__ = [
    "LAYINGS",
    "LAYING_NAMES",
    "MOST_BYTES",
    "MOST_METRES",
    "MOST_VERTICES",
    "READERS",
    "Part",
    "Route",
    "RouteError",
    "from_csv",
    "from_dxf",
    "from_geojson",
    "read_route",
]
