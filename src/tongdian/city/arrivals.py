"""Who applies when: a year of applications with its weekdays, hours, seasons and holidays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from tongdian.city.model import PURPOSES, City
from tongdian.city.places import RURAL
from tongdian.city.workclock import DAY, HOUR, at_hour, to_microseconds
from tongdian.law.calendar import WorkCalendar, local_date

Floats = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]

TRACK_SHARES: Final = {
    "resident": 0.70,
    "zero_lv": 0.125,
    "zero_lv_external": 0.055,
    "low_voltage": 0.05,
    "high_voltage_single": 0.05,
    "high_voltage_dual": 0.02,
}
TRACKS: Final = tuple(TRACK_SHARES)
# Premises that an application of each track may be for.
TRACK_PURPOSES: Final = {
    "resident": ("residential",),
    "zero_lv": ("commercial", "industrial", "agricultural", "charging"),
    "zero_lv_external": ("commercial", "industrial", "agricultural", "charging"),
    "low_voltage": ("commercial", "industrial", "public", "charging"),
    "high_voltage_single": ("commercial", "industrial", "public", "charging"),
    "high_voltage_dual": ("industrial", "public"),
}
OUTSIDE_VILLAGES: Final = frozenset({"low_voltage", "high_voltage_single", "high_voltage_dual"})
CHANNELS: Final = ("online", "app", "api", "window")
ONLINE, APP, API, WINDOW = range(4)
# Share online at the start and at the end, and how it is spread.
ONLINE_FIRST, ONLINE_LAST = 0.75, 0.92
ONLINE_SPREAD: Final = (0.52, 0.46, 0.02)

WEEKDAY: Final = (1.18, 1.08, 1.02, 1.0, 0.96, 0.42, 0.36)
MONTH: Final = (0.92, 0.75, 1.12, 1.12, 1.08, 1.06, 1.0, 1.0, 1.12, 0.95, 1.04, 0.96)
HOLIDAY: Final = {"spring_festival": 0.12, "national_day": 0.3, "national_day_and_mid_autumn": 0.3}
OTHER_HOLIDAY: Final = 0.4
MAKE_UP_WORKDAY: Final = 0.85
# Applications by hour of the day, online and at the window.
ONLINE_HOURS: Final = np.array(
    [1, 0, 0, 0, 0, 0, 1, 3, 9, 15, 16, 11, 7, 8, 13, 14, 12, 9, 6, 7, 9, 8, 5, 2], dtype=float
)
WINDOW_HOURS: Final = np.array([0] * 9 + [18, 20, 14, 4, 10, 16, 12, 6] + [0] * 7, dtype=float)


@dataclass(frozen=True)
class Arrivals:
    """Applications in the order of filing; row number is the reference of the case.

    `at` in microseconds since 1970, strictly increasing; `customer` indexes the city, `track`
    TRACKS and `channel` CHANNELS.
    """

    at: Instants
    customer: Instants
    track: npt.NDArray[np.int8]
    channel: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.at)


def draw_arrivals(
    city: City,
    calendar: WorkCalendar,
    source: np.random.Generator,
    start: datetime,
    until: datetime,
    rate: float,
) -> Arrivals:
    """All applications in [start, until). `rate` is applications per customer and year."""
    first = local_date(start)
    days = [first + timedelta(days=n) for n in range((local_date(until) - first).days + 1)]
    weight = np.array([day_weight(day, calendar) for day in days])
    worked = np.array([calendar.is_workday(day) for day in days])
    expected = city.customers * rate * len(days) / 365
    day = np.repeat(np.arange(len(days)), source.poisson(weight / weight.sum() * expected))
    channel = _channels(day, weight, worked, source)
    hour = np.where(
        channel == WINDOW,
        _hours(WINDOW_HOURS, len(day), source),
        _hours(ONLINE_HOURS, len(day), source),
    )
    at = at_hour(first, 0) + day * DAY + (hour * HOUR).astype(np.int64)
    begin, end = to_microseconds(start), to_microseconds(until)
    kept = np.flatnonzero((at >= begin) & (at < end))
    kept = kept[np.argsort(at[kept], kind="stable")]
    at, channel = at[kept], channel[kept]
    # No two in the same microsecond.
    rows = np.arange(len(at))
    at = np.maximum.accumulate(at - rows) + rows
    track = source.choice(len(TRACKS), size=len(at), p=list(TRACK_SHARES.values())).astype(np.int8)
    return Arrivals(at, _customers(city, track, source), track, channel)


def day_weight(day: date, calendar: WorkCalendar) -> float:
    """How many apply on a day, relative to an ordinary Thursday in July."""
    weight = WEEKDAY[day.weekday()]
    reason = calendar.reason(day)
    if reason is not None and reason.festival is not None:
        weight = HOLIDAY.get(reason.festival, OTHER_HOLIDAY) if reason.off else MAKE_UP_WORKDAY
    return weight * MONTH[day.month - 1]


def _channels(
    day: npt.NDArray[np.int64],
    weight: Floats,
    worked: npt.NDArray[np.bool_],
    source: np.random.Generator,
) -> npt.NDArray[np.int8]:
    """A channel for each; the window only on working days, yet with its share of the whole."""
    progress = np.arange(len(weight)) / max(len(weight) - 1, 1)
    online = ONLINE_FIRST + (ONLINE_LAST - ONLINE_FIRST) * progress
    open_share = weight[worked].sum() / weight.sum()
    at_window = np.where(worked, (1 - online) / max(open_share, 0.01), 0.0)
    channel = source.choice(len(ONLINE_SPREAD), size=len(day), p=ONLINE_SPREAD).astype(np.int8)
    return np.where(source.random(len(day)) < at_window[day], WINDOW, channel).astype(np.int8)


def _hours(shares: Floats, count: int, source: np.random.Generator) -> Floats:
    hour = source.choice(len(shares), size=count, p=shares / shares.sum())
    drawn: Floats = hour + source.random(count)
    return drawn


def _customers(city: City, track: npt.NDArray[np.int8], source: np.random.Generator) -> Instants:
    """Premises for each application, fit for its track, and not twice while there are others."""
    customer = np.zeros(len(track), dtype=np.int64)
    villages = city.zone == RURAL
    for index, name in enumerate(TRACKS):
        mine = np.flatnonzero(track == index)
        fit = np.isin(city.purpose, [PURPOSES.index(p) for p in TRACK_PURPOSES[name]])
        if name in OUTSIDE_VILLAGES and (fit & ~villages).any():
            fit &= ~villages
        pool = source.permutation(np.flatnonzero(fit))
        if len(mine):
            customer[mine] = np.resize(pool, len(mine))
    return customer
