"""Quantiles of counts are NumPy's quantiles of the values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongdian.indicators import mean, merged, quantile, total

VALUES = st.lists(st.integers(0, 60), min_size=1, max_size=200)


def counted(values: list[int]) -> dict[int, int]:
    return {value: values.count(value) for value in values}


@given(VALUES, st.floats(0, 1))
def test_quantiles_are_numpys(values: list[int], fraction: float) -> None:
    assert quantile(counted(values), fraction) == pytest.approx(
        float(np.quantile(values, fraction)), abs=1e-9
    )


@given(VALUES)
def test_means_are_numpys(values: list[int]) -> None:
    assert mean(counted(values)) == pytest.approx(float(np.mean(values)))


@given(VALUES, VALUES)
def test_merging_counts_is_counting_together(one: list[int], other: list[int]) -> None:
    both = merged([counted(one), counted(other)])
    assert both == counted(one + other)
    assert list(both) == sorted(both)
    assert total(both) == len(one) + len(other)


def test_order_of_the_counts_does_not_matter() -> None:
    assert quantile({9: 1, 1: 1, 5: 1}, 0.5) == 5


def test_nothing_has_no_quantile() -> None:
    assert quantile({}, 0.5) is None
    assert mean({}) is None


@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_a_fraction_is_a_fraction(fraction: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile({1: 1}, fraction)
