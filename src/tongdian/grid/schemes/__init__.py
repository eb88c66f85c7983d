"""Supply schemes: where a customer is connected, at what voltage, by what line, at what cost.

`World.open` maps a city once; `quote` answers a place and a load with ranked schemes, each checked
by power flow of its feeder, or with the best infeasible ones and what would make them feasible.
Rules and unit costs are data with sources (`data/`); unsure values are marked on every quote.
"""

from tongdian.grid.schemes.quote import Quote, quote
from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.request import Fluctuation, Motor, Request
from tongdian.grid.schemes.world import World, save_world

__all__ = [
    "Fluctuation",
    "Motor",
    "Quote",
    "Request",
    "SchemeError",
    "World",
    "quote",
    "save_world",
]
