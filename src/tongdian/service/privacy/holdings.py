"""Who keeps what of a person: each room says how its rows of a case are shown, destroyed, expired.

Registered once from an app's `ready()`; rooms above this one are reached in no other way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing kept of a case, as its person's page lists it: what it is, and since when."""

    zh: str
    en: str
    at: datetime | None


def _nothing_listed(number: str) -> list[Kept]:
    return []


def _nothing_shown(number: str) -> list[dict[str, Any]]:
    return []


def _nothing_erased(number: str) -> int:
    return 0


def _nothing_expired(now: datetime) -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Holding:
    """A kind of rows. `shown(number)` gives those of a case for their person, JSON-able;
    `listed(number)` names them for the page; `erase(number)` destroys them; `expired(now)` counts
    those past their term and `expire(now)` destroys them. Both answer how many. They run in the
    transaction at hand."""

    name: str
    zh: str
    en: str
    term_zh: str = ""
    term_en: str = ""
    shown: Callable[[str], list[dict[str, Any]]] = _nothing_shown
    listed: Callable[[str], list[Kept]] = _nothing_listed
    erase: Callable[[str], int] = _nothing_erased
    expired: Callable[[datetime], int] = _nothing_expired
    expire: Callable[[datetime], int] = _nothing_expired

    @property
    def shows(self) -> bool:
        return self.shown is not _nothing_shown


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Called once by each room that keeps anything of people beside the events of cases."""
    _holdings[holding.name] = holding


def holdings() -> tuple[Holding, ...]:
    """All that are registered, in the order of the installed apps."""
    return tuple(_holdings.values())
