"""Making cases and people for tests, through the public functions."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tongdian.law.calendar import local_date
from tongdian.law.identifiers import make_resident_id, make_uscc
from tongdian.service.casework import clock
from tongdian.service.casework.perform import Performed
from tongdian.service.connection import commands
from tongdian.service.connection.actions import act, submit_application
from tongdian.service.identity.actors import Actor

OFFICE = "GYPS-520102"

TRACK_FACTS: dict[str, dict[str, Any]] = {
    "resident": {"applicant_kind": "resident", "purpose": "residential", "load_kw": "8"},
    "zero_lv": {
        "applicant_kind": "small_micro",
        "purpose": "commercial",
        "load_kw": "50",
        "external_works": "no",
    },
    "zero_lv_external": {
        "applicant_kind": "small_micro",
        "purpose": "commercial",
        "load_kw": "80",
        "external_works": "yes",
    },
    "low_voltage": {"applicant_kind": "enterprise", "purpose": "commercial", "load_kw": "90"},
    "high_voltage_single": {
        "applicant_kind": "enterprise",
        "purpose": "industrial",
        "load_kw": "1500",
        "voltage": "10kV",
    },
    "high_voltage_dual": {
        "applicant_kind": "enterprise",
        "purpose": "industrial",
        "load_kw": "5000",
        "voltage": "10kV",
        "supplies": 2,
    },
}


def staff(role: str, organisation: str = OFFICE, pseudonym: str | None = None) -> Actor:
    return Actor(
        roles=frozenset({role}), organisation=organisation, pseudonym=pseudonym or f"staff-{role}"
    )


def person(pseudonym: str = "person-1") -> Actor:
    return Actor(roles=frozenset({"applicant"}), organisation="", pseudonym=pseudonym)


CLERK, ENGINEER, FIELD = staff("clerk"), staff("engineer"), staff("fieldworker")
LEAD, OFFICER = staff("lead"), staff("officer", "GY-ZHZF")
WINDOW = staff("officer", "GY-ZWZX")
SUPERVISOR = staff("supervisor", "GY-FGW")
WHO = {
    "applicant": person(),
    "clerk": CLERK,
    "engineer": ENGINEER,
    "fieldworker": FIELD,
    "lead": LEAD,
    "officer": OFFICER,
    "window": WINDOW,
}


def facts(track: str, /, **changes: Any) -> dict[str, Any]:
    """An application's fields for a track, visibly fictitious."""
    resident = TRACK_FACTS[track]["applicant_kind"] == "resident"
    return {
        "district": "520102",
        "zone": "central_urban",
        "name": "示例·王小丽" if resident else "贵阳示例餐饮有限公司",
        "id_type": "resident_id" if resident else "uscc",
        "id_number": make_resident_id(date(1988, 8, 8), 7) if resident else make_uscc(7),
        "phone": "19900000001",
        "address": "贵阳市南明区示例路 12 号 3 栋 501",
        **TRACK_FACTS[track],
        **changes,
    }


def application(track: str, /, **changes: Any) -> commands.Application:
    command = commands.parse(commands.Application, facts(track, **changes))
    assert isinstance(command, commands.Application)
    return command


def submit(track: str, /, actor: Actor | None = None, **changes: Any) -> Performed:
    return submit_application(
        application(track, **changes), actor=actor or WHO["applicant"]
    ).performed


def today() -> Any:
    return local_date(clock.now())


def scheme(**changes: Any) -> dict[str, Any]:
    return {
        "source_point": "示例变电站/10kV I 段/示例线/12 号杆",
        "voltage": "380V",
        "capacity_kva": str(Decimal(100)),
        "route_length_m": "35.5",
        "laying": "overhead",
        "metering": "lv_lv",
        "ownership_boundary": "接户线用户侧最后支持物",
        "valid_until": (today() + timedelta(days=60)).isoformat(),
        **changes,
    }


def day() -> str:
    return str(today().isoformat())


def journey(track: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The straight way from acceptance to power on: (kind, role, data)."""
    external = "yes" if track == "zero_lv_external" else "no"
    dual = (
        {"supply_mode": "dual", "second_source_point": "另一示例变电站/10kV II 段/乙线"}
        if track == "high_voltage_dual"
        else {}
    )
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("application_accepted", "clerk", {}),
        ("survey_completed", "fieldworker", {"surveyed_on": day(), "external_works": external}),
        ("scheme_replied", "engineer", scheme(**dual)),
    ]
    if track == "zero_lv_external":
        steps += [
            ("permits_filed", "engineer", {"items": ["municipal"], "joint_number": "BL-2026-1"}),
            ("permits_received", "window", {}),
            ("item_decided", "officer", {"item": "municipal", "result": "granted"}),
            ("permits_decided", "window", {"document_number": "联审〔2026〕1号（示例）"}),
            (
                "external_works_completed",
                "fieldworker",
                {"length_m": "120", "completed_on": day()},
            ),
        ]
    if track in ("low_voltage", "high_voltage_single", "high_voltage_dual"):
        steps += [
            ("scheme_accepted", "applicant", {}),
            ("completion_reported", "applicant", {"completed_on": day()}),
            ("inspection_passed", "engineer", {"inspected_on": day()}),
        ]
    return [
        *steps,
        ("contract_recorded", "clerk", {"contract_number": "HT-2026-1", "signed_on": day()}),
        ("meter_installed", "fieldworker", {"meter_number": "M-1", "installed_on": day()}),
        ("energised", "fieldworker", {"meter_number": "M-1", "initial_reading": "0"}),
    ]


def carry(number: str, steps: list[tuple[str, str, dict[str, Any]]]) -> Performed:
    """Take a case through steps; the last one performed is returned."""
    done = None
    for kind, role, data in steps:
        done = act(number, kind, data, actor=WHO[role])
    assert done is not None
    return done
