"""The synthetic city: places, people and a year of cases; deterministic in its seed.

Nobody here exists. District outlines are a sketch (origin GCJ-02) and replaceable by an official
map, see `data/README.md`; coordinates are taken as EPSG:4490.
"""

from tongdian.city.histories import CaseHistory, Step, Summary, summary
from tongdian.city.model import City, Person, Premises, generate
from tongdian.city.simulation import simulate

__all__ = [
    "CaseHistory",
    "City",
    "Person",
    "Premises",
    "Step",
    "Summary",
    "generate",
    "simulate",
    "summary",
]
