"""What an application says, from its row of the arrivals."""

from dataclasses import dataclass
from decimal import Decimal
from math import log
from random import Random
from typing import Any, Final

from tongdian.city.arrivals import CHANNELS, TRACKS, Arrivals
from tongdian.city.model import City
from tongdian.city.names import person_name, phone_number
from tongdian.law.plan import Plan
from tongdian.law.tracks import SupplyRequest, classify

HIGH_VOLTAGE: Final = frozenset({"high_voltage_single", "high_voltage_dual"})
RESIDENT_LOADS_KW: Final = ("4.0", "6.0", "8.0", "10.0", "12.0", "16.0", "20.0")
RESIDENT_LOAD_WEIGHTS: Final = (8, 24, 38, 10, 10, 7, 3)
# Least, most and most common load in kW, in steps of 5.
LOW_VOLTAGE_LOADS_KW: Final = {
    "zero_lv": (10, 190, 25),
    "zero_lv_external": (25, 200, 60),
    "low_voltage": (15, 160, 50),
}
# Median, spread of the logarithm, least and most in kW, in steps of 10.
HIGH_VOLTAGE_LOADS_KW: Final = {
    "high_voltage_single": (630, 0.7, 170, 12_000),
    "high_voltage_dual": (2600, 0.7, 800, 60_000),
}
# Papers filled in on the form or due later do not come with the application.
PAPER_SOURCES: Final = {"shared": "shared", "ask": "upload"}
PROMISE_SHARE: Final = 0.08
CUSTOMER_NOTE: Final = "请提前电话联系"


@dataclass(frozen=True, slots=True)
class Application:
    """Payload and personal part of the event that opens a case."""

    payload: dict[str, Any]
    personal: dict[str, Any]


def write_application(
    city: City, plan: Plan, arrivals: Arrivals, reference: int, source: Random, *, filed: bool
) -> Application:
    """The application of one row; `filed` by a contractor for an owner who then confirms."""
    track = TRACKS[arrivals.track[reference]]
    customer = int(arrivals.customer[reference])
    premises = city.premises(customer)
    public = premises.purpose == "public"
    load_kw = _load_kw(track, source)
    request = SupplyRequest(
        purpose=premises.purpose,
        applicant_kind=_applicant_kind(track, public),
        load_kw=Decimal(load_kw),
        supplies=2 if track == "high_voltage_dual" else 1,
        external_works=_external_works(track, source),
        voltage_requested=_voltage(float(load_kw)) if track in HIGH_VOLTAGE else None,
    )
    decision = classify(request, plan)
    payload = {
        "plan": plan.id,
        "channel": CHANNELS[arrivals.channel[reference]],
        "applicant_kind": request.applicant_kind,
        "district": premises.division,
        "zone": premises.zone,
        "purpose": request.purpose,
        "load_kw": load_kw,
        "supplies": request.supplies,
        "external_works": request.external_works,
        "voltage": decision.voltage,
        "track": decision.track,
        "documents": _documents(plan, decision.track, source),
    }
    return Application(payload, _personal(city, customer, source, public=public, filed=filed))


def _personal(
    city: City, customer: int, source: Random, *, public: bool, filed: bool
) -> dict[str, Any]:
    personal = city.facts(customer, public=public)
    if personal["id_type"] == "uscc":
        personal["agent"] = {"name": person_name(customer), "phone": personal["phone"]}
    if filed:
        personal["owner"] = {"name": person_name(customer), "phone": personal["phone"]}
        contractor = customer + 7_919
        personal["agent"] = {"name": person_name(contractor), "phone": phone_number(contractor)}
    if source.random() < 0.05:
        personal["premise_note"] = CUSTOMER_NOTE
    return personal


def _load_kw(track: str, source: Random) -> str:
    if track == "resident":
        return source.choices(RESIDENT_LOADS_KW, RESIDENT_LOAD_WEIGHTS)[0]
    if track in LOW_VOLTAGE_LOADS_KW:
        low, high, mode = LOW_VOLTAGE_LOADS_KW[track]
        return f"{5 * round(source.triangular(low, high, mode) / 5)}.0"
    median, spread, least, most = HIGH_VOLTAGE_LOADS_KW[track]
    drawn = 10 * round(source.lognormvariate(log(median), spread) / 10)
    return f"{min(max(drawn, least), most)}.0"


def _applicant_kind(track: str, public: bool) -> str:
    if track == "resident":
        return "resident"
    if track.startswith("zero_lv"):
        return "small_micro"
    return "other" if public else "enterprise"


def _external_works(track: str, source: Random) -> str:
    if track == "zero_lv_external":
        return "yes"
    if track in HIGH_VOLTAGE:
        return "yes" if source.random() < 0.6 else "unknown"
    return "no" if source.random() < 0.5 else "unknown"


def _voltage(load_kw: float) -> str:
    """The voltage asked for: usual practice, not law."""
    return "10kV" if load_kw <= 8_000 else "35kV" if load_kw <= 40_000 else "110kV"


def _documents(plan: Plan, track: str, source: Random) -> list[dict[str, str]]:
    """What came with the application; title to the premises is sometimes promised for later."""
    promised = track.startswith("zero_lv") and source.random() < PROMISE_SHARE
    return [
        {
            "kind": document.id,
            "source": "promise" if promised and document.id == "premises" else how,
        }
        for document in plan.tracks[track].documents
        if (how := PAPER_SOURCES.get(document.handling))
    ]
