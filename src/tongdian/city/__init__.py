"""The synthetic city: places, people and a year of cases; deterministic in its seed.

Nobody here exists. District outlines are a sketch (origin GCJ-02) and replaceable by an official
map; coordinates are taken as EPSG:4490.
"""

from tongdian.city.histories import CaseHistory, Step, summary
from tongdian.city.model import City, generate
from tongdian.city.simulation import simulate

__all__ = ["CaseHistory", "City", "Step", "generate", "simulate", "summary"]
