"""Arithmetic of the board on plain numbers: quantiles, shares, trends, heaping, levels.

Everything works on counts, `{value: how many}`, because a million cases have only a few hundred
different numbers of days.
"""

from tongdian.indicators.heaping import Heaping, heaping
from tongdian.indicators.levels import levels
from tongdian.indicators.quantiles import Counts, mean, merged, quantile, total
from tongdian.indicators.trends import Trend, trend

__all__ = [
    "Counts",
    "Heaping",
    "Trend",
    "heaping",
    "levels",
    "mean",
    "merged",
    "quantile",
    "total",
    "trend",
]
