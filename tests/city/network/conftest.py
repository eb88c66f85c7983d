"""Networks of the synthetic city, made once."""

from datetime import date
from functools import cache

import numpy as np

from tongdian.city.network.build import CityNetwork, generate_network, lay_network
from tongdian.city.streets import Streets, lay_streets
from tongdian.grid.network import Network, assemble

ON = date(2026, 11, 25)
# The very centre; several substations; town and what lies about it.
SIZES = (2_000, 12_000, 40_000)
SEEDS = (1, 7)
CASES = [(size, seed) for size in SIZES for seed in SEEDS]


@cache
def network(size: int, seed: int) -> CityNetwork:
    return generate_network(size, seed, ON)


@cache
def assembled(size: int, seed: int) -> Network:
    """The operating state, with all checks."""
    return assemble(network(size, seed).tables)


@cache
def streets(customers: int = 20_000, seed: int = 7) -> Streets:
    return lay_streets(customers, np.random.default_rng([seed, 1]))


@cache
def sparse() -> CityNetwork:
    """On all streets of the demo city: villages far apart."""
    return lay_network(streets(), 30_000, 7, ON)
