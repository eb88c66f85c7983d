"""What a route has to be: lines of two points and more, inside the city, that cross nothing of
their own. Every refusal has a stable code and names the part and the point, counted from 1."""

from collections.abc import Sequence
from math import isfinite
from typing import Any, Final

import numpy as np
import shapely

from tongdian.works.outline import Outline
from tongdian.works.projection import DECIMALS, Floats, geodesic_m
from tongdian.works.refusals import RouteError

MOST_VERTICES: Final = 10_000
MOST_PARTS: Final = 500
MOST_METRES: Final = 100_000.0
Line = tuple[Sequence[Any], str]


def refuse_too_many(count: int) -> None:
    """Called with a count before anything is built. Raises RouteError `too_many_points`."""
    if count > MOST_VERTICES:
        raise RouteError(
            "too_many_points",
            "points",
            (f"路径最多 {MOST_VERTICES:,} 个点，收到 {count:,} 个",
             f"a route has at most {MOST_VERTICES:,} points, not {count:,}"),
            ("请只保留转折点，或抽稀后再上传。",
             "Keep the points where the line turns, or simplify it."),
        )  # fmt: skip


def refuse_unsound(
    parts: Sequence[Line],
    chambers: Sequence[Any],
    layings: Sequence[str],
    outline: Outline,
) -> None:
    """Raises RouteError for the first rule that is broken, cheapest rules first."""
    refuse_too_many(sum(len(points) for points, _ in parts) + len(chambers))
    if not parts:
        raise _too_few("parts", "路径里没有线", "there is no line in the route")
    _refuse_many_parts(len(parts))
    lines = []
    for number, (points, laying) in enumerate(parts, 1):
        _refuse_laying(laying, number, layings)
        if len(points) < 2:
            zh = f"第 {number} 段只有 {len(points)} 个点，至少要两个"
            en = f"part {number} has {len(points)} point(s) and needs two at least"
            raise _too_few(f"parts[{number}]", zh, en)
        lines.append(_numbers(points, f"parts[{number}].points"))
    wells = _numbers(chambers, "chambers") if chambers else np.empty((0, 2))
    everything = np.concatenate([*lines, wells])
    _refuse_swapped(everything, outline)
    _refuse_outside(lines, wells, outline)
    for number, line in enumerate(lines, 1):
        _refuse_repeated(line, number)
    _refuse_too_long(lines)
    _refuse_crossing(lines)


def _too_few(field: str, zh: str, en: str) -> RouteError:
    remedy = ("请至少画出起点和终点。", "Draw its start and its end at least.")
    return RouteError("too_few_points", field, (zh, en), remedy)


def _refuse_many_parts(count: int) -> None:
    if count > MOST_PARTS:
        raise RouteError(
            "too_many_parts",
            "parts",
            (f"路径最多 {MOST_PARTS} 段，收到 {count:,} 段",
             f"a route has at most {MOST_PARTS} parts, not {count:,}"),
            ("请把首尾相接、敷设方式相同的线连成一段。",
             "Join lines that follow each other and are laid alike."),
        )  # fmt: skip


# How the ways of laying are typed in Chinese.
TYPED_AS: Final = {
    "trench": "直埋",
    "existing_duct": "排管",
    "overhead": "架空",
    "bridge": "沿桥",
    "pulled": "顶管",
}


def _refuse_laying(laying: str, number: int, layings: Sequence[str]) -> None:
    if laying not in layings:
        raise RouteError(
            "unknown_laying",
            f"parts[{number}].laying",
            (f"第 {number} 段的敷设方式“{laying}”不认识",
             f"part {number}: the laying {laying!r} is not known"),
            (f"请写这些里的一种：{'、'.join(TYPED_AS.get(one, one) for one in layings)}。",
             f"Choose one of {', '.join(layings)}."),
        )  # fmt: skip


def _numbers(points: Sequence[Any], field: str) -> Floats:
    """The points as an array of shape (n, 2). Raises RouteError `not_a_number`."""
    for number, point in enumerate(points, 1):
        good = (
            isinstance(point, Sequence | np.ndarray)
            and len(point) == 2
            and all(isinstance(v, int | float) and not isinstance(v, bool) for v in point)
            and all(map(_is_finite, point))
        )
        if not good:
            raise RouteError(
                "not_a_number",
                f"{field}[{number}]",
                (f"第 {number} 个点的坐标不是两个数", f"point {number} is not two finite numbers"),
                ("坐标写成经度、纬度两个十进制度数，例如 106.7135, 26.5783。",
                 "Write longitude and latitude in decimal degrees, such as 106.7135, 26.5783."),
            )  # fmt: skip
    rounded: Floats = np.array(points, dtype=np.float64).round(DECIMALS)
    return rounded


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:  # an integer of hundreds of digits
        return False


def _refuse_swapped(points: Floats, outline: Outline) -> None:
    """Latitude first, when that alone would put every point into the city or near it."""
    lon, lat = points[:, 0], points[:, 1]
    if not outline.is_near(lon, lat).any() and outline.is_near(lat, lon).all():
        raise RouteError(
            "swapped_order",
            "points",
            ("坐标写成了纬度在前", "the coordinates have the latitude first"),
            ("请把经度（约 106）写在前，纬度（约 26）写在后。",
             "Put the longitude (about 106) first and the latitude (about 26) second."),
        )  # fmt: skip


