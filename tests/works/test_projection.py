"""Projections against published values and independent formulas."""

from math import asinh, atan2, atanh, cos, cosh, hypot, radians, sin, sinh, sqrt

import numpy as np
import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.works.projection import (
    INVERSE_FLATTENING,
    SEMI_MAJOR_M,
    city_projection,
    from_gcj02,
    from_gcj02_many,
    geodesic_m,
    to_gcj02,
    to_gcj02_many,
)

LON = st.floats(106.0, 107.3)
LAT = st.floats(26.1, 27.4)
# Public vectors of the eviltransform family of implementations: (lat, lon), (lat, lon).
GCJ_VECTORS = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("stored", "drawn"), GCJ_VECTORS)
def test_gcj02_as_published(stored: tuple[float, float], drawn: tuple[float, float]) -> None:
    assert to_gcj02(stored[1], stored[0]) == pytest.approx((drawn[1], drawn[0]), abs=1e-9)
    assert from_gcj02(drawn[1], drawn[0]) == pytest.approx((stored[1], stored[0]), abs=1e-9)


@given(LON, LAT)
def test_gcj02_and_back_within_a_millimetre(lon: float, lat: float) -> None:
    there = to_gcj02(lon, lat)
    assert 50 < geodesic_m([lon, there[0]], [lat, there[1]]) < 1000
    back = from_gcj02(*there)
    assert geodesic_m([lon, back[0]], [lat, back[1]]) < 1e-3


def test_gcj02_leaves_the_rest_of_the_world_alone() -> None:
    away = np.array([[-104.9903, 39.7392], [153.0251, -27.4698], [-43.1729, -22.9068]])
    assert (to_gcj02_many(away) == away).all()
    assert (from_gcj02_many(away) == away).all()


def test_geodesics_as_published() -> None:
    # The meridian quadrant of GRS 80, whose figures CGCS2000 has (Moritz, Geodetic Reference System
    # 1980); Wellington to Salamanca as in the documentation of GeographicLib, on WGS 84, which is
    # the same to a tenth of a millimetre.
    assert geodesic_m([0, 0], [0, 90]) == pytest.approx(10_001_965.7293, abs=1e-3)
    assert geodesic_m([174.81, -5.50], [-41.32, 40.96]) == pytest.approx(19_959_679.267, abs=0.01)


@given(LON, LAT, st.floats(-400, 400), st.floats(-400, 400))
def test_metres_around_the_city_are_metres(lon: float, lat: float, dx: float, dy: float) -> None:
    if hypot(dx, dy) < 1:
        return
    here = city_projection().forward(np.array([[lon, lat]]))
    there = city_projection().inverse(here + np.array([[dx, dy]]))[0]
    true = geodesic_m([lon, there[0]], [lat, there[1]])
    assert hypot(dx, dy) == pytest.approx(true, rel=1e-4)


def kruger(lon: float, lat: float, meridian: float) -> tuple[float, float]:
    """Gauss-Krüger by Krüger's series to the fourth order in n, independent of the library."""
    f = 1 / INVERSE_FLATTENING
    n = f / (2 - f)
    radius = SEMI_MAJOR_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    alpha = (
        n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
        13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
        61 * n**3 / 240 - 103 * n**4 / 140,
        49561 * n**4 / 161280,
    )
    e = 2 * sqrt(n) / (1 + n)
    s = sin(radians(lat))
    t = sinh(atanh(s) - e * atanh(e * s))
    away = radians(lon - meridian)
    xi, eta = atan2(t, cos(away)), asinh(sin(away) / hypot(t, cos(away)))
    north = xi + sum(a * sin(2 * j * xi) * cosh(2 * j * eta) for j, a in enumerate(alpha, 1))
    east = eta + sum(a * cos(2 * j * xi) * sinh(2 * j * eta) for j, a in enumerate(alpha, 1))
    return 500_000 + radius * east, radius * north


@given(LON, LAT, st.sampled_from([(105, "EPSG:4544"), (108, "EPSG:4545")]))
def test_gauss_kruger_by_its_series(lon: float, lat: float, belt: tuple[int, str]) -> None:
    to_metres = pyproj.Transformer.from_crs("EPSG:4490", belt[1], always_xy=True)
    assert to_metres.transform(lon, lat) == pytest.approx(kruger(lon, lat, belt[0]), abs=1e-3)
