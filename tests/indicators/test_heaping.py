"""The test of two proportions against worked examples; heaping against chance."""

import numpy as np
import pytest

from tongdian.indicators import heaping
from tongdian.indicators.heaping import two_proportions


def test_two_proportions_of_a_worked_example() -> None:
    """140 of 200 against 255 of 340: z = −1.2660 (a textbook exercise)."""
    assert two_proportions(140, 200, 255, 340) == pytest.approx(-1.266015, abs=1e-6)


def test_z_squared_is_pearsons_chi_squared() -> None:
    """Salk's trial of 1954: 57 of 200,745 vaccinated, 142 of 201,229 with placebo."""
    table = np.array([[57, 200_745 - 57], [142, 201_229 - 142]], dtype=float)
    expected = table.sum(1, keepdims=True) * table.sum(0) / table.sum()
    chi = float(((table - expected) ** 2 / expected).sum())
    assert two_proportions(57, 200_745, 142, 201_229) ** 2 == pytest.approx(chi)


def test_an_office_that_waits_for_the_last_day() -> None:
    found = heaping({1: 10, 2: 10, 3: 80}, {1: 400, 2: 400, 3: 200}, 3)
    assert (found.share, found.share_elsewhere) == (0.8, 0.2)
    assert found.suspicious


@pytest.mark.parametrize(
    ("here", "elsewhere"),
    [
        ({1: 4, 3: 20}, {1: 800, 3: 200}),  # too few to say
        ({1: 60, 3: 40}, {1: 5, 3: 0}),  # nobody to compare with
        ({1: 750, 3: 250}, {1: 8000, 3: 2000}),  # beyond chance, and yet no matter
        ({1: 30, 3: 70}, {1: 300, 3: 700}),  # everybody does
        ({}, {1: 10}),
        ({3: 40}, {3: 400}),
    ],
)
def test_no_finding(here: dict[int, int], elsewhere: dict[int, int]) -> None:
    assert not heaping(here, elsewhere, 3).suspicious


def test_chance_alone_is_hardly_ever_suspicious() -> None:
    source = np.random.default_rng(5)
    found = 0
    for _ in range(2000):
        x, y = source.binomial(120, 0.25), source.binomial(1500, 0.25)
        found += heaping({1: 120 - x, 3: x}, {1: 1500 - y, 3: y}, 3).suspicious
    assert found <= 1
