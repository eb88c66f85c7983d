"""Routes from DXF: coordinates, layers, and drawings that are none."""

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import ezdxf
import ezdxf.recover
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongdian.works.projection import geodesic_m
from tongdian.works.routes import Route, RouteError, from_dxf
from works.conftest import degrees, route

WAY = [(0.0, 0.0), (80.0, 5.0), (120.0, 60.0)]


def drawing(draw: Callable[[Any], object], units: int = 6) -> bytes:
    document = ezdxf.new()
    document.header["$INSUNITS"] = units
    draw(document.modelspace())
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue().encode()


def polyline(points: Any, layer: str = "电缆直埋", units: int = 6, **more: Any) -> bytes:
    return drawing(lambda m: m.add_lwpolyline(points, dxfattribs={"layer": layer}, **more), units)


def metres(epsg: int, way: Any = WAY) -> list[tuple[float, float]]:
    to = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{epsg}", always_xy=True)
    return [to.transform(*point) for point in degrees(*way)]


def code_of(data: bytes) -> str:
    with pytest.raises(RouteError) as caught:
        from_dxf(data)
    assert caught.value.field
    return caught.value.code


def close(one: Route, other: Route) -> bool:
    pairs = zip(one.parts[0].points, other.parts[0].points, strict=True)
    return all(geodesic_m([a[0], b[0]], [a[1], b[1]]) < 0.02 for a, b in pairs)


def test_degrees_are_kept_to_the_digit() -> None:
    assert from_dxf(polyline(degrees(*WAY))).digest == route(*WAY).digest
    assert from_dxf(polyline(degrees(*WAY), units=0)).digest == route(*WAY).digest


@pytest.mark.parametrize("epsg", [4544, 4545, 4523, 4524])
@pytest.mark.parametrize(("units", "scale"), [(6, 1), (0, 1), (4, 1000), (5, 100)])
def test_gauss_kruger_on_either_meridian_with_zone_or_without(
    epsg: int, units: int, scale: int
) -> None:
    points = [(x * scale, y * scale) for x, y in metres(epsg)]
    assert close(from_dxf(polyline(points, units=units)), route(*WAY))


def test_northing_first_is_recognised() -> None:
    assert code_of(polyline([(y, x) for x, y in metres(4544)])) == "swapped_order"
    assert code_of(polyline([(y, x) for x, y in metres(4524)])) == "swapped_order"
    assert code_of(polyline([(y, x) for x, y in degrees(*WAY)])) == "swapped_order"


def test_coordinates_that_fit_nothing_say_so() -> None:
    assert code_of(polyline([(0, 0), (120, 40)])) == "unknown_coordinates"
    assert code_of(polyline(metres(4544), units=4)) == "unknown_coordinates"
    far = [(x, y + 300_000) for x, y in metres(4544)]
    assert code_of(polyline(far)) == "outside_city"
    assert code_of(polyline([(116.4, 39.9), (116.5, 39.9)])) == "outside_city"


@pytest.mark.parametrize(
    ("layer", "laying"),
    [
        ("电缆直埋", "trench"), ("TRENCH-1", "trench"), ("0", "trench"), ("外线路径", "trench"),
        ("现有排管", "existing_duct"), ("Cable_Duct", "existing_duct"), ("10kV架空线", "overhead"),
        ("OVERHEAD", "overhead"), ("沿桥敷设", "bridge"), ("顶管段", "pulled"), ("HDD", "pulled"),
        ("非开挖", "pulled"),
    ],
)  # fmt: skip
def test_the_layer_tells_the_laying(layer: str, laying: str) -> None:
    assert from_dxf(polyline(degrees(*WAY), layer)).parts[0].laying == laying


def test_layers_in_the_encoding_of_chinese_drawings() -> None:
    document = ezdxf.new("R2000")
    document.encoding = "gbk"
    document.modelspace().add_lwpolyline(degrees(*WAY), dxfattribs={"layer": "架空线路"})
    stream = io.StringIO()
    document.write(stream)
    data = stream.getvalue().encode("gbk")
    assert "架空".encode("gbk") in data
    assert from_dxf(data).parts[0].laying == "overhead"


def test_lines_that_go_on_are_one_part() -> None:
    a, b, c = degrees(*WAY)

    def draw(space: Any) -> None:
        space.add_line(a, b, dxfattribs={"layer": "直埋"})
        space.add_line(c, b, dxfattribs={"layer": "直埋"})
        space.add_line(c, degrees((200, 60))[0], dxfattribs={"layer": "架空"})
        space.add_point(b, dxfattribs={"layer": "电力井"})
        space.add_circle(c, 1e-5, dxfattribs={"layer": "WELL"})
        space.add_text("说明", dxfattribs={"layer": "文字"})

    made = from_dxf(drawing(draw))
    assert [(part.laying, len(part.points)) for part in made.parts] == [
        ("trench", 3), ("overhead", 2),
    ]  # fmt: skip
    assert made.parts[0] == route(*WAY).parts[0]
    assert set(made.chambers) == {b, c}


def test_old_polylines_and_blocks_of_wells() -> None:
    def draw(space: Any) -> None:
        space.add_polyline3d([(*p, 1071.0) for p in degrees(*WAY)], dxfattribs={"layer": "直埋"})
        block = space.doc.blocks.new("工井")
        block.add_circle((0, 0), 1)
        space.add_blockref("工井", degrees((80, 5))[0])

    made = from_dxf(drawing(draw))
    assert made.parts == route(*WAY).parts
    assert made.chambers == tuple(degrees((80, 5)))


def test_what_a_drawing_may_not_hold() -> None:
    points = degrees(*WAY)
    assert code_of(polyline(points, "地形图")) == "unknown_layer"
    assert code_of(polyline([(*p, 0, 0, 0.5) for p in points])) == "not_lines"
    assert code_of(drawing(lambda m: m.add_text("x"))) == "not_lines"
    arc = drawing(lambda m: m.add_arc(points[0], 1, 0, 90, dxfattribs={"layer": "直埋"}))
    assert code_of(arc) == "not_lines"


@pytest.mark.parametrize(
    "data",
    [
        b"AC1032\0\0",
        b"AutoCAD Binary DXF\r\n\x1a\0",
        b"hello",
        b"0\nSECTION\n2\nENTITIES\n0\nLINE\n",
    ],
)
def test_what_is_no_drawing(data: bytes) -> None:
    assert code_of(data) in ("broken_dxf", "not_lines")


def test_a_hundred_thousand_points_are_refused_before_they_are_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def build(*_: object) -> None:
        raise AssertionError("a drawing of too many points was built")

    monkeypatch.setattr(ezdxf.recover, "read", build)
    data = b"0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n" + b"10\n1\n20\n2\n" * 100_000
    assert code_of(data) == "too_many_points"
    assert code_of(data * 3) == "too_large"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_drawing_is_refused_or_read_but_never_breaks(data: st.DataObject) -> None:
    sound = polyline(degrees(*WAY))
    # Drawings of the same line differ by a few bytes of time stamps: places are shares of a file.
    share = st.integers(0, 9_999)
    at = data.draw(share) * len(sound) // 10_000
    damaged = sound[:at] + data.draw(st.binary(max_size=12)) + sound[at + 12 :]
    if data.draw(st.booleans()):
        damaged = damaged[: data.draw(share) * len(damaged) // 10_000 + 1]
    with suppress(RouteError):
        assert from_dxf(damaged).vertices
