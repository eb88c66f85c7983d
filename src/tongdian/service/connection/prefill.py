"""What a form of the desk can know beforehand: today, what was applied for, what is on record."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tongdian.law.calendar import local_date
from tongdian.service.casework import clock
from tongdian.service.casework.models import Case
from tongdian.service.connection.contradictions import DAYS_OF_WORK

# 供电营业规则: a scheme for low voltage holds for three months, for high voltage for a year.
SCHEME_DAYS = {"low": 90, "high": 365}
USUAL_VOLTAGE = {
    "resident": "220V",
    "high_voltage_single": "10kV",
    "high_voltage_dual": "10kV",
}
EXTERNAL_WORKS = {"zero_lv": "no", "resident": "no", "zero_lv_external": "yes"}


def prefilled(kind: str, case: Case, opening: dict[str, Any]) -> dict[str, Any]:
    """First values by field, none of them more than a proposal. `opening` is the application's
    payload."""
    today = local_date(clock.now())
    values: dict[str, Any] = dict.fromkeys(DAYS_OF_WORK, today)
    if kind == "survey_completed":
        values["external_works"] = EXTERNAL_WORKS.get(case.track, "")
    elif kind == "scheme_replied":
        values |= _scheme(case, opening, today)
    elif kind == "permits_decided":
        filed = case.folded.facts.get("permits_filed", {})
        values["document_number"] = filed.get("joint_number", "")
    elif kind == "energised":
        installed = case.folded.facts.get("meter_installed", {})
        values["meter_number"] = installed.get("meter_number", "")
    elif kind == "external_works_completed":
        scheme = case.folded.facts.get("scheme_replied", {})
        values["length_m"] = scheme.get("route_length_m", "")
    return {name: value for name, value in values.items() if value != ""}


def _scheme(case: Case, opening: dict[str, Any], today: date) -> dict[str, Any]:
    high = case.track.startswith("high_voltage")
    before = case.folded.facts.get("scheme_replied", {})
    dual = case.track == "high_voltage_dual"
    return {
        "voltage": opening.get("voltage") or USUAL_VOLTAGE.get(case.track, "380V"),
        "capacity_kva": _plain(case.load_kw),
        "metering": "hv_hv" if high else "lv_lv",
        "supply_mode": "dual" if dual else "single",
        **before,
        "valid_until": today + timedelta(days=SCHEME_DAYS["high" if high else "low"]),
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