def _refuse_outside(lines: list[Floats], wells: Floats, outline: Outline) -> None:
    remedy = (
        "请核对坐标系（CGCS2000 经纬度，度）和位置。",
        "Check the coordinate system (CGCS2000, degrees) and the place.",
    )
    for number, line in enumerate(lines, 1):
        inside = outline.contains(line[:, 0], line[:, 1])
        if not inside.all():
            at = int(np.argmin(inside))
            rule = (
                f"第 {number} 段第 {at + 1} 个点（{line[at, 0]:.6f}, {line[at, 1]:.6f}）不在本市",
                f"point {at + 1} of part {number} ({line[at, 0]:.6f}, {line[at, 1]:.6f})"
                " is not in the city",
            )
            raise RouteError("outside_city", f"parts[{number}].points[{at + 1}]", rule, remedy)
        if not outline.covers(shapely.LineString(line)):
            rule = f"第 {number} 段中途出了本市", f"part {number} leaves the city on its way"
            raise RouteError("outside_city", f"parts[{number}]", rule, remedy)
    if len(wells) and not outline.contains(wells[:, 0], wells[:, 1]).all():
        rule = "有井室不在本市", "a chamber is not in the city"
        raise RouteError("outside_city", "chambers", rule, remedy)


def _refuse_repeated(line: Floats, number: int) -> None:
    """No part without length, and no point twice running."""
    same = (np.diff(line, axis=0) == 0).all(axis=1)
    if same.all():
        raise RouteError(
            "zero_length",
            f"parts[{number}]",
            (f"第 {number} 段长度为零，所有点都在一处",
             f"part {number} has no length: all its points are one"),
            ("请画出起点和终点不同的线。", "Draw a line that goes somewhere."),
        )  # fmt: skip
    if same.any():
        at = int(np.argmax(same)) + 2
        raise RouteError(
            "repeated_points",
            f"parts[{number}].points[{at}]",
            (f"第 {number} 段第 {at} 个点与前一个点重复（相距不到一厘米）",
             f"point {at} of part {number} repeats the one before it (within a centimetre)"),
            ("请删去重复的点。", "Delete the repeated point."),
        )  # fmt: skip


def _refuse_too_long(lines: list[Floats]) -> None:
    metres = sum(geodesic_m(line[:, 0], line[:, 1]) for line in lines)
    if metres > MOST_METRES:
        raise RouteError(
            "too_long",
            "parts",
            (f"路径长 {metres / 1000:.1f} 千米，超过 {MOST_METRES / 1000:.0f} 千米",
             f"the route is {metres / 1000:.1f} km, more than {MOST_METRES / 1000:.0f} km"),
            ("请核对坐标，或把工程分成几件申请。",
             "Check the coordinates, or divide the works into several applications."),
        )  # fmt: skip


def _refuse_crossing(lines: list[Floats]) -> None:
    """No line crosses or retraces itself or another; a branch may begin on another line."""
    shapes = [shapely.LineString(line) for line in lines]
    for number, shape in enumerate(shapes, 1):
        if not shape.is_simple:
            raise _crossing(f"parts[{number}]", _own_crossing(lines[number - 1]), number, number)
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first, second = pairs[:, pairs[0] < pairs[1]]
    kinds = np.array(shapes, dtype=object)
    crossed = np.flatnonzero(~shapely.touches(kinds[first], kinds[second]))
    if len(crossed):
        i, j = int(first[crossed[0]]), int(second[crossed[0]])
        common = shapes[i].intersection(shapes[j]).representative_point()
        raise _crossing(f"parts[{j + 1}]", (common.x, common.y), i + 1, j + 1)


def _own_crossing(line: Floats) -> tuple[float, float]:
    """A place where a line meets itself otherwise than from one segment to the next."""
    segments = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    tree, last = shapely.STRtree(segments), len(segments) - 1
    # One by one: the first meeting is enough, and a scribble has millions of them.
    for i, segment in enumerate(segments):
        met = tree.query(segment, predicate="intersects")
        for j in met[met > i + 1].tolist():
            common = segment.intersection(segments[j]).representative_point()
            if i or j < last or tuple(line[0]) != (common.x, common.y):
                return common.x, common.y
    # What is left goes back over its own segment.
    ahead, back = line[1:-1] - line[:-2], line[2:] - line[1:-1]
    turned = (ahead * back).sum(axis=1) < 0
    x, y = line[1:-1][int(np.argmax(turned))].tolist()
    return x, y


def _crossing(field: str, at: tuple[float, float], first: int, second: int) -> RouteError:
    place = f"（{at[0]:.6f}, {at[1]:.6f}）"
    zh = f"第 {first} 段在{place}处与自己相交" if first == second else (
        f"第 {first} 段与第 {second} 段在{place}处相交或重叠"
    )  # fmt: skip
    en = f"part {first} crosses itself" if first == second else (
        f"parts {first} and {second} cross or overlap"
    )  # fmt: skip
    return RouteError(
        "self_crossing",
        field,
        (zh, f"{en} at ({at[0]:.6f}, {at[1]:.6f})"),
        ("请改画，使路径不与自身相交；分支从线上起画。",
         "Draw it so that it crosses nothing of its own; let a branch begin on the line."),
    )  # fmt: skip
