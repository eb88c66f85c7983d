"""Mann-Kendall and Theil-Sen against worked examples and brute force."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.indicators import levels, trend
from tongdian.indicators.trends import mann_kendall, theil_sen

# J. Little, College of the Holy Cross, "A Mann-Kendall Example (By Hand)": S = 54, z = 2.9058.
BY_HAND = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]


def test_mann_kendall_of_the_worked_example() -> None:
    assert mann_kendall(BY_HAND) == pytest.approx(2.9058, abs=5e-5)
    assert trend(BY_HAND).direction == 1
    assert trend(BY_HAND[::-1]).z == pytest.approx(-2.9058, abs=5e-5)
    assert trend(BY_HAND[::-1]).direction == -1


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20))
def test_theil_sen_is_the_median_slope(values: list[float]) -> None:
    slopes = [(values[j] - values[i]) / (j - i) for i, j in combinations(range(len(values)), 2)]
    assert theil_sen(list(enumerate(values))) == pytest.approx(float(np.median(slopes)), abs=1e-9)


def test_one_outlier_makes_no_trend() -> None:
    assert trend([96, 97, 96, 97, 60, 97, 96, 97, 96, 97]).direction == 0


def test_gaps_keep_their_place() -> None:
    found = trend([1.0, None, 3.0, None, 5.0])
    assert (found.slope, found.n) == (1.0, 3)


@pytest.mark.parametrize("values", [[], [None], [4.0], [4.0, 4.0, 4.0]])
def test_nothing_to_compare_is_no_trend(values: list[float | None]) -> None:
    found = trend(values)
    assert (found.slope, found.z, found.direction) == (0.0, 0.0, 0)


@given(st.integers(0, 50), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_levels_run_back_from_now(now: int, flows: list[tuple[int, int]]) -> None:
    came, went = [f[0] for f in flows], [f[1] for f in flows]
    found = levels(now, came, went)
    start = now - sum(came) + sum(went)
    expected = [start + sum(came[: i + 1]) - sum(went[: i + 1]) for i in range(len(flows))]
    assert found == expected
    assert not found or found[-1] == now


def test_levels_need_both_sides() -> None:
    with pytest.raises(ValueError, match="zip"):
        levels(3, [1], [])
