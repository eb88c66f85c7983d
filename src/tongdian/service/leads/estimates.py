"""What a building will draw, from its permitted floor area and use: an estimate with its basis.

The densities are settings of the plan file (待核实); an estimate is never an applied-for load.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from tongdian.law.plan import load_plan

DENSITY_KEYS = {
    "residential": "early_start.load_w_per_m2.residential",
    "commercial": "early_start.load_w_per_m2.commercial",
    "industrial": "early_start.load_w_per_m2.industrial",
    "agricultural": "early_start.load_w_per_m2.agricultural",
    "public": "early_start.load_w_per_m2.public",
    "charging": "early_start.load_w_per_m2.charging",
}
LEAST_KW = Decimal(1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Expected load in kW, with the area (m²) and the density (W/m²) it comes from."""

    load_kw: Decimal
    area_m2: Decimal
    w_per_m2: Decimal


def estimate_load(area_m2: Decimal, use: str, plan_id: str) -> Estimate:
    """The expected load, rounded up to whole kW. Raises KeyError for an unknown use."""
    density = Decimal(str(load_plan(plan_id).value(DENSITY_KEYS[use]).value))
    load = (area_m2 * density / 1000).quantize(Decimal(1), ROUND_CEILING)
    return Estimate(max(load, LEAST_KW), area_m2, density)
