"""Supply schemes: where a customer is connected, at what voltage, by what line, at what cost.

`World.open` maps a city once; `quote.quote` answers a place and a load with ranked schemes, each
checked by power flow of its feeder, or with the best infeasible ones and what would make them
feasible. Rules and unit costs are data with sources (`data/`); unsure values are marked on every
quote. Powers are kW, lengths metres, money yuan as Decimal, time working days.
"""

from tongdian.grid.schemes.refusals import SchemeError
from tongdian.grid.schemes.request import Fluctuation, Motor, Request
from tongdian.grid.schemes.world import World, save_world

__all__ = ["Fluctuation", "Motor", "Request", "SchemeError", "World", "save_world"]
