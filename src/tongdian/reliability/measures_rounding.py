"""From the choices at a price to a choice that just reaches the target of one zone."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tongdian.reliability.radial import Floats, Ints

# Exchanges look at all options for every feeder: only in small zones.
MOST_PAIRS: Final = 200_000
MOST_MOVES: Final = 200
MOST_EXCHANGES: Final = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """One option for each feeder, by its place in the zone's table; what they cost and save."""

    option: Ints
    cost: float
    saved: float


@dataclass(frozen=True, slots=True)
class Zone:
    """Options of a zone's feeders, sorted by feeder, doing nothing first. Shapes (n), `first`
    (f)."""

    feeder: Ints
    first: Ints
    cost: Floats
    saved: Floats
    row: Ints
    is_nothing: NDArray[np.bool_]
    needed: float

    def choice(self, option: Ints) -> Choice:
        """A choice with its sums."""
        return Choice(option, float(self.cost[option].sum()), float(self.saved[option].sum()))

    def at_price(self, price: float, generous: bool) -> Choice:
        """What each feeder takes at a price of a customer-hour; of options that are equally good
        the one that saves most, when generous, else the one that saves least."""
        if not self.first.size:
            return self.choice(self.first)
        reduced = self.cost - price * self.saved
        best = np.minimum.reduceat(reduced, self.first)
        ties = reduced <= best[self.feeder]
        saved = np.where(ties, self.saved if generous else -self.saved, -np.inf)
        most = np.maximum.reduceat(saved, self.first)
        return self._first_where(ties & (saved == most[self.feeder]))

    def most_saved(self) -> Choice:
        """All that can be saved, at the least cost."""
        if not self.first.size:
            return self.choice(self.first)
        most = np.maximum.reduceat(self.saved, self.first)
        ties = self.saved == most[self.feeder]
        cost = np.where(ties, self.cost, np.inf)
        least = np.minimum.reduceat(cost, self.first)
        return self._first_where(ties & (cost == least[self.feeder]))

    def lagrangian(self, price: float) -> float:
        """L(price), a lower bound of the least cost."""
        if not self.first.size:
            return price * self.needed
        reduced = np.minimum.reduceat(self.cost - price * self.saved, self.first)
        return price * self.needed + float(reduced.sum())

    def _first_where(self, good: NDArray[np.bool_]) -> Choice:
        places = np.flatnonzero(good)
        _, index = np.unique(self.feeder[places], return_index=True)
        return self.choice(places[index])


def rounded(zone: Zone, price: float) -> Choice:
    """A choice that reaches the target, from the choices at the price where they just do.

    From above: what is not needed is given back, the dearest first. From below: the cheapest single
    step that is enough is taken. The cheaper of both.
    """
    above = _given_back(zone, zone.at_price(price, generous=True))
    below = _completed(zone, zone.at_price(price, generous=False))
    found = [c for c in (above, below) if c is not None and c.saved >= zone.needed]
    if not found:
        return zone.most_saved()
    return min(found, key=lambda c: c.cost)


def improved(zone: Zone, choice: Choice) -> Choice:
    """The same or a cheaper one, by exchanges: one feeder takes less, others more. Only in zones so
    small that all can be tried; in large ones the rounding hardly counts."""
    for _ in range(MOST_EXCHANGES):
        if choice.option.size * zone.cost.size > MOST_PAIRS:
            return choice
        better = _exchange(zone, choice)
        if better is None:
            return choice
        choice = better
    return choice


def _given_back(zone: Zone, choice: Choice) -> Choice:
    """As long as the target is still reached, the step back that brings most."""
    for _ in range(MOST_MOVES):
        less_cost = zone.cost - zone.cost[choice.option][zone.feeder]
        less_saved = zone.saved - zone.saved[choice.option][zone.feeder]
        allowed = (less_cost < 0) & (choice.saved + less_saved >= zone.needed)
        if not allowed.any():
            return choice
        choice = _moved(zone, choice, int(np.argmin(np.where(allowed, less_cost, np.inf))))
    return choice


def _completed(zone: Zone, choice: Choice, barred: int = -1) -> Choice | None:
    """The cheapest single step that reaches the target, or after the best steps towards it; no step
    for the feeder that is barred."""
    for _ in range(MOST_MOVES):
        if choice.saved >= zone.needed:
            return _given_back(zone, choice)
        more_cost = zone.cost - zone.cost[choice.option][zone.feeder]
        more_saved = zone.saved - zone.saved[choice.option][zone.feeder]
        helps = (more_saved > 0) & (zone.feeder != barred)
        enough = helps & (choice.saved + more_saved >= zone.needed)
        if enough.any():
            step = int(np.argmin(np.where(enough, more_cost, np.inf)))
            return _given_back(zone, _moved(zone, choice, step))
        if not helps.any():
            return None
        each = np.full(helps.size, np.inf)
        np.divide(more_cost, more_saved, out=each, where=helps)
        choice = _moved(zone, choice, int(np.argmin(each)))
    return None


def _exchange(zone: Zone, choice: Choice) -> Choice | None:
    """The best that comes of one feeder taking less, or nothing, and others more instead; None when
    that is never cheaper."""
    less_cost = zone.cost < zone.cost[choice.option][zone.feeder]
    best, least = None, choice.cost * (1 - 1e-9)
    for back in np.flatnonzero(less_cost).tolist():
        found = _completed(zone, _moved(zone, choice, back), int(zone.feeder[back]))
        if found is not None and found.cost < least:
            best, least = found, found.cost
    return best


def _moved(zone: Zone, choice: Choice, option: int) -> Choice:
    """The choice with another option for that option's feeder."""
    changed = choice.option.copy()
    changed[zone.feeder[option]] = option
    return zone.choice(changed)
