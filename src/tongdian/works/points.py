"""A route from a table of points: longitude, latitude, and how it is laid from there on.

Comma, semicolon or tab; UTF-8 or GB 18030; a header is optional and may put the columns in another
order. A row whose laying says 井, well or chamber is a chamber on the way. A new part begins where
the laying changes, at the same point.
"""

from typing import Any, Final

from tongdian.works.geometry import Route
from tongdian.works.outline import Outline
from tongdian.works.reading import DEFAULT_LAYING, decoded, is_chamber, laying_named, sized
from tongdian.works.refusals import RouteError
from tongdian.works.soundness import refuse_too_many

DELIMITERS: Final = ("\t", ";", "；", "，", ",")
COLUMNS: Final = {
    "lon": ("lon", "lng", "long", "longitude", "经度", "x"),
    "lat": ("lat", "latitude", "纬度", "y"),
    "laying": ("laying", "敷设方式", "敷设", "kind", "类型"),
}
Row = tuple[int, tuple[float, float], str]


def from_csv(
    data: bytes | str, *, with_chamber: bool = False, outline: Outline | None = None
) -> Route:
    """A route from a table of points. Raises RouteError."""
    content = sized(data)
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise RouteError(
            "not_text",
            "file",
            ("这是 Excel 文件，不是 CSV", "this is an Excel file and no CSV"),
            ("请另存为 CSV（逗号分隔）再上传。", "Save it as CSV and upload that."),
        )
    text = decoded(content, ("utf-8-sig", "gb18030"))
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    header = _header(_cells(lines[0][1]))
    refuse_too_many(len(lines) - bool(header))
    rows = [(number, _cells(line)) for number, line in lines]
    places = header or {"lon": 0, "lat": 1, "laying": 2}
    points = [_row(number, cells, places) for number, cells in rows[bool(header) :]]
    parts, chambers = _walk(points)
    return Route.of(parts, chambers, with_chamber=with_chamber, outline=outline)


def _cells(line: str) -> list[str]:
    delimiter = next((d for d in DELIMITERS if d in line), ",")
    return [cell.strip().strip('"').strip() for cell in line.split(delimiter)]


def _header(cells: list[str]) -> dict[str, int] | None:
    """Where the columns stand, None when the first row is a point already."""
    lowered = [cell.lower() for cell in cells]
    found = {
        column: lowered.index(name)
        for column, names in COLUMNS.items()
        for name in names
        if name in lowered
    }
    if "lon" in found and "lat" in found:
        return found
    if any(cell and not _is_numeric(cell) for cell in cells[:2]) and not any(
        _is_numeric(cell) for cell in cells
    ):
        raise RouteError(
            "no_columns",
            "row 1",
            ("第 1 行的表头里没有经度和纬度两列", "the header has no longitude and latitude"),
            ("请用 lon,lat,laying 作表头，或不写表头。",
             "Use lon,lat,laying as the header, or none."),
        )  # fmt: skip
    return None


def _is_numeric(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _row(number: int, cells: list[str], places: dict[str, int]) -> Row:
    try:
        point = float(cells[places["lon"]]), float(cells[places["lat"]])
    except (ValueError, IndexError):
        raise RouteError(
            "not_a_number",
            f"row {number}",
            (f"第 {number} 行没有经度和纬度两个数", f"row {number} has no two numbers"),
            ("每行写经度、纬度两个十进制度数，例如 106.7135,26.5783。",
             "Write longitude and latitude in decimal degrees, such as 106.7135,26.5783."),
        ) from None  # fmt: skip
    column = places.get("laying", len(cells))
    return number, point, cells[column] if column < len(cells) else ""


def _walk(rows: list[Row]) -> tuple[list[tuple[list[Any], str]], list[Any]]:
    """Parts and chambers along the rows."""
    parts: list[tuple[list[Any], str]] = []
    chambers: list[Any] = []
    laying = DEFAULT_LAYING
    for index, (_, point, word) in enumerate(rows):
        if word and is_chamber(word):
            chambers.append(point)
        elif word:
            laying = laying_named(word) or word
        if not parts:
            parts.append(([point], laying))
            continue
        parts[-1][0].append(point)
        if laying != parts[-1][1] and index < len(rows) - 1:
            parts.append(([point], laying))
    return parts, chambers
