"""Who applies when, for what: arrivals over a year and the application each one files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from tongdian.city.model import City
from tongdian.law.calendar import SHANGHAI, WorkCalendar, local_date
from tongdian.law.plan import Plan
from tongdian.law.tracks import SupplyRequest, classify

MIX = {
    "resident": 0.70, "zero_lv": 0.12, "zero_lv_external": 0.06, "low_voltage": 0.05,
    "high_voltage_single": 0.05, "high_voltage_dual": 0.02,
}  # fmt: skip
KIND = {"resident": "resident", "zero_lv": "small_micro", "zero_lv_external": "small_micro"}
LOADS = {
    "resident": (4, 16), "zero_lv": (10, 190), "zero_lv_external": (30, 200),
    "low_voltage": (20, 150), "high_voltage_single": (250, 4000), "high_voltage_dual": (1500, 9000),
}  # fmt: skip
WEEKDAY = (1.15, 1.1, 1.0, 1.0, 0.95, 0.5, 0.4)
MONTH = (0.9, 0.6, 1.1, 1.15, 1.15, 1.1, 1.0, 1.0, 1.1, 0.95, 1.05, 0.95)
ONLINE_FIRST, ONLINE_LAST = 0.75, 0.92


@dataclass(frozen=True, slots=True)
class Arrival:
    """An application about to be filed."""

    reference: int
    at: datetime
    customer: int
    track: str
    payload: dict[str, Any]
    personal: dict[str, Any]


def arrivals(
    city: City,
    plan: Plan,
    calendar: WorkCalendar,
    source: np.random.Generator,
    start: datetime,
    until: datetime,
    rate: float,
) -> Iterator[Arrival]:
    """All applications of the year in order of time. `rate` is applications per customer and
    year."""
    days = [local_date(start) + timedelta(days=n) for n in range((until - start).days + 1)]
    weights = np.array(
        [
            WEEKDAY[day.weekday()] * MONTH[day.month - 1] * _holiday_factor(day, calendar)
            for day in days
        ]
    )
    expected = city.customers * rate * (until - start).days / 365
    counts = source.poisson(weights / weights.sum() * expected)
    instants = sorted(
        instant
        for day, count in zip(days, counts, strict=True)
        for instant in _instants(day, int(count), calendar, source)
        if start <= instant < until
    )
    tracks = source.choice(len(MIX), size=len(instants), p=list(MIX.values()))
    customers = source.integers(0, city.customers, size=len(instants))
    for reference, at in enumerate(instants):
        share = (at - start) / (until - start)
        track = list(MIX)[tracks[reference]]
        online = ONLINE_FIRST + (ONLINE_LAST - ONLINE_FIRST) * share
        yield _arrival(city, plan, source, reference, at, int(customers[reference]), track, online)


def _holiday_factor(day: Any, calendar: WorkCalendar) -> float:
    return 1.0 if calendar.is_workday(day) else 0.6


def _instants(
    day: Any, count: int, calendar: WorkCalendar, source: np.random.Generator
) -> list[datetime]:
    """Times of filing: office hours mostly, evenings some."""
    hours = np.where(
        source.random(count) < 0.75,
        source.uniform(8.5, 17.5, count),
        source.uniform(7, 22.5, count),
    )
    midnight = datetime.combine(day, time.min, SHANGHAI)
    return [
        (midnight + timedelta(seconds=round(float(hour) * 3600, 6))).astimezone(UTC)
        for hour in hours
    ]


def _arrival(
    city: City,
    plan: Plan,
    source: np.random.Generator,
    reference: int,
    at: datetime,
    customer: int,
    track: str,
    online: float,
) -> Arrival:
    resident = track == "resident"
    low, high = LOADS[track]
    load = Decimal(int(source.integers(low, high + 1)))
    applicant_kind = KIND.get(track, "enterprise")
    high_voltage = track.startswith("high_voltage")
    request = SupplyRequest(
        purpose="residential" if resident else _purpose(city.purpose_of(customer)),
        applicant_kind=applicant_kind,
        load_kw=load,
        supplies=2 if track == "high_voltage_dual" else 1,
        external_works="yes" if track == "zero_lv_external" else "unknown",
        voltage_requested="10kV" if high_voltage else None,
    )
    decision = classify(request, plan)
    channel = _channel(source, at, online)
    documents = [
        {"kind": d.id, "source": "shared" if d.handling == "shared" else "upload"}
        for d in plan.tracks[decision.track].documents
        if d.handling in ("shared", "ask")
    ]
    payload = {
        "plan": plan.id,
        "channel": channel,
        "applicant_kind": applicant_kind,
        "district": city.division_code(customer),
        "zone": city.zone_of(customer),
        "purpose": request.purpose,
        "load_kw": str(load),
        "supplies": request.supplies,
        "external_works": request.external_works,
        "voltage": decision.voltage,
        "documents": documents,
        "track": decision.track,
    }
    personal = city.person(customer) if resident else city.company(customer)
    return Arrival(
        reference, at, customer, decision.track, payload, {**personal, **city.premises(customer)}
    )


def _purpose(purpose: str) -> str:
    return "commercial" if purpose == "residential" else purpose


def _channel(source: np.random.Generator, at: datetime, online: float) -> str:
    hour = at.astimezone(SHANGHAI).hour
    if 9 <= hour < 17 and source.random() > online:
        return "window"
    return "app" if source.random() < 0.4 else "online"
