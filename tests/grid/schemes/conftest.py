"""The hand-drawn town, opened once."""

import pytest

from support.schemes import town
from tongdian.grid.schemes import World


@pytest.fixture(scope="session")
def world() -> World:
    return town()
